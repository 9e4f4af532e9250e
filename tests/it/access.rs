//! Who may use the pages and the API: forms only from our own pages, only under our own names, and
//! with the key where one is needed.

use serde_json::json;

use crate::TestEnv;
use crate::server::{Browser, Reply, Server, send};

const FORMS: [&str; 6] = ["/", "/marks", "/recommendations", "/wishes", "/price", "/price/marks"];

fn events(desk: &TestEnv) -> usize {
    desk.run(&["feedback", "export"]).out.lines().count()
}

#[test]
fn a_form_is_taken_from_our_own_pages_only() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let page = server.post_form("/", &[("text", "it is too expensive")]);
    let (receipt, card) = (page.hidden("receipt"), page.hidden("card_id"));
    let (receipt, card) = (receipt.as_str(), card.as_str());
    let Browser { cookie, token } = server.browser();
    let other = server.new_browser();
    let before = events(&desk);
    let fields = |token: &'static str| {
        let fields = [("text", "80 seats, 15%"), ("receipt", receipt), ("card_id", card)];
        [&fields[..], &[("mark", "worked"), ("key", "k"), ("token", token)]].concat()
    };
    let mine = [&fields("")[..5], &[("token", token.as_str())]].concat();
    for path in FORMS {
        let refused = [
            ("no token", server.post_fields(path, &fields("")[..5], &[cookie])),
            ("a made-up token", server.post_fields(path, &fields("0123"), &[cookie])),
            ("another browser's", server.post_fields(path, &mine, &[&other.cookie])),
            ("no cookie", server.post_fields(path, &mine, &[])),
            ("a made-up cookie", server.post_fields(path, &mine, &["Cookie: cornerman-0=a.b"])),
            (
                "from elsewhere",
                server.post_fields(path, &mine, &[cookie, "Sec-Fetch-Site: cross-site"]),
            ),
        ];
        for (what, reply) in refused {
            assert_eq!(reply.status, 403, "{path} {what}: {}", reply.body);
            assert!(reply.body.contains("What to do:"), "{path} {what}");
        }
        let kinds = ["Content-Type: text/plain", cookie.as_str()];
        let plain = server.send("POST", path, &kinds, format!("token={token}").as_bytes());
        assert_eq!(plain.status, 415, "{path}");
    }
    assert_eq!(server.get("/marks").status, 405);
    assert_eq!(events(&desk), before, "nothing of it was kept");
    assert_eq!(server.post_form("/marks", &fields("")[..5]).status, 303);
    assert_eq!(events(&desk), before + 1);
}

#[test]
fn a_browser_is_known_again_and_its_cookie_is_for_nobody_else() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let first = server.send("GET", "/", &[], b"");
    let cookie = first.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(server.get("/").header("set-cookie"), None);
    for path in ["/healthz", "/readyz", "/assets/style.css", "/api/v1/openapi.json"] {
        assert_eq!(server.send("GET", path, &[], b"").header("set-cookie"), None, "{path}");
    }
    let actor = |browser: &Browser| {
        let fields = [("text", "too expensive"), ("token", browser.token.as_str())];
        assert_eq!(server.post_fields("/", &fields, &[&browser.cookie]).status, 200);
        let out = desk.run(&["feedback", "export"]).out;
        let last: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        last["actor"].as_str().unwrap().to_owned()
    };
    let one = server.new_browser();
    assert_eq!(actor(&one), actor(&one));
    assert_ne!(actor(&one), actor(&server.new_browser()));
}

#[test]
fn a_name_that_is_not_ours_is_refused() {
    let desk = TestEnv::unquestioned();
    let server = Server::start_with(&desk, &[("CORNERMAN_HOST", "cornerman.example.com")]);
    let port = server.address().rsplit(':').next().unwrap();
    let key = server.bearer().replace("Authorization: Bearer ", "/enter?key=");
    let cookie = cookies(&server.send("GET", &key, &[], b"")).replace("Cookie: ", "");
    let status = |host: &str, path: &str| {
        let request = format!("Host: {host}\r\n{}\r\nCookie: {cookie}", server.bearer());
        let reply = raw(server.address(), &request, path);
        reply.split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "cornerman.example.com"] {
        assert_eq!(status(&format!("{host}:{port}"), "/"), 200, "{host}");
        assert_eq!(status(host, "/dashboard/activity"), 200, "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example:8787", "localhost.evil.example", ""] {
        assert_eq!(status(host, "/"), 403, "{host}");
        assert_eq!(status(host, "/api/v1/openapi.json"), 403, "{host}");
    }
}

/// A request of which only the host is given.
fn raw(address: &str, host: &str, path: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

/// What a browser sends back of what it was given.
fn cookies(reply: &Reply) -> String {
    let given = reply.head.lines().filter_map(|line| line.split_once(": "));
    let given = given.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let pairs: Vec<&str> = given.map(|(_, cookie)| cookie.split(';').next().unwrap()).collect();
    format!("Cookie: {}", pairs.join("; "))
}

#[test]
fn whoever_came_while_it_was_open_needs_the_key_once_it_is_locked() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let open = server.new_browser().cookie;
    assert_eq!(server.interrupt(), Some(0));
    let server = Server::start_with(&desk, &[("CORNERMAN_LOCKED", "true")]);
    let status = |cookie: &str| server.send("GET", "/dashboard/activity", &[cookie], b"").status;
    assert_eq!(status(&open), 401);

    // With the key they are still who they were.
    let key = std::fs::read_to_string(desk.path("data/key")).unwrap();
    let link = format!("/enter?key={}", key.trim());
    let entered = server.send("GET", &link, &[&open], b"");
    let cookie = cookies(&entered);
    assert_eq!(status(&cookie), 200);
    let part = |text: &str| text.split(['=', '.']).nth(1).unwrap().to_owned();
    assert_eq!(part(&cookie), part(&open));
    let half = cookie.split("; ").next().unwrap();
    assert_eq!(status(half), 401, "who somebody is does not open anything");
    let other = cookies(&server.send("GET", &link, &[], b""));
    let (mine, theirs) = (half, other.split("; ").nth(1).unwrap());
    assert_eq!(status(&format!("{mine}; {theirs}")), 401, "the proof is another browser's");

    // Another key ends all sessions.
    assert_eq!(server.interrupt(), Some(0));
    std::fs::remove_file(desk.path("data/key")).unwrap();
    let server = Server::start_with(&desk, &[("CORNERMAN_LOCKED", "true")]);
    let status = |cookie: &str| server.send("GET", "/dashboard/activity", &[cookie], b"").status;
    assert_eq!(status(&cookie), 401);
    assert_eq!(server.send("GET", &link, &[], b"").status, 403);
    assert_eq!(server.interrupt(), Some(0));
    std::fs::write(desk.path("data/key"), "short\n").unwrap();
    let ran = desk.run(&["serve", "--locked", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("`data/key` holds no key"), "{}", ran.err);
}

#[test]
fn behind_a_name_it_is_locked_and_cookies_stay_on_https() {
    let desk = TestEnv::unquestioned();
    let server = Server::start_with(&desk, &[("CORNERMAN_HOST", "cornerman.example.com")]);
    let by_proxy = ["X-Forwarded-Proto: https"];
    for path in ["/", "/dashboard/activity", "/dashboard/export.jsonl"] {
        assert_eq!(server.send("GET", path, &by_proxy, b"").status, 401, "{path}");
    }
    let log = std::fs::read_to_string(desk.path("log")).unwrap();
    let link = log.split("https://cornerman.example.com/").nth(1).expect(&log);
    let link = format!("/{}", link.split_whitespace().next().unwrap());
    let entered = server.send("GET", &link, &by_proxy, b"");
    let given = entered.head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie"));
    let given: Vec<&str> = given.collect();
    assert_eq!(given.len(), 2, "{}", entered.head);
    assert!(given.iter().all(|line| line.contains("; Secure")), "{given:?}");
    let here = server.send("GET", &link, &[], b"");
    assert!(!here.head.contains("Secure"), "{}", here.head);
}

#[test]
fn a_program_on_another_page_may_not_send_anything() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let ask = json!({"text": "too expensive"});
    let own = format!("Origin: http://{}", server.address());
    assert_eq!(server.post_json("/api/v1/suggest", &ask, &[&own]).status, 200);
    let before = events(&desk);
    for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
        let origin = format!("Origin: {origin}");
        let refused = server.post_json("/api/v1/suggest", &ask, &[&origin]);
        assert_eq!(refused.status, 403, "{origin}");
        assert_eq!(refused.json()["error"]["code"], "cross_site");
    }
    assert_eq!(events(&desk), before);
}

#[test]
fn only_the_rep_who_was_shown_a_card_marks_it() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let page = server.post_form("/", &[("text", "it is too expensive")]);
    let (receipt, card) = (page.hidden("receipt"), page.hidden("card_id"));
    let other = server.new_browser();
    let mark =
        [("receipt", receipt.as_str()), ("card_id", &card), ("mark", "worked"), ("key", "k")];
    let theirs = [&mark[..], &[("token", other.token.as_str())]].concat();
    for path in ["/marks", "/wishes"] {
        let refused = server.post_fields(path, &theirs, &[&other.cookie]);
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
        assert!(refused.body.contains("belongs to another rep"));
    }
    assert_eq!(server.post_form("/marks", &mark).status, 303);
}

#[test]
fn a_locked_desk_opens_with_its_key() {
    let desk = TestEnv::unquestioned();
    let server = Server::start_with(&desk, &[("CORNERMAN_LOCKED", "true")]);
    let address = server.address();
    let ask = json!({"text": "too expensive"});
    for path in ["/", "/dashboard/activity", "/dashboard/export.csv", "/price", "/nothing"] {
        let reply = send(address, "GET", path, &[], b"").unwrap();
        assert_eq!(reply.status, 401, "{path}");
        assert!(reply.body.contains("What to do:") && reply.header("set-cookie").is_none());
    }
    let refused = server.post_json("/api/v1/suggest", &ask, &[]);
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (401, &json!("key_needed")));
    assert_eq!(send(address, "GET", "/healthz", &[], b"").unwrap().status, 200);

    let log = std::fs::read_to_string(desk.path("log")).unwrap();
    let link = log.split("http://").nth(1).unwrap().split_whitespace().next().unwrap();
    let path = link.strip_prefix(address).unwrap();
    let key = path.strip_prefix("/enter?key=").unwrap();
    assert_eq!(send(address, "GET", "/enter?key=guess", &[], b"").unwrap().status, 403);
    let entered = send(address, "GET", path, &[], b"").unwrap();
    assert_eq!((entered.status, entered.header("location")), (303, Some("/")));
    let cookie = cookies(&entered);
    assert_eq!(send(address, "GET", "/dashboard/activity", &[&cookie], b"").unwrap().status, 200);
    let bearer = format!("Authorization: Bearer {key}");
    assert_eq!(server.post_json("/api/v1/suggest", &ask, &[&bearer]).status, 200);
    let wrong = server.post_json("/api/v1/suggest", &ask, &["Authorization: Bearer guess"]);
    assert_eq!(wrong.status, 401);
}
