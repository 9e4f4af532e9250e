//! What is known of a request while it is read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Vocabulary;
use super::request::{Question, Request};
use super::tokens::{Token, tokens};

/// What can be said only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Seats,
    MoreSeats,
    Sku,
    Months,
    Billing,
    PaymentDays,
    Ask,
    FreeMonths,
}

pub(super) struct Reader<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
    /// Which tokens a meaning was found for.
    pub used: Vec<bool>,
    pub vocabulary: &'a Vocabulary,
    pub request: Request,
    /// Where each part was said, as tokens.
    pub places: BTreeMap<Part, Range<usize>>,
    /// Questions, each with the place it is about.
    pub questions: Vec<(usize, Question)>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, vocabulary: &'a Vocabulary) -> Self {
        let tokens = tokens(text);
        let used = vec![false; tokens.len()];
        Self {
            text,
            tokens,
            used,
            vocabulary,
            request: Request::default(),
            places: BTreeMap::new(),
            questions: Vec::new(),
        }
    }
}
