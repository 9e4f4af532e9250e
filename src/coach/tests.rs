//! The coach on the twins of its ports: no disk, no clock, no search, no waiting.

use std::collections::HashMap;

use super::*;
use crate::card::Suggestion;
use crate::feedback::{Body, Event, Mark, Platform, Salt};
use crate::journal::{Principal, StoreText, UseCaseError};
use crate::model::{Outcome, Timestamp};
use crate::playbook::{Facts, Playbook, SourceFile};
use crate::ports::memory::{MemoryClock, MemoryFinder, MemoryLibrary, MemoryStore};
use crate::ports::{FeedbackStore, Hits};
use crate::ranking::{Evidence, Weights};

const CARDS: &str = "---\nowner: sales\nverified: 2026-11-02\nfamily: price\n---\n\
    ## Too expensive\n<!-- id: dear -->\n> - too dear\n> - it costs a lot\n> - what a price\n\
    ### Say\n- First line.\n- Second line.\n\
    ## No budget\n<!-- id: budget -->\n> - no budget\n> - no money\n> - nothing left to spend\n### Say\n- Later.\n";

/// A coach who finds the card with the same number for each of these texts.
fn coach(store: &Arc<MemoryStore>, clock: &Arc<MemoryClock>, texts: &[(&str, usize)]) -> Coach {
    let file = SourceFile::new("price.md", CARDS.as_bytes().to_vec()).unwrap();
    let reading = Playbook::read(&[file], None, &Facts::default());
    let playbook = reading.playbook.unwrap_or_else(|| panic!("{:?}", reading.diagnostics));
    let found = |card| {
        let same = Evidence {
            card,
            nearest: 1.0,
            phrasing: 0,
            centroid: 1.0,
            intent: 1.0,
            lexical: 1.0,
            against: 0.0,
            pushback: None,
            boost: 0.0,
        };
        Hits { evidence: vec![same], ..Hits::default() }
    };
    let hits = texts.iter().map(|(text, card)| ((*text).to_owned(), found(*card)));
    let finder = MemoryFinder { hits: hits.collect::<HashMap<_, _>>(), weights: Weights::TAUGHT };
    let store = Arc::<MemoryStore>::clone(store) as Arc<dyn FeedbackStore>;
    let clock = Arc::<MemoryClock>::clone(clock);
    let journal = Journal::new(Some(store), clock, Salt::new([7; 32]), StoreText::All);
    Coach::new(Arc::new(MemoryLibrary::new(playbook, None, finder)), Arc::new(journal))
}

fn rep(name: &str) -> Principal {
    Principal::rep(name.to_owned(), Platform::Web)
}

async fn ask(coach: &Coach, text: &str) -> Suggestion {
    let conversation = Some("talk".to_owned());
    let question = Question { conversation, ..Question::from(text) };
    coach.suggest(&rep("jo"), &question).await.unwrap()
}

fn worked(answer: &Suggestion) -> Feedback {
    let receipt = answer.receipt.clone();
    Feedback { receipt, card_id: None, mark: Mark::Worked, reason: None, note: None }
}

#[tokio::test]
async fn an_answer_is_logged_and_marked_by_its_rep_alone_and_once() {
    let (store, clock) = Default::default();
    let coach = coach(&store, &clock, &[("too dear", 0)]);
    let answer = ask(&coach, "too dear").await;
    assert_eq!((answer.outcome, answer.cards[0].id.as_str()), (Outcome::Card, "dear"));
    assert!(answer.logged);
    let other = coach.record(&rep("sam"), worked(&answer), None).await;
    assert_eq!(other, Err(UseCaseError::NotYours));
    for repeated in [false, true] {
        let marked = coach.record(&rep("jo"), worked(&answer), Some("key")).await.unwrap();
        assert_eq!(marked.repeated, repeated);
    }
    let nothing = ask(&coach, "shall we have lunch").await;
    assert_eq!((nothing.outcome, nothing.cards.len()), (Outcome::None, 0));
}

#[tokio::test]
async fn without_a_log_there_is_still_a_card() {
    let (store, clock) = Default::default();
    let coach = coach(&store, &clock, &[("too dear", 0)]);
    store.fail(Some("the disk is full"));
    let answer = ask(&coach, "too dear").await;
    assert_eq!((answer.cards.len(), answer.logged), (1, false));
    let marked = coach.record(&rep("jo"), worked(&answer), None).await;
    assert!(matches!(marked, Err(UseCaseError::Store(_))), "{marked:?}");
    store.fail(None);
    assert!(ask(&coach, "too dear").await.logged, "it works again by itself");
}

/// A long conversation goes on from its end: its first answers are those that are forgotten.
#[tokio::test]
async fn the_last_answers_of_a_conversation_count() {
    let (store, clock) = Default::default();
    let coach = coach(&store, &clock, &[("too dear", 0), ("no budget", 1)]);
    let first = ask(&coach, "too dear").await;
    assert_eq!(first.cards[0].say, "First line.");
    assert_eq!(ask(&coach, "too dear").await.cards[0].say, "Second line.");
    let Some(Event { body, .. }) = store.find(first.receipt.as_str()).await.unwrap() else {
        panic!()
    };
    let answered = |number: i64| {
        let at = Timestamp::from_unix_micros(number);
        Event::new(format!("filler {number}"), at, "jo", Platform::Web, body.clone())
    };
    store.append((0..198).map(answered).collect(), None).await.unwrap();
    ask(&coach, "no budget").await;
    let again = ask(&coach, "no budget").await;
    assert!(again.cards[0].used_up, "its first showing is the last but one answer");
    let talk = coach.talk(Some("talk"), &coach.generation().playbook).await;
    assert_eq!(talk.turn(&first.cards[0].id), 198, "the two before all others are too long ago");
}

#[tokio::test]
async fn a_call_that_nobody_ended_is_over_after_twelve_hours() {
    let (store, clock): (Arc<MemoryStore>, Arc<MemoryClock>) = Default::default();
    let coach = coach(&store, &clock, &[]);
    let context = CallContext { product: Some("team".to_owned()), ..CallContext::default() };
    coach.start_call(&rep("jo"), context.clone(), "key").await.unwrap();
    let at = |hours: i64| Timestamp::from_unix_micros(hours * 3_600_000_000);
    clock.set(at(12));
    assert_eq!(coach.call(&rep("jo")).await.map(|call| call.context), Some(context));
    assert_eq!(coach.call(&rep("sam")).await, None);
    clock.set(at(13));
    assert_eq!(coach.call(&rep("jo")).await, None);
}

#[tokio::test]
async fn who_waits_for_a_card_is_told_until_they_ask_again() {
    let (store, clock) = Default::default();
    let before = coach(&store, &clock, &[]);
    let gap = ask(&before, "no budget").await;
    before.watch(&rep("jo"), &gap.receipt).await.unwrap();
    assert_eq!(before.watched(&gap.receipt).await, Ok((true, true)));
    assert_eq!(before.answered(&rep("jo")).await, Ok(Vec::new()));

    let after = coach(&store, &clock, &[("no budget", 1)]);
    let told = Answered { text: "no budget".to_owned(), title: "No budget".to_owned() };
    assert_eq!(after.answered(&rep("jo")).await, Ok(vec![told]));
    assert_eq!(after.answered(&rep("sam")).await, Ok(Vec::new()));
    ask(&after, "no budget").await;
    assert_eq!(after.answered(&rep("jo")).await, Ok(Vec::new()), "they have it");
    let asked = |body: &Body| matches!(body, Body::Asked { .. });
    let recent = after.recent(&rep("jo")).await.unwrap();
    assert_eq!(recent.len(), 2, "{recent:?}");
    assert!(
        store.find(gap.receipt.as_str()).await.unwrap().is_some_and(|event| !asked(&event.body))
    );
}
