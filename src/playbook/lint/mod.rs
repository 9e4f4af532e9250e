//! The rules for playbooks. One rule is one file, whose opening comment is its page.
//!
//! Faults of the notation are seen by the parser and have a page here; rules with a `check` look
//! at all files together.

mod banned_words;
mod dead_link;
mod id_twice;
mod internal_figure;
mod lost_id;
mod missing_coverage;
mod missing_key;
mod not_this;
mod personal_data;
mod phrasings;
mod same_phrasing;
mod suppression;
mod typed_price;
mod unfinished_card;
mod unknown_method;
mod unknown_variable;

use std::collections::BTreeMap;
use std::ops::Range;

use super::plan::Plan;
use super::raw::RawCard;
use super::source::Kind;
use super::spanned::Spanned;
use super::{Diagnostic, Facts, SourceFile};
use crate::model::{CardId, Rule};

/// All files, parsed and not yet resolved.
pub(super) struct ParsedPlaybook<'a> {
    pub files: Vec<(&'a SourceFile, Vec<RawCard>)>,
    pub plan: Option<&'a Plan>,
    pub plan_file: Option<&'a SourceFile>,
    /// Message blocks by id.
    pub messages: BTreeMap<CardId, super::variables::Message>,
    /// The slots of each method.
    pub slots: BTreeMap<CardId, Vec<String>>,
    pub facts: &'a Facts,
    /// Every file could be parsed, so what is not here is not there.
    pub complete: bool,
}

impl<'a> ParsedPlaybook<'a> {
    /// Cards and message blocks.
    fn all(&self) -> impl Iterator<Item = (&'a SourceFile, &RawCard)> {
        self.files.iter().flat_map(|(file, cards)| cards.iter().map(|card| (*file, card)))
    }

    /// Cards, drafts included.
    pub(super) fn cards(&self) -> impl Iterator<Item = (&'a SourceFile, &RawCard)> {
        self.all().filter(|(file, _)| file.kind() != Kind::Messages)
    }

    /// Cards that are served.
    pub(super) fn live(&self) -> impl Iterator<Item = (&'a SourceFile, &RawCard)> {
        self.cards().filter(|(_, card)| card.meta.draft != Some(true))
    }
}

/// Runs every rule that looks at all files together.
pub(super) fn check(draft: &ParsedPlaybook<'_>) -> Vec<Diagnostic> {
    // To look for personal data takes as long as all other rules.
    let private = || {
        let mut found = Vec::new();
        personal_data::check(draft, &mut found);
        found
    };
    let (mut found, private) = std::thread::scope(|scope| {
        let private = scope.spawn(private);
        (others(draft), private.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    found.extend(private);
    suppression::apply(draft, &mut found);
    found
}

fn others(draft: &ParsedPlaybook<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for check in [
        missing_key::check,
        unknown_variable::check,
        unfinished_card::check,
        phrasings::check,
        same_phrasing::check,
        not_this::check,
        id_twice::check,
        dead_link::check,
        lost_id::check,
        missing_coverage::check,
        unknown_method::check,
        internal_figure::check,
        typed_price::check,
        banned_words::check,
    ] {
        check(draft, &mut found);
    }
    found
}

macro_rules! rules {
    ($($code:literal $file:literal,)*) => {
        /// Every rule, by code.
        pub const RULES: &[Rule] = &[$(Rule { code: $code, source: include_str!($file) },)*];
    };
}

rules! {
    "PB001" "unreadable.rs",
    "PB002" "unknown_key.rs",
    "PB003" "missing_key.rs",
    "PB010" "underlined_heading.rs",
    "PB011" "unknown_section.rs",
    "PB013" "heading_attribute.rs",
    "PB014" "misplaced_heading.rs",
    "PB022" "swallowed_line.rs",
    "PB025" "unknown_variable.rs",
    "PB101" "unfinished_card.rs",
    "PB107" "personal_data.rs",
    "PB201" "phrasings.rs",
    "PB204" "same_phrasing.rs",
    "PB206" "stray_phrasing.rs",
    "PB208" "not_this.rs",
    "PB301" "id_twice.rs",
    "PB302" "lost_id.rs",
    "PB303" "dead_link.rs",
    "PB305" "missing_coverage.rs",
    "PB307" "golden_fails.rs",
    "PB308" "golden_invalid.rs",
    "PB401" "unknown_method.rs",
    "PB601" "internal_figure.rs",
    "PB602" "typed_price.rs",
    "PB605" "banned_words.rs",
    "PB901" "suppression.rs",
    "PB902" "unused_suppression.rs",
}

/// A text without case and punctuation, to compare what customers say.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = plain.len();
        if before > 0 {
            plain.push(' ');
        }
        let begin = plain.len();
        plain.extend(word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
        if plain.len() == begin {
            plain.truncate(before);
        }
    }
    plain
}

/// A place as people read it.
fn at((file, range): &(&SourceFile, Range<usize>)) -> String {
    format!("{}:{}", file.path, file.position(range.start).0)
}
