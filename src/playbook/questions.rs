//! Golden questions: what must bring which card, so that an edit cannot break it unnoticed.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::front_matter::{Fault, did_you_mean};
use super::plan::toml_fault;
use super::{Diagnostic, Playbook, SourceFile};
use crate::model::{CardId, Stage};

/// One golden question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What a rep types.
    pub ask: String,
    /// What must come back.
    pub expect: Expectation,
    /// Cards that must not be shown.
    pub not: Vec<CardId>,
    /// The stage it is asked in.
    pub stage: Option<Stage>,
    /// Known to fail, and not to block anything.
    pub open: bool,
    /// Where it stands.
    pub at: Range<usize>,
}

/// What a golden question must bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// No card.
    Nothing,
    /// A choice between cards.
    Choice,
    /// One of these cards, first.
    AnyOf(Vec<CardId>),
    /// All of these cards and no other, in this order: each answers a part of the message.
    Each(Vec<CardId>),
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |ids: &[CardId], word: &str| {
            ids.iter().map(CardId::as_str).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Nothing => f.write_str("none"),
            Self::Choice => f.write_str("ambiguous"),
            Self::AnyOf(ids) => f.write_str(&joined(ids, " or ")),
            Self::Each(ids) => f.write_str(&joined(ids, " and ")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    question: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ask: String,
    expect: Option<String>,
    any_of: Option<Vec<String>>,
    each: Option<Vec<String>>,
    #[serde(default)]
    not: Vec<String>,
    stage: Option<String>,
    status: Option<String>,
    #[serde(rename = "from")]
    _from: Option<String>,
}

/// Reads `questions.toml` against the playbook it belongs to.
///
/// # Errors
/// Diagnostics for TOML faults, unknown ids, stages and statuses, and for questions that assert
/// nothing.
pub fn read_questions(
    file: &SourceFile,
    playbook: &Playbook,
) -> Result<Vec<Question>, Vec<Diagnostic>> {
    let written: File =
        toml::from_str(&file.text).map_err(|error| vec![toml_fault(file, &error)])?;
    let mut found = Vec::new();
    let mut questions = Vec::new();
    for spanned in written.question {
        let span = spanned.span();
        match question(spanned.into_inner(), playbook, span.clone()) {
            Ok(question) => questions.push(question),
            Err((message, help)) => {
                found.push(Diagnostic::error("PB308", file, span, message, help));
            }
        }
    }
    if found.is_empty() { Ok(questions) } else { Err(found) }
}

/// What the questions of a file ask; nothing when the file cannot be read.
#[must_use]
pub fn asked(file: &SourceFile) -> Vec<String> {
    let written: Option<File> = toml::from_str(&file.text).ok();
    let questions = written.map(|file| file.question).unwrap_or_default();
    questions.into_iter().map(|question| question.into_inner().ask).collect()
}

fn question(
    written: Written,
    playbook: &Playbook,
    at: Range<usize>,
) -> Result<Question, (String, String)> {
    if written.ask.trim().is_empty() {
        return Err(("`ask` is empty".to_owned(), "write what the customer says".to_owned()));
    }
    let cards =
        |ids: Vec<String>| ids.iter().map(|id| card(id, playbook)).collect::<Result<Vec<_>, _>>();
    let expect = match (written.expect.as_deref(), written.any_of, written.each) {
        (Some("none"), None, None) => Expectation::Nothing,
        (Some("ambiguous"), None, None) => Expectation::Choice,
        (Some(id), None, None) => Expectation::AnyOf(vec![card(id, playbook)?]),
        (None, Some(ids), None) if !ids.is_empty() => Expectation::AnyOf(cards(ids)?),
        (None, None, Some(ids)) if ids.len() > 1 => Expectation::Each(cards(ids)?),
        _ => {
            let help = "give it one of `expect` (a card id, \"none\" or \"ambiguous\"), `any_of` \
                        (card ids) or `each` (the ids of two cards or more)";
            return Err(("the question asserts nothing".to_owned(), help.to_owned()));
        }
    };
    let not = written.not.iter().map(|id| card(id, playbook)).collect::<Result<_, _>>()?;
    let stage = written.stage.map(|stage| stage.parse::<Stage>()).transpose();
    let stage = stage.map_err(|error| {
        let Fault { message, help } = error.into();
        (message, help)
    })?;
    let open = match written.status.as_deref() {
        None | Some("must") => false,
        Some("open") => true,
        Some(other) => {
            return Err((format!("unknown status `{other}`"), "use must or open".to_owned()));
        }
    };
    Ok(Question { ask: written.ask, expect, not, stage, open, at })
}

/// The card's id now, for an id that it has or had.
fn card(id: &str, playbook: &Playbook) -> Result<CardId, (String, String)> {
    let card = CardId::parse(id).and_then(|id| playbook.card(&id));
    card.map(|card| card.id.clone()).ok_or_else(|| {
        let names: Vec<&str> = playbook.cards.iter().map(|card| card.id.as_str()).collect();
        let help = did_you_mean(id, &names);
        (format!("no card has the id `{id}`"), help)
    })
}
