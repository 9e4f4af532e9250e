//! Other people's libraries against our fake Discord, by hand: see CONTRIBUTING.md.

use serde_json::json;

use super::fake::FakeDiscord;
use super::rep;

/// Ends with the test, however that ends.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs discord.js or discord.py: see CONTRIBUTING.md, Checks"]
fn another_library_answers_a_command() {
    let command = std::env::var("CORNERMAN_CHECKER").unwrap();
    let discord = FakeDiscord::start();
    let mut words = command.split(' ');
    let checker = std::process::Command::new(words.next().unwrap())
        .args(words)
        .env("CORNERMAN_FAKE", &discord.api)
        .env("CORNERMAN_FAKE_GATEWAY", &discord.gateway)
        .spawn()
        .unwrap();
    let _checker = Running(checker);
    discord.shared.until("the library", |model| (model.identifies > 0).then_some(()));
    let options = json!([{"name": "text", "type": 3, "value": "too dear"}]);
    let data = json!({"id": "1", "name": "objection", "type": 1, "options": options});
    let id = discord.deliver(2, &rep(), data, None);
    let answer = discord.response(&id);
    assert_eq!(answer["data"]["content"], "heard: too dear", "{answer}");
    assert_eq!(answer["data"]["flags"], 64);
    println!("{command}: {answer}");
}
