//! From facts to what the marketer wants to know: how often a card came and how it went, what no one
//! could answer, what reps recommend. Each figure in one pass.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::facts::{Facts, What};
use super::{Filter, Mark, Rate};
use crate::model::{CardId, Outcome, Timestamp};

/// How one card fared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CardUse {
    /// In how many answers it was shown.
    pub shown: u64,
    /// Answers after which it worked.
    pub worked: u64,
    /// Answers after which it did not.
    pub did_not_work: u64,
    /// Answers in which it was not used.
    pub not_used: u64,
}

impl CardUse {
    /// Of the answers of which the outcome is known, those after which the customer went along.
    #[must_use]
    pub fn won(&self) -> Rate {
        Rate { hits: self.worked, of: self.worked + self.did_not_work }
    }

    /// Answers that are marked so; none when it was taken back.
    fn marked(&mut self, mark: Mark) -> Option<&mut u64> {
        match mark {
            Mark::Worked => Some(&mut self.worked),
            Mark::DidNotWork => Some(&mut self.did_not_work),
            Mark::NotUsed => Some(&mut self.not_used),
            Mark::Undone => None,
        }
    }
}

/// A question that nothing fitted when it was asked last, by the numbers of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenGap {
    /// How often it was asked since it was answered last.
    pub asked: u64,
    /// When it was asked last.
    pub last: Timestamp,
    /// The answer it got then.
    pub answer: i64,
    /// The last question of which the words are kept.
    pub words: Option<i64>,
}

/// What a part of the log comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events in it.
    pub events: usize,
    /// Questions that were asked.
    pub questions: u64,
    /// Answers of which nothing fitted.
    pub unanswered: u64,
    /// What became of each card. A rep may change their mind: of several marks for one card of one
    /// answer the last one counts.
    pub cards: BTreeMap<CardId, CardUse>,
    /// The questions without an answer, those asked most first, then the latest. Equal words are one
    /// question; one that was answered since is none any more.
    pub gaps: Vec<OpenGap>,
    /// Recommendations by channel and benefit; one that names none is counted under the empty name.
    pub recommendations: BTreeMap<(String, String), u64>,
}

impl Facts {
    /// Counts a part of the log.
    #[must_use]
    pub fn count(&self, filter: &Filter) -> Counts {
        let mut counts = Counts::default();
        let mut shown = vec![0_u64; self.lists.len()];
        let mut marks: HashMap<(u64, u32), Mark> = HashMap::new();
        let mut gaps: HashMap<u64, OpenGap> = HashMap::new();
        let mut recommended: HashMap<(u32, u32), u64> = HashMap::new();
        for fact in self.part(filter) {
            counts.events += 1;
            match fact.what {
                What::Asked { .. } => counts.questions += 1,
                What::Answered { question, outcome, list, pushback } => {
                    counts.unanswered += u64::from(outcome == Outcome::None);
                    // A push-back goes on with a card that was counted when it was shown.
                    if let Some(shown) = shown.get_mut(list as usize).filter(|_| !pushback) {
                        *shown += 1;
                    }
                    self.gap(&mut gaps, question, outcome, (fact.number, fact.at));
                }
                What::Marked { receipt, list, mark } => {
                    marks.insert((receipt, list), mark);
                }
                What::Recommended { channel, benefit, .. } => {
                    *recommended.entry((channel, benefit)).or_insert(0) += 1;
                }
                What::Other { .. } => {}
            }
        }
        for (list, shown) in self.lists.iter().zip(shown).filter(|(_, shown)| *shown > 0) {
            for card in list {
                counts.cards.entry(card.clone()).or_default().shown += shown;
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "a sum is the same in every order")]
        for ((_, list), mark) in marks {
            for card in self.lists.get(list).into_iter().flatten() {
                if let Some(count) = counts.cards.entry(card.clone()).or_default().marked(mark) {
                    *count += 1;
                }
            }
        }
        counts.gaps = gaps.into_values().collect();
        counts.gaps.sort_by_key(|gap| std::cmp::Reverse((gap.asked, gap.last, gap.answer)));
        let name = |number| self.names.get(number).cloned().unwrap_or_default();
        let named = |((channel, benefit), count)| ((name(channel), name(benefit)), count);
        counts.recommendations = recommended.into_iter().map(named).collect();
        counts
    }

    fn gap(
        &self,
        gaps: &mut HashMap<u64, OpenGap>,
        question: Option<u32>,
        outcome: Outcome,
        (answer, last): (i64, Timestamp),
    ) {
        let asked = question.and_then(|place| self.facts.get(place as usize));
        let Some((number, What::Asked { words: key, kept, .. })) =
            asked.map(|asked| (asked.number, asked.what))
        else {
            return;
        };
        if outcome != Outcome::None {
            gaps.remove(&key);
            return;
        }
        let gap = gaps.entry(key).or_insert(OpenGap { asked: 0, last, answer, words: None });
        let words = kept.then_some(number).or(gap.words);
        *gap = OpenGap { asked: gap.asked + 1, last, answer, words };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Body, Event, Platform};
    use crate::redact::Redacted;

    fn counted(log: &[Event]) -> Counts {
        (0..).zip(log).collect::<Facts>().count(&Filter::default())
    }

    #[test]
    fn the_last_mark_of_an_answer_counts_once() {
        let answered: Event =
            serde_json::from_str(include_str!("../../tests/events/v1/answered.json")).unwrap();
        let marked: Event =
            serde_json::from_str(include_str!("../../tests/events/v1/marked.json")).unwrap();
        let again = |mark: Mark| {
            let mut event = marked.clone();
            if let Body::Marked { mark: old, .. } = &mut event.body {
                *old = mark;
            }
            event
        };
        let events = [answered, again(Mark::DidNotWork), again(Mark::Worked), again(Mark::Worked)];
        let mut undone = events.to_vec();
        undone.push(again(Mark::Undone));
        let card = counted(&undone).cards[&CardId::parse("too-expensive").unwrap()].clone();
        assert_eq!(card, CardUse { shown: 1, ..CardUse::default() }, "taken back");
        let cards = counted(&events).cards;
        let card = |id: &str| cards[&CardId::parse(id).unwrap()].clone();
        let expected = CardUse { shown: 1, worked: 1, ..CardUse::default() };
        assert_eq!(card("too-expensive"), expected);
        assert_eq!(card("no-budget"), CardUse { shown: 1, ..CardUse::default() });
    }

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
        let id = |number: i64| log[usize::try_from(number).unwrap()].id.as_str();
        let counts = counted(&log);
        let found: Vec<(Option<&str>, u64, &str)> =
            counts.gaps.iter().map(|gap| (gap.words.map(id), gap.asked, id(gap.answer))).collect();
        assert_eq!(found, [(Some("q5"), 2, "a5"), (Some("q7"), 1, "a7"), (None, 1, "a2")]);
        assert_eq!((counts.events, counts.questions, counts.unanswered), (14, 7, 5));
    }
}
