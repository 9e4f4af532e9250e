//! How long finding a card takes among 10,000 cards, and how the word index compares with SQLite's
//! full-text search over the same cards, asked in turns. `cargo bench --bench find`
//!
//! The first run encodes 50,000 phrasings (minutes); they are kept under `target/`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cornerman::coach::retrieve;
use cornerman::library;
use cornerman::model::{CardId, Chance, Day};
use cornerman::playbook::{Card, Playbook};
use cornerman::search::{Cache, IndexOptions, LexicalIndex, Mpnet, Place};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

const CARDS: usize = 10_000;
const PHRASINGS: usize = 5;
const QUESTIONS: usize = 1_000;
/// A full-text search takes milliseconds; so many are enough for a 99th percentile.
const COMPARED: usize = 500;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut speech = Speech::read(&root.join("training/sentences.jsonl"));
    let day: Day = "2026-01-01".parse().unwrap();
    let card = |number: usize| {
        let phrasings = (0..PHRASINGS).map(|_| speech.sentence()).collect();
        Card::of_phrasings(CardId::parse(&format!("card-{number}")).unwrap(), day, phrasings)
    };
    let cards: Vec<Card> = (0..CARDS).map(card).collect();
    let questions: Vec<String> = (0..QUESTIONS).map(|_| speech.question()).collect();

    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    compare_words(&runtime, &cards, &questions[..COMPARED]);

    let place = root.join("target/bench-find");
    let progress = |done: usize, of: usize| {
        if done.is_multiple_of(5_000) {
            println!("encoded {done} of {of}");
        }
    };
    let playbook = Playbook { cards, ..Playbook::default() };
    let encoder = Some(Arc::new(Mpnet::load().unwrap()) as _);
    let begun = Instant::now();
    let cache = Cache::at(place);
    let place = Place::Directory(&cache);
    let options = IndexOptions { encoder, place, progress: &progress };
    let generation = library::generation(playbook, &[], options).unwrap();
    println!("generation of {CARDS} cards: {:.1} s", begun.elapsed().as_secs_f64());
    let (mut whole, mut encode, mut search, mut rank) = (vec![], vec![], vec![], vec![]);
    for question in &questions {
        let begun = Instant::now();
        let found = runtime.block_on(retrieve(&generation, &question.as_str().into())).unwrap();
        whole.push(begun.elapsed());
        encode.push(Duration::from_micros(found.latency.encode));
        search.push(Duration::from_micros(found.latency.search));
        rank.push(Duration::from_micros(found.latency.rank));
    }
    for (name, times) in
        [("a question", whole), ("  encode", encode), ("  search", search), ("  rank", rank)]
    {
        show(name, times);
    }
}

/// The word index against SQLite's, both asked for the best cards by BM25 with the same words left
/// out.
fn compare_words(runtime: &tokio::runtime::Runtime, cards: &[Card], questions: &[String]) {
    let ours = LexicalIndex::open(cards, Place::Memory).unwrap();
    let mut sqlite = runtime.block_on(full_text(cards));
    let (mut our_times, mut its_times) = (Vec::new(), Vec::new());
    for question in questions {
        let begun = Instant::now();
        let found = ours.find(question);
        our_times.push(begun.elapsed());
        let words: Vec<String> =
            ours.tokens(question).iter().map(|word| format!("\"{word}\"")).collect();
        let query = words.join(" OR ");
        let begun = Instant::now();
        let rows = sqlx::query("SELECT rowid FROM cards WHERE cards MATCH ? ORDER BY rank LIMIT 3")
            .bind(&query);
        let rows = runtime.block_on(rows.fetch_all(&mut sqlite)).unwrap();
        its_times.push(begun.elapsed());
        assert_eq!(found.is_empty(), rows.is_empty(), "{question}");
        assert!(rows.iter().all(|row| row.get::<i64, _>(0) >= 0));
    }
    let (ours, its) = (show("word index", our_times), show("SQLite FTS5", its_times));
    println!("FTS5 takes {:.0} times as long at p50, {:.0} at p99", its.0 / ours.0, its.1 / ours.1);
}

async fn full_text(cards: &[Card]) -> SqliteConnection {
    let options = SqliteConnectOptions::new().in_memory(true);
    let mut sqlite = options.connect().await.unwrap();
    sqlx::raw_sql("CREATE VIRTUAL TABLE cards USING fts5(text, tokenize = 'porter unicode61')")
        .execute(&mut sqlite)
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN").execute(&mut sqlite).await.unwrap();
    for (number, card) in cards.iter().enumerate() {
        sqlx::query("INSERT INTO cards (rowid, text) VALUES (?, ?)")
            .bind(i64::try_from(number).unwrap())
            .bind(card.phrasings.join(" "))
            .execute(&mut sqlite)
            .await
            .unwrap();
    }
    sqlx::raw_sql("COMMIT").execute(&mut sqlite).await.unwrap();
    sqlite
}

/// Prints the median and the 99th percentile, and gives them in microseconds.
fn show(name: &str, mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1e6;
    println!("{name:<12} p50 {:>9.0} µs   p99 {:>9.0} µs", at(50), at(99));
    (at(50), at(99))
}

/// Sentences with the words of real ones: the first half of one and the second of another.
struct Speech {
    sentences: Vec<Vec<String>>,
    said: BTreeSet<String>,
    chance: Chance,
}

impl Speech {
    fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let words = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = line["text"].as_str().unwrap();
            text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let sentences = text.lines().map(words).filter(|words| words.len() >= 4);
        Self { sentences: sentences.collect(), said: BTreeSet::new(), chance: Chance::new(0) }
    }

    /// A sentence that was not said before.
    fn sentence(&mut self) -> String {
        loop {
            let count = self.sentences.len();
            let (first, second) = (self.chance.below(count), self.chance.below(count));
            let (first, second) = (&self.sentences[first], &self.sentences[second]);
            let halves = first[..first.len() / 2].iter().chain(&second[second.len() / 2..]);
            let sentence = halves.cloned().collect::<Vec<_>>().join(" ");
            if self.said.insert(sentence.clone()) {
                return sentence;
            }
        }
    }

    /// A real sentence of 4 to 25 words, every fourth with a slip.
    fn question(&mut self) -> String {
        let at = self.chance.below(self.sentences.len());
        let mut words: Vec<String> = self.sentences[at].iter().take(25).cloned().collect();
        if self.chance.below(4) == 0 {
            let at = self.chance.below(words.len());
            let mut letters: Vec<char> = words[at].chars().collect();
            if letters.len() > 3 {
                let slip = 1 + self.chance.below(letters.len() - 2);
                letters.swap(slip, slip + 1);
            }
            words[at] = letters.into_iter().collect();
        }
        words.join(" ")
    }
}
