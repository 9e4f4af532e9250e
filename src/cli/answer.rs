//! An answer on the terminal: the glance layer of its cards, or JSON.

use std::io::Write;

use crate::card::{CardView, notice};
use crate::coach::Suggestion;
use crate::model::Outcome;

/// Prints an answer on standard output, with colours only on a terminal.
pub(super) fn print(answer: &Suggestion, json: bool) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, answer)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(());
    }
    match answer.outcome {
        Outcome::None => writeln!(out, "{}", notice::NOTHING_FITS)?,
        Outcome::Choice | Outcome::Card if answer.cards.len() > 1 => {
            let choice = answer.outcome == Outcome::Choice;
            writeln!(out, "{}", if choice { notice::TOO_CLOSE } else { notice::EACH })?;
            if let Some(question) = &answer.apart {
                writeln!(out, "Not sure? Ask: {question}")?;
            }
            for card in &answer.cards {
                writeln!(out, "\n{}", glance(card))?;
            }
        }
        Outcome::Card | Outcome::Choice => {
            for card in &answer.cards {
                writeln!(out, "{}", glance(card))?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// The card as it is read in ten seconds.
fn glance(card: &CardView) -> String {
    let bold = anstyle::Style::new().bold();
    let dim = anstyle::Style::new().dimmed();
    let head = format!("{dim}{} · {} · verified {}{dim:#}", card.title, card.family, card.verified);
    let parts = [
        ("Ack  ", card.acknowledge.as_str(), anstyle::Style::new()),
        ("Ask  ", card.ask.first().map_or("", String::as_str), anstyle::Style::new()),
        ("Say  ", card.say.as_str(), bold),
        ("Proof", card.proof.first().map_or("", String::as_str), anstyle::Style::new()),
    ];
    let lines = parts.into_iter().filter(|(_, line, _)| !line.is_empty());
    let lines = lines
        .map(|(label, line, style)| format!("\n  {dim}{label}{dim:#}  {style}{line}{style:#}"));
    std::iter::once(head).chain(lines).collect()
}
