//! `cornerman feedback`: takes the log out, for a spreadsheet or another program.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};

use super::{Ending, runtime};
use crate::app::{Places, open_log};
use crate::coach::ports::Selection;
use crate::feedback::{Event, csv, jsonl};
use crate::model::Timestamp;

/// So many events are held in memory at once.
const PAGE: u32 = 1_000;

/// Read the log
#[derive(Subcommand)]
pub(super) enum Feedback {
    Export(Export),
}

/// Write the events of the log, oldest first
///
/// Examples:
///   cornerman feedback export --format csv --out feedback.csv
///   cornerman feedback export --since 2026-11-01 --until 2026-12-01
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Export {
    /// How to write them
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// From this time on: 2026-11-24 or 2026-11-24T09:30:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
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

impl Feedback {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let Self::Export(export) = self;
        runtime()?.block_on(export.run(places))
    }
}

impl Export {
    async fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let store = open_log(places).await?;
        let mut out: Box<dyn Write> = match &self.out {
            Some(file) => Box::new(
                std::fs::File::create(file)
                    .with_context(|| format!("cannot write `{}`", file.display()))?,
            ),
            None => Box::new(std::io::stdout().lock()),
        };
        let mut count = 0_usize;
        let mut after = None;
        loop {
            let selection = Selection {
                since: self.since,
                until: self.until,
                after,
                newest_first: false,
                limit: PAGE,
            };
            let page = store.read(selection).await?;
            let events = page.iter().map(|(_, event)| event);
            self.write(events, count == 0, &mut out)?;
            count += page.len();
            match page.last() {
                Some((number, _)) => after = Some(*number),
                None => break,
            }
        }
        if let Some(file) = &self.out {
            eprintln!("{count} events written to {}", file.display());
        }
        Ok(Ending::Done)
    }

    fn write<'a>(
        &self,
        events: impl Iterator<Item = &'a Event>,
        first: bool,
        out: &mut dyn Write,
    ) -> std::io::Result<()> {
        match self.format {
            Format::Csv => csv(events, first, out),
            Format::Jsonl => jsonl(events, out),
        }
    }
}
