//! What marketing decides about a rep's idea reaches the rep on Discord.

use super::Bot;

#[test]
fn a_decision_reaches_the_rep_with_the_next_answer_once() {
    let bot = Bot::start();
    let card = bot.objection("it is too expensive", &[]);
    let form = bot.press(&card, "Tell marketing");
    let fields = [("text", "Send the sheet first"), ("channel", "E-mail"), ("benefit", "")];
    bot.submit(&form, Some(&card), &fields);
    assert!(!bot.objection("we have no budget", &[]).text().contains("Your idea"));

    let server = bot.server.as_ref().unwrap();
    let marketer = server.new_browser();
    let page = server.send("GET", "/dashboard/inbox", &[&marketer.cookie], b"");
    let item = page.hidden("item");
    let decided = [
        ("item", item.as_str()),
        ("status", "declined"),
        ("reply", "They get it with the offer."),
        ("key", "k"),
        ("token", &marketer.token),
    ];
    let done = server.post_fields("/dashboard/inbox/triage", &decided, &[&marketer.cookie]);
    assert_eq!(done.status, 303, "{}", done.body);

    let told = bot.objection("I have to ask my boss", &[]).text();
    let news = "Your idea “Send the sheet first”: Declined. “They get it with the offer.”";
    assert!(told.contains(news), "{told}");
    assert!(!bot.objection("call me again in spring", &[]).text().contains("Your idea"));
    let noted = bot.events().iter().filter(|event| event["kind"] == "triage_told").count();
    assert_eq!(noted, 1);
}
