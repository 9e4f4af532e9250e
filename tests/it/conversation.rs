//! A conversation: push-backs first, nothing shown twice, the isolating question at the third
//! objection.

use serde_json::{Value, json};

use crate::TestEnv;
use crate::server::Server;

fn ask(server: &Server, conversation: &str, text: &str) -> Value {
    let question = json!({"text": text, "conversation": conversation});
    let reply = server.post_json("/api/v1/suggest", &question, &[]);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

#[test]
fn what_they_say_next_is_answered_from_the_card_first() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let first = ask(&server, "c1", "it is too expensive");
    assert_eq!(
        (&first["cards"][0]["id"], &first["pushback"]),
        (&json!("too-expensive"), &Value::Null)
    );
    let second = ask(&server, "c1", "can't you just knock twenty percent off");
    assert_eq!(second["pushback"]["id"], "just-take-twenty-percent-off", "{second}");
    assert_eq!(second["cards"][0]["id"], "too-expensive");
    assert_eq!(second["cards"][0]["say"], first["cards"][0]["say"], "the card has not moved on");
    assert_eq!(second["pushback"]["see"], "discount-request");

    // The same words in a conversation of their own bring a card and no push-back.
    let alone = ask(&server, "c2", "can't you just knock twenty percent off");
    assert_eq!(alone["pushback"], Value::Null);
    // Something else altogether leaves the card.
    let other = ask(&server, "c1", "where is our data stored");
    assert_eq!(
        (&other["cards"][0]["id"], &other["pushback"]),
        (&json!("where-is-our-data"), &Value::Null)
    );
    // It outlives the server, since it is read back from the log.
    drop(server);
    let server = Server::start(&desk);
    let again = ask(&server, "c1", "who can see what we enter");
    assert_ne!(again["cards"][0]["say"], other["cards"][0]["say"]);
}

#[test]
fn nothing_is_shown_twice_and_the_end_is_said() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let mut seen: Vec<String> = Vec::new();
    let mut first = Value::Null;
    for turn in 0..6 {
        let answer = ask(&server, "c", "it is too expensive");
        let card = &answer["cards"][0];
        assert_eq!(card["id"], "too-expensive");
        let say = card["say"].as_str().unwrap().to_owned();
        let before = card["said_before"].as_array().unwrap();
        // The card is whole every time; what was said before says so.
        assert!(!say.is_empty() && card["ask"] != json!([]), "turn {turn}: {card}");
        assert!(seen.iter().all(|line| before.contains(&json!(line))), "turn {turn}: {card}");
        assert_eq!(before.contains(&json!(say)), seen.contains(&say), "turn {turn}: {card}");
        if turn == 0 {
            first = card.clone();
        }
        if card["used_up"] == true {
            for part in ["acknowledge", "ask", "say", "say_also", "proof"] {
                assert_eq!(card[part], first[part], "used up, it is as it was first");
            }
        }
        let again = before.contains(&json!(say)) && before.contains(&card["ask"][0]);
        assert_eq!(card["used_up"].as_bool().unwrap(), again, "turn {turn}: {card}");
        if !seen.contains(&say) {
            seen.push(say);
        }
    }
    assert!(seen.len() >= 2);
    let page = server.post_form("/", &[("text", "it is too expensive"), ("conversation", "c")]);
    assert!(page.body.contains("You have had every line of this card"), "{}", page.body);
    assert!(page.body.contains("said before"), "{}", page.body);
}

#[test]
fn the_third_objection_brings_the_isolating_question() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let texts =
        ["it is too expensive", "we don't have the staff for that", "where is our data stored"];
    let isolates: Vec<Value> =
        texts.iter().map(|text| ask(&server, "c", text)["isolate"].clone()).collect();
    assert_eq!(isolates[..2], [Value::Null, Value::Null]);
    assert!(isolates[2].as_str().unwrap().contains("is there anything else?"));
    let fourth = ask(&server, "c", "I have to ask my boss");
    assert_eq!(fourth["isolate"], Value::Null, "it is offered once");
}

#[test]
fn the_page_goes_on_with_the_conversation() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let hidden = |page: &str| {
        let start = page.split("name=\"conversation\" value=\"").nth(1).unwrap();
        start.split('"').next().unwrap().to_owned()
    };
    let conversation = hidden(&server.get("/").body);
    let fields = |text| [("text", text), ("conversation", conversation.as_str())];
    let first = server.post_form("/", &fields("it is too expensive")).body;
    assert_eq!(hidden(&first), conversation);
    let second = server.post_form("/", &fields("knock twenty percent off and we're done")).body;
    assert!(second.contains("they push back") && second.contains("start a new call"), "{second}");
    let long = "x".repeat(65);
    let reply =
        server.post_json("/api/v1/suggest", &json!({"text": "a", "conversation": long}), &[]);
    assert_eq!((reply.status, &reply.json()["error"]["code"]), (422, &json!("too_long")));
}

/// In a large playbook most cards are not even looked at; the one they are talking about is.
#[test]
fn they_push_back_on_one_of_many_cards() {
    let desk = TestEnv::empty();
    let front = "---\nowner: sales\nfamily: price\nverified: 2026-11-01\n---\n\n";
    let card = "## It costs too much\n\n> - it is too expensive\n\n### Say\n\n- What would it have to \
                be worth?\n\n### If they push back\n#### The trial lasts for a week only\n- For whom \
                would a second week be worth it?\n\n";
    let others = (0..400).map(|day| {
        format!("## Trial of {day} days\n\n> - the trial lasts for {day} days only\n\n### Say\n\n- Yes.\n\n")
    });
    let text: String = [front, card].into_iter().map(str::to_owned).chain(others).collect();
    std::fs::write(desk.path("playbooks/price.md"), text).unwrap();
    let server = Server::start(&desk);
    assert_eq!(ask(&server, "c", "it is too expensive")["cards"][0]["id"], "it-costs-too-much");
    let second = ask(&server, "c", "the trial lasts for 9 days only");
    assert_eq!(second["pushback"]["id"], "the-trial-lasts-for-a-week-only", "{second}");
}
