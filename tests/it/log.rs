//! What `ask` leaves in the log, and how it is taken out.

use std::path::Path;

use crate::TestEnv;

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

fn exported(desk: &TestEnv) -> Vec<serde_json::Value> {
    let ran = desk.run(&["feedback", "export"]);
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn question_and_answer_are_logged_without_the_words() {
    let desk = TestEnv::shipped();
    let words = "my aunt Zuleika says it is too expensive";
    let answer = desk.run(&["ask", "--json", "--stage", "closing", words]).json();
    assert_eq!(answer["logged"], true);
    let events = exported(&desk);
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!((&events[0]["kind"], &events[0]["stage"]), (&"asked".into(), &"closing".into()));
    assert_eq!(events[0]["characters"], words.chars().count());
    assert_eq!(events[1]["id"], answer["receipt"], "an answer's id is its receipt");
    assert_eq!(events[1]["card_ids"][0], answer["cards"][0]["id"]);
    assert_eq!(events[1]["generation"], answer["generation"]);
    for event in &events {
        for field in ["v", "id", "kind", "at", "actor", "platform"] {
            assert!(!event[field].is_null(), "{field} is missing from {event}");
        }
    }
    for file in files_below(desk.folder.path()) {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(7).any(|window| window.eq_ignore_ascii_case(b"zuleika"));
        assert!(!found, "the customer's words are in {}", file.display());
    }
}

#[test]
fn a_team_says_how_much_of_the_words_is_kept() {
    let (card, gap) = ("it is too expensive for a@b.example", "is the moon made of green cheese");
    let said = |setting: &[&str]| {
        let desk = TestEnv::shipped();
        for words in [card, gap] {
            desk.run(&[&["ask", words], setting].concat());
        }
        let asked = exported(&desk).into_iter().filter(|event| event["kind"] == "asked");
        asked.map(|event| event["text"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(said(&[]), [None, some(gap)], "what nothing fitted is kept without being asked to");
    let all = [some("it is too expensive for [EMAIL]"), some(gap)];
    assert_eq!(said(&["--store-text", "all"]), all);
    assert_eq!(said(&["--store-text=none"]), [None, None]);
    let ran = TestEnv::empty().run(&["ask", card, "--store-text", "some"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("gaps, all, none"), "{}", ran.err);
}

#[test]
fn a_long_question_is_looked_through_before_it_is_shortened() {
    let desk = TestEnv::shipped();
    // The address lies across the place where the text is cut.
    let words = format!("{}anna.smith@b.example is it", "blah ".repeat(799));
    desk.run(&["ask", "--store-text", "all", &words]);
    let kept = exported(&desk)[0]["text"].as_str().unwrap().to_owned();
    assert!(kept.ends_with("blah [EMAI") || kept.ends_with("[EMAIL"), "{}", &kept[3_900..]);
}

#[test]
fn no_log_leaves_nothing() {
    let desk = TestEnv::shipped();
    let answer = desk.run(&["ask", "--json", "--no-log", "it is too expensive"]).json();
    assert_eq!(answer["logged"], false);
    assert!(!desk.path("data").exists());
    desk.run(&["test"]);
    assert!(!desk.path("data").exists());
}

#[test]
fn equal_questions_have_equal_hashes_in_one_installation_only() {
    let hash = |desk: &TestEnv| {
        desk.run(&["ask", "It is too  EXPENSIVE"]);
        desk.run(&["ask", "it is too expensive"]);
        let csv = desk.run(&["feedback", "export", "--format", "csv"]).out;
        let hashes: Vec<String> = csv
            .lines()
            .filter(|line| line.contains("\"asked\""))
            .map(|line| line.split('"').find(|field| field.len() == 64).unwrap().to_owned())
            .collect();
        assert_eq!(hashes[0], hashes[1]);
        hashes[0].clone()
    };
    assert_ne!(hash(&TestEnv::shipped()), hash(&TestEnv::shipped()));
}

#[test]
fn a_log_that_cannot_be_opened_is_said_plainly() {
    let desk = TestEnv::shipped();
    std::fs::create_dir(desk.path("data")).unwrap();
    std::fs::write(desk.path("data/cornerman.db"), b"this is no database, but long enough")
        .unwrap();
    let ran = desk.run(&["ask", "it is too expensive"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("cannot open `data/cornerman.db`"), "{}", ran.err);
}
