//! The bot works for one server. Anybody may add it to another, or write to it.

use serde_json::{Value, json};

use super::fake::{GUILD, STRANGERS, member};
use super::{Bot, rep};

const OTHER: &str = "100000000000000099";

/// Somebody who may manage the server that they are on.
fn owner(user: u64) -> Value {
    member(user, 1 << 5, &[super::LEADS, super::MARKETERS])
}

/// What they get for each of the things that can be asked.
fn answers(bot: &Bot, who: &Value) -> Vec<String> {
    let price = [("text", "80 seats, they want 15%")];
    let said = |name: &str, options: &[(&str, &str)]| bot.command(who, name, options).text();
    vec![
        said("price", &price),
        said("call start", &[]),
        said("playbook status", &[]),
        said("playbook test", &[("text", "it is too expensive")]),
        said("feedback summary", &[]),
    ]
}

fn completed(bot: &Bot, who: &Value) -> usize {
    let field = json!({"name": "text", "type": 3, "value": "too", "focused": true});
    let data = json!({"id": "1", "name": "objection", "type": 1, "options": [field]});
    let id = bot.discord.deliver(4, who, data, None);
    bot.discord.response(&id)["data"]["choices"].as_array().unwrap().len()
}

fn events(bot: &Bot) -> usize {
    bot.events().len()
}

#[test]
fn another_server_gets_nothing() {
    let mut bot = Bot::new();
    bot.discord.shared.with(|model| model.guilds.push(OTHER.to_owned()));
    bot.go_with(&[("CORNERMAN_DISCORD_GUILD", GUILD)]);
    bot.discord.ready();
    let card = bot.objection("it is too expensive", &[]);
    assert_eq!(card.title(), "It costs too much");
    let before = events(&bot);

    bot.discord.shared.with(|model| model.place = Some(OTHER.to_owned()));
    let theirs = owner(300_000_000_000_000_001);
    for answer in answers(&bot, &theirs) {
        assert!(answer.contains("I work for another server"), "{answer}");
    }
    assert!(bot.press(&card, "Worked").text().contains("I work for another server"));
    assert_eq!(completed(&bot, &theirs), 0);
    assert!(bot.command(&theirs, "help", &[]).text().contains("/objection"));
    assert_eq!(events(&bot), before, "and nothing of it is kept");

    bot.discord.shared.with(|model| model.place = Some(GUILD.to_owned()));
    let ours = owner(300_000_000_000_000_001);
    assert!(bot.command(&ours, "playbook status", &[]).text().contains("cards are live"));
    assert!(completed(&bot, &rep()) > 0);
}

#[test]
fn a_direct_message_is_for_members_of_the_server() {
    let mut bot = Bot::new();
    bot.go_with(&[("CORNERMAN_DISCORD_GUILD", GUILD)]);
    bot.discord.ready();
    bot.discord.shared.with(|model| model.place = None);
    assert_eq!(bot.objection("it is too expensive", &[]).title(), "It costs too much");
    let stranger = owner(STRANGERS + 1);
    for answer in answers(&bot, &stranger) {
        assert!(answer.contains("you are not on its server"), "{answer}");
    }
    // Who manages a server somewhere manages nothing in a direct message.
    let member = owner(300_000_000_000_000_001);
    assert!(bot.command(&member, "playbook status", &[]).text().contains("for team leads"));
}

#[test]
fn on_several_servers_and_told_of_none_it_says_what_is_missing() {
    let mut bot = Bot::new();
    bot.discord.shared.with(|model| model.guilds.push(OTHER.to_owned()));
    bot.go();
    bot.discord.ready();
    for answer in answers(&bot, &owner(300_000_000_000_000_001)) {
        assert!(answer.replace('\\', "").contains("CORNERMAN_DISCORD_GUILD"), "{answer}");
    }
    assert_eq!(completed(&bot, &rep()), 0);
    assert!(bot.command(&rep(), "help", &[]).text().contains("/objection"));
}
