//! What is counted in the log is what a slow reader would count who looks at every event again for
//! each figure.

use std::collections::{BTreeMap, BTreeSet};

use cornerman::feedback::{Body, CardUse, Event, Facts, Filter, Gap, Mark, OpenGap, Platform};
use cornerman::model::{CardId, Outcome, Timestamp};
use cornerman::redact::Redacted;
use proptest::prelude::*;

/// Something that happens; numbers choose among what happened before.
#[derive(Debug, Clone)]
enum Act {
    Ask { words: u8, kept: bool, outcome: Outcome, cards: Vec<u8> },
    Mark { answer: usize, card: u8, mark: Mark },
    Tell { answer: Option<usize>, channel: Option<u8>, benefit: Option<u8> },
}

fn acts() -> impl Strategy<Value = Vec<(Act, Platform)>> {
    let outcome = prop_oneof![
        Just(Outcome::Card),
        Just(Outcome::Choice),
        Just(Outcome::None),
        Just(Outcome::None)
    ];
    let ask = (0..6_u8, any::<bool>(), outcome, prop::collection::vec(0..4_u8, 0..3))
        .prop_map(|(words, kept, outcome, cards)| Act::Ask { words, kept, outcome, cards });
    let mark = (any::<usize>(), 0..4_u8, prop::sample::select(&Mark::ALL[..]))
        .prop_map(|(answer, card, mark)| Act::Mark { answer, card, mark });
    let name = || prop::option::of(0..3_u8);
    let tell = (prop::option::of(any::<usize>()), name(), name())
        .prop_map(|(answer, channel, benefit)| Act::Tell { answer, channel, benefit });
    let platform = prop::sample::select(&Platform::ALL[..]);
    prop::collection::vec((prop_oneof![3 => ask, 2 => mark, 1 => tell], platform), 0..60)
}

fn card(number: u8) -> CardId {
    CardId::parse(&format!("card-{number}")).unwrap()
}

fn name(kind: &str, number: u8) -> Redacted {
    Redacted::of(&format!("{kind} {number}"))
}

fn answer_to(question: String, outcome: Outcome, cards: Vec<u8>) -> Body {
    Body::Answered {
        question,
        outcome,
        card_ids: cards.into_iter().map(card).collect(),
        confidence: None,
        generation: String::new(),
        conversation: None,
        stage: None,
        pushback: None,
        isolate: None,
        shown: Vec::new(),
        also: Vec::new(),
    }
}

fn log(acts: &[(Act, Platform)]) -> Vec<Event> {
    let mut log: Vec<Event> = Vec::new();
    let mut answers: Vec<String> = Vec::new();
    let answered = |answers: &[String], at: usize| match answers.len() {
        0 => "none".to_owned(),
        count => answers[at % count].clone(),
    };
    for (at, (act, platform)) in acts.iter().enumerate() {
        let mut add = |id: &str, body| {
            let when = Timestamp::from_unix_micros(i64::try_from(at).unwrap());
            log.push(Event::new(format!("{id}{at}"), when, "rep", *platform, body));
        };
        match act.clone() {
            Act::Ask { words, kept, outcome, cards } => {
                add(
                    "q",
                    Body::Asked {
                        text: kept.then(|| name("words", words)),
                        text_hash: words.to_string(),
                        characters: 7,
                        stage: None,
                        product: None,
                        competitor: None,
                    },
                );
                answers.push(format!("a{at}"));
                add("a", answer_to(format!("q{at}"), outcome, cards));
            }
            Act::Mark { answer, card: number, mark } => add(
                "m",
                Body::Marked {
                    receipt: answered(&answers, answer),
                    card_id: card(number),
                    mark,
                    reason: None,
                    note: None,
                    generation: String::new(),
                },
            ),
            Act::Tell { answer, channel, benefit } => add(
                "t",
                Body::Recommended {
                    text: Redacted::of("a case study"),
                    channel: channel.map(|number| name("channel", number)),
                    benefit: benefit.map(|number| name("benefit", number)),
                    receipt: answer.map(|at| answered(&answers, at)),
                },
            ),
        }
    }
    log
}

fn facts(log: &[Event]) -> Facts {
    (0..).zip(log).collect()
}

/// A gap with the words and the receipt that its numbers stand for.
fn told(log: &[Event], gap: &OpenGap) -> Gap {
    let event = |number: i64| &log[usize::try_from(number).unwrap()];
    let text = gap.words.and_then(|number| match &event(number).body {
        Body::Asked { text, .. } => text.clone(),
        _ => unreachable!(),
    });
    Gap { text, asked: gap.asked, last: gap.last, receipt: event(gap.answer).id.clone() }
}

/// How a card fared, by looking at the whole log for each figure.
fn slow_use(log: &[Event], card: &CardId) -> CardUse {
    let shown = log.iter().filter(
        |event| matches!(&event.body, Body::Answered { card_ids, .. } if card_ids.contains(card)),
    );
    let shown = shown
        .map(|event| match &event.body {
            Body::Answered { card_ids, .. } => {
                card_ids.iter().filter(|found| *found == card).count() as u64
            }
            _ => 0,
        })
        .sum();
    let last = |wanted: Mark| {
        let mark = |at: usize| match &log[at].body {
            Body::Marked { receipt, card_id, mark, .. } if card_id == card => Some((receipt, mark)),
            _ => None,
        };
        let counts = (0..log.len()).filter(|at| {
            let Some((receipt, found)) = mark(*at) else { return false };
            let again = (*at + 1..log.len()).filter_map(mark).any(|(other, _)| other == receipt);
            *found == wanted && !again
        });
        counts.count() as u64
    };
    CardUse {
        shown,
        worked: last(Mark::Worked),
        did_not_work: last(Mark::DidNotWork),
        not_used: last(Mark::NotUsed),
    }
}

/// An answer, what it was, and the words of its question.
type Answered<'a> = (&'a Event, Outcome, Option<Redacted>);

/// The questions that were not answered when they were asked last, in no order.
fn slow_gaps(log: &[Event]) -> Vec<Gap> {
    let question = |id: &str| {
        log.iter().find(|event| event.id == id).map(|event| match &event.body {
            Body::Asked { text, text_hash, .. } => (text_hash.clone(), text.clone()),
            _ => unreachable!(),
        })
    };
    let mut found: BTreeMap<String, Vec<Answered<'_>>> = BTreeMap::new();
    for event in log {
        if let Body::Answered { question: id, outcome, .. } = &event.body {
            let (hash, text) = question(id).unwrap();
            found.entry(hash).or_default().push((event, *outcome, text));
        }
    }
    let gap = |answers: Vec<Answered<'_>>| {
        let since: Vec<_> =
            answers.iter().rev().take_while(|(_, outcome, _)| *outcome == Outcome::None).collect();
        let (last, ..) = since.first()?;
        Some(Gap {
            text: since.iter().find_map(|(_, _, text)| text.clone()),
            asked: since.len() as u64,
            last: last.at,
            receipt: last.id.clone(),
        })
    };
    found.into_values().filter_map(gap).collect()
}

/// Whether an event is about one of these cards, by looking for it in the whole log.
fn slow_about(log: &[Event], event: &Event, cards: &BTreeSet<CardId>) -> bool {
    let answer = |wanted: &dyn Fn(&Event, &str) -> bool| {
        log.iter().any(|other| match &other.body {
            Body::Answered { question, card_ids, .. } if wanted(other, question) => {
                card_ids.iter().any(|card| cards.contains(card))
            }
            _ => false,
        })
    };
    match &event.body {
        Body::Asked { .. } => answer(&|_, question| question == event.id),
        Body::Answered { .. } => answer(&|other, _| other.id == event.id),
        Body::Marked { card_id, .. } => cards.contains(card_id),
        Body::Recommended { receipt: Some(receipt), .. } => {
            answer(&|other, _| other.id == *receipt)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn folds_are_what_a_slow_reader_counts(acts in acts()) {
        let log = log(&acts);
        let counts = facts(&log).count(&Filter::default());
        for number in 0..4 {
            let card = card(number);
            let found = counts.cards.get(&card).cloned().unwrap_or_default();
            prop_assert_eq!(found, slow_use(&log, &card));
        }
        let found: Vec<Gap> = counts.gaps.iter().map(|gap| told(&log, gap)).collect();
        prop_assert!(found.is_sorted_by_key(|gap| std::cmp::Reverse((gap.asked, gap.last))));
        let by_receipt = |mut gaps: Vec<Gap>| {
            gaps.sort_by(|a, b| a.receipt.cmp(&b.receipt));
            gaps
        };
        prop_assert_eq!(by_receipt(found), by_receipt(slow_gaps(&log)));
        let recommended = |event: &&Event| matches!(event.body, Body::Recommended { .. });
        let sum: u64 = counts.recommendations.values().sum();
        prop_assert_eq!(sum, log.iter().filter(recommended).count() as u64);
    }

    #[test]
    fn a_filter_keeps_what_a_slow_reader_keeps(
        acts in acts(),
        cards in prop::collection::btree_set(0..5_u8, 0..3),
        platforms in prop::collection::btree_set(prop::sample::select(&Platform::ALL[..]), 0..3),
        since in prop::option::of(0..60_i64),
        until in prop::option::of(0..60_i64),
    ) {
        let log = log(&acts);
        let cards: BTreeSet<CardId> = cards.into_iter().map(card).collect();
        let at = Timestamp::from_unix_micros;
        let filter = Filter {
            since: since.map(at),
            until: until.map(at),
            cards: cards.clone(),
            platforms: platforms.clone(),
            ..Filter::default()
        };
        let slow = log.iter().filter(|event| {
            since.is_none_or(|since| event.at >= at(since))
                && until.is_none_or(|until| event.at < at(until))
                && (platforms.is_empty() || platforms.contains(&event.platform))
                && (cards.is_empty() || slow_about(&log, event, &cards))
        });
        let slow: Vec<&str> = slow.map(|event| event.id.as_str()).collect();
        let id = |number: &i64| log[usize::try_from(*number).unwrap()].id.as_str();
        let numbers = facts(&log).after(-1, &filter, usize::MAX);
        let kept: Vec<&str> = numbers.iter().map(id).collect();
        prop_assert_eq!(kept, slow);
    }
}
