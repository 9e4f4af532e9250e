//! What a rep does with keyboard and mouse on the page, in a real Chromium, by the WebDriver
//! protocol.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::TestEnv;
use crate::server::{self, Reply, Server, until};

/// The key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

/// A browser window; closed when dropped, and what was seen last is left as a picture in
/// `target/tmp`.
pub struct Window {
    driver: Child,
    address: String,
    session: String,
    name: &'static str,
}

impl Window {
    pub fn open(name: &'static str) -> Self {
        Self::open_with(name, true)
    }

    /// With or without scripts on the pages.
    pub fn open_with(name: &'static str, scripts: bool) -> Self {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = command.spawn().unwrap_or_else(|error| {
            panic!("chromedriver: {error}: sudo apt-get install chromium chromium-driver")
        });
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned())
        });
        let address = format!("127.0.0.1:{}", port.unwrap());
        let mut window = Self { driver, address, session: String::new(), name };
        let arguments = [
            "--headless",
            "--no-sandbox", // which root in a container cannot have
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=900,1200",
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
        "browserName": "chrome",
        "goog:loggingPrefs": {"browser": "ALL"},
        "goog:chromeOptions": {"args": arguments, "prefs": {
            "profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 },
        }}}}});
        let opened = window.call("POST", "/session", &wanted);
        window.session = format!("/session/{}", opened["sessionId"].as_str().unwrap());
        window
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let reply = self.try_call(method, path, body);
        assert_eq!(reply.status, 200, "{method} {path} {body}: {}", reply.body);
        reply.json()["value"].take()
    }

    fn try_call(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let path = format!("{}{path}", self.session);
        let kind = ["Content-Type: application/json"];
        server::send(&self.address, method, &path, &kind, body.as_bytes()).unwrap()
    }

    /// The first element that a selector finds.
    pub fn find(&self, using: &str, value: &str) -> String {
        let found = self.call("POST", "/element", &json!({"using": using, "value": value}));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Types into the field with this label; Enter is not pressed.
    pub fn fill(&self, label: &str, text: &str) {
        let path = format!("//label[contains(., '{label}')]//*[self::input or self::textarea]");
        let keys = json!({"text": text});
        self.call("POST", &format!("/element/{}/value", self.find("xpath", &path)), &keys);
    }

    /// Clicks what leads to no other page.
    pub fn click(&self, using: &str, value: &str) {
        let click = format!("/element/{}/click", self.find(using, value));
        self.call("POST", &click, &json!({}));
    }

    /// Presses keys wherever the focus is.
    pub fn keys(&self, keys: &str) -> Value {
        let field = self.call("GET", "/element/active", &Value::Null);
        let field = field[ELEMENT].as_str().unwrap();
        self.call("POST", &format!("/element/{field}/value"), &json!({"text": keys}))
    }

    /// What went wrong on the pages, as the browser reports it: what the security policy forbade,
    /// and scripts that failed.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", &json!({"type": "browser"}));
        let lines = log.as_array().unwrap().iter().filter(|line| line["level"] == "SEVERE");
        lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
    }

    pub fn go(&self, url: &str) {
        self.call("POST", "/url", &json!({"url": url}));
    }

    /// Types into the field that has the focus, and Enter; again when the log was too slow for the
    /// answer to have buttons, as right after a build.
    fn enter(&self, text: &str) {
        self.type_and_enter(text);
        let logged = || {
            let main = self.texts("main").join("");
            !["The log is off at the moment", "The log is not reachable"]
                .iter()
                .any(|unlogged| main.contains(unlogged))
        };
        eventually(
            || {
                logged() || {
                    self.type_and_enter(text);
                    logged()
                }
            },
            "no answer is logged",
        );
    }

    fn type_and_enter(&self, text: &str) {
        let active = || {
            let active = self.call("GET", "/element/active", &Value::Null);
            active[ELEMENT].as_str().unwrap().to_owned()
        };
        // A page has its focus only some time after it is there.
        let focused = || self.call("GET", &format!("/element/{}/name", active()), &Value::Null);
        eventually(|| focused() == "input", "no field has the focus");
        let field = active();
        let keys = json!({"text": format!("{text}{ENTER}")});
        self.leave(|| self.call("POST", &format!("/element/{field}/value"), &keys));
    }

    /// Clicks the button with this label; again when the page says that the log was too slow: it
    /// counts once.
    pub fn press(&self, label: &str) {
        let path = format!("//main//button[normalize-space()='{label}']");
        let click = format!("/element/{}/click", self.find("xpath", &path));
        self.leave(|| self.call("POST", &click, &json!({})));
    }

    /// Does what leads to another page, with or without a reload; that one is there afterwards.
    pub fn leave(&self, step: impl Fn() -> Value) {
        let old = format!("/element/{}/name", self.find("css selector", "main"));
        step();
        // The driver waits for a page that was asked for, so that this is mostly true at once.
        let gone = || {
            let gone = self.try_call("GET", &old, &Value::Null).status != 200;
            let slow = || self.texts(".problem").join("").contains("the log cannot be written");
            if !gone && slow() {
                step();
            }
            gone
        };
        eventually(gone, "no other page came");
        let main = json!({"using": "css selector", "value": "main"});
        let there = || self.try_call("POST", "/element", &main).status == 200;
        eventually(there, "the other page is empty");
    }

    /// The text of every element of this kind, as it is seen.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let wanted = json!({"using": "css selector", "value": css});
        let found = self.call("POST", "/elements", &wanted);
        let text = |element: &Value| {
            let path = format!("/element/{}/text", element[ELEMENT].as_str().unwrap());
            self.call("GET", &path, &Value::Null).as_str().unwrap().to_owned()
        };
        found.as_array().unwrap().iter().map(text).collect()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let send = |method: &str, path: &str| {
            let path = format!("{}{path}", self.session);
            server::send(&self.address, method, &path, &[], b"")
        };
        if let Ok(picture) = send("GET", "/screenshot")
            && let Some(picture) = picture.json()["value"].as_str()
            && let Ok(picture) = BASE64_STANDARD.decode(picture)
        {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
            let _ = std::fs::write(folder.join(format!("{}.png", self.name)), picture);
        }
        let _ = send("DELETE", "");
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A rep clicks through a deal; the server is killed and started again in the middle of it.
#[test]
#[cfg_attr(
    no_browser,
    ignore = "it drives Chromium: sudo apt-get install chromium chromium-driver"
)]
fn a_deal_in_three_rounds() {
    let desk = TestEnv::unquestioned();
    let mut server = Server::start(&desk);
    let window = Window::open("three-rounds");
    let trade = || window.texts("[aria-label='Trade'] .amount").join("");
    let buttons = || window.texts(".marks button").join(", ");
    let notes = || window.texts(".note").join(" ");
    window.go(&format!("http://{}/price", server.address()));

    window.enter("80 seats, they want 15%");
    assert!(trade().contains("$32,640.00"), "{}", trade());
    window.press("Offered");
    assert!(window.texts("[role='status']").join("").contains("you offered it"));
    window.press("They agreed");

    let address = server.address().to_owned();
    server.kill();
    server = Server::start_at(&desk, &address, &[]);
    window.enter("they still want 15%");
    assert!(trade().contains("$31,488.00"), "a smaller step: {}", trade());
    assert_eq!(notes(), "Not on paper yet: clause 7 of the order form; ramp table.");
    window.press("Offered");

    window.enter("15%");
    assert!(trade().contains("$30,912.00"), "the last step: {}", trade());
    assert_eq!(buttons(), "Offered");
    window.press("Offered");
    window.press("They agreed");
    window.press("Written");
    assert_eq!(buttons(), "");
    window.press("On paper: clause 7 of the order form; ramp table");
    assert!(window.texts("[role='status']").join("").contains("it is on paper"));

    window.enter("15%");
    assert_eq!(trade(), "");
    assert_eq!(notes(), "That was the last step: what you offered is your limit.");
    drop(server);
}

/// Asks until it is so: a count of asking would be over too soon on a busy machine.
pub fn eventually(is_so: impl Fn() -> bool, otherwise: &str) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{otherwise}");
    }
}

/// What a rep does in a call, in words: the forms are the same with and without a script.
fn a_call(scripts: bool, name: &'static str) {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let window = Window::open_with(name, scripts);
    let address = format!("http://{}", server.address());
    window.go(&address);
    window.click("css selector", ".call > summary");
    window.fill("Product", "Team");
    window.click("css selector", "#text");
    window.enter("it is too expensive");
    assert_eq!(window.texts(".head strong"), ["It costs too much"]);
    window.press("Worked");
    assert!(window.texts("[role='status']").join("").contains("worked"));
    window.enter("knock twenty percent off and we're done");
    assert!(window.texts(".pushed .say").join("").len() > 10, "their answer comes first");
    window.click("css selector", ".tell > summary");
    window.fill("What should they know", "They ask for it every week");
    window.fill("What convinced them", "hours saved");
    window.press("Send to marketing");
    assert!(window.texts("[role='status']").join("").contains("Sent to marketing"));
    window.enter("they want 15% off 80 seats");
    window.press("Price this");
    assert!(window.texts("[aria-label='Trade'] .amount").join("").contains("$32,640.00"));
    window.press("Offered");
    window.go(&address);
    assert_eq!(window.texts(".recent li").len(), 4, "{:?}", window.texts(".recent li"));
    window.enter("what's for lunch");
    assert!(window.texts(".notice").join("").contains("No card for this yet"));
    assert_eq!(window.complaints(), [""; 0]);

    let csv = desk.run(&["feedback", "export"]).out;
    let events = csv.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let kinds: Vec<String> = events.map(|event| event["kind"].as_str().unwrap().into()).collect();
    let expected = "asked answered marked asked answered recommended asked answered price_shown \
                    give_offered asked answered";
    assert_eq!(kinds.join(" "), expected);
    let asked: Vec<Value> = csv.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&asked[0]["product"], &asked[3]["product"]), (&json!("Team"), &json!("Team")));
}

#[test]
#[cfg_attr(
    no_browser,
    ignore = "it drives Chromium: sudo apt-get install chromium chromium-driver"
)]
fn a_call_with_scripts() {
    a_call(true, "call");
}

#[test]
#[cfg_attr(
    no_browser,
    ignore = "it drives Chromium: sudo apt-get install chromium chromium-driver"
)]
fn a_call_without_scripts() {
    a_call(false, "call-without-scripts");
}

#[test]
#[cfg_attr(
    no_browser,
    ignore = "it drives Chromium: sudo apt-get install chromium chromium-driver"
)]
fn keys_pick_copy_and_explain_themselves() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let window = Window::open("keys");
    window.go(&format!("http://{}", server.address()));
    window.keys("?");
    assert!(window.texts("dialog dt").contains(&"c".to_owned()));
    window.keys(ESCAPE);
    assert_eq!(window.texts("dialog").len(), 0);
    window.enter("it is too expensive");
    window.keys(ESCAPE);
    window.keys("c");
    let copied = || window.texts("dd.say button").join("");
    until("what became of the copy", || copied() != "Copy");
    window.keys("w");
    let noted = || window.texts("[role='status']").join("");
    until("the mark", || noted().contains("worked"));

    window.enter("I'm not sure this is for us");
    let open = || window.texts("details.choice[open] .card").len();
    assert_eq!((window.texts("details.choice").len() > 1, open()), (true, 0));
    window.keys(ESCAPE);
    window.keys("2");
    assert_eq!(open(), 1, "a number picks");
    assert_eq!(window.complaints(), [""; 0]);
}

/// Whole sentences, typed at every state of the page: each is asked, and nothing is marked. Some
/// begin with letters that are keys on a card.
#[test]
#[cfg_attr(
    no_browser,
    ignore = "it drives Chromium: sudo apt-get install chromium chromium-driver"
)]
fn what_is_typed_is_asked_at_every_state_of_the_page() {
    let desk = TestEnv::unquestioned();
    let server = Server::start_with(&desk, &[("CORNERMAN_STORE_TEXT", "all")]);
    let window = Window::open("typing");
    window.go(&format!("http://{}", server.address()));
    let events = || -> Vec<Value> {
        let out = desk.run(&["feedback", "export"]).out;
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let count = |kind: &str| events().iter().filter(|event| event["kind"] == kind).count();
    let mut sentences = Vec::new();
    let mut types = |text: &'static str, state: &str| {
        sentences.push(text);
        window.enter(text);
        let asked: Vec<Value> =
            events().into_iter().filter(|event| event["kind"] == "asked").collect();
        let texts: Vec<&str> = asked.iter().map(|event| event["text"].as_str().unwrap()).collect();
        assert_eq!(texts, sentences, "{state}");
    };
    let outcome = || events().pop().unwrap()["outcome"].as_str().unwrap().to_owned();

    types("we need it to be cheaper than this", "an empty page");
    types("we don't have the budget for it", "a card");
    window.click("css selector", "details.more > summary");
    types("we want to think about it first", "after a look at more of the card");
    window.click("css selector", "dd.say button");
    types("we have no time for this", "after copying");
    window.click("css selector", ".card dl");
    types("we already work with another vendor", "after a click on the card");
    types("I'm not sure this is for us", "another card");
    assert_eq!(outcome(), "choice");
    types("well, we need to talk to our lawyers", "a choice");
    types("can you hear the birds in the garden", "yet another card");
    assert_eq!(outcome(), "none");
    types("where is our data stored", "nothing fits");
    window.click("css selector", ".didnt > summary");
    types("don't call us again, please", "the form of reasons is open");
    window.click("css selector", ".tell > summary");
    window.keys("They would like a case study");
    window.keys(ESCAPE);
    types("this is far too expensive", "the form for marketing is open and half filled in");
    let kept = window.texts("details.tell.kept > summary");
    assert_eq!(kept, ["Not sent yet"], "what was typed there is not lost");
    assert_eq!((count("marked"), count("recommended")), (0, 0));

    window.press("Worked");
    assert_eq!(count("marked"), 1);
    types("what is the catch, they want to know", "after a mark");
    assert_eq!(count("marked"), 1);
    // On an empty field Enter takes nothing away.
    window.keys(ENTER);
    assert_eq!(window.texts("#problem"), ["Type what the customer said."]);
    assert!(!window.texts("article.card").is_empty());
    assert_eq!(window.complaints(), [""; 0]);
}

#[test]
#[cfg_attr(
    no_browser,
    ignore = "it drives Chromium: sudo apt-get install chromium chromium-driver"
)]
fn a_mark_is_taken_back_and_a_choice_refused() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let window = Window::open("undo");
    window.go(&format!("http://{}", server.address()));
    let marks = || -> Vec<String> {
        let out = desk.run(&["feedback", "export", "--format", "jsonl"]).out;
        let events = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let marked = events.filter(|event| event["kind"] == "marked");
        marked.map(|event| format!("{} {}", event["mark"], event["reason"])).collect()
    };
    window.enter("it is too expensive");
    window.press("Worked");
    assert!(window.texts(".noted").join("").contains("“It costs too much” worked."));
    assert_eq!(window.texts("[aria-pressed=true]"), ["Worked"], "it looks pressed");
    window.press("Undo");
    assert!(window.texts(".noted").join("").contains("Taken back"));
    assert_eq!(window.texts("[aria-pressed=true]"), [""; 0]);
    assert_eq!(marks(), ["\"worked\" null", "\"undone\" null"]);

    window.enter("I'm not sure this is for us");
    let first = window.texts("details.choice > summary");
    assert!(first.len() > 1 && first[0].starts_with('1'), "{first:?}");
    window.press("None of these");
    assert!(window.texts(".noted").join("").contains("the wrong card"));
    let next = window.texts("article.card .head strong");
    assert!(next.len() == 1 && !first.concat().contains(&next[0]), "{next:?} of {first:?}");
    let wrong = "\"not_used\" \"wrong card\"";
    assert_eq!(marks()[2..], vec![wrong; first.len()]);
    assert!(!window.texts(".tell > summary").is_empty());

    // The reason "wrong card" is the same, and brings the next as well.
    window.enter("it is too expensive");
    window.click("css selector", ".didnt > summary");
    window.click("css selector", "input[value='wrong card']");
    window.press("Save");
    assert_eq!(marks().last().unwrap(), wrong);
    assert!(window.texts(".noted").join("").contains("This one comes next"));
    assert_eq!(window.complaints(), [""; 0]);
}
