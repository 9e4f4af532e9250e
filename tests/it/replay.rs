//! `cornerman replay`: the same bytes as the first time, or what is gone.

use crate::TestEnv;

const FILE: &str = "playbooks/objections/price.md";

#[test]
fn an_answer_comes_again_byte_for_byte() {
    let desk = TestEnv::shipped();
    for text in ["it is too expensive", "we have all we need", "what's for lunch"] {
        let first = desk.run(&["ask", text]);
        let log = desk.run(&["feedback", "export"]).out;
        let event: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        let receipt = event["id"].as_str().unwrap();
        let again = desk.run(&["replay", receipt]);
        assert_eq!((again.code, &again.out), (Some(0), &first.out), "{}", again.err);
    }
}

#[test]
fn the_receipt_names_card_place_content_and_reasons() {
    let desk = TestEnv::shipped();
    let answer = desk.run(&["ask", "--json", "it is too expensive"]).json();
    let log = desk.run(&["feedback", "export"]).out;
    let event: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let (shown, card) = (&event["shown"][0], &answer["cards"][0]);
    assert_eq!(shown["card_id"], card["id"]);
    for field in ["file", "line", "hash"] {
        assert_eq!(shown[field], card["source"][field], "{field}");
    }
    assert_eq!((&shown["because"], &shown["confidence"]), (&card["because"], &card["confidence"]));
    let again = desk.run(&["replay", "--json", answer["receipt"].as_str().unwrap()]).json();
    for field in ["cards", "outcome", "generation", "receipt"] {
        assert_eq!(again[field], answer[field], "{field}");
    }
}

#[test]
fn moving_a_card_changes_nothing_and_editing_it_is_said() {
    let desk = TestEnv::shipped();
    let first = desk.run(&["ask", "--json", "it is too expensive"]).json();
    let receipt = first["receipt"].as_str().unwrap();
    let text = std::fs::read_to_string(desk.path(FILE)).unwrap();
    std::fs::rename(desk.path(FILE), desk.path("playbooks/objections/prices.md")).unwrap();
    let moved = desk.run(&["replay", "--json", receipt]).json();
    assert_eq!(moved["cards"], first["cards"]);

    let edited = text.replacen("- Fair. A number like that", "- Right. A number like that", 1);
    std::fs::write(desk.path("playbooks/objections/prices.md"), edited).unwrap();
    let gone = desk.run(&["replay", receipt]);
    assert_eq!((gone.code, gone.out.as_str()), (Some(1), ""));
    assert!(
        gone.err.contains("`too-expensive` as they were (objections/price.md:"),
        "{}",
        gone.err
    );

    let unknown = desk.run(&["replay", "nope"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("no answer has the receipt `nope`"), "{}", unknown.err);
}
