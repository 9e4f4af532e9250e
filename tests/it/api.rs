//! The JSON API: answers, marks that count once, and an answer to every bad request.

use serde_json::json;

use crate::TestEnv;
use crate::server::Server;

fn exported(desk: &TestEnv, kind: &str) -> Vec<serde_json::Value> {
    let out = desk.run(&["feedback", "export"]).out;
    let events = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    events.filter(|event| event["kind"] == kind).collect()
}

#[test]
fn a_question_is_answered_marked_and_exported() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let asked = server.post_json("/api/v1/suggest", &json!({"text": "it is too expensive"}), &[]);
    let answer = asked.json();
    assert_eq!((asked.status, &answer["outcome"]), (200, &json!("card")));
    assert_eq!(answer["cards"][0]["family"], "price");
    assert_eq!(answer["logged"], true);

    let mark = json!({"receipt": answer["receipt"], "mark": "did_not_work", "reason": "too long", "note": "he laughed"});
    let marked = server.post_json("/api/v1/feedback", &mark, &[]);
    assert_eq!(marked.status, 201, "{}", marked.body);
    let told = json!({"text": "They want a case study", "channel": "phone", "benefit": "proof", "receipt": answer["receipt"]});
    assert_eq!(server.post_json("/api/v1/recommendations", &told, &[]).status, 201);

    let marks = exported(&desk, "marked");
    assert_eq!(marks, [marked.json()], "the export holds what the answer said");
    assert_eq!(
        (&marks[0]["card_id"], &marks[0]["note"]),
        (&answer["cards"][0]["id"], &json!("he laughed"))
    );
    assert_eq!(exported(&desk, "recommended")[0]["benefit"], "proof");
}

#[test]
fn the_same_feedback_sent_twice_counts_once() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let answer = server.post_json("/api/v1/suggest", &json!({"text": "too expensive"}), &[]).json();
    let mark = json!({"receipt": answer["receipt"], "mark": "worked"});
    let first = server.post_json("/api/v1/feedback", &mark, &["Idempotency-Key: k1"]);
    let again = server.post_json("/api/v1/feedback", &mark, &["Idempotency-Key: k1"]);
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(exported(&desk, "marked").len(), 1);

    let other = json!({"receipt": answer["receipt"], "mark": "not_used"});
    let reused = server.post_json("/api/v1/feedback", &other, &["Idempotency-Key: k1"]);
    assert_eq!(
        (reused.status, &reused.json()["error"]["code"]),
        (422, &json!("idempotency_key_reused"))
    );
    let csv = desk.run(&["feedback", "export", "--format", "csv"]).out;
    assert_eq!(csv.lines().filter(|line| line.contains("\"marked\"")).count(), 1);
}

#[test]
fn every_bad_request_is_told_what_and_how() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let json_type = "Content-Type: application/json";
    let large = format!("{{\"text\":\"{}\"}}", "a".repeat(100_000));
    let none =
        server.post_json("/api/v1/suggest", &json!({"text": "what's for lunch"}), &[]).json();
    assert_eq!(none["outcome"], "none");
    let nothing_shown = json!({"receipt": none["receipt"], "mark": "worked"}).to_string();
    let long_note =
        json!({"receipt": none["receipt"], "mark": "worked", "note": "n".repeat(2_001)})
            .to_string();
    let feedback = "/api/v1/feedback";
    for (method, path, header, body, status, code) in [
        ("POST", "/api/v1/suggest", json_type, "{\"text\":\" \"}", 400, "empty_text"),
        ("POST", "/api/v1/suggest", json_type, "{\"text\"", 400, "invalid_body"),
        ("POST", "/api/v1/suggest", json_type, "{}", 422, "invalid_body"),
        (
            "POST",
            "/api/v1/suggest",
            json_type,
            "{\"text\":\"x\",\"stage\":\"bed\"}",
            422,
            "invalid_body",
        ),
        ("POST", "/api/v1/suggest", "X: y", "{\"text\":\"x\"}", 415, "wrong_content_type"),
        ("POST", "/api/v1/suggest", json_type, &large, 413, "body_too_large"),
        ("GET", "/api/v1/suggest", "X: y", "", 405, "wrong_method"),
        ("GET", "/api/v1/nothing", "X: y", "", 404, "not_found"),
        (
            "POST",
            feedback,
            json_type,
            "{\"receipt\":\"nope\",\"mark\":\"worked\"}",
            404,
            "unknown_receipt",
        ),
        (
            "POST",
            feedback,
            json_type,
            "{\"receipt\":\"nope\",\"mark\":\"great\"}",
            422,
            "invalid_body",
        ),
        ("POST", feedback, json_type, &nothing_shown, 422, "card_not_shown"),
        ("POST", feedback, json_type, &long_note, 422, "too_long"),
        ("POST", "/api/v1/recommendations", json_type, "{\"text\":\"\"}", 400, "empty_text"),
        ("POST", "/api/v1/suggest", "Sec-Fetch-Site: cross-site", "{}", 403, "cross_site"),
    ] {
        let reply = server.send(method, path, &[header], body.as_bytes());
        let error = &reply.json()["error"];
        assert_eq!((reply.status, error["code"].as_str()), (status, Some(code)), "{method} {path}");
        for field in ["message", "hint", "reference"] {
            assert!(error[field].as_str().unwrap().len() > 3, "{field} of {code}");
        }
    }
    assert_eq!(exported(&desk, "marked").len(), 0);
    assert_eq!(server.get("/healthz").json()["status"], "ok", "it still serves");
}

#[test]
fn the_description_names_what_is_served() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let described = server.get("/api/v1/openapi.json").json();
    let paths = described["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let reply = server.send(&method.to_uppercase(), path, &[], b"");
            assert!(!matches!(reply.status, 404 | 405), "{method} {path}: {}", reply.status);
        }
    }
    let answer = server.post_json("/api/v1/suggest", &json!({"text": "too expensive"}), &[]).json();
    let schemas = &described["components"]["schemas"];
    for (schema, value) in [("Suggestion", &answer), ("Card", &answer["cards"][0])] {
        for field in value.as_object().unwrap().keys() {
            assert!(!schemas[schema]["properties"][field].is_null(), "{field} of {schema}");
        }
    }
}

#[test]
fn control_c_ends_it_cleanly_and_the_log_is_whole() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    server.post_json("/api/v1/suggest", &json!({"text": "too expensive"}), &[]);
    assert_eq!(server.interrupt(), Some(0));
    assert!(!desk.path("data/cornerman.db-wal").exists(), "everything is in the one file");
    assert_eq!(exported(&desk, "answered").len(), 1);
}

/// Kills the server in the middle of writes, again and again: what was acknowledged is there.
#[test]
fn a_kill_loses_no_acknowledged_event() {
    const ROUNDS: usize = 50;
    let desk = TestEnv::unquestioned();
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let mut server = Server::start(&desk);
        std::thread::scope(|scope| {
            let (sent, received) = std::sync::mpsc::channel();
            let server = &mut server;
            let address = server.address().to_owned();
            scope.spawn(move || {
                // Without end: the kill ends it, in the middle of whatever it does.
                for number in 0.. {
                    let text = format!("round {round} number {number}");
                    let body = json!({ "text": text }).to_string();
                    match post(&address, &body) {
                        Some(201) => sent.send(text).unwrap(),
                        _ => return,
                    }
                }
            });
            // A different moment each round.
            acknowledged.extend(received.iter().take(1 + round % 7));
            server.kill();
            acknowledged.extend(received.iter());
        });
    }
    let kept: std::collections::BTreeSet<String> = exported(&desk, "recommended")
        .iter()
        .map(|event| event["text"].as_str().unwrap().to_owned())
        .collect();
    let lost: Vec<_> = acknowledged.iter().filter(|text| !kept.contains(*text)).collect();
    assert_eq!(lost, [""; 0], "of {} acknowledged", acknowledged.len());
    assert!(acknowledged.len() >= ROUNDS * 3);
}

fn post(address: &str, body: &str) -> Option<u16> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let head = format!(
        "POST /api/v1/recommendations HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).ok()?;
    // Only a whole reply is an acknowledgement.
    let whole = reply.split_once("\r\n\r\n").is_some_and(|(_, body)| body.ends_with('}'));
    whole.then(|| reply.split(' ').nth(1)?.parse().ok())?
}
