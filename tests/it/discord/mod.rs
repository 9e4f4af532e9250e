//! Discord from the rep's side: the real bot, connected to a Discord over loopback.

mod approvals;
mod checkers;
mod endpoint;
mod fake;
mod faults;
mod gateway;
mod hostile;
mod leaks;
mod limiter;
mod limits;
mod load;
mod messages;
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
struct Bot {
    discord: FakeDiscord,
    desk: TestEnv,
    server: Option<Server>,
}

/// A message as a rep sees it.
#[derive(Debug, Clone)]
struct Seen {
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

#[test]
fn a_rep_asks_and_has_a_private_card_with_buttons() {
    let bot = Bot::start();
    let card = bot.objection("they say it is too expensive", &[("stage", "closing")]);
    assert_eq!((card.kind, card.data["flags"].as_u64()), (4, Some(64)), "private");
    assert_eq!(card.title(), "It costs too much");
    for part in ["**Ask:** ", "**Say:** ", "price · checked 2026-"] {
        assert!(card.text().contains(part), "{part} is missing: {}", card.text());
    }
    let labels: Vec<&str> = card.parts().filter_map(|part| part["label"].as_str()).collect();
    assert_eq!(labels, ["They said…", "Worked", "Didn't", "Next", "More", "Tell marketing"]);

    let whole = bot.press(&card, "More");
    assert_eq!(whole.kind, 7, "the message is edited");
    assert!(whole.data["embeds"][0]["fields"].as_array().unwrap().len() > 2);
    let again = bot.press(&whole, "Less");
    assert_eq!(again.data["embeds"], card.data["embeds"]);

    let worked = bot.press(&again, "Worked");
    assert!(
        worked
            .text()
            .starts_with("> they say it is too expensive\nNoted: “It costs too much” worked."),
        "{}",
        worked.text()
    );
    let events = bot.events();
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["asked", "answered", "marked"]);
    assert!(events.iter().all(|event| event["platform"] == "discord"));
    let actor = events[0]["actor"].as_str().unwrap();
    assert!(actor.len() == 16 && !actor.contains("3000"), "{actor} is a pseudonym");
    assert_eq!(events[2]["mark"], "worked");
}

#[test]
fn behind_the_last_card_there_is_none() {
    let bot = Bot::start();
    let mut card = bot.objection("it is too expensive", &[]);
    let mut titles = Vec::new();
    while !card.text().contains("There is no other card") {
        let title = card.title().to_owned();
        assert!(!titles.contains(&title), "{titles:?} and {title} again");
        titles.push(title);
        card = bot.press(&card, "Next");
    }
    assert!(titles.len() > 2, "{titles:?}");
}

#[test]
fn the_conversation_goes_on_in_the_same_message() {
    let bot = Bot::start();
    let card = bot.objection("it is too expensive", &[]);
    let form = bot.press(&card, "They said…");
    let next = bot.submit(&form, Some(&card), &[("text", "ok, but it's still too much for us")]);
    assert_eq!(next.kind, 7, "edited, not new");
    assert!(next.text().starts_with("> ok, but it's still too much for us"), "{}", next.text());
    assert!(next.text().contains("**They push back:**"), "{}", next.text());

    let other = bot.press(&card, "Next");
    assert_ne!(other.title(), card.title());
    let failed = bot.press(&other, "Didn't");
    assert!(failed.text().contains("didn't work."));
    let why = bot.pick(&failed, "not how I talk");
    assert!(why.parts().all(|part| part["type"] == 2), "the question why is gone");

    let form = bot.press(&why, "Tell marketing");
    let hint = form.data["components"][2]["components"][0]["placeholder"].as_str().unwrap();
    assert!(hint.contains("hours-saved"), "{hint}");
    let fields = [("text", "They want to own the data."), ("channel", "phone"), ("benefit", "")];
    let told = bot.submit(&form, Some(&why), &fields);
    assert!(told.text().contains("Sent to marketing."));

    let events = bot.events();
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    let answers = ["asked", "answered", "asked", "answered", "answered"];
    assert_eq!(kinds, [&answers[..], &["marked", "marked", "recommended"]].concat());
    let last = |kind: &str| events.iter().rfind(|event| event["kind"] == kind).unwrap();
    assert_eq!(last("marked")["reason"], "not how I talk");
    assert_eq!(last("marked")["card_id"], last("answered")["card_ids"][0]);
    assert_eq!(last("recommended")["channel"], "phone");
    let conversation = |at: usize| events[at]["conversation"].as_str().unwrap();
    assert!(conversation(1) == conversation(3) && conversation(3) == conversation(4));
}

#[test]
fn what_is_typed_is_completed_and_a_message_is_handled() {
    let bot = Bot::start();
    let offered = bot.complete("too exp");
    assert!(offered.iter().any(|said| said.contains("too expensive")), "{offered:?}");
    assert_eq!(bot.complete("").len(), 25);
    assert_eq!(bot.complete("qqqq"), [""; 0]);

    let card = bot.handle("honestly, your price is too high");
    assert_eq!((card.kind, card.title()), (4, "It costs too much"));
    let form = bot.handle("");
    let card = bot.submit(&form, None, &[("text", "we have no budget for this")]);
    assert_eq!((card.kind, card.data["flags"].as_u64()), (4, Some(64)));
    assert!(card.text().contains("budget"), "{}", card.text());
    assert!(bot.command(&rep(), "help", &[]).text().contains("/objection"));
    assert!(bot.command(&rep(), "dance", &[]).text().contains("Unknown command"));
}

#[test]
fn nothing_fits_choices_and_empty_questions_are_said() {
    let bot = Bot::start();
    let none = bot.objection("shall we have lunch at the pizza place?", &[]);
    assert!(none.text().contains("No card for this yet."), "{}", none.text());
    none.button("Tell marketing");
    assert!(bot.objection(" \u{200b} ", &[]).text().contains("Type what the customer said."));
    let both = bot.objection("it's far too expensive and we are tied to a contract", &[]);
    assert!(both.text().contains("A card for each"), "{}", both.text());
    let embeds = both.data["embeds"].as_array().unwrap().iter();
    let first = embeds.map(|embed| embed["description"].as_str().unwrap().lines().next().unwrap());
    let said = ["> it's far too expensive", "> we are tied to a contract"];
    assert_eq!(first.collect::<Vec<_>>(), said);
    let labels: Vec<&str> = both.parts().filter_map(|part| part["label"].as_str()).collect();
    assert_eq!(labels, ["It costs too much", "We are tied to a contract", "Tell marketing"]);
    let picked = bot.press(&both, labels[1]);
    assert_eq!(picked.data["embeds"][0]["title"], labels[1]);
    let choice = bot.objection("we have all we need", &[]);
    let labels: Vec<&str> = choice.parts().filter_map(|part| part["label"].as_str()).collect();
    assert!(labels.len() > 2, "{labels:?}");
    let picked = bot.press(&choice, labels[1]);
    assert_eq!((picked.kind, picked.title()), (7, labels[1]));
    bot.press(&picked, "Worked");
    let marked = bot.events().pop().unwrap();
    assert_eq!(marked["kind"], "marked");
}

#[test]
fn a_button_works_after_a_restart_and_belongs_to_its_rep() {
    let mut bot = Bot::start();
    let card = bot.objection("it is too expensive", &[]);
    bot.server = None;
    bot.go();
    bot.discord.shared.until("the bot again", |model| (model.identifies > 1).then_some(()));
    let worked = bot.press(&card, "Worked");
    assert!(worked.text().contains("” worked."), "{}", worked.text());

    let press = |id: &str, user: u64| {
        let data = json!({"custom_id": id, "component_type": 2});
        let message = fake::message(&card.id, &card.data);
        bot.seen(&bot.discord.deliver(3, &member(user, 0, &[]), data, Some(message)))
    };
    let other = press(&card.button("Worked"), 300_000_000_000_000_002);
    assert!(other.text().contains("Only the rep who asked can use this card"), "{}", other.text());
    for id in ["cm1:win:01936000-0000-7000-8000-000000000002:0", "cm0:win:a:0", "cm1:dance:a:0"] {
        let old = press(id, 300_000_000_000_000_001);
        assert!(old.text().contains("from an older version"), "{id}: {}", old.text());
    }
    let marks = bot.events().iter().filter(|event| event["kind"] == "marked").count();
    assert_eq!(marks, 1);
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

#[test]
fn the_same_interaction_twice_is_one_event_and_one_answer() {
    let bot = Bot::start();
    let card = bot.objection("it is too expensive", &[]);
    bot.press(&card, "Worked");
    bot.discord.shared.with(|model| {
        for at in 0..2 {
            let mut again = model.dispatches[at].clone();
            again["s"] = json!(model.dispatches.len() + 2);
            model.dispatches.push(again);
        }
    });
    bot.objection("we have no budget", &[]); // comes after them
    let kinds: Vec<Value> = bot.events().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["asked", "answered", "marked", "asked", "answered"]);
    let repeated = |model: &fake::Model| model.interactions.values().map(|i| i.repeated).sum();
    assert_eq!(bot.discord.shared.peek::<usize>(repeated), 0);
}

#[test]
fn what_is_said_once_of_a_call_holds_for_its_questions() {
    let bot = Bot::start();
    let say = |words: &str, options: &[(&str, &str)]| bot.command(&rep(), words, options).text();
    assert!(say("call status", &[]).contains("No active call."));
    assert!(say("call end", &[]).contains("No active call."));
    let begun = say("call start", &[("stage", "closing"), ("competitor", "Quickpath")]);
    assert!(begun.contains("stage closing, competitor Quickpath"), "{begun}");
    let card = bot.objection("it is too expensive", &[]);
    let again = bot.objection("it is too expensive", &[]);
    assert_ne!(card.data["embeds"], again.data["embeds"], "nothing is shown twice in a call");
    assert!(say("call status", &[]).contains("stage closing, competitor Quickpath: 2 answers."));
    // It is the log that knows, so a restart changes nothing; others are in no call.
    let stranger = member(300_000_000_000_000_002, 0, &[]);
    assert!(bot.command(&stranger, "call status", &[]).text().contains("No active call."));
    assert!(say("call end", &[]).contains("The call is over: 2 answers."));
    assert!(say("call status", &[]).contains("No active call."));
    let fresh = bot.objection("it is too expensive", &[]);
    let events = bot.events();
    let asked: Vec<&Value> = events.iter().filter(|event| event["kind"] == "asked").collect();
    assert_eq!(
        (&asked[0]["stage"], &asked[0]["competitor"]),
        (&json!("closing"), &json!("Quickpath"))
    );
    assert_eq!(asked[2].get("stage"), None);
    assert_eq!(fresh.title(), card.title());
    let csv = bot.desk.run(&["feedback", "export", "--format", "csv"]).out;
    assert!(csv.contains("\"call_started\""), "{csv}");
}

#[test]
fn leads_and_marketers_have_their_commands_and_reps_are_refused() {
    let bot = Bot::start();
    bot.press(&bot.objection("it is too expensive", &[]), "Worked");
    for words in ["playbook status", "playbook test", "feedback summary"] {
        let refused = bot.command(&rep(), words, &[("text", "too dear")]);
        assert!(refused.text().contains("Ask your Cornerman admin"), "{words}: {}", refused.text());
    }
    let lead = member(300_000_000_000_000_003, 0, &[LEADS]);
    let status = bot.command(&lead, "playbook status", &[]).text();
    assert!(status.contains("85 cards are live"), "{status}");
    let tested = bot.command(&lead, "playbook test", &[("text", "it is too expensive")]).text();
    assert!(tested.contains("It matches one card.\n• 1."), "{tested}");
    assert!(tested.contains("(`too-expensive`, objections/price.md)"), "{tested}");
    let marketer = member(300_000_000_000_000_004, 0, &[MARKETERS]);
    let summary = bot.command(&marketer, "feedback summary", &[]).text();
    assert!(summary.contains("questions 1, without a card 0, recommendations 0"), "{summary}");
    assert!(summary.contains("• `too-expensive`: shown 1, worked 1, didn't 0"), "{summary}");
    assert!(bot.command(&lead, "feedback summary", &[]).text().contains("This is for marketers."));
    // Whoever may manage the server may do both.
    let owner = member(300_000_000_000_000_005, 0x20, &[]);
    assert!(bot.command(&owner, "feedback summary", &[]).text().contains("questions 1"));
    assert!(bot.command(&owner, "playbook status", &[]).text().contains("85 cards"));
}

#[test]
fn a_flood_is_told_to_wait_and_others_are_not() {
    let bot = Bot::start();
    let flood: Vec<String> = (0..40)
        .map(|_| {
            let data = json!({"id": "3", "name": "help", "type": 1});
            bot.discord.deliver(2, &rep(), data, None)
        })
        .collect();
    let other = member(300_000_000_000_000_002, 0, &[]);
    let calm = bot.command(&other, "help", &[]);
    assert!(calm.text().contains("/objection"));
    let slowed =
        flood.iter().filter(|id| bot.seen(id).text().contains("Too many requests")).count();
    assert!((20..=30).contains(&slowed), "{slowed} of 40");
}
