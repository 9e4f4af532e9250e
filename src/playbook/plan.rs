//! `plan.toml`: the stages, channels, benefits and targets that sales and marketing share.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::front_matter::did_you_mean;
use super::{Diagnostic, SourceFile};
use crate::model::{CardId, Day, Family, Stage};

/// What both teams agreed on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Ids of the channels on which customers are reached, in the order of the plan.
    pub channels: Vec<String>,
    /// Ids of the benefits that cards argue with, in the order of the plan.
    pub benefits: Vec<String>,
    /// Names for people, by id of channel or benefit.
    pub names: BTreeMap<String, String>,
    /// Stages in which each family must have a live card.
    pub must: BTreeMap<Family, Vec<Stage>>,
    /// Cards that were taken away on purpose.
    pub retired: Vec<CardId>,
    /// What both teams want to reach.
    pub targets: Vec<Target>,
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
    #[serde(default)]
    target: Vec<WrittenTarget>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTarget {
    id: String,
    measure: Measure,
    goal: String,
    by: toml::value::Datetime,
    owners: Vec<String>,
}

/// Something that both teams want to reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name.
    pub id: String,
    /// What is measured.
    pub measure: Measure,
    /// A share from 0 to 1 that is to be reached, or a number of days that is not to be passed.
    pub goal: f64,
    /// Until when.
    pub by: Day,
    /// The teams that answer for it.
    pub owners: Vec<String>,
}

/// What a target measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Of the questions, those that something fitted.
    AnsweredShare,
    /// Of the cards whose outcome is known, those that worked.
    WinRate,
    /// How many days questions have been without an answer, the one in the middle.
    GapAgeDays,
    /// Of the cards, those that are not overdue for a check.
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

impl Plan {
    /// The name for people of a channel or benefit; the id itself where the plan has none.
    #[must_use]
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    /// The channel that someone names, by id or name, whatever its case.
    #[must_use]
    pub fn channel(&self, named: &str) -> Option<&str> {
        self.named(&self.channels, named)
    }

    /// The benefit that someone names, by id or name, whatever its case.
    #[must_use]
    pub fn benefit(&self, named: &str) -> Option<&str> {
        self.named(&self.benefits, named)
    }

    fn named<'a>(&'a self, ids: &'a [String], named: &str) -> Option<&'a str> {
        let plain = |text: &str| text.trim().to_lowercase().replace(['-', '_'], " ");
        let wanted = plain(named);
        let found = ids.iter().find(|id| plain(id) == wanted || plain(self.name(id)) == wanted);
        found.map(String::as_str)
    }
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
    let targets = written.target.iter().map(|target| goal(file, target));
    let targets = targets.collect::<Result<Vec<Target>, _>>()?;
    let ids = |named: &[Named]| named.iter().map(|named| named.id.clone()).collect();
    let names = written.channel.iter().chain(&written.benefit);
    Ok(Plan {
        channels: ids(&written.channel),
        benefits: ids(&written.benefit),
        names: names.map(|named| (named.id.clone(), named.name.clone())).collect(),
        must: written.coverage.must,
        targets,
        retired: written.retired.iter().filter_map(|gone| CardId::parse(&gone.id)).collect(),
        no_card: written.no_card.into_iter().filter(|line| !line.trim().is_empty()).collect(),
    })
}

/// A target whose goal fits what it measures.
fn goal(file: &SourceFile, written: &WrittenTarget) -> Result<Target, Vec<Diagnostic>> {
    let fault = |what: &str, help: &str| {
        let at = file.text.find(&format!("\"{}\"", written.id)).unwrap_or(0);
        let message = format!("the target `{}` has {what}", written.id);
        vec![Diagnostic::error("PB003", file, at..at, message, help)]
    };
    let days = written.measure == Measure::GapAgeDays;
    let number = match written.goal.trim().strip_suffix('%') {
        Some(share) if !days => share.trim().parse::<u8>().ok().filter(|share| *share <= 100),
        None if days => written.goal.trim().parse().ok(),
        _ => None,
    };
    let Some(number) = number else {
        let form = if days { "goal = \"14\", a number of days" } else { "goal = \"90%\"" };
        return Err(fault("a goal that cannot be read", &format!("write {form}")));
    };
    let by = written.by.date.and_then(|date| date.to_string().parse().ok());
    let Some(by) = by else {
        return Err(fault("no day until when", "write: by = 2027-03-31"));
    };
    Ok(Target {
        id: written.id.clone(),
        measure: written.measure,
        goal: if days { f64::from(number) } else { f64::from(number) / 100.0 },
        by,
        owners: written.owners.clone(),
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
