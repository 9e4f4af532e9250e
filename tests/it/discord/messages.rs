//! Mentions and direct messages: spoken to it answers, otherwise it is silent.

use serde_json::json;

use super::fake::{APPLICATION, GUILD, Model, member, message};
use super::{Bot, Seen};

/// Somebody writes a message; a guild makes it a channel that others read.
pub fn says(bot: &Bot, user: u64, guild: Option<&str>, content: &str, is_bot: bool) {
    let id = bot.discord.shared.with(Model::new_id);
    let mut written = message(&id, &json!({"content": content}));
    written["type"] = json!(0);
    written["flags"] = json!(0);
    let who = member(user, 0, &[]);
    written["author"] = who["user"].clone();
    written["author"]["bot"] = json!(is_bot);
    if let Some(guild) = guild {
        written["guild_id"] = json!(guild);
        let mut member = who.clone();
        member.as_object_mut().unwrap().remove("user");
        written["member"] = member;
    }
    bot.discord.dispatch("MESSAGE_CREATE", written);
}

#[test]
fn it_answers_who_speaks_to_it_and_is_silent_otherwise() {
    const REP: u64 = 300_000_000_000_000_001;
    let bot = Bot::start();
    let guild = Some(GUILD);
    let name = format!("<@{}>", APPLICATION);
    let posts = |count: usize| {
        bot.discord
            .shared
            .until("a message", |model| (model.posts.len() >= count).then(|| model.posts.clone()))
    };
    says(&bot, REP, guild, "it is too expensive", false);
    says(&bot, REP, guild, "@everyone it is too expensive", false);
    says(&bot, REP, guild, &format!("{name} it is too expensive"), true);
    says(&bot, REP, guild, &format!("{name} they say it is too expensive"), false);
    let (_, below, post) = posts(1)[0].clone();
    assert!(below.is_string());
    assert_eq!(post["content"], "I looked it up. Only you see it:");
    assert_eq!(post.get("embeds").filter(|embeds| **embeds != json!([])), None, "not for others");

    let post = Seen { id: "1".to_owned(), data: post, kind: 4 };
    let card = bot.press(&post, "Show me");
    assert_eq!((card.kind, card.data["flags"].as_u64()), (4, Some(64)));
    assert_eq!(card.title(), "It costs too much");
    let stranger = member(300_000_000_000_000_002, 0, &[]);
    let data = json!({"custom_id": post.button("Show me"), "component_type": 2});
    let id = bot.discord.deliver(3, &stranger, data, Some(message("1", &post.data)));
    assert!(bot.seen(&id).text().contains("Only the rep who asked can use this card"));

    says(&bot, REP, None, "we have no budget", false);
    let (_, _, direct) = posts(2)[1].clone();
    assert_eq!(direct["embeds"][0]["title"], "There is no budget");
    says(&bot, REP, guild, &name, false);
    assert!(posts(3)[2].2["content"].as_str().unwrap().contains("Mention me"));

    // One channel does not hear from it without end, whoever speaks.
    for user in 0..20 {
        says(&bot, REP + 10 + user, guild, &format!("{name} too dear"), false);
    }
    bot.objection("it is too expensive", &[]);
    bot.objection("it is too expensive", &[]);
    let heard = bot.discord.shared.peek(|model| model.posts.len());
    assert!((4..=9).contains(&heard), "{heard} messages in one channel");
}
