//! What `ask` leaves in the log, and how it is taken out.

use std::path::Path;

use crate::Desk;

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_below(&path)),
            false => files.push(path),
        }
    }
    files
}

#[test]
fn question_and_answer_are_logged_without_the_words() {
    let desk = Desk::shipped();
    let words = "my aunt Zuleika says it is too expensive";
    let answer = desk.run(&["ask", "--json", "--stage", "closing", words]).json();
    assert_eq!(answer["logged"], true);
    let ran = desk.run(&["feedback", "export"]);
    let events: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2, "{ran:?}");
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
fn no_log_leaves_nothing() {
    let desk = Desk::shipped();
    let answer = desk.run(&["ask", "--json", "--no-log", "it is too expensive"]).json();
    assert_eq!(answer["logged"], false);
    assert!(!desk.path("data").exists());
    desk.run(&["test"]);
    assert!(!desk.path("data").exists());
}

#[test]
fn equal_questions_have_equal_hashes_in_one_installation_only() {
    let hash = |desk: &Desk| {
        desk.run(&["ask", "It is too  EXPENSIVE"]);
        desk.run(&["ask", "it is too expensive"]);
        let csv = desk.run(&["feedback", "export", "--format", "csv"]).out;
        let hashes: Vec<String> = csv
            .lines()
            .filter(|line| line.contains(",asked,"))
            .map(|line| line.split(',').find(|field| field.len() == 64).unwrap().to_owned())
            .collect();
        assert_eq!(hashes[0], hashes[1]);
        hashes[0].clone()
    };
    assert_ne!(hash(&Desk::shipped()), hash(&Desk::shipped()));
}

#[test]
fn a_log_that_cannot_be_opened_is_said_plainly() {
    let desk = Desk::shipped();
    std::fs::create_dir(desk.path("data")).unwrap();
    std::fs::write(desk.path("data/cornerman.db"), b"this is no database, but long enough")
        .unwrap();
    let ran = desk.run(&["ask", "it is too expensive"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("cannot open `data/cornerman.db`"), "{}", ran.err);
}
