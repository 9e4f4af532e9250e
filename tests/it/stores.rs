//! The contract of the log, asked of every store: what is added is there once, in order, and is found
//! by what it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cornerman::feedback::{Body, Checkpoint, Event, Filter, Mark, Platform, PriceStep, kind};
use cornerman::model::{CardId, Receipt, Timestamp};
use cornerman::ports::memory::{MemoryState, MemoryStore};
use cornerman::ports::{
    Appended, EventQuery, FeedbackStore, IdempotencyKey, ListQuery, Listed, Selection, StateStore,
};
use cornerman::redact::Redacted;
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
    a_part_is_listed_page_by_page,
    figures_are_replaced_by_newer_ones_only,
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
    event(id, 0, "jo", Body::Wished { receipt: "answer".into() })
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
        receipt: receipt.into(),
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
    assert_eq!(found(EventQuery { receipt: Some("p".into()), ..all.clone() }).await, "35");
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
                let events = vec![wished(&id("a")), wished(&id("b"))];
                // A disk that is busy with other tests may take longer than the log allows.
                while store.append(events.clone(), once(&id("key"), "r")).await.is_err() {}
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

fn card(id: &str) -> CardId {
    CardId::parse(id).unwrap()
}

/// A question with its answer, an older question, two marks, two recommendations and a wish.
async fn add_some_of_each(store: &Store) {
    let marked = |mark| Body::Marked {
        receipt: "a".into(),
        card_id: card("too-expensive"),
        mark,
        reason: None,
        note: None,
        generation: String::new(),
    };
    let told = |channel: Option<&str>, receipt: Option<&str>| Body::Recommended {
        text: Redacted::of("send the case study"),
        channel: channel.map(Redacted::of),
        benefit: channel.map(|_| Redacted::of("proof")),
        receipt: receipt.map(Receipt::from),
    };
    let stored = |text: &str| serde_json::from_str::<Event>(text).unwrap().body;
    let asked = || stored(include_str!("../events/v1/asked.json"));
    let mut answered = stored(include_str!("../events/v1/answered.json"));
    if let Body::Answered { question, card_ids, .. } = &mut answered {
        *question = "q".to_owned();
        *card_ids = vec![card("too-expensive"), card("no-budget")];
    }
    // The answer to a question has its number; another process wrote later what happened before.
    store
        .append(vec![event("q", 20, "jo", asked()), event("a", 20, "jo", answered)], None)
        .await
        .unwrap();
    for added in [
        event("o", 10, "jo", asked()),
        event("m", 30, "jo", marked(Mark::Worked)),
        Event { platform: Platform::Discord, ..event("n", 40, "jo", marked(Mark::NotUsed)) },
        event("r", 50, "jo", told(Some("phone"), Some("a"))),
        event("s", 60, "jo", told(None, None)),
        event("w", 70, "jo", Body::Wished { receipt: "a".into() }),
    ] {
        store.append(vec![added], None).await.unwrap();
    }
}

/// The ids of a part in order of time: as a whole, backwards, one by one and by leaving out.
async fn listed(store: &Store, filter: Filter) -> String {
    let all = ListQuery { filter, limit: 100, ..ListQuery::default() };
    let newest = ListQuery { newest_first: true, ..all.clone() };
    let mut last = store.list(newest).await.unwrap().events;
    last.reverse();
    assert_eq!(store.list(all.clone()).await.unwrap().events, last);
    // One by one, and with what comes before left out.
    let mut one = ListQuery { limit: 1, ..all };
    for (place, (number, event)) in last.iter().enumerate() {
        let skipped = ListQuery { after: None, skip: place, ..one.clone() };
        let found = store.list(one.clone()).await.unwrap();
        assert_eq!(found.events, [(*number, event.clone())]);
        assert_eq!(store.list(skipped).await.unwrap(), found);
        one.after = found.last;
    }
    assert_eq!(store.list(one).await.unwrap(), Listed::default());
    last.into_iter().map(|(_, event)| event.id).collect::<String>()
}

async fn a_part_is_listed_page_by_page(store: Store) {
    add_some_of_each(&store).await;
    let list = async |filter: Filter| listed(&store, filter).await;
    let about = |ids: &[&str]| Filter {
        cards: ids.iter().map(|id| card(id)).collect(),
        ..Filter::default()
    };
    let at = |micros| Some(Timestamp::from_unix_micros(micros));
    assert_eq!(list(Filter::default()).await, "oqamnrsw", "in order of time");
    assert_eq!(list(about(&["too-expensive"])).await, "qamnrw");
    assert_eq!(list(about(&["no-budget"])).await, "qarw");
    assert_eq!(list(about(&["no-budget", "too-expensive"])).await, "qamnrw", "each once");
    let marks = [Mark::Worked, Mark::Undone].into();
    assert_eq!(list(Filter { marks, ..Filter::default() }).await, "m");
    let platforms = [Platform::Discord].into();
    assert_eq!(list(Filter { platforms, ..Filter::default() }).await, "n");
    let platforms = [Platform::Discord, Platform::Api].into();
    assert_eq!(list(Filter { platforms, ..about(&["too-expensive"]) }).await, "n", "and");
    let names = |name: &str| [name.to_owned()].into();
    assert_eq!(list(Filter { channels: names("phone"), ..Filter::default() }).await, "r");
    assert_eq!(list(Filter { benefits: names("proof"), ..Filter::default() }).await, "r");
    assert_eq!(list(Filter { benefits: names(""), ..Filter::default() }).await, "");
    assert_eq!(list(Filter { channels: names("' OR 1 --"), ..Filter::default() }).await, "");
    let period = |since, until| Filter { since, until, ..Filter::default() };
    assert_eq!(list(period(at(20), at(50))).await, "qamn", "the first moment, not the last");
    assert_eq!(list(period(None, at(20))).await, "o");
    let up_to = ListQuery { up_to: Some(3), limit: 100, ..ListQuery::default() };
    assert_eq!(store.list(up_to).await.unwrap().events.len(), 3);
}

async fn figures_are_replaced_by_newer_ones_only(store: Store) {
    let save = async |version, last, parts: &[(&str, &str)]| {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let parts = parts.iter().map(owned).collect();
        store.save_checkpoint(Checkpoint { version, last, parts }).await.unwrap();
        let found = store.checkpoint().await.unwrap().unwrap();
        let parts: BTreeMap<String, String> = found.parts.into_iter().collect();
        let parts: Vec<String> = parts.into_iter().map(|(name, text)| name + &text).collect();
        (found.version, found.last, parts.join(" "))
    };
    assert_eq!(store.checkpoint().await, Ok(None));
    let first = save(1, 10, &[("a", "1"), ("b", "1")]).await;
    assert_eq!(first, (1, 10, "a1 b1".to_owned()));
    assert_eq!(save(1, 20, &[("b", "2")]).await, (1, 20, "a1 b2".to_owned()));
    assert_eq!(save(1, 15, &[("a", "old")]).await, (1, 20, "a1 b2".to_owned()));
    assert_eq!(save(2, 5, &[("b", "3")]).await, (2, 5, "b3".to_owned()), "a newer version");
    assert_eq!(save(1, 30, &[("a", "old")]).await, (2, 5, "b3".to_owned()));
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
        assert_eq!(state.get_or_put("note", b"d").unwrap(), b"c");
        let all: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let state = &state;
            let put = |byte| move || state.get_or_put("secret", &[byte; 32]).unwrap();
            let asked: Vec<_> = (0..8).map(|byte| scope.spawn(put(byte))).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(all[0].len() == 32 && all.iter().all(|one| *one == all[0]), "{all:?}");
    }
    let nowhere = FileState::new(&folder.path().join("missing"));
    assert_eq!(nowhere.get("note"), Ok(None));
    assert!(nowhere.put("note", "a").unwrap_err().to_string().contains("missing"));
}
