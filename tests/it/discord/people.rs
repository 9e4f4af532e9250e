//! People on Discord, as the conversations that every platform has need them.

use serde_json::{Value, json};

use super::fake::{APPLICATION, GUILD, Model, member, message};
use super::{Bot, LEADS, MARKETERS, Seen};
use crate::platforms::{ChatPlatform, Shown, Who};

const APPROVERS: &str = "500000000000000009";
const MANAGER: &str = "400000000000000011";
const DIRECTOR: &str = "400000000000000012";
const REP: u64 = 300_000_000_000_000_001;

/// The real bot, connected to a Discord over loopback, and people there.
pub struct DiscordPeople(Bot);

fn number(who: Who) -> u64 {
    REP + match who {
        Who::Rep => 0,
        Who::OtherRep => 1,
        Who::Lead => 2,
        Who::Marketer => 3,
        Who::Manager => 4,
        Who::Director => 5,
    }
}

fn person(who: Who) -> Value {
    let roles: &[&str] = match who {
        Who::Rep | Who::OtherRep => &[],
        Who::Lead => &[LEADS],
        Who::Marketer => &[MARKETERS],
        Who::Manager => &[MANAGER],
        Who::Director => &[DIRECTOR],
    };
    member(number(who), 0, roles)
}

/// What stands in a message, without Discord's notation.
fn words(data: &Value) -> String {
    let mut lines: Vec<&str> = vec![data["title"].as_str().unwrap_or_default()];
    lines.extend(data["content"].as_str());
    for embed in data["embeds"].as_array().into_iter().flatten() {
        lines.extend(embed["title"].as_str());
        lines.extend(embed["description"].as_str());
        for field in embed["fields"].as_array().into_iter().flatten() {
            lines.extend(field["name"].as_str());
            lines.extend(field["value"].as_str());
        }
        lines.extend(embed["footer"]["text"].as_str());
    }
    let rows = data["components"].as_array().into_iter().flatten();
    for part in rows.flat_map(|row| row["components"].as_array().into_iter().flatten()) {
        lines.extend(part["label"].as_str().filter(|_| part["type"] == 4));
        lines.extend(part["placeholder"].as_str().filter(|_| part["type"] == 4));
    }
    let text = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let mut plain = String::new();
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => plain.extend(signs.next()),
            '*' | '`' => {}
            sign => plain.push(sign),
        }
    }
    plain
}

impl From<Seen> for Shown {
    fn from(seen: Seen) -> Self {
        let parts: Vec<&Value> = seen.parts().collect();
        let id = |part: &Value| part["custom_id"].as_str().unwrap().to_owned();
        let button = |part: &&Value| Some((part["label"].as_str()?.to_owned(), id(part)));
        let options = parts.iter().filter(|part| part["type"] == 3).flat_map(|part| {
            let options = part["options"].as_array().unwrap().iter();
            options.map(|option| (option["value"].as_str().unwrap().to_owned(), id(part)))
        });
        Self {
            text: words(&seen.data),
            options: options.collect(),
            buttons: parts.iter().filter(|part| part["type"] == 2).filter_map(button).collect(),
            form: (seen.kind == 9).then(|| id(&seen.data)),
            changed: seen.kind == 7,
            handle: json!({"id": seen.id, "data": seen.data}),
        }
    }
}

impl DiscordPeople {
    fn deliver(&self, kind: u8, who: Who, below: &Shown, data: Value) -> Shown {
        let Self(bot) = self;
        let message = below.handle["id"].as_str().map(|id| message(id, &below.handle["data"]));
        bot.seen(&bot.discord.deliver(kind, &person(who), data, message)).into()
    }

    fn posts(&self, channel: &str) -> Vec<Shown> {
        let posts = self.0.discord.shared.peek(|model| model.posts.clone());
        let there = posts.into_iter().filter(|(found, _, _)| found == channel);
        there.map(|(_, _, data)| Seen { id: "1".to_owned(), data, kind: 4 }.into()).collect()
    }
}

impl ChatPlatform for DiscordPeople {
    fn start() -> Self {
        let mut bot = Bot::new();
        start(&mut bot);
        bot.discord.ready();
        Self(bot)
    }

    fn restart(&mut self) {
        let Self(bot) = self;
        bot.server = None;
        let before = bot.discord.shared.peek(|model| model.identifies);
        start(bot);
        bot.discord
            .shared
            .until("the bot again", |model| (model.identifies > before).then_some(()));
    }

    fn command(&self, who: Who, words: &str, options: &[(&str, &str)]) -> Shown {
        self.0.command(&person(who), words, options).into()
    }

    fn complete(&self, typed: &str) -> Vec<String> {
        self.0.complete(typed)
    }

    fn handle(&self, text: &str) -> Shown {
        self.0.handle(text).into()
    }

    fn press_id(&self, who: Who, below: &Shown, id: &str) -> Shown {
        self.deliver(3, who, below, json!({"custom_id": id, "component_type": 2}))
    }

    fn pick(&self, who: Who, below: &Shown, option: &str) -> Shown {
        let (_, id) = below.options.iter().find(|(known, _)| known == option).unwrap();
        let data = json!({"custom_id": id, "component_type": 3, "values": [option]});
        self.deliver(3, who, below, data)
    }

    fn submit(&self, who: Who, form: &Shown, below: &Shown, fields: &[(&str, &str)]) -> Shown {
        let input = |(name, value): &(&str, &str)| json!({"type": 1, "components": [{"type": 4, "custom_id": name, "value": value}]});
        let rows: Vec<Value> = fields.iter().map(input).collect();
        let id = form.form.as_ref().unwrap_or_else(|| panic!("no form: {form:?}"));
        self.deliver(5, who, below, json!({"custom_id": id, "components": rows}))
    }

    fn speak(&self, who: Who, private: bool, text: &str) -> Shown {
        let Self(bot) = self;
        let before = bot.discord.shared.peek(|model| model.posts.len());
        let name = if private { String::new() } else { format!("<@{APPLICATION}> ") };
        let guild = (!private).then_some(GUILD);
        super::messages::says(bot, number(who), guild, &format!("{name}{text}"), false);
        let answered = |model: &mut Model| model.posts.get(before).cloned();
        let (_, _, data) = bot.discord.shared.until("an answer", answered);
        Seen { id: "1".to_owned(), data, kind: 4 }.into()
    }

    fn request(&self) -> Shown {
        self.posts(APPROVERS).pop().unwrap()
    }

    fn told(&self, who: Who) -> Option<Shown> {
        // The channel for direct messages has the number of the person.
        self.posts(&number(who).to_string()).pop()
    }

    fn deliver_again(&self) {
        let Self(bot) = self;
        bot.discord.shared.with(|model| {
            let mut again = model.dispatches.last().unwrap().clone();
            again["s"] = json!(model.dispatches.len() + 2);
            model.dispatches.push(again);
        });
        self.ask("we have no budget"); // comes after it
        let repeated = |model: &Model| model.interactions.values().map(|i| i.repeated).sum();
        assert_eq!(bot.discord.shared.peek::<usize>(repeated), 0, "it has its answer already");
    }

    fn events(&self) -> Vec<Value> {
        self.0.events()
    }
}

fn start(bot: &mut Bot) {
    let roles = format!("manager={MANAGER}, director={DIRECTOR}");
    bot.go_with(&[
        ("CORNERMAN_DISCORD_APPROVERS", APPROVERS),
        ("CORNERMAN_DISCORD_PRICE_ROLES", &roles),
    ]);
}
