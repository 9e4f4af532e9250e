//! A thousand pieces of personal data and secrets, typed into everything that can be typed into:
//! not one may be found in any file, log or export afterwards.

use std::path::{Path, PathBuf};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use regex::Regex;
use serde_json::{Value, json};

use super::{Bot, rep};
use crate::redact::value;

/// Hands out values, and remembers them.
struct Planted {
    runner: TestRunner,
    values: Vec<String>,
}

impl Planted {
    fn next(&mut self) -> String {
        let (_, value) = value().new_tree(&mut self.runner).unwrap().current();
        self.values.push(value.clone());
        value
    }

    /// A sentence around four of them.
    fn said(&mut self) -> String {
        let begin = ["write to", "it is too expensive, says", "they want 15% off 80 seats, ask"];
        let begin = begin[self.values.len() % begin.len()];
        let four = [self.next(), self.next(), self.next(), self.next()];
        format!("{begin} {} about it, {}; or {}, not {}.", four[0], four[1], four[2], four[3])
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn nothing_personal_is_left_anywhere() {
    let mut bot = Bot::new();
    bot.go_with(&[("CORNERMAN_STORE_TEXT", "all")]);
    bot.discord.ready();
    let mut planted = Planted { runner: TestRunner::deterministic(), values: Vec::new() };

    let lines: Vec<String> = (0..40).map(|_| planted.said()).collect();
    let ran = bot.desk.run_with(&["ask", "--store-text=all"], lines.join("\n").as_bytes());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    through_the_api(&bot, &mut planted);
    through_the_pages(&bot, &mut planted);
    on_discord(&bot, &mut planted);
    assert!(planted.values.len() >= 1_000, "{}", planted.values.len());

    let server = bot.server.as_ref().unwrap();
    let mut shown = vec![server.get("/dashboard/activity").body, server.get("/").body];
    shown.push(server.get("/dashboard/export.csv").body);
    shown.push(bot.desk.run(&["feedback", "export"]).out);
    assert!(shown[3].matches("[PHONE]").count() > 50, "the texts are kept, with masks");
    let any: Vec<String> = planted.values.iter().map(|value| regex::escape(value)).collect();
    let any = Regex::new(&format!("(?i){}", any.join("|"))).unwrap();
    for text in &shown {
        assert_eq!(any.find(text).map(|found| found.as_str()), None);
    }
    let files = files_below(bot.desk.folder.path());
    let named = |name: &str| files.iter().any(|file| file.ends_with(name));
    assert!(named("data/cornerman.db") && named("data/cornerman.db-wal") && named("log"));
    for file in files.iter().filter(|file| !file.starts_with(bot.desk.path("playbooks"))) {
        let bytes = std::fs::read(file).unwrap();
        let found = any.find(&String::from_utf8_lossy(&bytes)).map(|found| found.as_str().len());
        assert_eq!(found, None, "{}", file.display());
    }
}

fn through_the_api(bot: &Bot, planted: &mut Planted) {
    let server = bot.server.as_ref().unwrap();
    let post = |path: &str, body: Value, key: &str| {
        let key = format!("Idempotency-Key: {key}");
        let reply = server.post_json(&format!("/api/v1/{path}"), &body, &[&key]);
        assert!(reply.status < 300, "{path} {body}: {}", reply.body);
        reply.json()
    };
    let receipt = post("suggest", json!({"text": "it is too expensive"}), "")["receipt"].clone();
    for _ in 0..20 {
        let question = json!({"text": planted.said(), "product": planted.next(),
            "competitor": planted.next(), "conversation": planted.next()});
        post("suggest", question, "");
    }
    for _ in 0..25 {
        let mark = json!({"receipt": receipt, "mark": "worked", "reason": planted.next(),
            "note": planted.said()});
        post("feedback", mark, &planted.next());
        let told = json!({"text": planted.said(), "channel": planted.next(),
            "benefit": planted.next()});
        post("recommendations", told, &planted.next());
        post("price", json!({"text": planted.said(), "deal": planted.next()}), "");
    }
}

fn through_the_pages(bot: &Bot, planted: &mut Planted) {
    let server = bot.server.as_ref().unwrap();
    for _ in 0..15 {
        let (text, product, competitor) = (planted.said(), planted.next(), planted.next());
        let about = [("product", product.as_str()), ("competitor", &competitor)];
        let page = server.post_form("/", &[&[("text", text.as_str())], &about[..]].concat());
        assert_eq!(page.status, 200);
        let (text, deal) = (planted.said(), planted.next());
        server.post_form("/price", &[("text", &text), ("deal", &deal)]);
    }
    let page = server.post_form("/", &[("text", "it is too expensive")]).body;
    let hidden = |name: &str| {
        let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let (receipt, card, key) = (hidden("receipt"), hidden("card_id"), hidden("key"));
    let common = [("receipt", receipt.as_str()), ("card_id", &card), ("key", &key)];
    for _ in 0..15 {
        let (reason, note) = (planted.next(), planted.said());
        let mark = [("mark", "did_not_work"), ("reason", &reason), ("note", &note)];
        assert_eq!(server.post_form("/marks", &[&common[..], &mark].concat()).status, 303);
        let (text, benefit) = (planted.said(), planted.next());
        let told = [("text", text.as_str()), ("benefit", &benefit)];
        let told = server.post_form("/recommendations", &[&common[..], &told].concat());
        assert_eq!(told.status, 303);
    }
}

fn on_discord(bot: &Bot, planted: &mut Planted) {
    let card = bot.objection("it is too expensive", &[]);
    let form = bot.press(&card, "Tell marketing");
    let (text, benefit) = (planted.said(), planted.next());
    bot.submit(&form, Some(&card), &[("text", &text), ("benefit", &benefit)]);
    for _ in 0..3 {
        let (text, product, competitor) = (planted.said(), planted.next(), planted.next());
        bot.objection(&text, &[("product", &product), ("competitor", &competitor)]);
        bot.handle(&planted.said());
        bot.command(&rep(), "price", &[("text", &planted.said())]);
        bot.complete(&planted.said());
        let (product, competitor) = (planted.next(), planted.next());
        let about = [("product", product.as_str()), ("competitor", &competitor)];
        bot.command(&rep(), "call start", &about);
    }
}
