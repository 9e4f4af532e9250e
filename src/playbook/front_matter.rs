//! The flat YAML block at the top of a file, and what a card says of itself in the same words.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Location;

use super::source::Kind;
use super::spanned::Spanned;
use super::{Diagnostic, SourceFile};
use crate::model::{Day, Family, Stage, UnknownWord};

/// The keys there are, in the order in which help texts name them.
const KEYS: [&str; 16] = [
    "owner",
    "verified",
    "family",
    "stage",
    "competitor",
    "methodology",
    "benefit",
    "channel",
    "pricing",
    "segment",
    "product",
    "locale",
    "priority",
    "tags",
    "review_by",
    "draft",
];

/// What a file says of all its cards, or a card of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Meta {
    pub owner: Option<String>,
    pub verified: Option<Day>,
    pub review_by: Option<Day>,
    pub family: Option<Family>,
    pub stages: Option<Vec<Stage>>,
    pub competitor: Option<Vec<String>>,
    pub methodology: Option<Vec<Spanned<String>>>,
    pub benefit: Option<Spanned<String>>,
    pub channel: Option<Spanned<String>>,
    pub segment: Option<Vec<String>>,
    pub product: Option<Vec<String>>,
    pub locale: Option<String>,
    pub pricing: Option<bool>,
    pub priority: Option<i8>,
    pub tags: Option<Vec<String>>,
    pub draft: Option<bool>,
}

impl Meta {
    /// Everything it says, without places.
    pub(super) fn said(&self) -> String {
        let mut said = self.clone();
        for method in said.methodology.iter_mut().flatten() {
            method.at = 0..0;
        }
        for word in said.benefit.iter_mut().chain(&mut said.channel) {
            word.at = 0..0;
        }
        format!("{said:?}")
    }

    /// What the card says of itself goes before what the file says.
    fn over(self, file: &Self) -> Self {
        let file = file.clone();
        Self {
            owner: self.owner.or(file.owner),
            verified: self.verified.or(file.verified),
            review_by: self.review_by.or(file.review_by),
            family: file.family,
            stages: self.stages.or(file.stages),
            competitor: self.competitor.or(file.competitor),
            methodology: self.methodology.or(file.methodology),
            benefit: self.benefit.or(file.benefit),
            channel: self.channel.or(file.channel),
            segment: self.segment.or(file.segment),
            product: self.product.or(file.product),
            locale: self.locale.or(file.locale),
            pricing: self.pricing.or(file.pricing),
            priority: self.priority.or(file.priority),
            tags: self.tags.or(file.tags),
            draft: self.draft.or(file.draft),
        }
    }
}

/// One text or a list of them; a text alone has the place of the whole value.
struct Words(Vec<(String, Option<Location>)>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts: [a, b]")
            }

            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words(vec![(text.to_owned(), None)]))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Words, E> {
                Ok(Words(vec![(number.to_string(), None)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element::<serde_saphyr::Spanned<String>>()? {
                    words.push((word.value, Some(word.referenced)));
                }
                Ok(Words(words))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

/// The block as written: texts with their places, and every key no one knows.
#[derive(Default)]
struct Raw {
    texts: Vec<(String, serde_saphyr::Spanned<String>)>,
    lists: Vec<(String, serde_saphyr::Spanned<Words>)>,
    flags: Vec<(String, serde_saphyr::Spanned<bool>)>,
    unknown: Vec<serde_saphyr::Spanned<String>>,
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
                while let Some(key) = map.next_key::<serde_saphyr::Spanned<String>>()? {
                    match key.value.as_str() {
                        "owner" | "verified" | "review_by" | "family" | "competitor"
                        | "benefit" | "channel" | "locale" | "priority" => {
                            raw.texts.push((key.value, map.next_value()?));
                        }
                        "stage" | "segment" | "product" | "methodology" | "tags" => {
                            raw.lists.push((key.value, map.next_value()?));
                        }
                        "pricing" | "draft" => raw.flags.push((key.value, map.next_value()?)),
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
pub(super) fn read(file: &SourceFile) -> (Result<Meta, Vec<Diagnostic>>, usize) {
    let messages = file.kind() == Kind::Messages;
    let Some((block, body)) = find(file) else {
        if messages {
            return (Ok(Meta::default()), 0); // blocks belong to marketing; nothing else to say
        }
        let help = "begin the file with:\n---\nowner: sales-enablement\nverified: 2026-11-24\n\
                    family: price\n---";
        let message = if file.text.starts_with("+++") {
            "the front matter is written between `+++`; it has to be YAML between `---`"
        } else {
            "the file has no front matter"
        };
        let problem = Diagnostic::error("PB003", file, file.rest_of_line(0), message, help);
        return (Err(vec![problem]), 0);
    };
    let mut found = Vec::new();
    let start = block.start;
    let place = |at: Location| place_in(file, start, at);
    let mut meta = parse(file, &file.text[block], &place, &mut found);
    meta.family = meta.family.or(folder_family(&file.path));
    if !messages && found.is_empty() {
        required(file, &meta, &mut found);
    }
    (if found.is_empty() { Ok(meta) } else { Err(found) }, body)
}

/// Reads what a card says of itself: `key: value; key: value`, all of it at one place.
pub(super) fn read_card(
    file: &SourceFile,
    pairs: &str,
    at: &Range<usize>,
    front: &Meta,
    found: &mut Vec<Diagnostic>,
) -> Meta {
    let meta = parse(file, pairs, &|_| at.clone(), found);
    if meta.family.is_some() {
        let message = "a card cannot have a family of its own";
        let help = "the family belongs to the file: put the card into one of its family";
        found.push(Diagnostic::error("PB002", file, at.clone(), message, help));
    }
    meta.over(front)
}

fn required(file: &SourceFile, meta: &Meta, found: &mut Vec<Diagnostic>) {
    let mut miss = |name: &str, help: &str| {
        let message = format!("`{name}` is missing from the front matter");
        found.push(Diagnostic::error("PB003", file, 0..3, message, help));
    };
    if meta.owner.is_none() {
        miss("owner", "name the team that answers for these cards: owner: sales-enablement");
    }
    if meta.verified.is_none() {
        miss("verified", "write the day someone checked it: verified: 2026-11-24");
    }
    if meta.family.is_none() {
        miss("family", "say what the cards are about: family: price");
    }
    if file.kind() == Kind::Battlecard && meta.competitor.is_none() {
        miss("competitor", "name the competitor as reps type it: competitor: Quickpath, QP");
    }
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

fn parse(
    file: &SourceFile,
    yaml: &str,
    place: &dyn Fn(Location) -> Range<usize>,
    found: &mut Vec<Diagnostic>,
) -> Meta {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_anchors: 0, max_aliases: 0, max_nodes: 2_000, max_depth: 8, max_documents: 1,
        },
    };
    let mut meta = Meta::default();
    if yaml.trim().is_empty() {
        return meta;
    }
    let raw: Raw = match serde_saphyr::from_str_with_options(yaml, options) {
        Ok(raw) => raw,
        Err(error) => {
            let at = error.location().map_or_else(|| file.rest_of_line(0), place);
            found.push(yaml_fault(file, at, &error));
            return meta;
        }
    };
    for key in &raw.unknown {
        let message = format!("unknown key `{}`", key.value);
        let help = did_you_mean(&key.value, &KEYS);
        found.push(Diagnostic::error("PB002", file, place(key.referenced), message, help));
    }
    texts(file, raw.texts, place, &mut meta, found);
    lists(file, raw.lists, place, &mut meta, found);
    for (key, flag) in raw.flags {
        match key.as_str() {
            "pricing" => meta.pricing = Some(flag.value),
            _ => meta.draft = Some(flag.value),
        }
    }
    meta
}

fn texts(
    file: &SourceFile,
    texts: Vec<(String, serde_saphyr::Spanned<String>)>,
    place: &dyn Fn(Location) -> Range<usize>,
    meta: &mut Meta,
    found: &mut Vec<Diagnostic>,
) {
    for (key, text) in texts {
        let at = place(text.referenced);
        let value = text.value.trim().to_owned();
        if value.is_empty() {
            continue; // as if it were not there
        }
        match key.as_str() {
            "owner" => meta.owner = Some(value),
            "verified" => meta.verified = word(file, &value, at, found),
            "review_by" => meta.review_by = word(file, &value, at, found),
            "family" => meta.family = word(file, &value, at, found),
            "priority" => meta.priority = priority(file, &value, at, found),
            "benefit" => meta.benefit = Some(Spanned::new(value, at)),
            "channel" => meta.channel = Some(Spanned::new(value, at)),
            "locale" => meta.locale = Some(value),
            _ => {
                let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
                meta.competitor = Some(names.map(str::to_owned).collect());
            }
        }
    }
}

fn lists(
    file: &SourceFile,
    lists: Vec<(String, serde_saphyr::Spanned<Words>)>,
    place: &dyn Fn(Location) -> Range<usize>,
    meta: &mut Meta,
    found: &mut Vec<Diagnostic>,
) {
    for (key, list) in lists {
        let whole = list.referenced;
        let words = list
            .value
            .0
            .into_iter()
            .map(|(word, at)| Spanned::new(word.trim().to_owned(), place(at.unwrap_or(whole))));
        let words: Vec<Spanned<String>> = words.collect();
        let plain = || words.iter().map(|word| word.value.clone()).collect::<Vec<_>>();
        match key.as_str() {
            "stage" => {
                let stage =
                    |stage: &Spanned<String>| word(file, &stage.value, stage.at.clone(), found);
                meta.stages = Some(words.iter().filter_map(stage).collect());
            }
            "segment" => meta.segment = Some(plain()),
            "product" => meta.product = Some(plain()),
            "methodology" => meta.methodology = Some(words),
            _ => meta.tags = Some(plain()),
        }
    }
}

fn priority(
    file: &SourceFile,
    value: &str,
    at: Range<usize>,
    found: &mut Vec<Diagnostic>,
) -> Option<i8> {
    let number = value.parse().ok().filter(|number| (-3..=3).contains(number));
    if number.is_none() {
        let message = format!("`{value}` is not a priority");
        let help = "a whole number from -3 to 3; it only breaks ties";
        found.push(Diagnostic::error("PB002", file, at, message, help));
    }
    number
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
    value: &str,
    at: Range<usize>,
    found: &mut Vec<Diagnostic>,
) -> Option<T>
where
    Fault: From<T::Err>,
{
    let fault = |error| {
        let Fault { message, help } = Fault::from(error);
        found.push(Diagnostic::error("PB003", file, at, message, help));
    };
    value.parse().map_err(fault).ok()
}

/// What is wrong with a word, and how to fix it.
pub(super) struct Fault {
    pub message: String,
    pub help: String,
}

impl From<UnknownWord> for Fault {
    fn from(UnknownWord { word, what, known }: UnknownWord) -> Self {
        Self {
            message: format!("`{word}` is not a known {what}"),
            help: did_you_mean(&word, &known),
        }
    }
}

/// Errors that say what is wrong, a semicolon, and how it is written.
impl From<String> for Fault {
    fn from(error: String) -> Self {
        let (message, help) = error.split_once("; ").unwrap_or((&error, "see the README"));
        Self { message: message.to_owned(), help: help.to_owned() }
    }
}

/// The text from a place in the block that begins at a byte of the file to its line's end.
fn place_in(file: &SourceFile, block: usize, place: Location) -> Range<usize> {
    let line = usize::try_from(place.line()).unwrap_or(1).max(1);
    let column = usize::try_from(place.column()).unwrap_or(1);
    let first = file.position(block).0;
    file.rest_of_line(file.offset(first + line - 1, column))
}

fn yaml_fault(file: &SourceFile, place: Range<usize>, error: &serde_saphyr::Error) -> Diagnostic {
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
        ("PB002", format!("key `{key}` appears twice"), "remove one of the two lines")
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
#[must_use]
pub fn did_you_mean(word: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&word.to_lowercase(), &name.to_lowercase()), name))
        .min();
    match near {
        Some((distance, name)) if distance <= 2 => format!("did you mean `{name}`?"),
        _ => format!("known here: {}", known.join(", ")),
    }
}
