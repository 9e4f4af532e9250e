//! What a server does with connections that never get on with it.
#![cfg(unix)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::TestEnv;
use crate::server::Server;

/// A connection that has sent these bytes, and is waited for half a minute at most.
fn sent(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

const HALF: &[u8] = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";

#[test]
fn half_a_request_and_a_connection_without_one_are_closed() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let begun = Instant::now();
    let whole = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    let mut streams = vec![
        ("half a request", sent(&server, HALF)),
        ("no request", sent(&server, b"")),
        ("no second request", sent(&server, whole.as_bytes())),
    ];
    for (what, stream) in &mut streams {
        let mut rest = Vec::new();
        let read = stream.read_to_end(&mut rest);
        let waited = begun.elapsed().as_secs();
        assert!(read.is_ok() && waited < 15, "{what}: {read:?} after {waited} s");
    }
    assert!(begun.elapsed().as_secs() >= 9, "a slow line gets its ten seconds");
}

#[test]
fn too_many_connections_are_refused_and_nothing_else_suffers() {
    let desk = TestEnv::unquestioned();
    let server = Server::start_through(&desk, &["sh", "-c", "ulimit -n 128; exec \"$0\" \"$@\""]);
    let mut open: Vec<TcpStream> = Vec::new();
    let refused = loop {
        open.push(sent(&server, HALF));
        if open.len() < 64 {
            continue;
        }
        // Many at once are told, not only the first.
        let mut next: Vec<TcpStream> = (0..200).map(|_| sent(&server, HALF)).collect();
        let mut text = String::new();
        for stream in &mut next {
            text.clear();
            stream.read_to_string(&mut text).unwrap();
            assert!(text.starts_with("HTTP/1.1 503 "), "{text}");
        }
        break text;
    };
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(refused.contains("Too many connections"), "{refused}");
    // The playbooks are still read: there are file handles left.
    let file = desk.path("playbooks/objections/price.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("family: price", "family: prize", 1)).unwrap();
    drop(open);
    let begun = Instant::now();
    let health = || server.try_send("GET", "/readyz", &[], b"").map(|reply| reply.body);
    while !health().is_ok_and(|body| body.contains("degraded")) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", health());
    }
    let asked = server.post_json("/api/v1/suggest", &json!({"text": "too expensive"}), &[]);
    assert_eq!(asked.json()["logged"], true);
}

#[test]
fn half_a_request_does_not_keep_it_from_stopping() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let _half = sent(&server, HALF);
    server.get("/healthz");
    let begun = Instant::now();
    assert_eq!(server.interrupt(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn it_stops_cleanly_however_early_it_is_told() {
    for _ in 0..5 {
        let server = Server::start(&TestEnv::unquestioned());
        assert_eq!(server.interrupt(), Some(0));
    }
}

/// News from the log go on without end; a stop ends them, and nobody is cut off.
#[test]
fn a_page_that_waits_for_news_does_not_keep_it_from_stopping() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let request = format!("GET /dashboard/news HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    let mut stream = sent(&server, request.as_bytes());
    let mut head = [0; 4096];
    let read = stream.read(&mut head).unwrap();
    let head = String::from_utf8_lossy(&head[..read]).to_lowercase();
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    server.post_json("/api/v1/suggest", &json!({"text": "it is too expensive"}), &[]);
    server.post_json("/api/v1/suggest", &json!({"text": "shall we have lunch at one?"}), &[]);
    assert_eq!(server.interrupt(), Some(0));
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.matches("data: gap").count(), 1, "{rest}");
    assert!(!rest.contains("lunch"), "no words of customers: {rest}");
    assert!(rest.ends_with("0\r\n\r\n"), "ended, not cut off: {rest}");
}
