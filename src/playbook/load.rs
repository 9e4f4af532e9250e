//! All files together: the cards that are served, or everything that keeps them from it.

use std::collections::BTreeMap;

use super::front_matter::Meta;
use super::lint::{self, ParsedPlaybook};
use super::plan::{self, Plan};
use super::raw::{RawCard, RawPushback};
use super::section::Section;
use super::source::Kind;
use super::spanned::Spanned;
use super::variables::{Message, Variable, cited, filled, see, slotted, without_see};
use super::{Card, CardSource, Diagnostic, Facts, Line, Pushback, SourceFile};
use super::{cards, front_matter};
use crate::model::{CardId, ContentHash, Day, Family, Severity, Stage};

/// More cards than this are not served.
const MOST_CARDS: usize = 10_000;

/// Every card that is served, in the order of files and lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Playbook {
    /// The cards.
    pub cards: Vec<Card>,
    /// What sales and marketing agreed on.
    pub plan: Plan,
}

/// What reading every file came to.
#[derive(Debug)]
pub struct Reading {
    /// The playbook; `None` when there is an error anywhere.
    pub playbook: Option<Playbook>,
    /// Errors and warnings, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Playbook {
    /// Reads all files. Drafts are checked and not served.
    #[must_use]
    pub fn read(files: &[SourceFile], plan: Option<&SourceFile>, facts: &Facts) -> Reading {
        let mut diagnostics = Vec::new();
        let mut parsed = Vec::new();
        for file in files {
            let (front, body) = front_matter::read(file);
            match front {
                Ok(front) => {
                    let (cards, found) = cards::read(file, body, &front);
                    diagnostics.extend(found);
                    parsed.push((file, cards));
                }
                Err(found) => diagnostics.extend(found),
            }
        }
        let count: usize = parsed.iter().map(|(_, cards)| cards.len()).sum();
        if let Some((file, _)) = parsed.last().filter(|_| count > MOST_CARDS) {
            let message = format!("there are {count} cards; at most {MOST_CARDS} are served");
            let help = "keep only what reps are to be shown in this directory";
            diagnostics.push(Diagnostic::error("PB001", file, 0..0, message, help));
            return Reading { playbook: None, diagnostics };
        }
        let plan_file = plan;
        let plan = match plan_file.map(plan::read).transpose() {
            Ok(plan) => plan,
            Err(fault) => {
                diagnostics.extend(fault);
                None
            }
        };
        let complete = parsed.len() == files.len();
        let draft = ParsedPlaybook {
            messages: messages(&parsed),
            slots: slots(&parsed),
            files: parsed,
            plan: plan.as_ref(),
            plan_file,
            complete,
            facts,
        };
        diagnostics.extend(lint::check(&draft));
        diagnostics.sort_by(|a, b| {
            (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code))
        });
        let broken = diagnostics.iter().any(|found| found.severity == Severity::Error);
        let playbook = (!broken).then(|| {
            let cards = draft.live().filter_map(|(file, card)| resolved(&draft, file, card));
            Self { cards: cards.collect(), plan: plan.clone().unwrap_or_default() }
        });
        Reading { playbook, diagnostics }
    }

    /// The card with this id, or which had it before.
    #[must_use]
    pub fn card(&self, id: &CardId) -> Option<&Card> {
        let now = self.cards.iter().find(|card| card.id == *id);
        now.or_else(|| self.cards.iter().find(|card| card.was.contains(id)))
    }

    /// The hash over all cards: two playbooks with the same hash answer alike.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        let cards = self.cards.iter().map(|card| card.source.hash.as_str());
        ContentHash::of(cards.chain(self.plan.no_card.iter().map(String::as_str)))
    }
}

type Parsed<'a> = [(&'a SourceFile, Vec<RawCard>)];

fn of_kind<'a>(files: &'a Parsed<'_>, kind: Kind) -> impl Iterator<Item = &'a RawCard> {
    files.iter().filter(move |(file, _)| file.kind() == kind).flat_map(|(_, cards)| cards)
}

fn messages(files: &Parsed<'_>) -> BTreeMap<CardId, Message> {
    let block = |card: &RawCard| {
        let words: Vec<&str> = card.body.iter().map(|line| line.value.as_str()).collect();
        let (text, citation) = cited(&words.join(" "));
        (card.id.clone(), Message { text, citation })
    };
    of_kind(files, Kind::Messages).map(block).collect()
}

/// Each method with its slots: `- Implication (Ask, required): …` declares *Implication*.
fn slots(files: &Parsed<'_>) -> BTreeMap<CardId, Vec<String>> {
    let method = |card: &RawCard| {
        let names = card.lines(Section::Slots).filter_map(|line| {
            let name = line.value.split([':', '(']).next()?.trim();
            (!name.is_empty()).then(|| name.to_owned())
        });
        (card.id.clone(), names.collect())
    };
    of_kind(files, Kind::Methodology).map(method).collect()
}

/// A card ready to be served; `None` only where an error was reported before.
fn resolved(draft: &ParsedPlaybook<'_>, file: &SourceFile, raw: &RawCard) -> Option<Card> {
    let Meta { owner, verified, review_by, family, .. } = raw.meta.clone();
    let (family, verified): (Family, Day) = (family?, verified?);
    let named = raw.meta.methodology.iter().flatten();
    let methodology: Vec<CardId> = named.filter_map(|name| CardId::parse(&name.value)).collect();
    let known = methodology.iter().filter_map(|method| draft.slots.get(method));
    let slots: Vec<String> = known.flatten().cloned().collect();
    let lines = |lines: &[Spanned<String>]| -> Vec<Line> {
        let current = lines.iter().filter(|written| !withheld(draft, &written.value));
        current.map(|written| line(draft, &written.value, &slots)).collect()
    };
    let staged = raw.sections.iter().filter_map(|found| Some((found.stage?, lines(&found.lines))));
    let say_in: BTreeMap<Stage, Vec<Line>> = staged.collect();
    let plain = raw.sections.iter().filter(|found| found.stage.is_none());
    let plain = plain.map(|found| (found.section, lines(&found.lines)));
    let mut sections: BTreeMap<Section, Vec<Line>> = plain.collect();
    sections.remove(&Section::PushBack);
    if raw.every_line().any(|(line, _)| withheld(draft, &line.value)) {
        let text = "A line with a price is withheld: the price policy has expired.".to_owned();
        sections.entry(Section::Notes).or_default().push(Line { text, ..Line::default() });
    }
    let not_this = sections.remove(&Section::NotThis).unwrap_or_default();
    let pushback = |pushback: &RawPushback| Pushback {
        id: CardId::slug(&pushback.title.value),
        title: pushback.title.value.clone(),
        phrasings: values(&pushback.phrasings),
        answers: lines(&pushback.answers),
    };
    let mut card = Card {
        id: raw.id.clone(),
        was: raw.was.iter().map(|was| was.value.clone()).collect(),
        title: raw.title.value.clone(),
        family,
        stages: raw.meta.stages.clone().unwrap_or_default(),
        phrasings: values(&raw.phrasings),
        not_this: not_this.into_iter().map(|line| line.text).collect(),
        sections,
        say_in,
        pushbacks: raw.pushbacks.iter().map(pushback).collect(),
        methodology,
        benefit: raw.meta.benefit.as_ref().map(|benefit| benefit.value.clone()),
        channel: raw.meta.channel.as_ref().map(|channel| channel.value.clone()),
        pricing: raw.meta.pricing == Some(true),
        priority: raw.meta.priority.unwrap_or(0),
        owner: owner?,
        verified,
        review_by: review_by.unwrap_or_else(|| verified.plus_days(family.review_interval_days())),
        competitor: raw.meta.competitor.clone().unwrap_or_default(),
        source: CardSource {
            file: file.path.clone(),
            line: file.position(raw.title.at.start).0,
            phrasings: raw.phrasings.iter().map(|phrasing| phrasing.at.clone()).collect(),
            hash: ContentHash::of([""; 0]),
        },
    };
    card.source.hash = card.content_hash();
    Some(card)
}

/// Whether a line quotes a figure of an expired policy.
fn withheld(draft: &ParsedPlaybook<'_>, written: &str) -> bool {
    super::variables::variables(written).any(|variable| match variable {
        Variable::Price(name) => draft.facts.prices.get(name).is_some_and(|price| price.withheld),
        Variable::Message(_) | Variable::Other(_) | Variable::Unclosed => false,
    })
}

fn values(placed: &[Spanned<String>]) -> Vec<String> {
    placed.iter().map(|placed| placed.value.clone()).collect()
}

/// A line with its variables filled in and everything that is not spoken set aside.
fn line(draft: &ParsedPlaybook<'_>, written: &str, slots: &[String]) -> Line {
    let see = see(written).and_then(CardId::parse);
    let (slot, words) = slotted(written, slots);
    let (words, mut citation) = cited(&without_see(words));
    let message = |id: &str| CardId::parse(id).and_then(|id| draft.messages.get(&id));
    for variable in super::variables::variables(&words) {
        if let Variable::Message(id) = variable {
            citation = citation.or_else(|| message(id)?.citation.clone());
        }
    }
    let text = filled(&words, |variable| match variable {
        Variable::Message(id) => message(id).map(|block| block.text.clone()).unwrap_or_default(),
        Variable::Price(name) => {
            draft.facts.prices.get(name).map(|price| price.text.clone()).unwrap_or_default()
        }
        Variable::Other(_) | Variable::Unclosed => String::new(),
    });
    Line { text: text.trim().to_owned(), slot, citation, see }
}

#[cfg(test)]
mod tests;
