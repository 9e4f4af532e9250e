//! `cornerman eval`: the figures, checked on a set small enough to count by hand.

use std::collections::BTreeSet;

use crate::{TestEnv, root};

const SET: &str = r#"{"kind":"card","id":"price","phrasings":["it is too expensive","that costs too much"]}
{"kind":"card","id":"boss","phrasings":["I have to ask my boss","my manager decides"]}
{"kind":"query","text":"it is too expensive","expect":"price"}
{"kind":"query","text":"my manager has to decide","expect":["boss","price"]}
{"kind":"query","text":"I have to ask my boss","expect":"price"}
{"kind":"query","text":"what is for lunch","expect":null}
"#;

#[test]
fn figures_are_counted_from_ranks_and_answers() {
    let desk = TestEnv::empty();
    std::fs::write(desk.path("set.jsonl"), SET).unwrap();
    let ran = desk.run(&["eval", "--set", "set.jsonl", "--json"]);
    let figures = ran.json();
    let figure = |name: &str| figures[name].as_f64().unwrap();
    let near = |name: &str, value: f64| {
        assert!((figure(name) - value).abs() < 1e-9, "{name} is {}: {ran:?}", figure(name));
    };
    near("queries", 3.0);
    near("hit_at_1", 2.0 / 3.0);
    near("hit_at_3", 1.0);
    near("mrr_at_10", (1.0 + 1.0 + 0.5) / 3.0);
    near("answered", 1.0);
    near("right_when_single", 2.0 / 3.0);
    near("false_alarms", 0.0);
    let interval = |name: &str| figures["interval_95"][name].as_array().unwrap().clone();
    // Three queries say little.
    assert_eq!(interval("hit_at_1"), [0.0, 1.0]);
    assert_eq!(interval("hit_at_3"), [1.0, 1.0]);
    assert_eq!(figures["interval_95"].as_object().unwrap().len(), 9, "{figures}");
    assert!(figures["latency_us"]["p99"].as_u64().unwrap() > 0);
}

#[test]
fn a_wrong_line_is_named() {
    let desk = TestEnv::empty();
    std::fs::write(desk.path("set.jsonl"), format!("{SET}{{\"kind\":\"cart\"}}\n")).unwrap();
    let ran = desk.run(&["eval", "--set", "set.jsonl"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("set.jsonl:7"), "{}", ran.err);
}

#[test]
fn families_are_counted_on_the_shipped_playbooks() {
    let desk = TestEnv::shipped();
    let lines = r#"{"text":"we have no budget for it","category":"price"}
{"text":"it is far too expensive","category":"price"}
{"text":"can you hear me okay?","category":null}
{"text":"we're stuck in a contract","category":null}
"#;
    std::fs::write(desk.path("o.jsonl"), lines).unwrap();
    let figures = desk.run(&["eval", "--shipped", "o.jsonl", "--json"]).json();
    assert_eq!(figures["queries"], 2);
    assert_eq!(figures["category_at_1"], 0.5, "budget is not price");
    assert_eq!(figures["near_category_at_1"], 1.0, "but near it");
    assert_eq!(figures["answered"], 1.0);
    assert_eq!(figures["false_alarms"], 0.5, "a contract brings a card");
}

#[test]
fn lines_of_calls_are_counted_on_the_shipped_playbooks() {
    let desk = TestEnv::shipped();
    let lines = r#"{"text":"it is too expensive","kind":"card","best":["too-expensive"],"ok":[]}
{"text":"we have no budget for it","kind":"card","best":["locked-in"],"ok":["no-budget"]}
{"text":"it is too expensive","kind":"card","best":["send-email"],"ok":[]}
{"text":"can you hear me okay?","kind":"none","best":[],"ok":[]}
{"text":"we're stuck in a contract","kind":"none","best":[],"ok":[]}
{"text":"we're stuck in a contract","kind":"arguable","best":[],"ok":[]}
"#;
    std::fs::write(desk.path("calls.jsonl"), lines).unwrap();
    let ran = desk.run(&["eval", "--calls", "calls.jsonl", "--json", "--misses"]);
    let figures = &ran.json()["typed"];
    assert_eq!((&figures["with_card"], &figures["without_card"]), (&3.into(), &2.into()));
    let figure = |name: &str| figures[name].as_f64().unwrap();
    assert!((figure("first_right") - 2.0 / 3.0).abs() < 1e-9, "{figures}");
    assert!((figure("answered") - 1.0).abs() < 1e-9, "{figures}");
    assert!((figure("false_alarms") - 0.5).abs() < 1e-9, "a contract brings a card: {figures}");
    assert_eq!(figures["each_right"], serde_json::Value::Null);
    assert_eq!(ran.err.matches("\t").count(), 2 * 3, "two misses: {}", ran.err);
    assert!(ran.err.contains("send-email\ttoo-expensive"), "{}", ran.err);
}

/// A text without what people type differently.
fn bare(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// What we measure with must not have been taught: the golden questions, and the sets of other
/// people's sentences where they lie beside the checkout.
#[test]
fn nothing_that_is_measured_with_was_taught() {
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    let texts = |line: &str| -> Vec<String> {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        // Stock phrases of what customers say in calls are everybody's: "good morning", "leave it
        // with me".
        let words = line["text"].as_str().map_or(0, |text| text.split_whitespace().count());
        if (line["kind"] == "none" || line["best"].is_array()) && words <= 4 {
            return Vec::new();
        }
        let phrasings = line["phrasings"].as_array().into_iter().flatten();
        phrasings.chain([&line["text"]]).filter_map(|text| text.as_str()).map(bare).collect()
    };
    let mut taught = BTreeSet::new();
    for name in ["sentences", "hard", "spoken", "no-card", "phrasings"] {
        let sentences = read(root().join(format!("training/{name}.jsonl")));
        taught.extend(sentences.lines().flat_map(texts));
    }
    taught.extend(read(root().join("src/search/decoys.txt")).lines().map(bare));
    // What is written on the cards is looked for, and taught the next time.
    let folders = std::fs::read_dir(root().join("playbooks")).unwrap().flatten();
    let files = folders.filter(|entry| entry.path().is_dir());
    for file in files.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten()) {
        let text = read(file.path());
        taught.extend(text.lines().filter_map(|line| line.strip_prefix("> - ")).map(bare));
    }
    assert!(taught.len() > 20_000, "{}", taught.len());
    let questions: toml::Value =
        toml::from_str(&read(root().join("playbooks/questions.toml"))).unwrap();
    let questions = questions["question"].as_array().unwrap();
    let mut measured: Vec<String> =
        questions.iter().map(|question| bare(question["ask"].as_str().unwrap())).collect();
    measured.extend(read(root().join("tests/bench/small-talk.jsonl")).lines().flat_map(texts));
    let sets = std::fs::read_dir(root().join("../shared/eval")).into_iter().flatten().flatten();
    for set in sets.map(|entry| entry.path()) {
        match set.extension().and_then(|extension| extension.to_str()) {
            Some("jsonl") => measured.extend(read(set).lines().flat_map(texts)),
            Some("txt") => measured.extend(read(set).lines().map(bare)),
            _ => {}
        }
    }
    let both: Vec<_> = measured.iter().filter(|text| taught.contains(*text)).collect();
    assert!(both.is_empty(), "{} were taught: {both:#?}", both.len());
}
