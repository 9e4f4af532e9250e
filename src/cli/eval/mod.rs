//! `cornerman eval`: measures how well cards are found, on sentences other people wrote.

mod calls;
mod clusters;
mod figures;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;

use self::calls::{Calls, Heard, Modes};
use self::clusters::{Clustered, clustered};
use self::figures::{Asked, Families, Figures, Sorted};
use super::{Ending, progress, runtime, say};
use crate::app::{Places, encoder, open_generation, throwaway_generation, today};
use crate::coach::{Question, Retrieval, retrieve};
use crate::journal::UseCaseError;
use crate::model::{CardId, Mode, Outcome};
use crate::playbook::{Card, Playbook};
use crate::ports::Generation;

/// Measure how well cards are found
///
/// Each figure has its 95% confidence interval.
///
/// A set is a file of JSON lines: {"kind":"card","id":"…","phrasings":["…"]} and
/// {"kind":"query","text":"…","expect":"…"} (null: nothing should be answered).
///
/// Examples:
///   cornerman eval --set sentences.jsonl --json
///   cornerman eval --set sentences.jsonl --lexical
///   cornerman eval --shipped objections.jsonl
///   cornerman eval --calls calls.jsonl --misses
///   cornerman eval --clusters calls.jsonl
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Eval {
    /// Ask the queries of this file against the cards of this file
    #[arg(long, value_name = "FILE", required_unless_present_any = ["shipped", "calls", "clusters"])]
    set: Option<PathBuf>,
    /// Ask each {"text":"…","category":"price"} of this file against the playbooks (null: nothing
    /// should be answered)
    #[arg(long, value_name = "FILE", conflicts_with = "set")]
    shipped: Option<PathBuf>,
    /// Ask each line of a call of this file against the playbooks: {"text":"…","kind":"card",
    /// "best":["card-id"],"ok":[…],"two":[…]}; its kind is card, none, gap or arguable
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "shipped"])]
    calls: Option<PathBuf>,
    /// Put the lines of this file with one card together by meaning, as unanswered questions are:
    /// those with the same card should be one cluster
    #[arg(long, value_name = "FILE", conflicts_with_all = ["set", "shipped", "calls"])]
    clusters: Option<PathBuf>,
    /// Use keyword search only (BM25), as a baseline
    #[arg(long)]
    lexical: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Also print each query that went wrong, to standard error
    #[arg(long)]
    misses: bool,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Card {
        #[serde(default)]
        set: String,
        id: String,
        phrasings: Vec<String>,
    },
    Query {
        #[serde(default)]
        set: String,
        text: String,
        expect: Expect,
    },
}

/// Cards and queries that belong together.
#[derive(Default)]
struct Set {
    cards: Vec<Card>,
    queries: Vec<(String, Expect)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expect {
    One(String),
    Any(Vec<String>),
    Nothing,
}

impl Expect {
    fn ids(&self) -> &[String] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Any(ids) => ids,
            Self::Nothing => &[],
        }
    }
}

impl Eval {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let figures = match (&self.set, &self.shipped, &self.calls, &self.clusters) {
            (Some(file), ..) => serde_json::to_value(self.set(file, places)?)?,
            (_, Some(file), ..) => serde_json::to_value(self.shipped(file, places)?)?,
            (_, _, Some(file), _) => serde_json::to_value(self.calls(file, places)?)?,
            (.., Some(file)) => serde_json::to_value(clusters(file, places)?)?,
            _ => bail!("name a file with --set, --shipped, --calls or --clusters"),
        };
        if self.json {
            say(figures)?
        } else {
            say(format_args!("{figures:#}"))?
        }
        Ok(Ending::Done)
    }

    fn set(&self, file: &Path, places: &Places) -> anyhow::Result<Figures> {
        let mut sets: BTreeMap<String, Set> = BTreeMap::new();
        for line in lines::<Line>(file)? {
            match line {
                Line::Card { set, id, phrasings } => {
                    let id = serde_json::from_value::<CardId>(id.into())?;
                    let card = Card::of_phrasings(id, today(), phrasings);
                    sets.entry(set).or_default().cards.push(card);
                }
                Line::Query { set, text, expect } => {
                    sets.entry(set).or_default().queries.push((text, expect));
                }
            }
        }
        let (runtime, encoder) = (runtime()?, encoder(places, !self.lexical)?);
        let mut outcomes = Vec::new();
        for Set { cards, queries } in sets.into_values() {
            let playbook = Playbook { cards, ..Playbook::default() };
            let generation = throwaway_generation(playbook, encoder.clone())?;
            let asked: anyhow::Result<Vec<Asked>> = queries
                .iter()
                .map(|(text, expect)| {
                    let outcome = runtime.block_on(outcome(&generation, text, expect))?;
                    if self.misses && outcome.place != Some(1) && !outcome.nothing {
                        eprintln!("{:?} {:?} {text}", expect.ids(), outcome.place);
                    }
                    Ok(outcome)
                })
                .collect();
            outcomes.push(asked?);
        }
        Ok(Figures::of(&outcomes))
    }

    fn shipped(&self, file: &Path, places: &Places) -> anyhow::Result<Families> {
        #[derive(Deserialize)]
        struct Objection {
            text: String,
            /// None for what needs no card.
            category: Option<String>,
        }
        let generation = open_generation(places, !self.lexical, &progress)?;
        let runtime = runtime()?;
        let mut sorted = Vec::new();
        for Objection { text, category } in lines(file)? {
            let retrieval = match runtime.block_on(retrieve(&generation, &text.as_str().into())) {
                Err(UseCaseError::EmptyText) => continue,
                look => look?,
            };
            let first = retrieval.ranking.ranked.first();
            let family =
                first.map_or("none", |card| generation.playbook.cards[card.card].family.name());
            let answered = retrieval.outcome() != Outcome::None;
            let (exact, near) = match category.as_deref() {
                Some(category) => (family == category, kin(family) == kin(category)),
                None => (!answered, !answered),
            };
            sorted.push(Sorted { nothing: category.is_none(), exact, near, answered });
            if self.misses && !exact {
                let category = category.as_deref().unwrap_or("none");
                let id = first.map_or("", |c| generation.playbook.cards[c.card].id.as_str());
                let score = first.map_or(0.0, |card| card.score);
                eprintln!("{category}\t{family}\t{id}\t{score:.2}\t{text}");
            }
        }
        Ok(Families::of(&sorted))
    }

    fn calls(&self, file: &Path, places: &Places) -> anyhow::Result<Modes> {
        let generation = open_generation(places, !self.lexical, &progress)?;
        let runtime = runtime()?;
        let lines = lines::<calls::Line>(file)?;
        let in_mode = |mode| -> anyhow::Result<Calls> {
            let mut heard = Vec::new();
            for line in &lines {
                let question = Question { mode, ..line.text.as_str().into() };
                let retrieval = match runtime.block_on(retrieve(&generation, &question)) {
                    Err(UseCaseError::EmptyText) => continue,
                    look => look?,
                };
                let one = Heard::of(line, &retrieval, &generation);
                if self.misses && one.missed() && mode == Mode::Typed {
                    eprintln!("{}", line.missed(&retrieval, &generation));
                }
                heard.push(one);
            }
            Ok(Calls::of(&heard))
        };
        Ok(Modes { typed: in_mode(Mode::Typed)?, listening: in_mode(Mode::Listening)? })
    }
}

/// The lines with one card, put together by meaning.
fn clusters(file: &Path, places: &Places) -> anyhow::Result<Clustered> {
    let lines: Vec<(String, String)> = lines::<calls::Line>(file)?
        .into_iter()
        .filter_map(|line| Some((line.text.clone(), line.only_card()?.to_owned())))
        .collect();
    let generation = open_generation(places, true, &progress)?;
    let texts = lines.iter().map(|(text, _)| text.clone()).collect();
    let vectors = runtime()?.block_on(generation.finder.vectors(texts))?;
    Ok(clustered(&lines, &vectors))
}

/// Families that people sort differently count as one.
fn kin(family: &str) -> &str {
    match family {
        "timing" | "brush_off" => "timing",
        "price" | "budget" => "price",
        "need" | "status_quo" | "competitor" => "need",
        "complexity" | "integration" | "security" => "complexity",
        other => other,
    }
}

fn lines<T: serde::de::DeserializeOwned>(file: &Path) -> anyhow::Result<Vec<T>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line)| {
        serde_json::from_str(line)
            .with_context(|| format!("{}:{}: not a line of a set", file.display(), number + 1))
    };
    lines.map(read).collect()
}

async fn outcome(
    generation: &Generation,
    text: &str,
    expect: &Expect,
) -> Result<Asked, UseCaseError> {
    let retrieval = retrieve(generation, &text.into()).await?;
    let Retrieval { ranking, latency, .. } = &retrieval;
    let right = |card: usize| {
        let id = generation.playbook.cards.get(card).map(|card| card.id.as_str());
        expect.ids().iter().any(|expected| Some(expected.as_str()) == id)
    };
    let shown = retrieval.shown(&generation.finder.weights());
    Ok(Asked {
        nothing: expect.ids().is_empty(),
        place: ranking.ranked.iter().position(|card| right(card.card)).map(|place| place + 1),
        // Several objections with a card each are not one card.
        outcome: if shown.len() > 1 { Outcome::Choice } else { retrieval.outcome() },
        shown_right: shown.iter().any(|card| right(card.card)),
        confidence: ranking.ranked.first().map_or(0.0, |card| card.confidence),
        micros: latency.total,
    })
}
