//! What nobody could answer, and what reps recommend: channel by benefit.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Body, Event};
use crate::model::{Outcome, Timestamp};
use crate::redact::Redacted;

/// A question that nothing fitted when it was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The words, if they are kept.
    pub text: Option<Redacted>,
    /// How often it was asked.
    pub asked: u64,
    /// When it was asked last.
    pub last: Timestamp,
    /// The answer it got then.
    pub receipt: String,
}

/// The questions without an answer, those asked most first, then the latest. Equal words are one
/// question; one that was answered since is none any more.
#[must_use]
pub fn gaps<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<Gap> {
    let mut asked: HashMap<&str, (&str, Option<&Redacted>)> = HashMap::new();
    let mut gaps: HashMap<&str, Gap> = HashMap::new();
    for event in events {
        match &event.body {
            Body::Asked { text, text_hash, .. } => {
                asked.insert(&event.id, (text_hash, text.as_ref()));
            }
            Body::Answered { question, outcome, .. } => {
                let Some((hash, text)) = asked.get(question.as_str()) else { continue };
                if *outcome != Outcome::None {
                    gaps.remove(hash);
                    continue;
                }
                let (last, receipt) = (event.at, event.id.clone());
                let gap = gaps.entry(hash).or_insert_with(|| Gap {
                    text: None,
                    asked: 0,
                    last,
                    receipt: String::new(),
                });
                gap.asked += 1;
                (gap.last, gap.receipt) = (last, receipt);
                gap.text = text.cloned().or(gap.text.take());
            }
            _ => {}
        }
    }
    let mut gaps: Vec<Gap> = gaps.into_values().collect();
    gaps.sort_by(|a, b| (b.asked, b.last, &b.receipt).cmp(&(a.asked, a.last, &a.receipt)));
    gaps
}

/// How many recommendations there are for each channel and benefit; one that names none of them
/// stands under the empty name.
#[must_use]
pub fn channel_by_benefit<'a>(
    events: impl Iterator<Item = &'a Event>,
) -> BTreeMap<(String, String), u64> {
    let name =
        |name: &Option<Redacted>| name.as_ref().map_or_else(String::new, Redacted::to_string);
    let mut counts = BTreeMap::new();
    for event in events {
        if let Body::Recommended { channel, benefit, .. } = &event.body {
            *counts.entry((name(channel), name(benefit))).or_insert(0) += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Platform;

    /// Question `id` with these words and this answer.
    fn asked(id: i64, words: &str, outcome: Outcome) -> [Event; 2] {
        let event = |name: String, body| {
            Event::new(name, Timestamp::from_unix_micros(id), "rep", Platform::Web, body)
        };
        let question = Body::Asked {
            text: (words != "hidden").then(|| Redacted::of(words)),
            text_hash: words.to_owned(),
            characters: words.len(),
            stage: None,
            product: None,
            competitor: None,
        };
        let text = include_str!("../../tests/events/v1/answered.json");
        let mut answer: Event = serde_json::from_str(text).unwrap();
        if let Body::Answered { question, outcome: found, .. } = &mut answer.body {
            (*question, *found) = (format!("q{id}"), outcome);
        }
        [event(format!("q{id}"), question), event(format!("a{id}"), answer.body)]
    }

    #[test]
    fn what_is_asked_most_comes_first_and_what_was_answered_since_is_gone() {
        let none = Outcome::None;
        let log = [
            asked(1, "do you have a dog", none),
            asked(2, "hidden", none),
            asked(3, "can it fly", none),
            asked(4, "can it fly", Outcome::Card),
            asked(5, "do you have a dog", none),
            asked(6, "is it blue", Outcome::Choice),
            asked(7, "is it blue", none),
        ]
        .concat();
        let found = gaps(log.iter());
        let found: Vec<(Option<&str>, u64, &str)> = found
            .iter()
            .map(|gap| (gap.text.as_ref().map(Redacted::as_str), gap.asked, gap.receipt.as_str()))
            .collect();
        let expected =
            [(Some("do you have a dog"), 2, "a5"), (Some("is it blue"), 1, "a7"), (None, 1, "a2")];
        assert_eq!(found, expected);
    }
}
