//! Texts that would ping, break out or overflow: nobody is pinged, nothing is refused.

use super::Bot;

/// A card that quotes what must not ping, and one that is longer than Discord takes, in emoji of
/// several code points and from right to left.
fn hostile() -> String {
    let family = "👨‍👩‍👧‍👦 שלום עולם \u{202E}txet ";
    let long = family.repeat(160);
    let heard =
        |words: &str| (1..=6).map(|n| format!("> - {words} number {n}\n")).collect::<String>();
    let title = "Zebra ".repeat(60);
    let bullets: String = (0..40).map(|n| format!("- {n} {}\n", family.repeat(30))).collect();
    format!(
        "---\nowner: sales\nverified: 2026-11-02\nfamily: price\n---\n\n\
         ## @everyone <@300000000000000001> [x](javascript:1) ```\n<!-- id: pinging -->\n\n{}\
         ### Ask\n- @here <@&400000000000000001> ||secret|| *bold* `code`?\n\
         ### Say\n- **@everyone** > quote\n\n\
         ## {title}\n<!-- id: overflowing -->\n\n{}\
         ### Ask\n- {long}?\n{bullets}### Say\n- {long}\n{bullets}### Proof\n- {long}\n\
         ### Notes\n{bullets}",
        heard("the purple walrus sings at midnight"),
        heard("seventeen violins in the submarine"),
    )
}

#[test]
fn nobody_is_pinged_and_nothing_is_too_long() {
    let mut bot = Bot::new();
    std::fs::write(bot.desk.path("playbooks/objections/hostile.md"), hostile()).unwrap();
    bot.go();
    bot.discord.ready();
    let card = bot.objection("the purple walrus sings at midnight number 2", &[]);
    assert!(card.title().starts_with("\\@everyone \\<\\@3"), "{}", card.title());
    assert!(card.text().contains("\\\\@here"), "{}", card.text());

    let card = bot.objection("seventeen violins in the submarine number 3", &[]);
    assert!(card.title().starts_with("Zebra Zebra") && card.title().ends_with('…'));
    assert!(!card.text().contains('\u{202E}'));
    let whole = bot.press(&card, "More");
    assert!(whole.text().contains("There is more"), "what is left out is said");
    bot.press(&whole, "They said…");

    // What a customer says is quoted on one line and cut; it pings nobody either.
    let words = format!("@everyone\n> it is too expensive ```{}", "👨‍👩‍👧‍👦 too dear ".repeat(200));
    let long = bot.objection(&words, &[]);
    let content = long.data["content"].as_str().unwrap();
    assert!(content.starts_with("> \\@everyone \\> it is too expensive \\`\\`\\`"), "{content}");
    assert!(content.lines().next().unwrap().chars().count() < 220, "{content}");
}
