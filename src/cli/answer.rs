//! An answer on the terminal: the glance layer of its cards, or JSON.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};

use anstyle::Style;

use crate::card::{CardView, notice};
use crate::coach::Suggestion;
use crate::model::Outcome;

/// Lines are no longer than this, however wide the terminal is: columns.
const WIDEST: usize = 100;

/// Prints an answer on standard output, with colours only on a terminal.
pub(super) fn print(answer: &Suggestion, json: bool) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, answer)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", text(answer, width()))?
    }
    out.flush()?;
    Ok(())
}

/// The columns there are; a program that reads gets whole lines.
pub(super) fn width() -> usize {
    if std::io::stdout().is_terminal() { textwrap::termwidth().min(WIDEST) } else { usize::MAX }
}

/// The answer for people, in lines of this width.
pub(super) fn text(answer: &Suggestion, width: usize) -> String {
    let mut parts = Vec::new();
    if let Some(pushback) = &answer.pushback {
        let lines = pushback.answers.iter().enumerate();
        let lines = lines.map(|(at, line)| match at {
            0 => labelled("Say", line, Style::new().bold(), width),
            _ => labelled("Or", line, Style::new(), width),
        });
        let head = dimmed(&format!("{} · they push back", pushback.title), width);
        parts.push(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"));
    }
    match answer.outcome {
        Outcome::None => parts.push(fill(notice::NOTHING_FITS, width)),
        Outcome::Choice => parts.push(fill(notice::TOO_CLOSE, width)),
        Outcome::Card if answer.cards.iter().any(|card| card.used_up) => {
            parts.push(fill(notice::USED_UP, width));
        }
        Outcome::Card if answer.cards.len() > 1 => parts.push(fill(notice::EACH, width)),
        Outcome::Card => {}
    }
    if let Some(question) = &answer.apart {
        parts.push(fill(&format!("Not sure? Ask: {question}"), width));
    }
    if let Some(question) = &answer.isolate {
        parts.push(fill(&format!("Third objection. Ask: {question}"), width));
    }
    // What pushes back on a card has its own answer; the card was shown before.
    if answer.pushback.is_none() {
        parts.extend(answer.cards.iter().map(|card| match answer.heard(&card.id) {
            Some(words) => {
                format!("{}\n{}", fill(&format!("“{words}”"), width), glance(card, width))
            }
            None => glance(card, width),
        }));
    }
    let tight = answer.cards.len() < 2;
    parts.join(if tight { "\n" } else { "\n\n" })
}

/// The card as it is read in ten seconds.
pub(super) fn glance(card: &CardView, width: usize) -> String {
    let head = dimmed(
        &format!("{} · {} · verified {}", card.title, card.family.words(), card.verified),
        width,
    );
    let parts = [
        ("Ack", card.acknowledge.as_str(), Style::new()),
        ("Ask", card.ask.first().map_or("", String::as_str), Style::new()),
        ("Say", card.say.as_str(), Style::new().bold()),
        ("Proof", card.proof.first().map_or("", String::as_str), Style::new()),
    ];
    let lines = parts.into_iter().filter(|(_, line, _)| !line.is_empty());
    let lines = lines.map(|(label, line, style)| labelled(label, &noted(card, line), style, width));
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

/// The card's details beyond the summary.
pub(super) fn more(card: &CardView, width: usize) -> String {
    let mut lines = Vec::new();
    let mut add = |label: &str, found: &[String]| {
        let line = |line: &String| labelled(label, &noted(card, line), Style::new(), width);
        lines.extend(found.iter().map(line));
    };
    add("Ask", card.ask.get(1..).unwrap_or_default());
    add("Say", &card.say_also);
    add("Proof", card.proof.get(1..).unwrap_or_default());
    add("Avoid", &card.avoid);
    for section in &card.more {
        add(section.title, &section.lines);
    }
    for pushback in &card.pushbacks {
        lines.push(dimmed(&format!("They said… {}", pushback.title), width));
        let answers = pushback.answers.iter();
        lines.extend(answers.map(|line| labelled("Say", line, Style::new(), width)));
    }
    let source = format!("{} {}:{}", card.because.join(" "), card.source.file, card.source.line);
    lines.push(dimmed(source.trim(), width));
    lines.join("\n")
}

/// A line, with what is to be known of it.
fn noted<'a>(card: &CardView, line: &'a str) -> Cow<'a, str> {
    if card.was_said(line) {
        format!("{line} ({})", notice::SAID_BEFORE).into()
    } else {
        line.into()
    }
}

/// A line behind its label, with what does not fit below it.
fn labelled(label: &str, line: &str, style: Style, width: usize) -> String {
    let dim = Style::new().dimmed();
    let room = width.saturating_sub(9).max(20);
    let wrapped = textwrap::wrap(line, room).into_iter().enumerate().map(|(at, line)| {
        let label = if at == 0 { label } else { "" };
        format!("  {dim}{label:<5}{dim:#}  {style}{line}{style:#}")
    });
    wrapped.collect::<Vec<_>>().join("\n")
}

pub(super) fn dimmed(line: &str, width: usize) -> String {
    let dim = Style::new().dimmed();
    let wrapped = textwrap::wrap(line, width.max(20));
    let wrapped = wrapped.into_iter().map(|line| format!("{dim}{line}{dim:#}"));
    wrapped.collect::<Vec<_>>().join("\n")
}

/// A line with what does not fit below it, indented.
pub(super) fn hanging(line: &str, indent: usize, width: usize) -> String {
    let indent = " ".repeat(indent);
    let options = textwrap::Options::new(width.max(30)).subsequent_indent(&indent);
    textwrap::fill(line, options)
}

fn fill(line: &str, width: usize) -> String {
    textwrap::fill(line, width.max(20))
}
