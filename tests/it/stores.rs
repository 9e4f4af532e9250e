//! The contract of the log, asked of every store: what is added is there once, in order, and is found
//! by what it is about.

use std::collections::BTreeSet;
use std::sync::Arc;

use cornerman::feedback::{Body, Event, Platform, PriceStep, kind};
use cornerman::model::Timestamp;
use cornerman::ports::memory::{MemoryState, MemoryStore};
use cornerman::ports::{
    Appended, EventQuery, FeedbackStore, IdempotencyKey, Selection, StateStore,
};
use cornerman::store::{FileState, SqliteStore};

type Store = Arc<dyn FeedbackStore>;

/// Each of these functions is a test of each store.
macro_rules! of_every_store {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Arc::new(super::MemoryStore::default())).await;
            })+
        }
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                let folder = tempfile::tempdir().unwrap();
                super::$test(super::sqlite_in(folder.path()).await).await;
            })+
        }
    };
}

of_every_store!(
    a_repeated_request_adds_nothing,
    many_at_once_with_one_key_add_one,
    all_events_of_a_call_are_added_or_none,
    pages_follow_each_other_in_both_directions,
    events_are_found_by_what_they_are_about,
    whoever_reads_on_misses_nothing,
    what_is_closed_takes_nothing,
);

async fn sqlite_in(folder: &std::path::Path) -> Store {
    Arc::new(SqliteStore::open(folder).await.unwrap())
}

fn event(id: &str, micros: i64, actor: &str, body: Body) -> Event {
    let at = Timestamp::from_unix_micros(micros);
    Event::new(id.to_owned(), at, actor, Platform::Web, body)
}

fn wished(id: &str) -> Event {
    event(id, 0, "jo", Body::Wished { receipt: "answer".to_owned() })
}

fn once(key: &str, request: &str) -> Option<IdempotencyKey> {
    Some(IdempotencyKey { key: key.to_owned(), request: request.to_owned() })
}

const EVERYTHING: Selection = Selection { after: None, newest_first: false, limit: 1_000 };

async fn ids(store: &Store) -> Vec<String> {
    let events = store.read(EVERYTHING).await.unwrap().events;
    events.into_iter().map(|(_, event)| event.id).collect()
}

async fn a_repeated_request_adds_nothing(store: Store) {
    assert_eq!(store.append(vec![wished("a")], once("k", "r")).await, Ok(Appended::New));
    let again = store.append(vec![wished("b")], once("k", "r")).await;
    assert_eq!(again, Ok(Appended::Repeated(Box::new(wished("a")))));
    let other = store.append(vec![wished("c")], once("k", "other")).await;
    assert_eq!(other, Ok(Appended::KeyReused));
    store.append(vec![wished("d"), wished("e")], once("l", "r")).await.unwrap();
    assert_eq!(ids(&store).await, ["a", "d", "e"]);
    assert_eq!(store.find("d").await, Ok(Some(wished("d"))));
    assert_eq!(store.find("b").await, Ok(None));
}

async fn many_at_once_with_one_key_add_one(store: Store) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            store.append(vec![wished(&number.to_string())], once("k", "r")).await.unwrap()
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| **result == Appended::New).count(), 1);
    assert_eq!(ids(&store).await.len(), 1);
}

async fn all_events_of_a_call_are_added_or_none(store: Store) {
    store.append(vec![wished("a")], None).await.unwrap();
    assert!(store.append(vec![wished("b"), wished("a")], once("k", "r")).await.is_err());
    assert_eq!(ids(&store).await, ["a"]);
    // Nor is the key used up.
    assert_eq!(store.append(vec![wished("c")], once("k", "other")).await, Ok(Appended::New));
}

async fn pages_follow_each_other_in_both_directions(store: Store) {
    for id in ["a", "b", "c"] {
        store.append(vec![wished(id)], None).await.unwrap();
    }
    let page = async |selection| {
        let page = store.read(selection).await.unwrap();
        assert_eq!(page.last, page.events.last().map(|(number, _)| *number));
        page.events.into_iter().map(|(number, event)| (number, event.id)).collect::<Vec<_>>()
    };
    let two = page(Selection { limit: 2, ..EVERYTHING }).await;
    let rest = page(Selection { after: Some(two[1].0), ..EVERYTHING }).await;
    assert_eq!((two[0].1.as_str(), rest[0].1.as_str(), rest.len()), ("a", "c", 1));
    let newest = Selection { newest_first: true, limit: 2, ..EVERYTHING };
    let late = page(newest).await;
    let rest = page(Selection { after: Some(late[1].0), ..newest }).await;
    assert_eq!((late[0].1.as_str(), rest[0].1.as_str(), rest.len()), ("c", "a", 1));
    let at = store.at(vec![late[0].0, two[0].0, i64::MAX]).await.unwrap();
    assert_eq!(at.events, [(two[0].0, wished("a")), (late[0].0, wished("c"))]);
    assert_eq!(store.at(Vec::new()).await.unwrap().events, []);
}

async fn events_are_found_by_what_they_are_about(store: Store) {
    let step = |receipt: &str, deal: &str| PriceStep {
        receipt: receipt.to_owned(),
        conversation: Some(deal.to_owned()),
    };
    let asked = |text_hash: &str| Body::Asked {
        text: None,
        text_hash: text_hash.to_owned(),
        characters: 1,
        stage: None,
        product: None,
        competitor: None,
    };
    for added in [
        event("1", 10, "jo", asked("one")),
        event("2", 20, "sam", asked("one")),
        event("3", 30, "jo", Body::GiveOffered(step("p", "deal:a"))),
        event("4", 40, "jo", Body::GiveOffered(step("q", "deal:b"))),
        event("5", 50, "sam", Body::GetAgreed(step("p", "deal:a"))),
        event("6", 60, "jo", asked("two")),
    ] {
        store.append(vec![added], None).await.unwrap();
    }
    let some = |text: &str| Some(text.to_owned());
    let found = async |query: EventQuery| {
        let events = store.events(query).await.unwrap();
        events.into_iter().map(|(_, event)| event.id).collect::<String>()
    };
    let all = EventQuery::all(&[kind::ASKED, kind::GIVE_OFFERED, kind::GET_AGREED]);
    assert_eq!(found(all.clone()).await, "123456");
    assert_eq!(found(EventQuery { limit: 2, ..all.clone() }).await, "12");
    assert_eq!(found(EventQuery { actor: some("jo"), ..all.clone() }).await, "1346");
    let last = EventQuery::last(3, all.kinds);
    assert_eq!(found(last.clone()).await, "654", "of all kinds the last");
    assert_eq!(found(EventQuery { actor: some("jo"), ..last }).await, "643");
    assert_eq!(found(EventQuery { conversation: some("deal:a"), ..all.clone() }).await, "35");
    assert_eq!(found(EventQuery { receipt: some("p"), ..all.clone() }).await, "35");
    assert_eq!(found(EventQuery { text_hash: some("one"), ..all.clone() }).await, "12");
    let both = EventQuery { text_hash: some("one"), actor: some("sam"), ..all.clone() };
    assert_eq!(found(both).await, "2");
    let since = Some(Timestamp::from_unix_micros(50));
    assert_eq!(found(EventQuery { since, ..all.clone() }).await, "56");
    assert_eq!(found(EventQuery { actor: some("x' OR '1'='1"), ..all }).await, "");
    assert_eq!(found(EventQuery::all(&[kind::MARKED])).await, "");

    let named = store.find_all(vec!["5".to_owned(), "none".to_owned(), "2".to_owned()]).await;
    let named: Vec<String> = named.unwrap().into_iter().map(|(_, event)| event.id).collect();
    assert_eq!(named, ["2", "5"], "in the order in which they were added");
    assert_eq!(store.find_all(Vec::new()).await, Ok(Vec::new()));
}

/// Numbers become visible in order: a reader that goes on after the last one it saw sees each once.
async fn whoever_reads_on_misses_nothing(store: Store) {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for number in 0..EACH {
                let id = |part: &str| format!("{writer} {number} {part}");
                store.append(vec![wished(&id("a")), wished(&id("b"))], None).await.unwrap();
            }
        });
    }
    let (mut seen, mut after) = (BTreeSet::new(), None);
    while seen.len() < 2 * WRITERS * EACH {
        let page = store.read(Selection { after, newest_first: false, limit: 7 }).await.unwrap();
        for (number, event) in page.events {
            assert!(after < Some(number), "numbers grow");
            after = Some(number);
            assert!(seen.insert(event.id), "each once");
        }
        tokio::task::yield_now().await;
    }
    writers.join_all().await;
    assert_eq!(ids(&store).await.len(), seen.len());
}

async fn what_is_closed_takes_nothing(store: Store) {
    assert_eq!(store.trouble(), None);
    store.append(vec![wished("a")], None).await.unwrap();
    store.close().await;
    assert!(store.append(vec![wished("b")], None).await.is_err());
    assert!(store.find("a").await.is_err());
}

/// What was added outlives the process.
#[tokio::test]
async fn a_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite_in(folder.path()).await;
    store.append(vec![wished("a")], once("k", "r")).await.unwrap();
    store.close().await;
    let store = sqlite_in(folder.path()).await;
    assert_eq!(ids(&store).await, ["a"]);
    let again = store.append(vec![wished("b")], once("k", "r")).await;
    assert_eq!(again, Ok(Appended::Repeated(Box::new(wished("a")))));
}

/// The same contract for what outlives a restart.
#[test]
fn small_things_are_kept_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let states: [Box<dyn StateStore>; 2] =
        [Box::new(MemoryState::default()), Box::new(FileState::new(folder.path()))];
    for state in states {
        assert_eq!(state.get("note"), Ok(None));
        state.put("note", "a\nb").unwrap();
        state.put("other", "").unwrap();
        state.put("note", "c").unwrap();
        assert_eq!(state.get("note"), Ok(Some("c".to_owned())), "{state:?}");
        assert_eq!(state.get("other"), Ok(Some(String::new())));
        assert!(state.place("note").contains("note"));
    }
    let nowhere = FileState::new(&folder.path().join("missing"));
    assert_eq!(nowhere.get("note"), Ok(None));
    assert!(nowhere.put("note", "a").unwrap_err().to_string().contains("missing"));
}
