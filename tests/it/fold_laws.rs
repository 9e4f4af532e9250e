//! What is counted in the log is what a slow reader would count who looks at every event again for
//! each figure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cornerman::feedback::{Body, CardUse, Event, Filter, Gap, Mark, Platform};
use cornerman::journal::{LogReader, LogView};
use cornerman::model::{CardId, Outcome, Timestamp};
use cornerman::ports::FeedbackStore;
use cornerman::ports::memory::MemoryStore;
use cornerman::redact::Redacted;
use cornerman::store::SqliteStore;
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

/// The moment after so many hours.
fn hour(hours: i64) -> Timestamp {
    Timestamp::from_unix_micros(hours * 3_600_000_000)
}

/// Events some hours apart, so that some sixty of them take three weeks.
fn log(acts: &[(Act, Platform)]) -> Vec<Event> {
    let mut log: Vec<Event> = Vec::new();
    let mut answers: Vec<String> = Vec::new();
    let answered = |answers: &[String], at: usize| match answers.len() {
        0 => "none".to_owned(),
        count => answers[at % count].clone(),
    };
    for (at, (act, platform)) in acts.iter().enumerate() {
        let mut add = |id: &str, body| {
            let when = hour(i64::try_from(at).unwrap() * HOURS);
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
                    receipt: answered(&answers, answer).into(),
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
                    receipt: answer.map(|at| answered(&answers, at).into()),
                },
            ),
        }
    }
    log
}

const HOURS: i64 = 7;

/// Adds events; a question comes with its answer.
async fn add(store: &dyn FeedbackStore, events: &[Event]) {
    for some in events.chunk_by(|_, next| matches!(next.body, Body::Answered { .. })) {
        store.append(some.to_vec(), None).await.unwrap();
    }
}

/// What someone sees who counts the first part, stops, and goes on later.
async fn seen(
    store: Arc<dyn FeedbackStore>,
    log: &[Event],
    stop: usize,
    filter: &Filter,
) -> LogView {
    // A question is not parted from its answer.
    let answer = |event: &Event| matches!(event.body, Body::Answered { .. });
    let stop = stop.min(log.len());
    let stop = if log.get(stop).is_some_and(answer) { stop + 1 } else { stop };
    let (before, after) = log.split_at(stop);
    add(&*store, before).await;
    let reader = LogReader::new(Arc::clone(&store));
    reader.catch_up().await.unwrap();
    reader.save().await.unwrap();
    add(&*store, after).await;
    LogReader::new(store).view(filter.clone(), usize::MAX, (1, usize::MAX)).await.unwrap()
}

fn memory() -> Arc<dyn FeedbackStore> {
    Arc::new(MemoryStore::default())
}

/// Waits for what is asynchronous.
fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
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
    let alone = log.iter().filter(
        |event| matches!(&event.body, Body::Answered { card_ids, .. } if *card_ids == [card.clone()]),
    );
    CardUse {
        shown,
        alone: alone.count() as u64,
        pushbacks: 0,
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
            key: 0,
            text: since.iter().find_map(|(_, _, text)| text.clone()),
            asked: since.len() as u64,
            last: last.at,
            receipt: last.id.as_str().into(),
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
            answer(&|other, _| other.id == receipt.as_str())
        }
        _ => false,
    }
}

/// The part of the log that a filter leaves, by looking at each event.
fn slow_part(log: &[Event], filter: &Filter) -> Vec<Event> {
    let Filter { since, until, platforms, cards, .. } = filter;
    let wanted = log.iter().filter(|event| {
        since.is_none_or(|since| event.at >= since)
            && until.is_none_or(|until| event.at < until)
            && (platforms.is_empty() || platforms.contains(&event.platform))
            && (cards.is_empty() || slow_about(log, event, cards))
    });
    wanted.cloned().collect()
}

fn filters() -> impl Strategy<Value = Filter> {
    let moment = || prop::option::of((0..60 * HOURS).prop_map(hour));
    let cards = prop::collection::btree_set((0..5_u8).prop_map(card), 0..3);
    let platform = prop::sample::select(&Platform::ALL[..]);
    let platforms = prop::collection::btree_set(platform, 0..3);
    (moment(), moment(), cards, platforms).prop_map(|(since, until, cards, platforms)| Filter {
        since,
        until,
        cards,
        platforms,
        ..Filter::default()
    })
}

/// Compares a view with what a slow reader counts in the part.
fn agrees(log: &[Event], filter: &Filter, view: LogView) -> Result<(), TestCaseError> {
    let part = slow_part(log, filter);
    let mut events = view.events;
    events.reverse();
    prop_assert_eq!(&events, &part);
    let report = view.report;
    prop_assert_eq!((report.events, view.all), (part.len() as u64, log.len() as u64));
    let questions = part.iter().filter(|event| matches!(event.body, Body::Asked { .. })).count();
    prop_assert_eq!(report.answered.of, questions as u64);
    let unanswered = part
        .iter()
        .filter(|event| matches!(event.body, Body::Answered { outcome: Outcome::None, .. }));
    prop_assert_eq!(report.answered.hits, (questions - unanswered.count()) as u64);
    for number in 0..5 {
        let card = card(number);
        let found = report.cards.iter().find(|line| line.card_id == card);
        let found = found.map(|line| line.fate.clone()).unwrap_or_default();
        prop_assert_eq!(found, slow_use(&part, &card));
    }
    prop_assert!(report.gaps.is_sorted_by_key(|gap| std::cmp::Reverse((gap.asked, gap.last))));
    let by_receipt = |mut gaps: Vec<Gap>| {
        gaps.sort_by(|a, b| a.receipt.cmp(&b.receipt));
        gaps.iter_mut().for_each(|gap| gap.key = 0);
        gaps
    };
    prop_assert_eq!(by_receipt(report.gaps), by_receipt(slow_gaps(&part)));
    let recommended = |event: &&Event| matches!(event.body, Body::Recommended { .. });
    let sum: u64 = report.recommendations.iter().map(|found| found.count).sum();
    prop_assert_eq!(sum, part.iter().filter(recommended).count() as u64);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_what_a_slow_reader_counts(
        acts in acts(),
        filter in filters(),
        stop in 0..120_usize,
    ) {
        let log = log(&acts);
        agrees(&log, &filter, wait(seen(memory(), &log, stop, &filter)))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_the_same_on_a_disk(acts in acts(), filter in filters(), stop in 0..120_usize) {
        let log = log(&acts);
        let view = wait(async {
            let folder = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(folder.path()).await.unwrap();
            seen(Arc::new(store), &log, stop, &filter).await
        });
        agrees(&log, &filter, view)?;
    }
}
