//! A log as the first version wrote it: every kind of event, read, exported, replayed and continued.
//!
//! `tests/log_v1` holds the database, the playbooks that answered, and what `feedback export` and
//! `replay --json` printed then. Nothing in it is ever changed: it is what installations have on disk.

use serde_json::Value;

use crate::{TestEnv, copy, root};

const KINDS: [&str; 15] = [
    "asked",
    "answered",
    "marked",
    "recommended",
    "wished",
    "call_started",
    "call_ended",
    "price_shown",
    "give_offered",
    "give_withdrawn",
    "get_agreed",
    "get_written",
    "approval_requested",
    "approval_recorded",
    "approval_reopened",
];

fn desk() -> TestEnv {
    let desk = TestEnv::empty();
    let stored = root().join("tests/log_v1");
    copy(&stored.join("playbooks"), &desk.path("playbooks"));
    std::fs::create_dir(desk.path("data")).unwrap();
    std::fs::copy(stored.join("cornerman.db"), desk.path("data/cornerman.db")).unwrap();
    desk
}

fn stored(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/log_v1").join(name)).unwrap()
}

#[test]
fn the_export_of_an_old_log_is_what_it_was() {
    let events = stored("events.jsonl");
    for kind in KINDS {
        assert!(events.contains(&format!("\"kind\":\"{kind}\"")), "no `{kind}` in the old log");
    }
    assert_eq!(desk().run(&["feedback", "export", "--format", "jsonl"]).out, events);
}

#[test]
fn every_old_answer_is_replayed_byte_for_byte() {
    let desk = desk();
    let replays = stored("replays.jsonl");
    assert_eq!(replays.lines().count(), 19);
    for line in replays.lines() {
        let was: Value = serde_json::from_str(line).unwrap();
        let receipt = was["receipt"].as_str().unwrap();
        let ran = desk.run(&["replay", "--json", receipt]);
        assert_eq!(ran.code, Some(0), "{receipt}: {}", ran.err);
        assert_eq!(ran.out, was["json"].as_str().unwrap(), "{receipt}");
    }
}

#[test]
fn an_old_deal_goes_on_where_it_was() {
    let desk = desk();
    let price =
        |deal: &str, text: &str| desk.run(&["price", "--json", "--deal", deal, text]).json();
    let next = price("example-com", "another 10%");
    assert_eq!(next["read"], "80 seats · team plan · 12 months · annual · another 10% · net 30");
    let moves = next["moves"].as_array().unwrap();
    let nets: Vec<&str> = moves.iter().map(|step| step["net"].as_str().unwrap()).collect();
    assert_eq!(nets, ["32640.00", "32064.00", "28800.00"], "two were offered, one taken back");
    assert_eq!(moves[1]["give"], "1.5%");
    let worse = price("approved-example", "79 seats, 15.01%");
    let notes = worse["notes"].to_string();
    assert!(notes.contains("a larger discount; 79 seats instead of 80"), "{notes}");
}
