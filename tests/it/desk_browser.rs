//! The marketer's pages in a real browser: what comes in meanwhile, and a morning's triage by keyboard.

use serde_json::{Value, json};

use crate::TestEnv;
use crate::browser::{Window, eventually};
use crate::server::Server;

#[test]
fn what_comes_in_meanwhile_appears_on_an_open_dashboard() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let window = Window::open("news");
    window.go(&format!("http://{}/dashboard/activity", server.address()));
    assert_eq!(window.texts("[data-news]"), [""], "nothing yet");
    let ask = |text: &str| server.post_json("/api/v1/suggest", &json!({"text": text}), &[]);
    let line = || window.texts("[data-news]").join("");
    // The page listens only some time after it is there.
    let told = || {
        ask("shall we have lunch at the pizza place?");
        line().contains("new unanswered question")
    };
    eventually(told, "no word of a question that nothing fits");
    ask("it is too expensive");
    window.click("css selector", "[data-news] a");
    eventually(|| line().is_empty(), "the page was not loaded again");
    assert_eq!(
        window.texts("td.words").first().map(String::as_str),
        Some("shall we have lunch at the pizza place?")
    );
    assert_eq!(window.complaints(), [""; 0]);
}

/// Five recommendations are decided by keys alone, and one decision is taken back.
#[test]
fn five_recommendations_are_triaged_by_keyboard() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    for text in ["one", "two", "three", "four", "five"] {
        let told = json!({"text": text, "channel": "phone", "benefit": "payback"});
        assert_eq!(server.post_json("/api/v1/recommendations", &told, &[]).status, 201);
    }
    let window = Window::open("triage");
    window.go(&format!("http://{}/dashboard/inbox", server.address()));
    let open =
        || window.texts(".tabs a").first().map(|tab| tab.replace('\n', " ")).unwrap_or_default();
    let detail = || window.texts("#h-detail").join("");
    assert_eq!((detail().as_str(), open().as_str()), ("“five”", "Open 5"));
    window.leave(|| window.keys("j"));
    assert_eq!(detail(), "“four”");
    window.leave(|| window.keys("k"));
    assert_eq!(detail(), "“five”");
    let decided = |key: &str, left: &str| {
        window.leave(|| window.keys(key));
        assert_eq!(open(), left, "{key}");
    };
    decided("1", "Open 4");
    decided("h", "Open 3");
    // To decline takes a reason: the key leads to where it is written.
    window.keys("3");
    window.keys("It is on the price list.");
    window.press("Decline");
    assert_eq!(open(), "Open 2");
    decided("1", "Open 1");
    decided("1", "Open 0");
    assert!(window.texts("main").join("").contains("All done."));
    decided("u", "Open 1");
    assert_eq!(window.texts("#h-detail"), ["“one”"]);
    let export = desk.run(&["feedback", "export"]).out;
    let statuses: Vec<String> = export
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|event| Some(event.get("status")?.as_str()?.to_owned()))
        .collect();
    assert_eq!(statuses, ["planned", "snoozed", "declined", "planned", "planned"]);
    assert_eq!(window.complaints(), [""; 0]);
}
