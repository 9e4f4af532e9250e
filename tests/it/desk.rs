//! `cornerman doctor`, `cornerman new` and `cornerman suggest-phrasings`.

use crate::TestEnv;

#[test]
fn doctor_finds_a_sound_installation_sound_and_changes_nothing() {
    let desk = TestEnv::shipped();
    let ran = desk.run(&["doctor"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    for part in [
        "cards in",
        "cornerman-mpnet-",
        "passed, 0 failed",
        "index in index",
        "made at the first question",
    ] {
        assert!(ran.out.contains(part), "{part} is missing from\n{}", ran.out);
    }
    assert!(!desk.path("data").exists());
    desk.run(&["ask", "too dear"]);
    assert!(desk.run(&["doctor"]).out.contains("2 events, the last at 20"));
}

#[test]
fn doctor_names_what_is_wrong_and_how_to_mend_it() {
    let desk = TestEnv::shipped();
    let file = desk.path("playbooks/objections/price.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("family: price", "family: prize", 1)).unwrap();
    std::fs::create_dir(desk.path("data")).unwrap();
    std::fs::write(desk.path("data/cornerman.db"), "this is no database at all, is it").unwrap();
    let ran = desk.run(&["doctor", "--json"]);
    assert_eq!(ran.code, Some(1));
    let bad: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|finding| finding["state"] == "bad")
        .collect();
    assert_eq!((&bad[0]["what"], &bad[1]["what"]), (&"playbooks".into(), &"log".into()));
    assert!(bad[0]["found"].as_str().unwrap().starts_with("objections/price.md:4:9"));
    assert!(bad.iter().all(|finding| finding["help"].is_string()));
}

#[test]
fn doctor_says_whether_prices_are_given_and_who_cannot_be_asked() {
    let desk = TestEnv::unquestioned();
    let doctor = |roles: &str, approvers: &str| {
        let mut command = desk.command(&["doctor"]);
        for (name, value) in [("PRICE_ROLES", roles), ("APPROVERS", approvers)] {
            if !value.is_empty() {
                command.env(format!("CORNERMAN_DISCORD_{name}"), value);
            }
        }
        let ran = crate::Ran::of(&command.output().unwrap());
        let line = ran.out.lines().find(|line| line[6..].starts_with("prices")).unwrap_or_default();
        (ran.code, line.to_owned())
    };
    let (code, line) = doctor("", "");
    assert_eq!(code, Some(0));
    assert_eq!(&line[..4], "good");
    assert!(line.contains("policy 2026-q4, verified 2026-10-05, valid to 2027-12-31"), "{line}");
    let (_, line) = doctor("manager=4,director=4,cfo=4", "5");
    assert!(line.starts_with("note") && line.ends_with("no one has the role legal"), "{line}");
    assert!(doctor("manager=4,director=4,cfo=4,legal=4", "5").1.starts_with("good"));
    let (code, line) = doctor("manger=4", "");
    assert!(code == Some(1) && line.starts_with("BAD ") && line.contains("`manger`"), "{line}");

    let file = desk.path("playbooks/pricing.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("2027-12-31", "2026-11-01")).unwrap();
    let (code, line) = doctor("", "");
    assert!(code == Some(1) && line.contains("has expired: ask deal-desk"), "{line}");
}

#[test]
fn a_new_draft_lints_clean_and_is_served_once_it_is_filled_in() {
    let desk = TestEnv::shipped();
    let made = desk.run(&["new", "battlecard", "Rival: \"The\" One"]);
    assert_eq!((made.code, made.out.trim()), (Some(0), "playbooks/battlecards/rival-the-one.md"));
    for arguments in [
        &["new", "card", "They want it in blue", "--family", "need"][..],
        &["new", "methodology", "Our own way"],
    ] {
        assert_eq!(desk.run(arguments).code, Some(0), "{arguments:?}");
    }
    let lint = desk.run(&["lint", "--format", "concise"]);
    assert_eq!((lint.code, lint.out.as_str()), (Some(0), ""));
    let card = desk.path("playbooks/objections/they-want-it-in-blue.md");
    let card = std::fs::read_to_string(card).unwrap();
    assert!(card.matches("\n> - ").count() > 6, "it comes with suggestions: {card}");

    let file = desk.path("playbooks/battlecards/rival-the-one.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("draft: true\n", "")).unwrap();
    let unfinished = desk.run(&["lint", "--format", "concise"]);
    assert!(unfinished.out.contains("PB101 TODO in a live card"), "{}", unfinished.out);
    let filled = text
        .replace("draft: true\n", "")
        .replace(
            "TODO: what customers say about them, in their words",
            "we also look at the rival called the one",
        )
        .replace("TODO", "so");
    std::fs::write(&file, filled).unwrap();
    let answer = desk.run(&["ask", "--json", "we're looking at the rival called The One"]).json();
    assert_eq!(answer["cards"][0]["id"], "rival-the-one");

    let again = desk.run(&["new", "battlecard", "Rival: \"The\" One"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("cannot make `playbooks/battlecards/rival-the-one.md`"));
    assert_eq!(desk.run(&["new", "card", "?!", "--family", "need"]).code, Some(2));
    let wrong = desk.run(&["new", "card", "x", "--family", "prize"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("not a known family"), "{}", wrong.err);
}

#[test]
fn phrasings_are_suggested_that_a_card_can_take() {
    let desk = TestEnv::shipped();
    let file = desk.path("playbooks/objections/contract.md");
    let before = std::fs::read_to_string(&file).unwrap();
    let (head, tail) = before.split_once("<!-- id: term-too-long").unwrap();
    let ran = desk.run(&["suggest-phrasings", "term-too-long", "--count", "12"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(ran.code == Some(0) && (6..=12).contains(&lines.len()), "{}", ran.out);
    assert!(lines.iter().all(|line| line.starts_with("> - ") && !before.contains(line)));
    assert!(ran.err.contains("These bring `term-too-long` already:"), "{}", ran.err);
    let (id, rest) = tail.split_once("> - ").unwrap();
    let taken = format!("{head}<!-- id: term-too-long{id}{}> - {rest}", ran.out);
    std::fs::write(&file, taken).unwrap();
    let lint = desk.run(&["lint", "--format", "concise"]);
    assert_eq!((lint.code, lint.out.as_str()), (Some(0), ""));
    let again = desk.run(&["suggest-phrasings", "term-too-long", "--count", "12"]);
    assert!(again.out.lines().all(|line| !lines.contains(&line)), "{}", again.out);

    let slip = desk.run(&["suggest-phrasings", "term-to-long"]);
    assert!(slip.code == Some(2) && slip.err.contains("did you mean `term-too-long`?"));
    let new = desk.run(&["suggest-phrasings", "they want it in blue", "--count", "3"]);
    assert!(new.code == Some(0) && new.out.contains("in "), "{}", new.out);
}
