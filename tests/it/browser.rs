//! What a rep does with keyboard and mouse on the page, in a real Chromium, by the WebDriver
//! protocol.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::Desk;
use crate::server::{self, Server};

/// The key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const ENTER: &str = "\u{E007}";

/// A browser window; closed when dropped, and what was seen last is left as a picture in
/// `target/tmp`.
struct Window {
    driver: Child,
    address: String,
    session: String,
    name: &'static str,
}

impl Window {
    fn open(name: &'static str) -> Self {
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
            "browserName": "chrome", "goog:chromeOptions": {"args": arguments}}}});
        let opened = window.call("POST", "/session", &wanted);
        window.session = format!("/session/{}", opened["sessionId"].as_str().unwrap());
        window
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let path = format!("{}{path}", self.session);
        let kind = ["Content-Type: application/json"];
        let reply = server::send(&self.address, method, &path, &kind, body.as_bytes()).unwrap();
        assert_eq!(reply.status, 200, "{method} {path} {body}: {}", reply.body);
        reply.json()["value"].take()
    }

    fn go(&self, url: &str) {
        self.call("POST", "/url", &json!({"url": url}));
    }

    /// Types into the field that has the focus, and Enter.
    fn enter(&self, text: &str) {
        let field = self.call("GET", "/element/active", &Value::Null);
        let field = field[ELEMENT].as_str().unwrap();
        let keys = json!({"text": format!("{text}{ENTER}")});
        self.leave(|| self.call("POST", &format!("/element/{field}/value"), &keys));
    }

    /// Clicks the button with this label.
    fn press(&self, label: &str) {
        let path = format!("//button[normalize-space()='{label}']");
        let button = self.call("POST", "/element", &json!({"using": "xpath", "value": path}));
        let click = format!("/element/{}/click", button[ELEMENT].as_str().unwrap());
        self.leave(|| self.call("POST", &click, &json!({})));
    }

    /// Does what leads to another page; that one is there afterwards.
    fn leave(&self, step: impl FnOnce() -> Value) {
        let script = |script: &str| {
            self.call("POST", "/execute/sync", &json!({"script": script, "args": []}))
        };
        script("document.documentElement.dataset.left = 1");
        step();
        let arrived = "return document.readyState == 'complete' \
                       && !document.documentElement.dataset.left";
        // The driver waits for a page that was asked for, so that this is mostly true at once.
        let tries = (0..2_000).any(|_| script(arrived) == json!(true));
        assert!(tries, "no other page came");
    }

    /// The text of every element of this kind, as it is seen.
    fn texts(&self, css: &str) -> Vec<String> {
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
    let desk = Desk::unquestioned();
    let mut server = Server::start(&desk);
    let window = Window::open("three-rounds");
    let trade = || window.texts("[aria-label='Trade'] .amount").join("");
    let buttons = || window.texts(".marks button").join(", ");
    let notes = || window.texts(".note").join(" ");
    window.go(&format!("http://{}/price", server.address()));

    window.enter("80 seats, they want 15%");
    assert!(trade().contains("$32,640.00"), "{}", trade());
    window.press("Said it");
    assert!(window.texts("[role='status']").join("").contains("you offered it"));
    window.press("They agreed");

    let address = server.address().to_owned();
    server.kill();
    server = Server::start_at(&desk, &address, &[]);
    window.enter("they still want 15%");
    assert!(trade().contains("$31,488.00"), "a smaller step: {}", trade());
    assert_eq!(notes(), "Not on paper yet: clause 7 of the order form; ramp table.");
    window.press("Said it");

    window.enter("15%");
    assert!(trade().contains("$30,912.00"), "the last step: {}", trade());
    assert_eq!(buttons(), "Said it");
    window.press("Said it");
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
