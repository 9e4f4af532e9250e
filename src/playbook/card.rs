//! A card as it is served: what customers say, and what a rep may answer.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Section;
use crate::model::{CardId, ContentHash, Day, Family, Stage};

/// One answerable thing that customers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its name in logs, links and buttons.
    pub id: CardId,
    /// Names it had before; they still lead here.
    pub was: Vec<CardId>,
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub family: Family,
    /// Where in a deal it applies; empty means everywhere.
    pub stages: Vec<Stage>,
    /// What customers say, in their words.
    pub phrasings: Vec<String>,
    /// Look-alikes that must not bring it.
    pub not_this: Vec<String>,
    /// The lines of each section, best first.
    pub sections: BTreeMap<Section, Vec<Line>>,
    /// What to say instead of [`Section::Say`] in one stage.
    pub say_in: BTreeMap<Stage, Vec<Line>>,
    /// What the customer says next.
    pub pushbacks: Vec<Pushback>,
    /// The selling methods it follows.
    pub methodology: Vec<CardId>,
    /// The benefit it argues with, an id of the plan.
    pub benefit: Option<String>,
    /// The channel it belongs to, an id of the plan.
    pub channel: Option<String>,
    /// Whether a figure in the customer's words is also priced.
    pub pricing: bool,
    /// Breaks ties, −3 to 3.
    pub priority: i8,
    /// The team that answers for it.
    pub owner: String,
    /// When someone last checked it.
    pub verified: Day,
    /// When it is due to be checked again.
    pub review_by: Day,
    /// Battlecards: the competitor's name, then its aliases.
    pub competitor: Vec<String>,
    /// Where it stands.
    pub source: CardSource,
}

/// One line a rep can read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The words, with message blocks filled in; no slot name, citation or link in them.
    pub text: String,
    /// The part of a method that it is, for example `Implication`.
    pub slot: Option<String>,
    /// Where its claim comes from: `price list, 2026-10`.
    pub citation: Option<String>,
    /// The card it leads to.
    pub see: Option<CardId>,
}

/// What the customer may say after the answer, and what to say then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushback {
    /// Its name within the card.
    pub id: CardId,
    /// Its heading, which is a phrasing as well.
    pub title: String,
    /// What customers say.
    pub phrasings: Vec<String>,
    /// What to answer, best first.
    pub answers: Vec<Line>,
}

/// Where a card was read, and what its content was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSource {
    /// Path below the playbook directory.
    pub file: String,
    /// Line of its heading, from 1.
    pub line: usize,
    /// The bytes of each phrasing in the file.
    pub phrasings: Vec<Range<usize>>,
    /// Hash over everything a rep or the search can see of it.
    pub hash: ContentHash,
}

impl std::fmt::Display for Line {
    /// The words with their source, as a rep reads them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        match &self.citation {
            Some(citation) => write!(f, " (source: {citation})"),
            None => Ok(()),
        }
    }
}

impl Card {
    /// A card that has phrasings and nothing else, to measure with.
    #[must_use]
    pub fn of_phrasings(id: CardId, verified: Day, phrasings: Vec<String>) -> Self {
        let hash = ContentHash::of([id.as_str()]);
        let mut card = Self {
            id,
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
            verified,
            review_by: verified,
            competitor: Vec::new(),
            source: CardSource { file: String::new(), line: 0, phrasings: Vec::new(), hash },
        };
        card.source.hash = card.content_hash();
        card
    }

    /// The lines of a section; none when it has no such section.
    #[must_use]
    pub fn lines(&self, section: Section) -> &[Line] {
        self.sections.get(&section).map_or(&[], Vec::as_slice)
    }

    /// What to say in a stage: the words for just that stage if there are any.
    #[must_use]
    pub fn say(&self, stage: Option<Stage>) -> &[Line] {
        let special = stage.and_then(|stage| self.say_in.get(&stage));
        special.map_or_else(|| self.lines(Section::Say), Vec::as_slice)
    }
}
