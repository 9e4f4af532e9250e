//! Prices as their users get them: the command, the API, the log; and what must never be in them.

use serde_json::{Value, json};

use crate::TestEnv;
use crate::server::Server;

fn priced(desk: &TestEnv, arguments: &[&str]) -> (Option<i32>, Value) {
    let arguments: Vec<&str> = ["price", "--json"].iter().chain(arguments).copied().collect();
    let ran = desk.run(&arguments);
    let card = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    (ran.code, card)
}

#[test]
fn scripts_get_the_contract_and_an_exit_code() {
    let desk = TestEnv::unlearned();
    let (code, card) = priced(&desk, &["80 seats, they want 15%"]);
    assert_eq!(code, Some(4));
    assert_eq!(
        card["understood"],
        json!({"seats": 80, "sku": "team", "currency": "USD", "term_months": 12,
            "billing": "annual", "payment_days": 30, "ask": {"kind": "percent", "value": "15%"},
            "free_months": 0, "services": [], "clauses": []})
    );
    assert_eq!(
        card["as_asked"],
        json!({"list": "38400.00", "programme": "34560.00", "net": "28800.00",
            "effective_discount": "25.00%", "needs": ["manager"]})
    );
    let trade = &card["moves"][1];
    assert_eq!((&trade["kind"], &trade["start_here"]), (&json!("trade"), &json!(true)));
    assert_eq!((&trade["net"], &trade["give"]), (&json!("32640.00"), &json!("5%")));
    assert_eq!(trade["gets"], json!(["case-study", "named-volume"]));
    assert_eq!(trade["write_down"], json!(["clause 7 of the order form", "ramp table"]));
    assert_eq!(card["rules"], json!(["tier.50", "authority.rep", "steps.1"]));
    assert_eq!(card["policy"]["id"], "2026-q4");

    for (text, code, outcome) in [
        ("80 seats 10%", 0, "offer"),
        ("80 seats 10.01%", 4, "needs_approval"),
        ("80 seats 30%", 3, "outside_policy"),
        ("15", 3, "ask_back"),
        ("10%", 3, "ask_back"),
        ("0 seats", 3, "refused"),
        ("80 seats at £30 a seat", 3, "refused"),
    ] {
        let (found, card) = priced(&desk, &[text]);
        assert_eq!((found, &card["outcome"]), (Some(code), &json!(outcome)), "{text}");
    }
    assert_eq!(desk.run(&["price", " "]).code, Some(2));
    let role = desk.run(&["price", "80 seats", "--role", "boss"]);
    assert_eq!(role.code, Some(2));
    assert!(role.err.contains("rep, manager, director, cfo"), "{}", role.err);
}

/// The customer's words are not in the log, and what is there gives the same bytes again.
#[test]
fn a_price_is_given_again_from_its_receipt() {
    let desk = TestEnv::shipped();
    let ran = desk.run(&["price", "80 seats, 15%", "--json"]);
    let card: Value = serde_json::from_str(&ran.out).unwrap();
    let again = desk.run(&["replay", card["receipt"].as_str().unwrap(), "--json"]);
    assert_eq!((again.code, again.out), (Some(0), ran.out));
    let words = "Mrs Zuckerweiss of Kaltenbrunn wants 15 for 80 seats";
    assert_eq!(priced(&desk, &[words]).1["not_used"][0], "Mrs Zuckerweiss of Kaltenbrunn");
    let log = desk.run(&["feedback", "export"]).out;
    assert!(log.lines().count() == 2 && !log.contains("uckerweiss"), "{log}");
}

/// A policy of figures that nobody could mistake for others.
fn unmistakable(desk: &TestEnv) {
    let file = desk.path("playbooks/pricing.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text
        .replace(
            "rep = \"10%\", manager = \"20%\", director = \"30%\", cfo = \"40%\"",
            "rep = \"10%\", manager = \"17.31%\", director = \"18.37%\", cfo = \"19.43%\"",
        )
        .replace(
            "manager = \"24.80\", director = \"24.00\", cfo = \"24.00\"",
            "manager = \"23.71\", director = \"22.73\", cfo = \"21.79\"",
        )
        .replace("ceiling = \"30%\"", "ceiling = \"41.97%\"");
    std::fs::write(file, text).unwrap();
}

#[test]
fn a_rep_never_sees_what_others_may_give() {
    let desk = TestEnv::shipped();
    unmistakable(&desk);
    let server = Server::start(&desk);
    let mut seen = String::new();
    for text in [
        "80 seats 15%",
        "80 seats 20%",
        "80 seats 28%",
        "80 seats 40%",
        "80 seats 60%",
        "80 seats, mfn, net 90, 3 months free",
        "500 seats, 36 months prepaid, 20%",
    ] {
        let asked = server.post_json("/api/v1/price", &json!({"text": text}), &[]);
        seen += &asked.body;
        seen += &desk.run(&["price", text]).out;
        let (_, card) = priced(&desk, &[text]);
        seen += &desk.run(&["replay", card["receipt"].as_str().unwrap(), "--json"]).out;
    }
    seen += &desk.run(&["feedback", "export"]).out;
    seen += &desk.run(&["feedback", "export", "--format", "csv"]).out;
    assert!(seen.contains("needs manager") && seen.contains("20.00%"), "the rep's own is there");
    for secret in [
        "17.31", "18.37", "19.43", "23.71", "22.73", "21.79", "41.97", "27.31", "28.37", "29.43",
        "40.72", "43.17", "45.52",
    ] {
        // Behind a colon stand the seconds of a time.
        let mut places = seen.match_indices(secret);
        assert!(places.all(|(at, _)| seen[..at].ends_with(':')), "{secret}");
    }
    assert!(desk.run(&["price", "80 seats", "--role", "manager"]).out.contains("27.31%"));
}

#[test]
fn an_expired_policy_gives_no_amount() {
    let desk = TestEnv::unlearned();
    let file = desk.path("playbooks/pricing.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("= 2027-12-31 ", "= 2026-12-31 ")).unwrap();
    // Midnight in Berlin.
    let (code, card) = priced(&desk, &["80 seats", "--now", "2026-12-31T22:59:59Z"]);
    assert_eq!((code, &card["outcome"]), (Some(0), &json!("offer")));
    let (code, card) = priced(&desk, &["80 seats", "--now", "2026-12-31T23:00:00Z"]);
    assert_eq!((code, &card["outcome"]), (Some(3), &json!("refused")));
    let reason = "the price policy has expired: ask deal-desk; last valid 2026-12-31";
    assert_eq!(card["reason"], reason);
    assert_eq!((&card["moves"], &card["working"]), (&json!([]), &json!([])));
    let shown = desk.run(&["price", "80 seats", "--now", "2027-01-01"]).out;
    assert!(!shown.contains('$') && !shown.contains(".00"), "{shown}");
    let early = priced(&desk, &["80 seats", "--now", "2026-10-04"]).1;
    assert!(early["reason"].as_str().unwrap().contains("earlier than 2026-10-05"), "{early}");

    std::fs::write(&file, "format = 1\nid = 7\n").unwrap();
    let broken = desk.run(&["price", "80 seats"]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.err.contains("pricing.toml:2:6"), "{}", broken.err);
    std::fs::remove_file(&file).unwrap();
    let (code, card) = priced(&desk, &["80 seats"]);
    assert_eq!(code, Some(3));
    assert!(card["reason"].as_str().unwrap().contains("no price policy"));
}

/// Three rounds over the API with a restart: steps shrink, what was agreed and not written is said
/// again, nothing is offered twice.
#[test]
fn a_deal_is_remembered() {
    let desk = TestEnv::shipped();
    let mut server = Server::start(&desk);
    let ask = |server: &Server, text: &str| {
        let body = json!({"text": text, "deal": "north"});
        server.post_json("/api/v1/price", &body, &[]).json()
    };
    let mark = |server: &Server, card: &Value, mark: &str| {
        let body = json!({"receipt": card["receipt"], "mark": mark});
        server.post_json("/api/v1/price/marks", &body, &[])
    };
    let trade = |card: &Value| {
        let moves = card["moves"].as_array().unwrap();
        let trade = moves.iter().find(|found| found["kind"] == "trade");
        trade.map(|trade| format!("{} {}", trade["give"], trade["net"]).replace('"', ""))
    };
    let first = ask(&server, "80 seats, 15%");
    assert_eq!(trade(&first).as_deref(), Some("5% 32640.00"));
    let unsaid = ask(&server, "15%");
    assert_eq!(trade(&unsaid), trade(&first), "a card that was not said changes nothing");
    assert_eq!(mark(&server, &first, "said").status, 201);
    assert_eq!(mark(&server, &first, "said").status, 200);
    assert_eq!(mark(&server, &unsaid, "said").json()["error"]["code"], "overtaken");
    assert_eq!(mark(&server, &first, "agreed").status, 201);

    server.kill();
    server = Server::start(&desk);
    let second = ask(&server, "they still want 15%");
    assert_eq!(second["understood"]["seats"], 80, "said in the first round");
    assert_eq!(trade(&second).as_deref(), Some("3% 31488.00"));
    assert_eq!(second["moves"][0]["net"], "32640.00", "the last offer is on the table");
    let note = "Not on paper yet: clause 7 of the order form; ramp table.";
    assert_eq!(second["notes"], json!([note]));
    assert_eq!(mark(&server, &second, "said").status, 201);
    assert_eq!(mark(&server, &first, "written").status, 201);

    let third = ask(&server, "15%");
    assert_eq!(trade(&third).as_deref(), Some("1.5% 30912.00"));
    assert_eq!(third["notes"], json!([]));
    assert_eq!(mark(&server, &third, "said").status, 201);
    let last = ask(&server, "15%");
    assert_eq!(trade(&last), None);
    assert!(last["notes"][0].as_str().unwrap().contains("your limit"));
    let another = ask(&server, "another 2%");
    assert_eq!(another["as_asked"]["effective_discount"], "21.50%", "9.5 and 2 on the programme");

    let huge = json!({"text": "999999999999999 seats", "deal": "huge"});
    server.post_json("/api/v1/price", &huge, &[]);
    let huge = json!({"text": "100% more seats", "deal": "huge"});
    let huge = server.post_json("/api/v1/price", &huge, &[]).json();
    assert_eq!(
        (&huge["outcome"], &huge["understood"]["seats"]),
        (&json!("refused"), &json!(1_999_999_999_999_998_i64))
    );

    assert_eq!(mark(&server, &third, "withdrawn").status, 201);
    let after = ask(&server, "15%");
    assert_eq!(after["moves"][0]["net"], "31488.00", "its room is free again");
    assert_eq!(trade(&after), None, "its step is not");
    assert_eq!(mark(&server, &last, "said").json()["error"]["code"], "no_trade");
}

/// What was said in an earlier round holds until something else is said, the price list too.
#[test]
fn a_deal_stays_in_its_currency() {
    let desk = TestEnv::unlearned();
    let file = desk.path("playbooks/pricing.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let dollars = text.lines().find(|line| line.contains("{ id = \"team\", currency")).unwrap();
    let others = dollars.replace("USD", "SGD").replace("list = \"40.00\"", "list = \"50.00\"");
    std::fs::write(&file, text.replace(dollars, &format!("{dollars}\n{others}"))).unwrap();
    for (round, currency, programme) in [
        ("80 seats, 10%", "USD", "34560.00"),
        ("in SGD", "SGD", "43200.00"),
        ("they want 12%", "SGD", "43200.00"),
        ("40 seats, $1,000 off", "USD", "19200.00"),
        ("5%", "USD", "19200.00"),
    ] {
        let (_, card) = priced(&desk, &[round, "--deal", "north"]);
        let found = (&card["understood"]["currency"], &card["as_asked"]["programme"]);
        assert_eq!(found, (&json!(currency), &json!(programme)), "{round}: {card}");
    }
}

/// Two windows, one deal: only one of them was first.
#[test]
fn of_two_trades_offered_in_the_same_instant_one_counts() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    for round in 0..10 {
        let body = json!({"text": "80 seats, 15%", "deal": format!("deal-{round}")});
        let ask = || server.post_json("/api/v1/price", &body, &[]).json()["receipt"].take();
        let said = |receipt: &Value| {
            let body = json!({"receipt": receipt, "mark": "said"});
            server.post_json("/api/v1/price/marks", &body, &[]).status
        };
        let cards = [ask(), ask()];
        let mut both = std::thread::scope(|scope| {
            let threads = cards.each_ref().map(|card| scope.spawn(|| said(card)));
            threads.map(|thread| thread.join().unwrap())
        });
        both.sort_unstable();
        assert_eq!(both, [201, 409]);
        let mut again = cards.each_ref().map(said);
        again.sort_unstable();
        assert_eq!(again, [200, 409], "and stays so");
    }
}

/// Hundreds of looks at a price change nothing and hide nothing.
#[test]
fn a_long_deal_is_remembered_to_its_beginning() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let ask = |text: &str| {
        let body = json!({"text": text, "deal": "long"});
        server.post_json("/api/v1/price", &body, &[]).json()
    };
    let first = ask("80 seats, 15%");
    for mark in ["said", "agreed"] {
        let body = json!({"receipt": first["receipt"], "mark": mark});
        assert_eq!(server.post_json("/api/v1/price/marks", &body, &[]).status, 201);
    }
    for _ in 0..220 {
        ask("15%");
    }
    let last = ask("they still want 15%");
    assert_eq!(last["understood"]["seats"], 80);
    assert_eq!(
        (&last["moves"][0]["net"], &last["moves"][1]["give"]),
        (&json!("32640.00"), &json!("3%"))
    );
    assert_eq!(last["owed"][0]["receipt"], first["receipt"]);
}

#[test]
fn a_deal_goes_on_in_the_terminal() {
    let desk = TestEnv::unlearned();
    let price = |text: &str| desk.run(&["price", text, "--deal", "north"]).out;
    let hints = |shown: &str| {
        let lines = shown.lines().filter_map(|line| line.split_once(": cornerman price "));
        let hints = lines.map(|(what, command)| (what.to_owned(), command.to_owned()));
        hints.collect::<Vec<_>>()
    };
    let first = price("80 seats, 15%");
    let (what, command) = hints(&first).pop().unwrap();
    assert_eq!(what, "Once you said it");
    let receipt = command.strip_prefix("--mark said ").unwrap();
    for (mark, noted) in
        [("said", "you offered it"), ("said", "you offered it"), ("agreed", "agreed")]
    {
        let ran = desk.run(&["price", "--mark", mark, receipt]);
        assert!(ran.code == Some(0) && ran.out.contains(noted), "{ran:?}");
    }
    let second = price("15%");
    assert!(second.contains("$31,488.00") && second.contains("give another 3%"), "{second}");
    let hints = hints(&second);
    assert_eq!(hints[0].0, "On paper: clause 7 of the order form; ramp table");
    assert_eq!(hints[0].1, format!("--mark written {receipt}"));
    let written = desk.run(&["price", "--mark", "written", receipt, "--json"]).json();
    assert_eq!(written["kind"], "get_written");
    assert!(!price("15%").contains("On paper"));
    assert!(!desk.run(&["price", "80 seats, 15%"]).out.contains("--mark"), "no deal, no memory");

    for (arguments, part) in [
        (&["--mark", "sold", receipt][..], "said, withdrawn, agreed, written"),
        (&["--mark", "said", "nothing"], "nothing"),
        (&["--mark", "said", receipt, "--deal", "north"], "--deal"),
    ] {
        let arguments: Vec<&str> = ["price"].iter().chain(arguments).copied().collect();
        let ran = desk.run(&arguments);
        assert!(ran.code != Some(0) && ran.err.contains(part), "{ran:?}");
    }
}

/// What the page shows of a price, and its buttons, one after another.
#[test]
fn a_rep_negotiates_on_the_page() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let ask = |text: &str| {
        let fields = [("text", text), ("conversation", "c1"), ("stage", ""), ("deal", "")];
        server.post_form("/price", &fields).body
    };
    let receipt = |page: &str| {
        let rest = page.split("name=\"receipt\" value=\"").nth(1).expect("a button");
        rest.split('"').next().unwrap().to_owned()
    };
    let press = |receipt: &str, mark: &str| {
        let went = server.post_form("/price/marks", &[("receipt", receipt), ("mark", mark)]);
        assert_eq!(went.status, 303, "{}", went.body);
        server.get(went.header("location").unwrap()).body
    };
    let first = ask("80 seats, <b>15%");
    for part in ["$32,640.00", "If you do a case study with us", "Offered", "&#60;b&#62;15%"] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert!(!first.contains("They agreed"));
    let receipt = receipt(&first);
    let said = press(&receipt, "said");
    assert!(said.contains("Noted: you offered it") && said.contains("They agreed"), "{said}");
    assert!(!said.contains(">Said it<") && said.contains("value=\"c1\""), "{said}");
    assert!(press(&receipt, "agreed").contains("Get it on paper"));
    let second = ask("15%");
    assert!(second.contains("I can do another 3%") && second.contains("Not on paper yet"));

    let unclear = ask("15");
    assert!(unclear.contains("15 what?") && unclear.contains("value=\"15 seats\""), "{unclear}");
    assert!(ask(" ").contains("Type what they ask for."));
    let objection = [("text", "25% off 40 seats, it is too expensive")];
    assert!(server.post_form("/", &objection).body.contains("Price this"));
    let objection = [("text", "it is too expensive")];
    assert!(!server.post_form("/", &objection).body.contains("Price this"));
    assert_eq!(server.get("/prices/nothing").status, 404);
    assert!(server.get("/dashboard/activity").body.contains("price_shown"));
}

#[test]
fn what_is_asked_at_exactly_the_limit_needs_nobody_more() {
    let ran = TestEnv::shipped().run(&[
        "price",
        "--no-log",
        "--json",
        "718 Plus seats, 24 months prepay, they want 5%",
    ]);
    let asked = &ran.json()["as_asked"];
    assert_eq!(asked["net"], "559927.99");
    assert_eq!(asked["needs"], serde_json::json!(["manager"]), "5 % is not 5.0000007 %");
    assert_eq!(asked["effective_discount"], "35.00%");
}

#[test]
fn a_discount_in_points_of_list_says_so() {
    let say = |text: &str| {
        let ran = TestEnv::shipped().run(&["price", "--no-log", "--json", text]);
        let moves = ran.json()["moves"].clone();
        let trade = moves.as_array().unwrap().iter().find(|found| found["kind"] == "trade");
        trade.unwrap()["say"].as_str().unwrap().to_owned()
    };
    // From 50 seats on everybody pays less than list, so that 5 % of what stands on the card is less.
    assert!(say("80 seats, they want 15%").ends_with("I can do 5% off the list price."));
    assert!(say("20 seats, they want 15%").ends_with("I can do 5%."));
}

#[test]
fn an_unknown_plan_is_asked_back_and_never_priced_as_another() {
    let desk = TestEnv::shipped();
    for text in [
        "40 seats of the Enterprise plan, they want 10%",
        "40 Basic seats, 10%",
        "Enterprise, 40 seats, 10%",
        "40 seats on the Gold tier, 10%",
    ] {
        let ran = desk.run(&["price", "--no-log", "--json", text]).json();
        assert_eq!(ran["outcome"], "ask_back", "{text}: {ran}");
        let question = &ran["question"];
        assert!(question["text"].as_str().unwrap().starts_with("there is no plan"), "{question}");
        let request = question["requests"][1].as_str().unwrap();
        let known = desk.run(&["price", "--no-log", "--json", request]).json();
        assert_eq!(known["understood"]["sku"], "plus", "{request}: {known}");
        assert_eq!(known["understood"]["seats"], 40, "{request}: {known}");
    }
}

#[test]
fn what_is_no_plan_is_not_taken_for_one() {
    let desk = TestEnv::shipped();
    for text in [
        "80 seats, 10%, they want a payment plan",
        "80 seats on the annual plan, 10%",
        "80 seats, yearly plan, 10%",
        "80 seats, 10%, what's the plan",
        "80 seats, 10%, they want a better plan",
        "80 seats, standard terms, 10%",
    ] {
        let ran = desk.run(&["price", "--no-log", "--json", text]).json();
        assert_eq!(ran["outcome"], "offer", "{text}: {ran}");
    }
}

#[test]
fn the_currency_chooses_its_price_list_as_the_readme_says() {
    let ran = TestEnv::shipped().run(&["price", "--no-log", "--json", "80 seats in EUR"]).json();
    assert_eq!(ran["understood"]["currency"], "EUR", "{ran}");
    assert_eq!(ran["moves"][0]["price"], "€32,832.00", "{ran}");
}

#[test]
fn what_is_taken_back_was_said_before_and_then_stands_no_more() {
    let desk = TestEnv::unquestioned();
    let server = crate::server::Server::start(&desk);
    let ask = || {
        let asked = json!({"text": "80 seats, they want 15%", "deal": "acme"});
        server.post_json("/api/v1/price", &asked, &[]).json()
    };
    let receipt = ask()["receipt"].clone();
    let mark = |mark: &str| {
        let body = json!({"receipt": receipt, "mark": mark});
        server.post_json("/api/v1/price/marks", &body, &[])
    };
    let early = mark("withdrawn");
    assert_eq!((early.status, &early.json()["error"]["code"]), (409, &json!("not_offered")));
    assert_eq!(mark("said").status, 201);
    assert_eq!(mark("withdrawn").status, 201);
    assert_eq!(mark("withdrawn").status, 200, "once");
    let standing = ask()["moves"][0]["about"].clone();
    assert_eq!(standing, "programme price", "nothing is on the table any more");
}
