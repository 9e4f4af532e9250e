//! `cornerman ask`: one question from the command line, or one a line from standard input.

use std::io::{BufRead, IsTerminal, Write};

use clap::Args;

use super::{Ending, Places, open, runtime};
use crate::card::{CardView, notice};
use crate::coach::{CoachError, Question, Suggestion, suggest};
use crate::model::Stage;
use crate::ranking::Verdict;

/// Ask what to answer; without TEXT, one question a line from standard input
///
/// Exit code 0: a card or a choice was found. 3: nothing fits. 2: the text is empty.
///
/// Examples:
///   cornerman ask "they say Acme is half the price"
///   cornerman ask --stage closing "I have to run this past my boss"
///   cornerman ask --json < questions.txt
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Ask {
    /// What the customer said
    text: Option<String>,
    /// Where the deal stands: prospecting, discovery, evaluation, proposal, negotiation, closing, renewal
    #[arg(long)]
    stage: Option<Stage>,
    /// Print JSON, one object a line
    #[arg(long)]
    json: bool,
}

impl Ask {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let generation = open(places, true)?;
        let runtime = runtime()?;
        let mut out = anstream::stdout().lock();
        let ask = |text: &str| {
            let question = Question {
                text: text.to_owned(),
                stage: self.stage,
            };
            runtime.block_on(suggest(&generation, &question, receipt()))
        };
        if let Some(text) = &self.text {
            return match ask(text) {
                Ok(answer) => {
                    self.print(&mut out, &answer)?;
                    Ok(ending(&answer))
                }
                Err(CoachError::EmptyText) => {
                    eprintln!("error: {}", CoachError::EmptyText);
                    Ok(Ending::Usage)
                }
                Err(error) => Err(error.into()),
            };
        }
        if std::io::stdin().is_terminal() {
            eprintln!("Type what the customer said, one question a line. Ctrl-D ends.");
        }
        let mut worst = Ending::Nothing;
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            match ask(&String::from_utf8_lossy(&line)) {
                Ok(answer) => {
                    self.print(&mut out, &answer)?;
                    if ending(&answer) == Ending::Done {
                        worst = Ending::Done;
                    }
                }
                Err(CoachError::EmptyText) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(worst)
    }

    fn print(&self, out: &mut impl Write, answer: &Suggestion) -> anyhow::Result<()> {
        if self.json {
            serde_json::to_writer(&mut *out, answer)?;
            writeln!(out)?;
        } else {
            match answer.outcome {
                Verdict::None => writeln!(out, "{}", notice::NOTHING_FITS)?,
                Verdict::Choice => {
                    writeln!(out, "{}", notice::TOO_CLOSE)?;
                    for card in &answer.cards {
                        writeln!(out, "\n{}", glance(card))?;
                    }
                }
                Verdict::Card => {
                    for card in &answer.cards {
                        writeln!(out, "{}", glance(card))?;
                    }
                }
            }
        }
        out.flush()?;
        Ok(())
    }
}

fn ending(answer: &Suggestion) -> Ending {
    match answer.outcome {
        Verdict::Card | Verdict::Choice => Ending::Done,
        Verdict::None => Ending::Nothing,
    }
}

/// The name of an answer: sorts by time.
fn receipt() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The card as it is read in ten seconds.
fn glance(card: &CardView) -> String {
    let bold = anstyle::Style::new().bold();
    let dim = anstyle::Style::new().dimmed();
    let head = format!(
        "{dim}{} · {} · verified {}{dim:#}",
        card.title, card.family, card.verified
    );
    let parts = [
        ("Ack  ", card.acknowledge.as_str(), anstyle::Style::new()),
        (
            "Ask  ",
            card.ask.first().map_or("", String::as_str),
            anstyle::Style::new(),
        ),
        ("Say  ", card.say.as_str(), bold),
        (
            "Proof",
            card.proof.first().map_or("", String::as_str),
            anstyle::Style::new(),
        ),
    ];
    let lines = parts.into_iter().filter(|(_, line, _)| !line.is_empty());
    let lines = lines
        .map(|(label, line, style)| format!("\n  {dim}{label}{dim:#}  {style}{line}{style:#}"));
    std::iter::once(head).chain(lines).collect()
}
