//! Reads what a rep types: the parts of a message, and about a price the seats, product, term,
//! billing, payment, and the concession that is asked for.
//!
//! A grammar of our own, because libraries for money and quantities guess: one reads `1,200` euros
//! as 1.20, another finds no percentage at all. Here a number without a unit means nothing, what
//! could mean two things is asked back, and no reading grants more than the text holds.

mod clauses;
mod contractions;
mod grammar;
mod money;
mod numbers;
mod percent;
mod question;
mod reader;
mod request;
mod tokens;
mod units;
mod words;

use regex::Regex;

use crate::model::{Currency, Locale, Sku};

pub use clauses::{Message, parts};
pub use contractions::with_apostrophes;
pub use question::{LONGEST, looked_up, understood};
pub use request::{Asked, Base, Choice, Per, Question, Reading, Request};

/// The names a policy gives to things, which are read as such.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Products, by id.
    pub skus: Vec<Sku>,
    /// Services that can be thrown in, by id.
    pub services: Vec<String>,
    /// Clauses that can be asked for, by id.
    pub clauses: Vec<String>,
    /// Ways of billing, by the policy's word.
    pub billings: Vec<String>,
    /// Currencies that there are price lists in, by their three letters.
    pub currencies: Vec<Currency>,
    /// The currency that a dollar without more means.
    pub dollar: Option<Currency>,
    /// How the team writes numbers.
    pub locale: Locale,
}

/// Reads a request. Any text has a reading, an empty one too.
#[must_use]
pub fn read(text: &str, vocabulary: &Vocabulary) -> Reading {
    reader::Reader::new(text, vocabulary).read()
}

/// A pattern without regard to case, with spaces and comments between its parts.
#[expect(clippy::expect_used, reason = "the patterns are ours, and the tests compile each")]
fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?ix){text}")).expect("a pattern")
}
