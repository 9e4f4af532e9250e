//! Discord from the rep's side: the real bot, connected to a Discord over loopback.

mod approvals;
mod checkers;
mod endpoint;
mod fake;
mod faults;
mod gateway;
mod hostile;
mod ideas;
mod leaks;
mod limiter;
mod limits;
mod load;
mod messages;
pub mod people;
mod prices;
mod schema;
mod servers;

use serde_json::{Value, json};

use crate::TestEnv;
use crate::server::Server;
use fake::{FakeDiscord, member};
use gateway::Order;

const TOKEN: &str = "MTE.canary.token";
const LEADS: &str = "400000000000000001";
const MARKETERS: &str = "400000000000000002";

/// A bot on its own Discord.
pub struct Bot {
    discord: FakeDiscord,
    desk: TestEnv,
    server: Option<Server>,
}

/// A message as a rep sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    id: String,
    data: Value,
    kind: u64,
}

impl Bot {
    fn start() -> Self {
        let mut bot = Self::new();
        bot.go();
        bot.discord.ready();
        bot
    }

    /// Not started yet.
    fn new() -> Self {
        Self { discord: FakeDiscord::start(), desk: TestEnv::unquestioned(), server: None }
    }

    /// What `/healthz` says of Discord.
    fn health(&self) -> Value {
        let health = self.server.as_ref().unwrap().get("/healthz").json();
        health["platforms"]["discord"].clone()
    }

    /// Waits until `/healthz` says this; each turn is a request, so it waits by working.
    fn until_it_is(&self, state: &str) -> Value {
        let begun = std::time::Instant::now();
        loop {
            let health = self.health();
            if health["state"].as_str().unwrap().starts_with(state) {
                return health;
            }
            assert!(begun.elapsed().as_secs() < 40, "not {state} but {health}");
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.desk.path("log")).unwrap()
    }

    fn go(&mut self) {
        self.go_with(&[]);
    }

    /// Starts it with these variables in its environment as well.
    fn go_with(&mut self, more: &[(&str, &str)]) {
        let api = self.discord.api.as_str();
        let settings = [
            ("DISCORD_TOKEN", TOKEN),
            ("CORNERMAN_DISCORD_API", api),
            ("CORNERMAN_DISCORD_LEADS", LEADS),
            ("CORNERMAN_DISCORD_MARKETERS", MARKETERS),
            ("CORNERMAN_DISCORD_PATIENCE", "0.05"),
            ("CORNERMAN_LOG", "trace"),
        ];
        let environment: Vec<_> = settings.iter().chain(more).copied().collect();
        self.server = Some(Server::start_with(&self.desk, &environment));
    }

    /// Types `/objection`.
    fn objection(&self, text: &str, options: &[(&str, &str)]) -> Seen {
        let mut all = vec![json!({"name": "text", "type": 3, "value": text})];
        all.extend(options.iter().map(|(n, v)| json!({"name": n, "type": 3, "value": v})));
        let data = json!({"id": "1", "name": "objection", "type": 1, "options": all});
        self.seen(&self.discord.deliver(2, &rep(), data, None))
    }

    /// Presses the button with this label.
    fn press(&self, seen: &Seen, label: &str) -> Seen {
        self.press_as(&rep(), seen, label)
    }

    fn press_as(&self, who: &Value, seen: &Seen, label: &str) -> Seen {
        let data = json!({"custom_id": seen.button(label), "component_type": 2});
        let message = fake::message(&seen.id, &seen.data);
        self.seen(&self.discord.deliver(3, who, data, Some(message)))
    }

    /// Picks from the select.
    fn pick(&self, seen: &Seen, reason: &str) -> Seen {
        self.pick_as(&rep(), seen, reason)
    }

    fn pick_as(&self, who: &Value, seen: &Seen, reason: &str) -> Seen {
        let select = seen.parts().find(|part| part["type"] == 3).unwrap();
        let data = json!({"custom_id": select["custom_id"], "component_type": 3,
                          "values": [reason]});
        let message = fake::message(&seen.id, &seen.data);
        self.seen(&self.discord.deliver(3, who, data, Some(message)))
    }

    /// Fills in the form and sends it; `below` is the message whose button opened it.
    fn submit(&self, form: &Seen, below: Option<&Seen>, fields: &[(&str, &str)]) -> Seen {
        self.submit_as(&rep(), form, below, fields)
    }

    fn submit_as(
        &self,
        who: &Value,
        form: &Seen,
        below: Option<&Seen>,
        fields: &[(&str, &str)],
    ) -> Seen {
        assert_eq!(form.kind, 9, "a form: {form:?}");
        let input = |(name, value): &(&str, &str)| json!({"type": 1, "components": [{"type": 4, "custom_id": name, "value": value}]});
        let rows: Vec<Value> = fields.iter().map(input).collect();
        let data = json!({"custom_id": form.data["custom_id"], "components": rows});
        let message = below.map(|seen| fake::message(&seen.id, &seen.data));
        self.seen(&self.discord.deliver(5, who, data, message))
    }

    /// What is offered while a rep types.
    fn complete(&self, typed: &str) -> Vec<String> {
        let options = json!([{"name": "text", "type": 3, "value": typed, "focused": true}]);
        let data = json!({"id": "1", "name": "objection", "type": 1, "options": options});
        let seen = self.seen(&self.discord.deliver(4, &rep(), data, None));
        assert_eq!(seen.kind, 8);
        let choices = seen.data["choices"].as_array().unwrap();
        choices.iter().map(|choice| choice["value"].as_str().unwrap().to_owned()).collect()
    }

    /// Right-clicks a message and picks "Handle this objection".
    fn handle(&self, content: &str) -> Seen {
        let id = "100000000000000009";
        let mut message = fake::message(id, &json!({"content": content}));
        message["flags"] = json!(0);
        let data = json!({"id": "2", "name": "Handle this objection", "type": 3,
                          "target_id": id, "resolved": {"messages": {id: message}}});
        self.seen(&self.discord.deliver(2, &rep(), data, None))
    }

    /// Types a command, `call start` for example, with options.
    fn command(&self, who: &Value, words: &str, options: &[(&str, &str)]) -> Seen {
        let option =
            |(name, value): &(&str, &str)| json!({"name": name, "type": 3, "value": value});
        let mut options: Vec<Value> = options.iter().map(option).collect();
        let (name, part) = words.split_once(' ').unwrap_or((words, ""));
        if !part.is_empty() {
            options = vec![json!({"name": part, "type": 1, "options": options})];
        }
        let data = json!({"id": "3", "name": name, "type": 1, "options": options});
        self.seen(&self.discord.deliver(2, who, data, None))
    }

    fn seen(&self, id: &str) -> Seen {
        let response = self.discord.response(id);
        let kind = response["type"].as_u64().unwrap();
        Seen { id: id.to_owned(), data: response["data"].clone(), kind }
    }

    /// The events of the log.
    fn events(&self) -> Vec<Value> {
        let ran = self.desk.run(&["feedback", "export", "--format", "jsonl"]);
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn rep() -> Value {
    member(300_000_000_000_000_001, 0, &[])
}

impl Seen {
    fn parts(&self) -> impl Iterator<Item = &Value> {
        let rows = self.data["components"].as_array().into_iter().flatten();
        rows.flat_map(|row| row["components"].as_array().into_iter().flatten())
    }

    fn button(&self, label: &str) -> String {
        let found = self.parts().find(|part| part["label"] == label);
        let found = found.unwrap_or_else(|| panic!("no button {label}: {self:?}"));
        found["custom_id"].as_str().unwrap().to_owned()
    }

    fn title(&self) -> &str {
        self.data["embeds"][0]["title"].as_str().unwrap_or_default()
    }

    fn text(&self) -> String {
        let content = self.data["content"].as_str().unwrap_or_default();
        let embed = self.data["embeds"][0].to_string();
        format!("{content}\n{embed}")
    }
}

/// What goes on in a conversation is the same on every platform (`platforms::suite`); this is how it
/// looks here.
#[test]
fn a_rep_asks_and_has_a_private_card_that_is_edited() {
    let bot = Bot::start();
    let card = bot.objection("they say it is too expensive", &[("stage", "closing")]);
    assert_eq!((card.kind, card.data["flags"].as_u64()), (4, Some(64)), "private");
    assert_eq!(card.title(), "It costs too much");
    for part in ["**Ask:** ", "**Say:** ", "price · checked 2026-"] {
        assert!(card.text().contains(part), "{part} is missing: {}", card.text());
    }
    let whole = bot.press(&card, "More");
    assert_eq!(whole.kind, 7, "the message is edited");
    assert!(whole.data["embeds"][0]["fields"].as_array().unwrap().len() > 2);
    let again = bot.press(&whole, "Less");
    assert_eq!(again.data["embeds"], card.data["embeds"]);
    let form = bot.press(&card, "Tell marketing");
    let hint = form.data["components"][2]["components"][0]["placeholder"].as_str().unwrap();
    assert!(hint.contains("hours-saved"), "{hint}");
    let events = bot.events();
    assert!(events.iter().all(|event| event["platform"] == "discord"));
    let actor = events[0]["actor"].as_str().unwrap();
    assert!(!actor.contains("3000"), "{actor} is a pseudonym");
    let form = bot.handle("");
    let card = bot.submit(&form, None, &[("text", "we have no budget for this")]);
    assert_eq!((card.kind, card.data["flags"].as_u64()), (4, Some(64)));
}

/// Whoever may manage the server may what leads and marketers may.
#[test]
fn who_manages_the_server_may_what_leads_and_marketers_may() {
    let bot = Bot::start();
    let owner = member(300_000_000_000_000_005, 0x20, &[]);
    assert!(bot.command(&owner, "feedback summary", &[]).text().contains("Nothing in the last"));
    assert!(bot.command(&owner, "playbook status", &[]).text().contains("85 cards"));
}

#[test]
fn nothing_is_lost_when_the_line_breaks() {
    let bot = Bot::start();
    let resumes = || bot.discord.shared.peek(|model| model.resumes);
    for order in [Order::Close(4000), Order::Reconnect, Order::Drop] {
        let before = resumes();
        bot.discord.shared.with(|model| model.orders.push(order));
        // Asked while the bot may be away.
        assert_eq!(bot.objection("it is too expensive", &[]).title(), "It costs too much");
        bot.discord.shared.until("a resume", |model| (model.resumes > before).then_some(()));
        assert_eq!(bot.objection("we have no budget", &[]).title(), "There is no budget");
    }
    assert_eq!(bot.discord.shared.peek(|model| model.identifies), 1, "the session was kept");
}
