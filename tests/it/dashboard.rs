//! What a marketer reads: filters in the address, what nobody could answer, channel by benefit, and
//! an export of exactly what is shown.

use serde_json::{Value, json};

use crate::TestEnv;
use crate::server::Server;

/// Two answered questions of which one is marked on the page, two that nothing fitted, and three
/// recommendations.
fn busy(server: &Server) {
    let ask = |text: &str| {
        let reply = server.post_json("/api/v1/suggest", &json!({"text": text}), &[]);
        reply.json()["receipt"].as_str().unwrap().to_owned()
    };
    let first = ask("it is too expensive");
    ask("we have no budget this year");
    let gap = ask("is the moon made of green cheese");
    ask("Is the moon made of green cheese");
    let mark = json!({"receipt": first, "mark": "worked"});
    assert_eq!(server.post_json("/api/v1/feedback", &mark, &[]).status, 201);
    for (channel, benefit) in [("phone", "hours saved"), ("phone", "hours saved"), ("event", "")] {
        let told = json!({"text": "a case study", "channel": channel, "benefit": benefit,
            "receipt": gap});
        assert_eq!(server.post_json("/api/v1/recommendations", &told, &[]).status, 201);
    }
}

fn kinds(jsonl: &str) -> String {
    let kind = |line: &str| {
        let event: Value = serde_json::from_str(line).unwrap();
        event["kind"].as_str().unwrap().to_owned()
    };
    jsonl.lines().map(kind).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_export_holds_exactly_what_is_shown() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    busy(&server);
    for (query, expected) in [
        (
            "",
            "asked answered asked answered asked answered asked answered marked recommended \
              recommended recommended",
        ),
        ("?card=too-expensive", "asked answered marked"),
        ("?mark=worked&mark=not_used", "marked"),
        ("?channel=phone", "recommended recommended"),
        ("?channel=phone&channel=event&benefit=hours-saved", "recommended recommended"),
        ("?platform=web", ""),
        ("?period=custom&to=2020-01-01", ""),
    ] {
        let page = server.get(&format!("/dashboard/activity{query}")).body;
        let count = expected.split_whitespace().count();
        let events = if count == 1 { "1 event of" } else { &format!("{count} events") };
        assert!(page.contains(&format!("<p>{events}")), "{query}: {page}");
        let link = page.split("/dashboard/export.jsonl").nth(1).unwrap().split('"').next().unwrap();
        let link = link.replace("&#38;", "&");
        let found = server.get(&format!("/dashboard/export.jsonl{link}")).body;
        assert_eq!(kinds(&found), expected, "{query}");
        let csv = server.get(&format!("/dashboard/export.csv{link}")).body;
        assert_eq!(csv.lines().count(), count + 1, "{query}");
        if count == 0 {
            assert!(page.contains("No activity matches these filters."), "{query}: {page}");
        }
    }
}

/// The same filters on the command line give the same figures and the same events.
#[test]
fn the_command_line_says_what_the_page_says() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    busy(&server);
    for (query, flags) in [
        ("period=all", &[][..]),
        ("period=all&card=too-expensive", &["--card", "too-expensive"]),
        ("period=all&mark=worked&mark=not_used", &["--mark", "worked", "--mark", "not_used"]),
        ("period=all&channel=phone", &["--channel", "phone"]),
        (
            "period=all&benefit=hours-saved&platform=api",
            &["--benefit", "hours-saved", "--platform", "api"],
        ),
        ("from=2020-01-01&to=2020-01-01", &["--since", "2020-01-01", "--until", "2020-01-02"]),
    ] {
        let page = server.get(&format!("/dashboard/activity?{query}")).body;
        let run = |verb: &[&str]| {
            let ran = desk.run(&[&["feedback"], verb, flags].concat());
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            ran.out
        };
        let report: Value = serde_json::from_str(&run(&["report", "--json"])).unwrap();
        let text = run(&["report"]);
        let export = server.get(&format!("/dashboard/export.jsonl?{query}")).body;
        assert_eq!(run(&["export"]), export, "{query}");
        let events = export.lines().count();
        assert_eq!(report["events"], json!(events), "{query}");
        if events == 0 {
            assert!(text.starts_with("No event is in this part"), "{text}");
            continue;
        }
        let sentence = text.lines().next().unwrap();
        assert!(page.contains(sentence), "{query}: {sentence}");
        for card in report["cards"].as_array().unwrap() {
            let cells = ["shown", "worked", "did_not_work", "not_used"];
            let cells: String = cells.iter().map(|key| format!("<td>{}</td>", card[key])).collect();
            let id = card["card_id"].as_str().unwrap();
            let mut rows = page.split("<tr>").filter(|row| row.contains(&format!("card={id}\"")));
            assert!(rows.any(|row| row.contains(&cells)), "{query}: {card}");
        }
        for gap in report["gaps"].as_array().unwrap() {
            let words = gap["text"].as_str().unwrap();
            assert!(page.contains(&format!("{words}</a></td><td>{}</td>", gap["asked"])), "{gap}");
            assert!(text.contains(words), "{text}");
        }
    }
    let wrong = desk.run(&["feedback", "report", "--mark", "won"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("worked, did_not_work, not_used"), "{}", wrong.err);
}

#[test]
fn a_marketer_sees_gaps_recommendations_and_how_sure_a_rate_is() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    assert!(server.get("/dashboard/activity").body.contains("No questions yet."));
    busy(&server);
    let page = server.get("/dashboard/activity").body;
    let gap = page.split("Unanswered questions</h2>").nth(1).unwrap();
    let row = gap.split("</tr>").nth(1).unwrap();
    assert!(row.contains("green cheese") && row.contains("<td>2</td>"), "{row}");
    let heat = page.split("Field notes</h2>").nth(1).unwrap();
    assert!(heat.contains("href=\"/dashboard/activity?benefit=hours-saved\""), "{heat}");
    assert!(heat.contains("no benefit") && heat.contains("<td>2</td>"), "{heat}");
    assert!(page.contains("not enough data (n = 1)"), "one mark is no rate");
    // What was asked while the page was read counts on the next look.
    server.post_json("/api/v1/suggest", &json!({"text": "it is too expensive"}), &[]);
    assert!(server.get("/dashboard/activity").body.contains("<p>14 events"));
}

/// What changed, with a sentence for every figure; an empty log says how to begin.
#[test]
fn the_overview_says_what_changed_and_leads_to_what_it_counts() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    assert!(server.get("/dashboard").body.contains("No questions yet."));
    busy(&server);
    let page = server.get("/dashboard").body;
    for part in [
        "and today so far, compared with",
        "<span class=\"k\">Questions</span> <span class=\"v\">4</span>",
        "not enough data to compare",
        "Fewer gaps",
        "green cheese",
        "a case study",
        "href=\"/dashboard/unanswered\"",
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let drawn = server.get("/dashboard?period=90d&show=questions").body;
    assert!(drawn.contains("Questions, by week") && drawn.contains("show=worked"), "{drawn}");
    assert!(server.get("/dashboard?utm=1").body.contains("“utm” is not a known filter"));
    assert_eq!(server.get("/dashboard?period=2w").status, 400);
    assert_eq!(server.get("/dashboard?show=").header("location"), Some("/dashboard"));
    assert_eq!(server.get("/assets/dashboard.css").status, 200);
}

/// Titles, never ids; what an edit changed is a version of its own.
#[test]
fn cards_have_titles_ranges_and_versions() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    busy(&server);
    let page = server.get("/dashboard/cards").body;
    for part in [
        "It costs too much</a>",
        "There is no budget</a>",
        "not enough data (n = 1)",
        "aria-sort=\"descending\"",
        "href=\"/dashboard/cards?tab=unused\"",
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    assert!(!page.contains(">too-expensive<"), "{page}");
    let price = server.get("/dashboard/cards?family=price&sort=title").body;
    assert!(
        price.contains("It costs too much") && !price.contains("There is no budget"),
        "{price}"
    );
    assert!(server.get("/dashboard/cards?tab=unused").body.contains("I have to ask my boss"));
    assert_eq!(server.get("/dashboard/cards?family=cheese").status, 400);

    let card = |query: &str| server.get(&format!("/dashboard/cards/too-expensive{query}")).body;
    assert!(card("").contains("The only version") && card("").contains("1 <span>times, 1 alone"));
    let file = desk.path("playbooks/objections/price.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("### Say\n- ", "### Say\n- Well: ", 1)).unwrap();
    let ask = |text: &str| {
        server.post_json("/api/v1/suggest", &json!({"text": text}), &[]).json()["cards"][0].clone()
    };
    let begun = std::time::Instant::now();
    while !ask("it is too expensive")["say"].as_str().unwrap().starts_with("Well: ") {
        assert!(begun.elapsed().as_secs() < 40, "the edit is not live");
    }
    assert!(card("").contains("Version 2") && card("").contains("First version"), "{}", card(""));
    for (path, words) in [("nothing", "there is no card `nothing`"), ("A%20b", "there is no card")]
    {
        let missing = server.get(&format!("/dashboard/cards/{path}"));
        assert!(missing.status == 404 && missing.body.contains(words), "{}", missing.body);
    }
}

#[test]
fn an_address_that_means_nothing_is_told_and_an_empty_field_is_no_filter() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    busy(&server);
    let tidied = server.get("/dashboard/activity?period=28d&from=&to=&mark=&platform=api");
    assert_eq!(
        (tidied.status, tidied.header("location")),
        (303, Some("/dashboard/activity?platform=api"))
    );
    let known = server.get("/dashboard/activity?utm_source=x&card=too-expensive");
    assert!(known.status == 200 && known.body.contains("“utm_source” is not a known filter"));
    for query in [
        "from=2025-02-30&period=custom",
        "page=-1",
        "page=1000000000000000000",
        "mark=%3Bdrop",
        "platform=%3Cscript%3E",
        "card=..%2F",
        "period=2w",
    ] {
        let reply = server.get(&format!("/dashboard/activity?{query}"));
        let key = query.split('=').next().unwrap();
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.body.contains(key) && reply.body.contains("What to do:"), "{}", reply.body);
        assert!(!reply.body.contains("<script>"), "{}", reply.body);
        assert_eq!(server.get(&format!("/dashboard/export.csv?{query}")).status, 400, "{query}");
    }
    for hostile in ["%00", "%FF", "'%20OR%201=1--", "%3Cscript%3Ealert(1)%3C/script%3E", "🦀"] {
        for key in ["channel", "benefit", "nonsense"] {
            let reply = server.get(&format!("/dashboard/activity?{key}={hostile}"));
            assert!(matches!(reply.status, 200 | 400), "{key} {hostile}: {}", reply.status);
            assert!(!reply.body.contains("<script>alert"), "{key} {hostile}");
        }
    }
    assert_eq!(
        server.get("/dashboard/activity?page=99").status,
        200,
        "behind the last page is nothing"
    );
}

#[test]
fn a_demo_says_so_and_leaves_nothing() {
    let desk = TestEnv::unquestioned();
    let server = Server::start_with(&desk, &[("CORNERMAN_DEMO", "true")]);
    for path in ["/", "/price", "/dashboard/activity?period=90d"] {
        assert!(server.get(path).body.contains("<strong>Demo.</strong>"), "{path}");
    }
    let page = server.get("/dashboard/activity?period=90d").body;
    for part in ["Unanswered questions", "Field notes", "% (", "demo"] {
        assert!(page.to_lowercase().contains(&part.to_lowercase()), "{part}");
    }
    let log = std::fs::read_to_string(desk.path("log")).unwrap();
    assert!(log.contains("made-up events"), "{log}");
    #[cfg(unix)]
    assert_eq!(server.interrupt(), Some(0));
    assert!(!desk.path("data").exists(), "nothing of it is in the team's own log");
    assert!(!Server::start(&desk).get("/").body.contains("<strong>Demo.</strong>"));
}

/// Questions of one meaning are one kind; from it a card is begun that lint takes, with its words.
#[test]
fn what_no_one_could_answer_is_put_together_and_begins_a_card() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    assert!(server.get("/dashboard/unanswered").body.contains("No questions in this period."));
    let ask = |text: &str| server.post_json("/api/v1/suggest", &json!({"text": text}), &[]).json();
    let said =
        ["does the blue elephant come with a saddle", "is there a saddle on the blue elephant"];
    for text in said.into_iter().chain(["can the parrot sing in latin"]) {
        assert_eq!(ask(text)["outcome"], "none", "{text}");
    }
    ask(said[0]);
    let waits = server.post_form("/", &[("text", said[1])]);
    server.post_form("/wishes", &[("receipt", &waits.hidden("receipt"))]);
    let page = server.get("/dashboard/unanswered").body;
    assert!(page.contains("5 of 5 questions had no card"), "{page}");
    assert_eq!(page.matches("class=\"title\"").count(), 2, "two kinds: {page}");
    for part in ["2 ways to ask", "Asked 4 times", "One rep asked to be told", "parrot", "&#62; - "]
    {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let link = page.split("/dashboard/unanswered/card.md").nth(1).unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&");
    let file = server.get(&format!("/dashboard/unanswered/card.md{link}"));
    assert!(file.header("content-disposition").unwrap().contains(".md\""), "{}", file.head);
    for text in said {
        assert!(file.body.contains(&format!("> - {text}\n")), "{}", file.body);
    }
    std::fs::write(desk.path("playbooks/objections/begun.md"), &file.body).unwrap();
    let lint = desk.run(&["lint"]);
    assert_eq!(lint.code, Some(0), "{}{}", lint.out, lint.err);
    assert_eq!(server.get("/dashboard/unanswered/card.md?item=nothing").status, 404);
}
