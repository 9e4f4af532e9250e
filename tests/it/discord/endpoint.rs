//! Discord calls over HTTP: only what it signed, lately, counts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use super::fake::message;
use super::{Bot, Seen, rep};
use crate::server::Reply;

const KEY: [u8; 32] = [7; 32];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A bot that Discord calls.
fn called() -> Bot {
    let mut bot = Bot::new();
    let key = hex(SigningKey::from_bytes(&KEY).verifying_key().as_bytes());
    bot.go_with(&[("DISCORD_PUBLIC_KEY", &key)]);
    bot
}

fn send(bot: &Bot, headers: &[String], body: &[u8]) -> Reply {
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    bot.server.as_ref().unwrap().send("POST", "/discord/interactions", &headers, body)
}

fn headers(signature: &[u8], time: &str) -> Vec<String> {
    vec![
        format!("X-Signature-Ed25519: {}", hex(signature)),
        format!("X-Signature-Timestamp: {time}"),
        "Content-Type: application/json".to_owned(),
    ]
}

fn sign(time: &str, body: &[u8]) -> Vec<u8> {
    SigningKey::from_bytes(&KEY).sign(&[time.as_bytes(), body].concat()).to_bytes().to_vec()
}

/// As Discord sends it.
fn call(bot: &Bot, value: &Value) -> Reply {
    let (time, body) = (now().to_string(), value.to_string());
    send(bot, &headers(&sign(&time, body.as_bytes()), &time), body.as_bytes())
}

#[test]
fn discord_calls_and_has_the_same_answers() {
    let bot = called();
    bot.discord.ready();
    let pong = call(&bot, &json!({"type": 1, "id": "1", "token": "t", "version": 1}));
    assert_eq!((pong.status, pong.json()), (200, json!({"type": 1})));

    let ask = |interaction: Value| {
        let reply = call(&bot, &interaction);
        assert_eq!(reply.status, 200, "{}", reply.body);
        let answer = reply.json();
        let kind = answer["type"].as_u64().unwrap();
        assert_eq!(super::limits::callback(&answer), [""; 0]);
        Seen { id: interaction["id"].to_string(), data: answer["data"].clone(), kind }
    };
    let options = json!([{"name": "text", "type": 3, "value": "it is too expensive"}]);
    let data = json!({"id": "1", "name": "objection", "type": 1, "options": options});
    let question = bot.discord.made(2, &rep(), data, None);
    let card = ask(question.clone());
    assert_eq!((card.kind, card.title()), (4, "It costs too much"));
    let press = json!({"custom_id": card.button("Worked"), "component_type": 2});
    let worked = ask(bot.discord.made(3, &rep(), press, Some(message("1", &card.data))));
    assert!(worked.text().contains("Noted: “It costs too much” worked."));

    // The same call again does nothing twice.
    let again = call(&bot, &question);
    assert_eq!((again.status, again.body.as_str()), (202, ""));
    let kinds: Vec<Value> = bot.events().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["asked", "answered", "marked"]);

    let mut broken = question;
    broken["id"] = json!("200000000000009999");
    broken.as_object_mut().unwrap().remove("entitlements");
    assert!(ask(broken).text().contains("in a form that is not known here"));
    assert_eq!(bot.health()["state"], "ready");
}

#[test]
fn what_discord_did_not_sign_lately_is_refused() {
    let bot = called();
    let body = json!({"type": 1, "id": "1", "token": "t", "version": 1}).to_string().into_bytes();
    let time = now().to_string();
    let good = sign(&time, &body);
    let status = |headers: &[String], body: &[u8]| send(&bot, headers, body).status;
    assert_eq!(status(&headers(&good, &time), &body), 200);

    let mut accepted = Vec::new();
    for bit in 0..8 * good.len() {
        let mut wrong = good.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        if status(&headers(&wrong, &time), &body) != 401 {
            accepted.push(format!("signature, bit {bit}"));
        }
    }
    for bit in 0..8 * body.len() {
        let mut wrong = body.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        if status(&headers(&good, &time), &wrong) != 401 {
            accepted.push(format!("body, bit {bit}"));
        }
    }
    for digit in 0..time.len() {
        let mut wrong = time.clone().into_bytes();
        wrong[digit] = if wrong[digit] == b'9' { b'0' } else { wrong[digit] + 1 };
        if status(&headers(&good, std::str::from_utf8(&wrong).unwrap()), &body) != 401 {
            accepted.push(format!("time, digit {digit}"));
        }
    }
    assert_eq!(accepted, [""; 0]);

    for (seconds, expected) in [(-310_i64, 401), (310, 401), (-280, 200), (280, 200)] {
        let time = now().checked_add_signed(seconds).unwrap().to_string();
        let signed = headers(&sign(&time, &body), &time);
        assert_eq!(status(&signed, &body), expected, "{seconds} s away");
    }
    let whole = headers(&good, &time);
    for (what, headers) in [
        ("nothing", vec![]),
        ("no time", vec![whole[0].clone()]),
        ("no signature", vec![whole[1].clone()]),
        ("two signatures", vec![whole[0].clone(), whole[0].clone(), whole[1].clone()]),
        ("two times", vec![whole[0].clone(), whole[1].clone(), whole[1].clone()]),
        (
            "upper case",
            vec![whole[0].replace(&hex(&good), &hex(&good).to_uppercase()), whole[1].clone()],
        ),
        ("short", vec![whole[0][..whole[0].len() - 2].to_owned(), whole[1].clone()]),
        ("a sign", vec![whole[0].clone(), format!("X-Signature-Timestamp: +{time}")]),
    ] {
        assert_eq!(status(&headers, &body), 401, "{what}");
    }
    let text = b"no json".to_vec();
    assert_eq!(status(&headers(&sign(&time, &text), &time), &text), 400);
    let large = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(status(&headers(&sign(&time, &large), &time), &large), 413);
    assert_eq!(bot.server.as_ref().unwrap().get("/discord/interactions").status, 405);
}

/// What was promised to a call is kept before the end, as on the gateway.
#[cfg(unix)]
#[test]
fn promises_to_a_call_are_kept_before_it_stops() {
    let mut bot = called();
    bot.discord.ready();
    let ask = |bot: &Bot, text: &str| {
        let options = json!([{"name": "text", "type": 3, "value": text}]);
        let data = json!({"id": "1", "name": "objection", "type": 1, "options": options});
        let question = bot.discord.made(2, &rep(), data, None);
        let id = question["id"].as_str().unwrap().to_owned();
        (id, call(bot, &question).json())
    };
    ask(&bot, "it is too expensive");
    bot.discord.shared.with(|model| model.edits_take = Duration::from_secs(2));
    let lock = super::faults::Lock::on(&bot);
    let (id, promised) = ask(&bot, "we have no budget");
    assert_eq!(promised["type"], 5);
    lock.release();
    assert_eq!(bot.server.take().unwrap().interrupt(), Some(0));
    let edit = bot.discord.shared.peek(|model| model.interactions[&id].edit.clone());
    assert_eq!(edit.unwrap()["embeds"][0]["title"], "There is no budget");
}
