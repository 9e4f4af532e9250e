//! `cornerman eval`: measures how well cards are found, on sentences other people wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Ending, progress, runtime, say};
use crate::app::{Places, open_generation, throwaway_generation};
use crate::coach::ports::Generation;
use crate::coach::{CoachError, Look, look};
use crate::model::{CardId, ContentHash, Day, Family, Outcome};
use crate::playbook::{Card, CardSource, Playbook};

/// Measure how well cards are found
///
/// A set is a file of JSON lines: {"kind":"card","id":"…","phrasings":["…"]} and
/// {"kind":"query","text":"…","expect":"…"} (null: nothing should be answered).
///
/// Examples:
///   cornerman eval --set sentences.jsonl --json
///   cornerman eval --set sentences.jsonl --lexical
///   cornerman eval --shipped objections.jsonl
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Eval {
    /// Ask the queries of this file against the cards of this file
    #[arg(long, value_name = "FILE", required_unless_present = "shipped")]
    set: Option<PathBuf>,
    /// Ask each {"text":"…","category":"price"} of this file against the playbooks
    #[arg(long, value_name = "FILE", conflicts_with = "set")]
    shipped: Option<PathBuf>,
    /// Compare words alone (BM25), to see what the encoder is worth
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

/// How one query went.
struct Asked {
    /// Nothing should have been answered.
    nothing: bool,
    /// Place of the first right card, from 1.
    place: Option<usize>,
    outcome: Outcome,
    /// A right card is among those shown.
    shown_right: bool,
    confidence: f32,
    micros: u64,
}

/// The figures of one set, or their means over several. Shares lie between 0 and 1.
#[derive(Debug, Serialize)]
struct Figures {
    queries: usize,
    hit_at_1: f64,
    hit_at_3: f64,
    mrr_at_10: f64,
    answered: f64,
    choice_share: f64,
    right_when_answered: f64,
    right_when_single: f64,
    false_alarms: Option<f64>,
    latency_us: Percentiles,
    calibration_error: f64,
}

#[derive(Debug, Serialize)]
struct Percentiles {
    p50: u64,
    p95: u64,
    p99: u64,
}

impl Eval {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let figures = match (&self.set, &self.shipped) {
            (Some(file), _) => serde_json::to_value(self.set(file)?)?,
            (_, Some(file)) => serde_json::to_value(self.shipped(file, places)?)?,
            (None, None) => bail!("name a file with --set or --shipped"),
        };
        match self.json {
            true => say(figures)?,
            false => say(format_args!("{figures:#}"))?,
        }
        Ok(Ending::Done)
    }

    fn set(&self, file: &Path) -> anyhow::Result<Figures> {
        let mut sets: BTreeMap<String, Set> = BTreeMap::new();
        for line in lines::<Line>(file)? {
            match line {
                Line::Card { set, id, phrasings } => {
                    sets.entry(set).or_default().cards.push(bare_card(&id, phrasings)?);
                }
                Line::Query { set, text, expect } => {
                    sets.entry(set).or_default().queries.push((text, expect));
                }
            }
        }
        let runtime = runtime()?;
        let mut outcomes = Vec::new();
        for Set { cards, queries } in sets.into_values() {
            let playbook = Playbook { cards, ..Playbook::default() };
            let generation = throwaway_generation(playbook, !self.lexical)?;
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
        Ok(figures(&outcomes))
    }

    fn shipped(&self, file: &Path, places: &Places) -> anyhow::Result<Families> {
        #[derive(Deserialize)]
        struct Objection {
            text: String,
            category: String,
        }
        let generation = open_generation(places, !self.lexical, &progress)?;
        let runtime = runtime()?;
        let mut families = Families::default();
        let (mut exact, mut near, mut answered, mut exact_answered) = (0, 0, 0, 0);
        for Objection { text, category } in lines(file)? {
            let look = match runtime.block_on(look(&generation, &text)) {
                Err(CoachError::EmptyText) => continue,
                look => look?,
            };
            families.queries += 1;
            let first = look.judged.ranked.first();
            let family =
                first.map_or("none", |card| generation.playbook.cards[card.card].family.name());
            let right = family == category;
            exact += usize::from(right);
            near += usize::from(kin(family) == kin(&category));
            if look.judged.outcome != Outcome::None {
                answered += 1;
                exact_answered += usize::from(right);
            }
            if self.misses && !right {
                let id = first.map_or("", |c| generation.playbook.cards[c.card].id.as_str());
                let score = first.map_or(0.0, |card| card.score);
                eprintln!("{category}\t{family}\t{id}\t{score:.2}\t{text}");
            }
        }
        families.category_at_1 = share(exact, families.queries);
        families.near_category_at_1 = share(near, families.queries);
        families.answered = share(answered, families.queries);
        families.category_when_answered = share(exact_answered, answered);
        Ok(families)
    }
}

/// How well the shipped playbooks know which family an objection belongs to.
#[derive(Default, Serialize)]
struct Families {
    queries: usize,
    category_at_1: f64,
    near_category_at_1: f64,
    answered: f64,
    category_when_answered: f64,
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

/// A card of a set: it has phrasings and nothing else.
fn bare_card(id: &str, phrasings: Vec<String>) -> anyhow::Result<Card> {
    let day: Day = "2026-01-01".parse().map_err(anyhow::Error::msg)?;
    let written = serde_json::from_value::<CardId>(id.into())?;
    let mut card = Card {
        id: written,
        was: Vec::new(),
        title: String::new(),
        family: Family::Need,
        stages: Vec::new(),
        phrasings,
        not_this: Vec::new(),
        sections: BTreeMap::new(),
        say_in: BTreeMap::new(),
        pushbacks: Vec::new(),
        methodology: Vec::new(),
        benefit: None,
        channel: None,
        pricing: false,
        priority: 0,
        owner: String::new(),
        verified: day,
        review_by: day,
        competitor: Vec::new(),
        source: CardSource {
            file: String::new(),
            line: 0,
            phrasings: Vec::new(),
            hash: ContentHash::of([id]),
        },
    };
    card.source.hash = card.content_hash();
    Ok(card)
}

async fn outcome(
    generation: &Generation,
    text: &str,
    expect: &Expect,
) -> Result<Asked, CoachError> {
    let Look { judged, latency, .. } = look(generation, text).await?;
    let right = |card: usize| {
        let id = generation.playbook.cards.get(card).map(|card| card.id.as_str());
        expect.ids().iter().any(|expected| Some(expected.as_str()) == id)
    };
    let shown = judged.shown(&generation.finder.weights());
    Ok(Asked {
        nothing: expect.ids().is_empty(),
        place: judged.ranked.iter().position(|card| right(card.card)).map(|place| place + 1),
        outcome: judged.outcome,
        shown_right: shown.iter().any(|card| right(card.card)),
        confidence: judged.ranked.first().map_or(0.0, |card| card.confidence),
        micros: latency.total,
    })
}

fn figures(sets: &[Vec<Asked>]) -> Figures {
    let expecting = |set: &&Vec<Asked>| set.iter().any(|outcome| !outcome.nothing);
    let mean = |figure: &dyn Fn(&[&Asked]) -> f64| {
        let sets: Vec<&Vec<Asked>> = sets.iter().filter(expecting).collect();
        let of_set = |set: &&Vec<Asked>| {
            figure(&set.iter().filter(|outcome| !outcome.nothing).collect::<Vec<_>>())
        };
        sets.iter().map(of_set).sum::<f64>() / (sets.len().max(1) as f64)
    };
    let part = |of: &[&Asked], whole: &dyn Fn(&Asked) -> bool, hit: &dyn Fn(&Asked) -> bool| {
        let whole: Vec<&&Asked> = of.iter().filter(|outcome| whole(outcome)).collect();
        share(whole.iter().filter(|outcome| hit(outcome)).count(), whole.len())
    };
    let all = |_: &Asked| true;
    let answered = |outcome: &Asked| outcome.outcome != Outcome::None;
    let within =
        |places: usize| move |outcome: &Asked| outcome.place.is_some_and(|place| place <= places);
    let flat: Vec<&Asked> = sets.iter().flatten().collect();
    let nothing: Vec<&Asked> = flat.iter().copied().filter(|outcome| outcome.nothing).collect();
    let mut micros: Vec<u64> = flat.iter().map(|outcome| outcome.micros).collect();
    micros.sort_unstable();
    let percentile = |percent: usize| {
        let place = (micros.len() * percent).div_ceil(100).saturating_sub(1);
        micros.get(place).copied().unwrap_or(0)
    };
    let reciprocal = |outcome: &&Asked| match outcome.place {
        Some(place) if place <= 10 => 1.0 / (place as f64),
        _ => 0.0,
    };
    Figures {
        queries: flat.len() - nothing.len(),
        hit_at_1: mean(&|set| part(set, &all, &within(1))),
        hit_at_3: mean(&|set| part(set, &all, &within(3))),
        mrr_at_10: mean(&|set| set.iter().map(reciprocal).sum::<f64>() / set.len().max(1) as f64),
        answered: mean(&|set| part(set, &all, &answered)),
        choice_share: mean(&|set| part(set, &answered, &|o| o.outcome == Outcome::Choice)),
        right_when_answered: mean(&|set| part(set, &answered, &|outcome| outcome.shown_right)),
        right_when_single: mean(&|set| {
            part(set, &|outcome| outcome.outcome == Outcome::Card, &within(1))
        }),
        false_alarms: (!nothing.is_empty()).then(|| part(&nothing, &all, &answered)),
        latency_us: Percentiles { p50: percentile(50), p95: percentile(95), p99: percentile(99) },
        calibration_error: calibration_error(&flat),
    }
}

/// Expected calibration error: in ten bins of confidence, how far the mean confidence lies from
/// the share of right first cards, weighted by how many fell into the bin.
fn calibration_error(outcomes: &[&Asked]) -> f64 {
    let expecting: Vec<&&Asked> = outcomes.iter().filter(|outcome| !outcome.nothing).collect();
    let mut bins = [(0.0_f64, 0.0_f64); 10];
    for outcome in &expecting {
        let bin = ((outcome.confidence * 10.0) as usize).min(9);
        bins[bin].0 += f64::from(outcome.confidence);
        bins[bin].1 += f64::from(u8::from(outcome.place == Some(1)));
    }
    let off = bins.iter().map(|(confidence, right)| (confidence - right).abs()).sum::<f64>();
    off / expecting.len().max(1) as f64
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
