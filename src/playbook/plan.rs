//! `plan.toml`: the stages, channels, benefits and targets that sales and marketing share.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::front_matter::did_you_mean;
use super::{Diagnostic, SourceFile};
use crate::model::{CardId, Family, Stage};

/// What both teams agreed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Ids of the channels on which customers are reached.
    pub channels: BTreeSet<String>,
    /// Ids of the benefits that cards argue with.
    pub benefits: BTreeSet<String>,
    /// Names for people, by id of channel or benefit.
    pub names: BTreeMap<String, String>,
    /// Stages in which each family must have a live card.
    pub must: BTreeMap<Family, Vec<Stage>>,
    /// Cards that were taken away on purpose.
    pub retired: Vec<CardId>,
    /// What is said in calls and needs no card, beside the lines that ship with the program.
    pub no_card: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u8,
    #[serde(default)]
    channel: Vec<Named>,
    #[serde(default)]
    benefit: Vec<Named>,
    #[serde(default, rename = "stage")]
    _stage: Vec<Journey>,
    #[serde(default, rename = "target")]
    _target: Vec<Target>,
    #[serde(default)]
    coverage: Coverage,
    #[serde(default)]
    retired: Vec<Retired>,
    #[serde(default)]
    no_card: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
    name: String,
    #[serde(rename = "message")]
    _message: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Journey {
    #[serde(rename = "id")]
    _id: Stage,
    #[serde(rename = "journey")]
    _journey: String,
}

/// Read for its shape; reports compare with it once they exist.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "measure")]
    _measure: Measure,
    #[serde(rename = "goal")]
    _goal: String,
    #[serde(rename = "by")]
    _by: toml::value::Datetime,
    #[serde(rename = "owners")]
    _owners: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Measure {
    AnsweredShare,
    WinRate,
    GapAgeDays,
    VerifiedShare,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    #[serde(rename = "phrasings")]
    _phrasings: Option<u8>,
    #[serde(default)]
    must: BTreeMap<Family, Vec<Stage>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retired {
    id: String,
    #[serde(rename = "on")]
    _on: toml::value::Datetime,
    #[serde(rename = "why")]
    _why: String,
}

/// Reads the plan.
///
/// # Errors
/// A diagnostic where the TOML is wrong, holds unknown keys, stages or families.
pub(super) fn read(file: &SourceFile) -> Result<Plan, Vec<Diagnostic>> {
    let written: Written =
        toml::from_str(&file.text).map_err(|error| vec![toml_fault(file, &error)])?;
    if written.format != 1 {
        let message = format!("format {} of plan.toml is not known", written.format);
        return Err(vec![Diagnostic::error("PB002", file, 0..0, message, "write: format = 1")]);
    }
    let ids = |named: &[Named]| named.iter().map(|named| named.id.clone()).collect();
    let names = written.channel.iter().chain(&written.benefit);
    Ok(Plan {
        channels: ids(&written.channel),
        benefits: ids(&written.benefit),
        names: names.map(|named| (named.id.clone(), named.name.clone())).collect(),
        must: written.coverage.must,
        retired: written.retired.iter().filter_map(|gone| CardId::parse(&gone.id)).collect(),
        no_card: written.no_card.into_iter().filter(|line| !line.trim().is_empty()).collect(),
    })
}

/// What is wrong in a TOML file, at its place.
pub(super) fn toml_fault(file: &SourceFile, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let span = span.start.min(file.text.len())..span.end.min(file.text.len());
    let message = error.message();
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (code, message, help) = match words.as_slice() {
        [word, known @ ..] if message.starts_with("unknown field") => {
            ("PB002", format!("unknown key `{word}`"), did_you_mean(word, known))
        }
        [word, known @ ..] if message.starts_with("unknown variant") => {
            ("PB003", format!("`{word}` is not known here"), did_you_mean(word, known))
        }
        [word, ..] if message.starts_with("missing field") => {
            ("PB003", format!("`{word}` is missing"), format!("add {word} = \"…\""))
        }
        _ if message.starts_with("invalid type") => {
            ("PB002", message.to_owned(), "see the README for the fields".to_owned())
        }
        _ => {
            ("PB001", message.to_owned(), "tables are [name], values are key = \"text\"".to_owned())
        }
    };
    Diagnostic::error(code, file, span, message, help)
}
