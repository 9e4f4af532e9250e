//! Many reps at once, while the page is busy and the playbooks are saved again and again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::Bot;
use super::fake::member;

/// `CORNERMAN_TEST_ROUNDS=30 cargo test --release --test it many_reps -- --nocapture` measures
/// for thirty seconds.
#[test]
fn many_reps_are_answered_in_time() {
    let measured = std::env::var("CORNERMAN_TEST_ROUNDS").map(|text| text.parse().unwrap());
    // Not measured, a busy machine must not be what fails.
    let (seconds, askers) = measured.map_or((2, 1), |seconds| (seconds, 4));
    let bot = Bot::start();
    let server = bot.server.as_ref().unwrap();
    let file = bot.desk.path("playbooks/objections/price.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let done = AtomicBool::new(false);
    let ids = std::thread::scope(|scope| {
        for number in 0..askers {
            let done = &done;
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    let question = json!({"text": format!("we have {number} budgets for this")});
                    server.post_json("/api/v1/suggest", &question, &[]);
                }
            });
        }
        scope.spawn(|| {
            let mut version = 0;
            while !done.load(Ordering::SeqCst) {
                version += 1;
                let saved =
                    text.replacen("- Fair.", &format!("- Fair, for the {version}th time."), 1);
                std::fs::write(&file, saved).unwrap();
                let live = || server.get("/healthz").json()["generation"].clone();
                let before = live();
                while live() == before && !done.load(Ordering::SeqCst) {
                    server.get("/");
                }
            }
        });
        let begun = Instant::now();
        let mut ids = Vec::new();
        for number in 0..seconds * 20 {
            // Twenty a second; the wait is spent on asking how it is.
            while begun.elapsed() < Duration::from_millis(50) * u32::try_from(number).unwrap() {
                server.get("/healthz");
            }
            let options = json!([{"name": "text", "type": 3, "value": "it is too expensive"}]);
            let data = json!({"id": "1", "name": "objection", "type": 1, "options": options});
            let rep = member(300_000_000_000_000_000 + number % 50, 0, &[]);
            ids.push(bot.discord.deliver(2, &rep, data, None));
        }
        for id in &ids {
            bot.discord.response(id);
        }
        done.store(true, Ordering::SeqCst);
        ids
    });
    println!("{}", told(&bot, &ids));
}

/// How long the answers took.
fn told(bot: &Bot, ids: &[String]) -> String {
    let mut times: Vec<(Duration, u64)> = bot.discord.shared.peek(|model| {
        let of = |id: &String| model.interactions[id].response.clone().unwrap();
        ids.iter().map(of).map(|(body, after)| (after, body["type"].as_u64().unwrap())).collect()
    });
    times.sort();
    let promised = times.iter().filter(|(_, kind)| *kind == 5).count();
    let place = |percent: usize| times[(times.len() * percent).div_ceil(100) - 1].0;
    format!(
        "{} interactions, {promised} promised first: p50 {:?}, p99 {:?}, max {:?}",
        times.len(),
        place(50),
        place(99),
        place(100)
    )
}
