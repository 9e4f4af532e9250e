//! `/price` from the rep's side.

use super::fake::{self, member};
use super::{Bot, rep};
use serde_json::json;

/// What stands before `part` in the text, up to its line's begin.
fn line(text: &str, part: &str) -> String {
    let text = text.replace("\\n", "\n");
    let found = text.lines().find(|line| line.contains(part));
    found.unwrap_or_else(|| panic!("no {part} in {text}")).to_owned()
}

#[test]
fn a_rep_negotiates_in_three_rounds_over_a_restart() {
    let mut bot = Bot::start();
    let price = |bot: &Bot, text: &str| {
        bot.command(&rep(), "price", &[("text", text), ("deal", "example-com")])
    };
    let first = price(&bot, "80 seats, they want 15%");
    assert_eq!((first.kind, first.data["flags"].as_u64()), (4, Some(64)), "private");
    assert!(first.title().starts_with("80 seats · team plan · 12 months"), "{}", first.title());
    assert!(line(&first.text(), "**Trade**").contains("$32,640.00"), "{}", first.text());
    let labels: Vec<&str> = first.parts().filter_map(|part| part["label"].as_str()).collect();
    assert_eq!(labels, ["They ask…", "Offered", "Why"]);
    let said = bot.press(&first, "Offered");
    assert!(said.text().contains("Noted: you offered it."), "{}", said.text());
    assert_eq!(said.data["embeds"], first.data["embeds"], "the moves stay");
    let agreed = bot.press(&said, "They agreed");
    agreed.button("Written");

    bot.server = None;
    bot.go();
    bot.discord.shared.until("the bot again", |model| (model.identifies > 1).then_some(()));
    let form = bot.press(&agreed, "They ask…");
    let second = bot.submit(&form, Some(&agreed), &[("text", "another 10%")]);
    assert_eq!(second.kind, 7, "the same message");
    assert!(line(&second.text(), "**Trade**").contains("$31,488.00 · give another 3%"));
    let paper = line(&second.text(), "Not on paper yet");
    assert!(paper.contains("clause 7 of the order form; ramp table"), "{paper}");
    bot.press(&second, "On paper: clause 7 of the order form; ramp table");
    let second = bot.press(&second, "Offered");
    let third = price(&bot, "15%");
    assert!(line(&third.text(), "**Trade**").contains("$30,912.00"), "{}", third.text());
    assert!(!third.text().contains("Not on paper"), "{}", third.text());
    bot.press(&third, "Offered");
    assert!(!price(&bot, "15%").text().contains("**Trade**"));

    let back = bot.press(&second, "Withdraw");
    assert!(back.text().contains("Noted: you took it back."), "{}", back.text());
    // Its room is free again, its step is not.
    assert!(!price(&bot, "15%").text().contains("**Trade**"));
    let why = bot.press(&third, "Why");
    assert_eq!(why.kind, 4, "beside the card");
    assert!(line(&why.text(), "list").contains("80 × $40.00 × 12"), "{}", why.text());
    let kinds: Vec<String> =
        bot.events().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
    let offered = kinds.iter().filter(|kind| *kind == "give_offered").count();
    assert_eq!(offered, 3, "{kinds:?}");
}

#[test]
fn a_stage_that_there_is_not_is_said() {
    let bot = Bot::start();
    for (words, text) in [("call start", ""), ("price", "80 seats")] {
        let wrong = bot.command(&rep(), words, &[("stage", "closng"), ("text", text)]).text();
        assert!(wrong.contains("`closng` is not a known stage"), "{words}: {wrong}");
    }
}

#[test]
fn an_objection_with_a_number_can_be_priced_and_belongs_to_its_rep() {
    let bot = Bot::start();
    let card = bot.objection("can you do 15% off 80 seats", &[]);
    let price = bot.press(&card, "Price this");
    assert_eq!((price.kind, price.data["flags"].as_u64()), (4, Some(64)));
    assert!(price.title().starts_with("80 seats"), "{}", price.text());
    bot.press(&bot.press(&card, "More"), "Price this");
    let without = bot.objection("it is too expensive", &[]);
    assert!(without.parts().all(|part| part["label"] != "Price this"));

    for label in ["Offered", "Why"] {
        let data = json!({"custom_id": price.button(label), "component_type": 2});
        let message = fake::message(&price.id, &price.data);
        let stranger = member(300_000_000_000_000_002, 0, &[]);
        let other = bot.seen(&bot.discord.deliver(3, &stranger, data, Some(message)));
        assert!(
            other.text().contains("Only the rep who asked can use this card"),
            "{}",
            other.text()
        );
    }
    assert!(bot.events().iter().all(|event| event["kind"] != "give_offered"));
}

/// Much that means nothing is named in part: the question below it is what the rep needs.
#[test]
fn a_flood_of_words_does_not_push_the_question_out() {
    let bot = Bot::start();
    let words: String = (0..85).map(|number| format!("*{number}* ~xyz~ ")).collect();
    let asked = bot.command(&rep(), "price", &[("text", &words)]);
    assert!(asked.text().contains("\n0 what?"), "{}", asked.text());
}
