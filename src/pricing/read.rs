//! Reads `pricing.toml`: first its form, every fault at once, then what it means.

use std::ops::Range;

use super::lint::{Places, PolicyFault, shape};
use super::policy::{Policy, Written};
use crate::model::{ContentHash, Day, Severity, Zone};

/// Keys that hold words: a change of them changes no price.
const WORDS: [&str; 8] =
    ["why", "words", "written", "allow", "deals", "owner", "last_verified", "variables"];

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Every fault that was found: first those of the form, and only when there is none those of
    /// what it says.
    pub fn read(text: &str) -> Result<Self, Vec<PolicyFault>> {
        let within = |span: Option<Range<usize>>| {
            let span = span.unwrap_or(0..0);
            span.start.min(text.len())..span.end.min(text.len())
        };
        let fault = |code, span, message: String, help: &str| PolicyFault {
            code,
            severity: Severity::Error,
            span,
            message,
            help: help.to_owned(),
        };
        let broken = |code, error: &toml::de::Error| {
            let help = "see the comments in the pricing.toml that is shipped";
            vec![fault(code, within(error.span()), error.message().to_owned(), help)]
        };
        let places = Places::read(text).map_err(|error| broken("PB001", &error))?;
        let faults = shape(&places);
        if !faults.is_empty() {
            return Err(faults);
        }
        let written: Written = toml::from_str(text).map_err(|error| broken("PP002", &error))?;
        if written.format != 1 {
            let message = format!("format {} is not known", written.format);
            return Err(vec![fault("PP001", places.at("format"), message, "write format = 1")]);
        }
        let day = |path: &str, date: &toml::value::Datetime| {
            let day = date.to_string().parse::<Day>();
            day.map_err(|message| vec![fault("PP004", places.at(path), message, "write a day")])
        };
        let zone = written.timezone.parse::<Zone>().map_err(|message| {
            let help = "write the name of a time zone, for example Europe/Berlin";
            vec![fault("PP001", places.at("timezone"), message, help)]
        })?;
        let expires = day("expires", &written.expires)?;
        let verified = day("last_verified", &written.last_verified)?;
        let policy = Self { expires, verified, hash: figures(text), zone, written };
        let faults = policy.errors(&places);
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }
}

/// Hash of everything in a policy file that can change a price.
fn figures(text: &str) -> ContentHash {
    let mut table: toml::Table = text.parse().unwrap_or_default();
    without_words(&mut table);
    ContentHash::of([toml::to_string(&table).unwrap_or_default()])
}

fn without_words(table: &mut toml::Table) {
    table.retain(|key, _| !WORDS.contains(&key));
    for (_, value) in table.iter_mut() {
        match value {
            toml::Value::Table(table) => without_words(table),
            toml::Value::Array(values) => {
                let tables = values.iter_mut().filter_map(toml::Value::as_table_mut);
                tables.for_each(without_words);
            }
            _ => {}
        }
    }
}
