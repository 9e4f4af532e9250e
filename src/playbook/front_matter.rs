//! The flat YAML block at the top of a file: who answers for it and what it is about.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::{Diagnostic, SourceFile};
use crate::model::{Day, Family, Stage};

/// The keys a file may have, in the order in which help texts name them.
const KEYS: [&str; 7] = [
    "owner",
    "verified",
    "family",
    "stage",
    "competitor",
    "review_by",
    "draft",
];

/// What a file says of all its cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub owner: String,
    pub verified: Day,
    pub review_by: Option<Day>,
    pub family: Family,
    pub stages: Vec<Stage>,
    pub competitor: Vec<String>,
    pub draft: bool,
}

/// The block as written: each value with its place, and every key nobody knows.
#[derive(Default)]
struct Raw {
    owner: Option<Spanned<String>>,
    verified: Option<Spanned<String>>,
    review_by: Option<Spanned<String>>,
    family: Option<Spanned<String>>,
    competitor: Option<Spanned<String>>,
    draft: Option<Spanned<bool>>,
    stage: Vec<Spanned<String>>,
    unknown: Vec<Spanned<String>>,
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("lines of `key: value`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                let mut raw = Raw::default();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    match key.value.as_str() {
                        "owner" => raw.owner = Some(map.next_value()?),
                        "verified" => raw.verified = Some(map.next_value()?),
                        "review_by" => raw.review_by = Some(map.next_value()?),
                        "family" => raw.family = Some(map.next_value()?),
                        "competitor" => raw.competitor = Some(map.next_value()?),
                        "draft" => raw.draft = Some(map.next_value()?),
                        "stage" => raw.stage = map.next_value()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            raw.unknown.push(key);
                        }
                    }
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// Reads the block at the top of a file; also returns the byte at which the cards begin.
pub(super) fn read(file: &SourceFile) -> (Result<FrontMatter, Vec<Diagnostic>>, usize) {
    let Some((block, body)) = find(file) else {
        let help = "begin the file with:\n---\nowner: sales-enablement\nverified: 2026-11-24\n\
                    family: price\n---";
        let message = match file.text.starts_with("+++") {
            true => "the front matter is written between `+++`; it has to be YAML between `---`",
            false => "the file has no front matter",
        };
        let problem = Diagnostic::error("PB003", file, file.rest_of_line(0), message, help);
        return (Err(vec![problem]), 0);
    };
    (parse(file, block), body)
}

/// The ranges of the block between the two `---` lines and the start of what follows.
fn find(file: &SourceFile) -> Option<(Range<usize>, usize)> {
    let start = file.text.starts_with("---\n").then_some(4)?;
    let mut at = start;
    for line in file.text[start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((start..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn parse(file: &SourceFile, block: Range<usize>) -> Result<FrontMatter, Vec<Diagnostic>> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_anchors: 0, max_aliases: 0, max_nodes: 2_000, max_depth: 8, max_documents: 1,
        },
    };
    let yaml = &file.text[block.clone()];
    let raw: Raw = serde_saphyr::from_str_with_options(yaml, options)
        .map_err(|error| vec![yaml_fault(file, &block, &error)])?;

    let mut found = Vec::new();
    for key in &raw.unknown {
        found.push(Diagnostic::error(
            "PB002",
            file,
            span(file, key.referenced),
            format!("unknown key `{}`", key.value),
            did_you_mean(&key.value, &KEYS),
        ));
    }
    let required = |name: &str, found: &mut Vec<Diagnostic>| {
        found.push(Diagnostic::error(
            "PB003",
            file,
            0..3,
            format!("`{name}` is missing from the front matter"),
            match name {
                "owner" => "name the team that answers for these cards: owner: sales-enablement",
                "verified" => "write the day on which somebody checked it: verified: 2026-11-24",
                _ => "say what the cards are about: family: price",
            },
        ));
    };
    let owner = match &raw.owner {
        Some(owner) if !owner.value.trim().is_empty() => Some(owner.value.trim().to_owned()),
        _ => {
            required("owner", &mut found);
            None
        }
    };
    if raw.verified.is_none() {
        required("verified", &mut found);
    }
    let verified = raw
        .verified
        .and_then(|day| word::<Day>(file, &day, &mut found));
    let review_by = raw.review_by.and_then(|day| word(file, &day, &mut found));
    let family = match raw.family {
        Some(family) => word(file, &family, &mut found),
        None => {
            let folder = folder_family(&file.path);
            if folder.is_none() {
                required("family", &mut found);
            }
            folder
        }
    };
    let stages = raw
        .stage
        .iter()
        .filter_map(|stage| word(file, stage, &mut found))
        .collect();
    let names = raw.competitor.map(|names| names.value).unwrap_or_default();
    let competitor = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    match (owner, verified, family) {
        (Some(owner), Some(verified), Some(family)) if found.is_empty() => Ok(FrontMatter {
            owner,
            verified,
            review_by,
            family,
            stages,
            competitor: competitor.map(str::to_owned).collect(),
            draft: raw.draft.is_some_and(|draft| draft.value),
        }),
        _ => Err(found),
    }
}

/// Files of these folders need not repeat what they are.
fn folder_family(path: &str) -> Option<Family> {
    match path.split_once('/')?.0 {
        "battlecards" => Some(Family::Battlecard),
        "networking" => Some(Family::Networking),
        "methodologies" => Some(Family::Methodology),
        _ => None,
    }
}

fn word<T: FromStr>(
    file: &SourceFile,
    value: &Spanned<String>,
    found: &mut Vec<Diagnostic>,
) -> Option<T>
where
    T::Err: fmt::Display,
{
    match value.value.parse() {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            let (message, help) = match error.to_string().split_once("; ") {
                Some((message, help)) => (message.to_owned(), help.to_owned()),
                None => (
                    error.to_string(),
                    "see the playbook chapter of the README".to_owned(),
                ),
            };
            let place = span(file, value.referenced);
            found.push(Diagnostic::error("PB003", file, place, message, help));
            None
        }
    }
}

/// The text from a place in the block (whose first line is the file's second) to its line's end.
fn span(file: &SourceFile, place: Location) -> Range<usize> {
    let line = usize::try_from(place.line()).unwrap_or(1);
    let column = usize::try_from(place.column()).unwrap_or(1);
    file.rest_of_line(file.offset(line + 1, column))
}

fn yaml_fault(file: &SourceFile, block: &Range<usize>, error: &serde_saphyr::Error) -> Diagnostic {
    let place = error
        .location()
        .map_or(file.rest_of_line(block.start), |at| span(file, at));
    let line = &file.text[place.clone()];
    let help = if line.matches(": ").count() > 1 {
        "a value with a colon in it needs quotes: owner: \"Sales: EMEA\""
    } else {
        "each line is `key: value`; lists are [a, b]; there are no nested values"
    };
    let message = error.without_snippet().to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    // The crate speaks to programmers; authors get plain words for what happens to them.
    let (code, message, help) = if message.starts_with("duplicate mapping key") {
        let key = line.split(':').next().unwrap_or(line);
        (
            "PB002",
            format!("key `{key}` stands twice"),
            "remove one of the two lines",
        )
    } else if message.starts_with("budget breached") {
        let message = "anchors (`&`), aliases (`*`) and huge blocks are not read".to_owned();
        ("PB001", message, "write the value itself")
    } else if message.starts_with("expected string scalar") {
        ("PB002", "the value has to be one text".to_owned(), help)
    } else {
        ("PB001", format!("the front matter: {message}"), help)
    };
    Diagnostic::error(code, file, place, message, help)
}

/// Help for a word that is none of those known: the nearest one, or all of them.
pub(super) fn did_you_mean(word: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&word.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .min();
    match near {
        Some((distance, name)) if distance <= 2 => format!("did you mean `{name}`?"),
        _ => format!("known here: {}", known.join(", ")),
    }
}
