//! `cornerman chat`, line by line: what a rep types in a call, and what is left of it in the log.

use serde_json::{Value, json};

use crate::{Ran, TestEnv};

fn talk(desk: &TestEnv, lines: &[&str]) -> Ran {
    desk.run_with(&["chat"], lines.join("\n").as_bytes())
}

fn events(desk: &TestEnv) -> Vec<Value> {
    let out = desk.run(&["feedback", "export"]).out;
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_call_goes_on_is_rated_priced_and_told() {
    let desk = TestEnv::unquestioned();
    let lines = [
        ":stage negotiation",
        ":competitor Quickpath",
        "it is too expensive",
        "1",
        "knock twenty percent off and we're done",
        ":price 80 seats, they want 15%",
        ":said",
        ":agreed",
        ":tell they ask for it every week #phone",
        ":quit",
        "this is not heard any more",
    ];
    let ran = talk(&desk, &lines);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    for part in [
        "Known of this call: stage negotiation · competitor Quickpath.",
        "It costs too much · price",
        "” worked. :undo takes it back.",
        "they push back",
        "$32,640.00",
        "you offered it",
        "Sent to marketing.",
    ] {
        assert!(ran.out.contains(part), "{part} is missing: {}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'), "no colours in a pipe");
    let events = events(&desk);
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    let expected = "asked answered marked asked answered price_shown give_offered get_agreed \
                    recommended";
    assert_eq!(kinds.join(" "), expected);
    assert_eq!(events[0]["stage"], "negotiation");
    assert_eq!(events[0]["competitor"], "Quickpath");
    assert_eq!(events[1]["conversation"], events[4]["conversation"]);
    assert_eq!(
        (&events[8]["channel"], &events[8]["platform"]),
        (&json!("phone"), &json!("terminal"))
    );
}

#[test]
fn what_they_said_is_priced_and_a_price_is_no_card() {
    let desk = TestEnv::unquestioned();
    let ran = talk(&desk, &["they want 15% off 80 seats", ":price", "1", ":said", ":worked"]);
    for part in [":price says what you may offer", "$32,640.00", "This is a price", "you offered"] {
        assert!(ran.out.contains(part), "{part} is missing: {}", ran.out);
    }
    let kinds: Vec<String> =
        events(&desk).iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.join(" "), "asked answered price_shown give_offered marked");
    let ran = talk(&desk, &[":price"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!ran.out.trim().is_empty());
}

#[test]
fn a_number_picks_while_several_are_close_and_rates_afterwards() {
    let desk = TestEnv::unquestioned();
    let ran = talk(&desk, &["I'm not sure this is for us", "9 lives", "2", "3", ":more"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let talk = self::talk(&desk, &["I'm not sure this is for us", "3", "2"]);
    assert!(talk.out.contains("1 to 3 picks"), "{}", talk.out);
    assert!(talk.out.contains("” didn't work."), "{}", talk.out);
    let marks: Vec<Value> =
        events(&desk).into_iter().filter(|event| event["kind"] == "marked").collect();
    let last = marks.last().unwrap();
    assert_eq!(last["mark"], "did_not_work");
    let shown = events(&desk).into_iter().rfind(|event| event["kind"] == "answered");
    assert_eq!(last["card_id"], shown.unwrap()["card_ids"][2], "the one that was picked");
}

#[test]
fn what_makes_no_sense_is_answered_and_ends_nothing() {
    let desk = TestEnv::unquestioned();
    let lines = [
        "",
        "1",
        ":more",
        ":next",
        ":said",
        ":stage lunch",
        ":stgae",
        ":",
        ":price",
        ":tell",
        "\u{7}\u{1b}[31m",
        ":didnt",
        "it is too expensive",
        ":help",
    ];
    let ran = talk(&desk, &lines);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for part in [
        "There is no card to rate.",
        "There is no trade yet.",
        "`lunch` is no",
        "There is no :stgae. Did you mean :stage?",
        "It costs too much",
        ":competitor NAME",
    ] {
        assert!(ran.out.contains(part), "{part} is missing: {}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'), "{:?}", ran.out);
}

#[test]
fn thanks_and_slips_are_not_asked_and_leave_no_gap() {
    let desk = TestEnv::unquestioned();
    let lines = "ok thanks\nit is too expensive\nok thanks\nw\n4\n1\n:undo\nI'm not sure this is for us\n0\n";
    let ran = desk.run_with(&["chat"], lines.as_bytes());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.out.matches("That is not asked.").count(), 4, "{}", ran.out);
    for part in ["0 none of these", "Noted: none of these.", "Taken back"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let out = desk.run(&["feedback", "export"]).out;
    assert_eq!(out.matches("\"kind\":\"asked\"").count(), 2, "{out}");
    assert!(out.matches("\"mark\":\"not_used\",\"reason\":\"wrong card\"").count() >= 2, "{out}");
}
