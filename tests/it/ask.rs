//! `cornerman ask`: the right family, nothing for small talk, and whatever a clumsy person sends.

use crate::TestEnv;

/// What is overheard brings a card only when it plainly needs one.
#[test]
fn what_is_overheard_needs_a_better_reason_for_a_card() {
    let desk = TestEnv::shipped();
    let line = "hm, I'd have to see";
    let outcome = |mode: &str, line: &str| {
        desk.run(&["ask", "--json", "--mode", mode, line]).json()["outcome"].clone()
    };
    assert_eq!(outcome("listening", "it is too expensive"), "card");
    assert_eq!([outcome("typed", line), outcome("listening", line)], ["choice", "none"]);
    let wrong = desk.run(&["ask", "--mode", "loud", "x"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("typed, listening"), "{}", wrong.err);
}

#[test]
fn a_sentence_finds_its_family() {
    let desk = TestEnv::shipped();
    for (text, family) in [
        ("honestly it's twice what we pay Acme today", "price"),
        ("I'd have to run this past my boss first", "authority"),
        ("ring me again after the summer", "timing"),
    ] {
        let ran = desk.run(&["ask", "--json", text]);
        let answer = ran.json();
        assert_eq!(ran.code, Some(0), "{text}");
        assert_eq!(answer["cards"][0]["family"], family, "{text}");
        assert_eq!(answer["clauses"][0]["text"], text);
        assert!(answer["cards"][0]["confidence"].as_f64().unwrap() > 0.0);
        assert!(answer["cards"][0]["source"]["line"].as_u64().unwrap() > 1);
    }
}

#[test]
fn two_objections_get_a_card_each_and_what_is_denied_none() {
    let desk = TestEnv::shipped();
    let text = "we're stuck with our supplier until summer. And it's far too expensive for us!";
    let answer = desk.run(&["ask", "--json", text]).json();
    let said = ["we're stuck with our supplier until summer", "it's far too expensive for us"];
    for (at, id) in ["in-contract", "too-expensive"].iter().enumerate() {
        let clause = serde_json::json!({"text": said[at], "outcome": "card", "card_ids": [id]});
        assert_eq!((&answer["clauses"][at], &answer["cards"][at]["id"]), (&clause, &(*id).into()));
    }
    assert_eq!(
        (&answer["outcome"], answer["cards"].as_array().unwrap().len()),
        (&"card".into(), 2)
    );
    let ran = desk.run(&["ask", text]);
    let head = format!(
        "That's more than one objection. A card for each:\n\n“{}”\nWe are tied to",
        said[0]
    );
    assert!(ran.out.starts_with(&head), "{}", ran.out);
    assert!(ran.out.contains(&format!("\n\n“{}”\nIt costs too much", said[1])), "{}", ran.out);

    let text = "they say price isn't the issue, they are tied to a contract until March";
    let answer = desk.run(&["ask", "--json", text]).json();
    assert_eq!(answer["cards"][0]["id"], "in-contract");
    assert_eq!(answer["clauses"][0]["text"], text);
    assert_eq!(desk.run(&["ask", "the price is not the problem"]).code, Some(3));
}

#[test]
fn a_competitor_leads_to_the_battlecard_if_it_fits_at_all() {
    let desk = TestEnv::shipped();
    let first = |arguments: &[&str]| {
        let answer = desk.run(&[&["ask", "--json"], arguments].concat()).json();
        answer["cards"][0]["id"].as_str().map(str::to_owned)
    };
    assert_eq!(first(&["you're twice what we pay north-gate today"]).unwrap(), "northgate");
    assert_eq!(first(&["you're twice what we pay them today"]).unwrap(), "cheaper-elsewhere");
    assert_eq!(first(&["can we meet on Northgate street"]), None);
    assert_eq!(first(&["can we meet there", "--competitor", "Northgate"]), None);
}

#[test]
fn a_team_adds_lines_that_need_no_card() {
    let desk = TestEnv::shipped();
    let text = "we migrated our phone system last year";
    assert_eq!(desk.run(&["ask", text]).code, Some(0), "else this test shows nothing");
    let file = desk.path("playbooks/plan.toml");
    let plan = std::fs::read_to_string(&file).unwrap();
    let own = "no_card = [\"the new phone system is in place\", \"we have migrated the telephones\", \"our phones were moved to the new system\"]\n\n[coverage]\n";
    std::fs::write(&file, plan.replacen("[coverage]\n", own, 1)).unwrap();
    assert_eq!(desk.run(&["ask", text]).code, Some(3));
}

#[test]
fn slips_of_the_pen_are_understood() {
    let desk = TestEnv::shipped();
    for (text, card) in [
        ("ITS TO EXPENSIV!!!", "too-expensive"),
        ("could we get a discuont", "discount-request"),
        ("we have no budgett left for this year", "no-budget"),
    ] {
        let answer = desk.run(&["ask", "--json", text]).json();
        assert_eq!(answer["cards"][0]["id"], card, "{answer}");
    }
}

#[test]
fn a_choice_comes_with_the_question_that_tells_its_cards_apart() {
    let desk = TestEnv::shipped();
    let text = "the money isn't there for that price";
    let answer = desk.run(&["ask", "--json", text]).json();
    assert_eq!(answer["outcome"], "choice", "{answer}");
    let question = "Is it more than it is worth to you, or more than you have?";
    assert_eq!(answer["apart"], question);
    let lines = desk.run(&["ask", text]).out;
    assert!(lines.contains(&format!("\nNot sure? Ask: {question}\n")), "{lines}");
    let single = desk.run(&["ask", "--json", "that's more money than we have"]).json();
    assert!(single["apart"].is_null(), "{single}");
}

#[test]
fn small_talk_gets_nothing() {
    let desk = TestEnv::shipped();
    for text in ["what's for lunch", "can you hear me okay?", "🙂", "?!"] {
        let ran = desk.run(&["ask", text]);
        assert_eq!(ran.code, Some(3), "{text}: {}", ran.out);
        assert_eq!(ran.out, "No card for this yet. Ask: \"What makes you say that?\"\n");
    }
}

#[test]
fn an_empty_question_is_a_usage_error() {
    for text in ["", " \n\t"] {
        let ran = TestEnv::shipped().run(&["ask", text]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        assert!(ran.err.contains("the text is empty"), "{}", ran.err);
    }
}

#[test]
fn many_lines_get_one_answer_each() {
    let mut input = b"it is too expensive\n\n- *\n\xff\xfe broken bytes\n".to_vec();
    input.extend_from_slice(&b"(".repeat(30_000));
    input.extend_from_slice(b"\n\"NOT NOT AND OR title:x^9~\n");
    input.extend_from_slice("too dear ".repeat(3_000).as_bytes());
    let ran = TestEnv::shipped().run_with(&["ask", "--json"], &input);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 6, "empty lines are passed over");
    for line in ran.out.lines() {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(answer["receipt"].as_str().unwrap().len() > 20);
    }
}

#[test]
fn the_index_is_kept_and_made_anew_when_damaged() {
    let desk = TestEnv::shipped();
    let first = desk.run(&["ask", "--json", "too expensive"]).json();
    let words = || {
        let folder = std::fs::read_dir(desk.path("index")).unwrap();
        let mut folders = folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        let words = folders.next().unwrap();
        assert_eq!(folders.next(), None, "one index, no leftovers");
        words
    };
    let index = words();
    let changed = |path: &std::path::Path| std::fs::metadata(path).unwrap().modified().unwrap();
    let before = changed(&index.join("meta.json"));
    desk.run(&["ask", "too expensive"]);
    assert_eq!(changed(&index.join("meta.json")), before, "kept");

    for entry in std::fs::read_dir(&index).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 0x55;
            std::fs::write(&path, bytes).unwrap();
        }
    }
    let again = desk.run(&["ask", "--json", "too expensive"]).json();
    assert_eq!(again["cards"], first["cards"], "made anew");

    let file = desk.path("playbooks/objections/price.md");
    let text = std::fs::read_to_string(&file).unwrap().replace("> - It's too expensive\n", "");
    std::fs::write(&file, text).unwrap();
    let edited = desk.run(&["ask", "--json", "too expensive"]).json();
    assert_ne!(edited["generation"], first["generation"]);
    assert_ne!(words(), index, "another content, another index");
}
