//! A file as it was parsed: every piece with its place, nothing resolved yet.

use super::front_matter::Meta;
use super::section::Section;
use super::spanned::Spanned;
use crate::model::{CardId, Stage};

/// A card, a method or a message block.
#[derive(Debug)]
pub(super) struct RawCard {
    pub title: Spanned<String>,
    pub id: CardId,
    pub was: Vec<Spanned<CardId>>,
    /// The file's front matter with what the card itself says.
    pub meta: Meta,
    pub phrasings: Vec<Spanned<String>>,
    pub sections: Vec<RawSection>,
    pub pushbacks: Vec<RawPushback>,
    /// `<!-- lint-disable CODE: reason -->` in a line: what it says, and the line.
    pub suppressions: Vec<Spanned<String>>,
    /// Paragraphs right below the heading; only message blocks use them.
    pub body: Vec<Spanned<String>>,
}

#[derive(Debug)]
pub(super) struct RawSection {
    pub section: Section,
    /// `### Say (closing)`.
    pub stage: Option<Stage>,
    pub lines: Vec<Spanned<String>>,
}

#[derive(Debug)]
pub(super) struct RawPushback {
    pub title: Spanned<String>,
    pub phrasings: Vec<Spanned<String>>,
    pub answers: Vec<Spanned<String>>,
}

impl RawCard {
    /// The lines of a section in every stage.
    pub(super) fn lines(&self, section: Section) -> impl Iterator<Item = &Spanned<String>> {
        let sections = self.sections.iter().filter(move |found| found.section == section);
        sections.flat_map(|found| &found.lines)
    }

    /// Every line that may be said to a customer.
    pub(super) fn spoken(&self) -> impl Iterator<Item = &Spanned<String>> {
        let sections = self.sections.iter().filter(|found| found.section.is_spoken());
        let answers = self.pushbacks.iter().flat_map(|pushback| &pushback.answers);
        sections.flat_map(|found| &found.lines).chain(answers)
    }

    /// Every line there is, with whether it may be said to a customer.
    pub(super) fn every_line(&self) -> impl Iterator<Item = (&Spanned<String>, bool)> {
        let sections = self
            .sections
            .iter()
            .flat_map(|found| found.lines.iter().map(|line| (line, found.section.is_spoken())));
        let answers = self.pushbacks.iter().flat_map(|pushback| &pushback.answers);
        sections.chain(answers.map(|line| (line, true)))
    }
}
