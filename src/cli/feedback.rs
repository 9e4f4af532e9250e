//! `cornerman feedback`: the figures of the log, and its events for a spreadsheet or another program.

use std::fmt::Display;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};

use super::{Ending, runtime};
use crate::app::{Places, open_log};
use crate::feedback::{Filter, Mark, Platform, Report, csv, jsonl};
use crate::journal::LogReader;
use crate::model::{CardId, Timestamp};

/// Read the log
#[derive(Subcommand)]
pub(super) enum Feedback {
    Export(Export),
    Report(Figures),
}

/// Which part of the log. Of several values of one kind an event has to have one.
#[derive(Args)]
struct Part {
    /// From this time on: 2026-11-24 or 2026-11-24T09:30:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Only what is about this card
    #[arg(long, value_name = "ID", value_parser = card)]
    card: Vec<CardId>,
    /// Only marks that say this: worked, did_not_work, not_used
    #[arg(long, value_name = "MARK")]
    mark: Vec<Mark>,
    /// Only what happened here: terminal, web, api, discord
    #[arg(long, value_name = "PLATFORM")]
    platform: Vec<Platform>,
    /// Only recommendations for this channel
    #[arg(long, value_name = "CHANNEL")]
    channel: Vec<String>,
    /// Only recommendations about this benefit
    #[arg(long, value_name = "BENEFIT")]
    benefit: Vec<String>,
}

/// Write the events of the log, oldest first
///
/// Examples:
///   cornerman feedback export --format csv --out feedback.csv
///   cornerman feedback export --since 2026-11-01 --until 2026-12-01
///   cornerman feedback export --channel webinar --benefit proof
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Export {
    /// How to write them
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    #[command(flatten)]
    part: Part,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a spreadsheet; what it would take for a formula gets an apostrophe
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// Print the figures of the log: card performance, unanswered questions, field notes
///
/// Examples:
///   cornerman feedback report --since 2026-11-01
///   cornerman feedback report --card too-expensive --json
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Figures {
    #[command(flatten)]
    part: Part,
    /// Print JSON, for other programs
    #[arg(long)]
    json: bool,
}

fn card(id: &str) -> Result<CardId, &'static str> {
    CardId::parse(id).ok_or("an id has lower-case letters, digits and hyphens: too-expensive")
}

impl Feedback {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        match self {
            Self::Export(export) => runtime()?.block_on(export.run(places)),
            Self::Report(figures) => runtime()?.block_on(figures.run(places)),
        }
    }
}

impl Part {
    fn filter(self) -> Filter {
        Filter {
            since: self.since,
            until: self.until,
            cards: self.card.into_iter().collect(),
            marks: self.mark.into_iter().collect(),
            platforms: self.platform.into_iter().collect(),
            channels: self.channel.into_iter().collect(),
            benefits: self.benefit.into_iter().collect(),
        }
    }
}

impl Export {
    async fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let reader = LogReader::new(open_log(places).await?);
        let mut out: Box<dyn Write> = match &self.out {
            Some(file) => Box::new(
                std::fs::File::create(file)
                    .with_context(|| format!("cannot write `{}`", file.display()))?,
            ),
            None => Box::new(std::io::stdout().lock()),
        };
        let mut export = reader.export(self.part.filter()).await?;
        if matches!(self.format, Format::Csv) {
            csv(std::iter::empty(), true, &mut out)?;
        }
        let mut count = 0;
        loop {
            let events = export.next().await?;
            if events.is_empty() {
                break;
            }
            count += events.len();
            match self.format {
                Format::Csv => csv(events.iter(), false, &mut out)?,
                Format::Jsonl => jsonl(events.iter(), &mut out)?,
            }
        }
        if let Some(file) = &self.out {
            eprintln!("{count} events written to {}", file.display());
        }
        say_damaged(export.unreadable());
        Ok(Ending::Done)
    }
}

/// Events that could not be read are in no figure and no export.
fn say_damaged(numbers: &[i64]) {
    if let Some(first) = numbers.first() {
        let (count, are) =
            (numbers.len(), if numbers.len() == 1 { "event is" } else { "events are" });
        eprintln!("{count} {are} damaged and left out, the first with the number {first}");
    }
}

impl Figures {
    async fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let reader = LogReader::new(open_log(places).await?);
        let view = reader.view(self.part.filter(), usize::MAX, (1, 0)).await?;
        let mut out = anstream::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&view.report)?)?
        } else {
            write!(out, "{}", text(&view.report, view.all))?
        }
        say_damaged(&view.unreadable);
        Ok(Ending::Done)
    }
}

/// The figures for people.
fn text(report: &Report, all: u64) -> String {
    if report.events == 0 {
        let none = "No event is in this part of the log";
        return match all {
            0 => "No questions yet. Questions and ratings appear here.\n".to_owned(),
            all => format!("{none}, which has {all}; leave one of the filters out.\n"),
        };
    }
    let mut text = format!("{}\n", report.heading(all));
    let mut table = |title: &str, head: &[&str], rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text += &format!("\n{title}\n");
            text += &columns(head, &rows);
        }
    };
    let gap = |gap: &crate::feedback::Gap| {
        let words = gap.text.as_ref().map_or("(text not stored)", |text| text.as_str());
        vec![gap.asked.to_string(), gap.last.to_string().chars().take(10).collect(), words.into()]
    };
    let gaps = report.gaps.iter().map(gap).collect();
    table("Unanswered questions", &["asked", "last", "they said"], gaps);
    let named = |name: &str, none: &str| if name.is_empty() { none.into() } else { name.into() };
    let recommended = report.recommendations.iter().map(|found| {
        let (channel, benefit) = (&found.channel, &found.benefit);
        vec![found.count.to_string(), named(channel, "no channel"), named(benefit, "no benefit")]
    });
    table("Field notes", &["count", "channel", "benefit"], recommended.collect());
    let cards = report.cards.iter().map(|card| {
        let fate = &card.fate;
        let counts = [fate.shown, fate.worked, fate.did_not_work, fate.not_used];
        let counts = counts.iter().map(ToString::to_string);
        counts.chain([card.won.to_string(), card.card_id.to_string()]).collect()
    });
    let head = ["shown", "worked", "didn't", "not used", "worked, of those two", "card"];
    table("Cards", &head, cards.collect());
    text
}

/// Rows below their heads; numbers end in one column, and nothing follows the last cell.
fn columns(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain([head[at].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let number = |at: usize| rows.iter().all(|row| row[at].chars().all(|c| c.is_ascii_digit()));
    let line = |cells: &[&dyn Display]| {
        let padded = cells.iter().enumerate().map(|(at, cell)| {
            if number(at) {
                format!("{:>1$}", cell.to_string(), widths[at])
            } else {
                format!("{:<1$}", cell.to_string(), widths[at])
            }
        });
        let line = padded.collect::<Vec<_>>().join("  ");
        format!("  {}\n", line.trim_end())
    };
    let head = line(&head.iter().map(|name| name as &dyn Display).collect::<Vec<_>>());
    let rows = rows
        .iter()
        .map(|row| line(&row.iter().map(|cell| cell as &dyn Display).collect::<Vec<_>>()));
    std::iter::once(head).chain(rows).collect()
}
