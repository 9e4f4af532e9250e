//! A card as its author wrote it: what customers say, and what a rep may answer.

use crate::model::{CardId, ContentHash, Day, Family, Stage};

/// One answerable thing that customers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its name in logs, links and buttons.
    pub id: CardId,
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub family: Family,
    /// Where in a deal it applies; empty means everywhere.
    pub stages: Vec<Stage>,
    /// What customers say, in their words.
    pub phrasings: Vec<String>,
    /// Lines that show the rep has listened. Like all lists of lines here: best first.
    pub acknowledge: Vec<String>,
    /// Questions to ask.
    pub ask: Vec<String>,
    /// Sentences to say.
    pub say: Vec<String>,
    /// What backs them.
    pub proof: Vec<String>,
    /// What not to say; for the rep only.
    pub avoid: Vec<String>,
    /// The team that answers for it.
    pub owner: String,
    /// When somebody last checked it.
    pub verified: Day,
    /// When it is due to be checked again.
    pub review_by: Day,
    /// Battlecards: the competitor's name, then its aliases.
    pub competitor: Vec<String>,
    /// Where it stands.
    pub source: CardSource,
}

/// Where a card was read, and what its content was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSource {
    /// Path below the playbook directory.
    pub file: String,
    /// Line of its heading, from 1.
    pub line: usize,
    /// Hash over everything a rep or the search can see of it.
    pub hash: ContentHash,
}

impl Card {
    /// The hash over everything a rep or the search can see of a card.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        let stages = self.stages.iter().map(|stage| stage.name());
        let head = [
            self.id.as_str(),
            &self.title,
            self.family.name(),
            &self.owner,
        ];
        let days = [self.verified.to_string(), self.review_by.to_string()];
        let lists = [
            &self.phrasings,
            &self.acknowledge,
            &self.ask,
            &self.say,
            &self.proof,
            &self.avoid,
            &self.competitor,
        ];
        // The length of each list comes before it, so that a line cannot move unseen from one
        // section to the next.
        let lines = lists
            .into_iter()
            .flat_map(|list| std::iter::once(list.len().to_string()).chain(list.iter().cloned()));
        let parts = head
            .into_iter()
            .chain(stages)
            .map(str::to_owned)
            .chain(days)
            .chain(lines);
        ContentHash::of(parts)
    }
}
