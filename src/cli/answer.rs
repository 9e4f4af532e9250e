//! An answer on the terminal: the glance layer of its cards, or JSON.

use std::io::{IsTerminal, Write};

use anstyle::Style;

use crate::card::{AnswerView, CardBlock, Line, SAY, Suggestion, notice};

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
    let view = AnswerView::new(answer, false);
    let mut parts = Vec::new();
    if let Some(pushback) = &view.pushback {
        let head = dimmed(&format!("{} · {}", pushback.title, notice::THEY_PUSH_BACK), width);
        let lines = pushback.lines.iter().enumerate();
        let lines = lines.map(|(at, line)| labelled(line, at == 0, width));
        parts.push(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"));
    }
    parts.extend(view.heading.map(|heading| fill(heading, width)));
    let questions = view.questions.iter();
    parts.extend(questions.map(|line| fill(&format!("{}: {}", line.label, line.text), width)));
    // What pushes back on a card has its own answer; the card was shown before.
    if view.pushback.is_none() {
        parts.extend(view.cards.iter().map(|card| glance(card, width)));
    }
    let tight = view.cards.len() < 2;
    parts.join(if tight { "\n" } else { "\n\n" })
}

/// The card as it is read in ten seconds.
pub(super) fn glance(card: &CardBlock, width: usize) -> String {
    let heard = card.heard.iter().map(|words| fill(&format!("“{words}”"), width));
    let notice = card.notice.map(|notice| fill(notice, width));
    let head =
        dimmed(&format!("{} · {} · verified {}", card.title, card.family, card.verified), width);
    let lines = card.glance.iter().map(|line| labelled(line, line.label == SAY, width));
    heard.chain(notice).chain([head]).chain(lines).collect::<Vec<_>>().join("\n")
}

/// The card's details beyond the summary.
pub(super) fn more(card: &CardBlock, width: usize) -> String {
    let lines = card.more.iter().flat_map(|group| &group.lines);
    let mut lines: Vec<String> = lines.map(|line| labelled(line, false, width)).collect();
    for pushback in &card.pushbacks {
        lines.push(dimmed(&format!("They said… {}", pushback.title), width));
        let answers = pushback.answers.iter();
        lines.extend(answers.map(|line| behind(SAY, line, Style::new(), width)));
    }
    let source = format!("{} {}:{}", card.because, card.source.file, card.source.line);
    lines.push(dimmed(source.trim(), width));
    lines.join("\n")
}

/// A line with its label, and whether it was said before.
fn labelled(line: &Line, bold: bool, width: usize) -> String {
    let style = if bold { Style::new().bold() } else { Style::new() };
    if line.said_before {
        behind(line.label, &format!("{} ({})", line.text, notice::SAID_BEFORE), style, width)
    } else {
        behind(line.label, &line.text, style, width)
    }
}

/// A line behind its label, with what does not fit below it.
fn behind(label: &str, line: &str, style: Style, width: usize) -> String {
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
