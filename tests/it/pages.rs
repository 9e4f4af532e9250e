//! The pages without a script: forms as a browser sends them, redirects as it follows them.

use crate::TestEnv;
use crate::server::Server;

#[test]
fn a_rep_asks_marks_and_tells_marketing() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let empty = server.get("/");
    assert_eq!(empty.status, 200);
    assert!(empty.body.contains("autofocus"));
    let scripts: Vec<&str> = empty.body.split("<script").skip(1).collect();
    assert!(
        scripts.len() == 1 && scripts[0].starts_with(" src=\"/assets/desk.js\""),
        "nothing inline"
    );

    let card =
        server.post_form("/", &[("text", "they say <b>Acme</b> is half the price"), ("stage", "")]);
    assert_eq!(card.status, 200);
    assert!(card.body.contains("Put both offers side by side"), "{}", card.body);
    assert!(card.body.contains("&#60;b&#62;Acme") && !card.body.contains("<b>Acme"), "escaped");

    let (receipt, id, key) = (card.hidden("receipt"), card.hidden("card_id"), card.hidden("key"));
    let common = [("receipt", receipt.as_str()), ("card_id", &id), ("key", &key)];
    let worked = [&common[..], &[("mark", "worked")]].concat();
    let marked = server.post_form("/marks", &worked);
    assert_eq!(marked.status, 303);
    server.post_form("/marks", &worked); // a double click
    let back = server.get(marked.header("location").unwrap());
    assert!(back.body.contains("” worked.") && back.body.contains("Put both offers"));
    assert!(back.body.contains("aria-pressed=\"true\">Worked") && !card.body.contains("pressed"));

    let didnt = [("mark", "did_not_work"), ("reason", "too long"), ("note", "=1+1")];
    assert_eq!(server.post_form("/marks", &[&common[..], &didnt].concat()).status, 303);
    let telling = [
        ("receipt", receipt.as_str()),
        ("key", &key),
        ("text", "Case study!"),
        ("channel", "phone"),
        ("benefit", ""),
    ];
    let told = server.post_form("/recommendations", &telling);
    assert!(server.get(told.header("location").unwrap()).body.contains("Sent to marketing."));

    let log = server.get("/dashboard/activity").body;
    for part in
        ["Somebody else is cheaper: worked", "too long · =1+1", "Case study!", "5 events", "phone"]
    {
        assert!(log.contains(part), "{part} is missing from {log}");
    }
    let csv = server.get("/dashboard/export.csv");
    assert!(csv.header("content-disposition").unwrap().contains("cornerman-feedback.csv"));
    assert_eq!(csv.body.lines().count(), 6, "{}", csv.body);
    assert!(csv.body.contains("'=1+1"));
    assert_eq!(csv.body, desk.run(&["feedback", "export", "--format", "csv"]).out);
    assert_eq!(server.get("/dashboard/export.jsonl").body.lines().count(), 5);
}

#[test]
fn of_several_objections_each_card_says_which_it_answers() {
    let server = Server::start(&TestEnv::shipped());
    let text = "it's far too expensive & we are tied to a contract";
    let page = server.post_form("/", &[("text", text)]).body;
    let at = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part} is missing: {page}"));
    let order = [
        "far too expensive”",
        ">It costs too much<",
        "“we are tied to a contract”",
        ">We are tied to",
    ];
    assert!(order.map(at).is_sorted(), "{page}");
    let one = server.post_form("/", &[("text", "it's far too expensive")]).body;
    assert_eq!(one.matches("class=\"heard\"").count(), 1, "the question alone: {one}");
}

#[test]
fn nothing_fits_a_choice_and_a_blank_field_are_said_calmly() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let none = server.post_form("/", &[("text", "what's for lunch")]);
    assert!(none.body.contains("No card for this yet.") && none.body.contains("Tell marketing"));
    let again = server.get(&format!("/answers/{}", none.hidden("receipt")));
    assert!(again.body.contains("No card for this yet."));
    let blank = server.post_form("/", &[("text", "  ")]);
    assert!(blank.body.contains("Type what the customer said."));
    assert!(
        server.get("/dashboard/activity").body.contains("2 events"),
        "a blank question is not logged"
    );
}

#[test]
fn the_log_turns_its_pages() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    for number in 0..60 {
        let text = format!("{{\"text\":\"number {number}.\"}}");
        let kind = ["Content-Type: application/json"];
        server.send("POST", "/api/v1/recommendations", &kind, text.as_bytes());
        server.send("POST", "/api/v1/recommendations", &kind, text.as_bytes());
    }
    let first = server.get("/dashboard/activity").body;
    assert!(
        first.contains("120 events")
            && first.contains("number 59.")
            && !first.contains("number 9.")
    );
    assert!(
        first.contains("Page 1 of 2.") && first.contains("href=\"/dashboard/activity?page=2\"")
    );
    let second = server.get("/dashboard/activity?page=2").body;
    assert!(second.contains("number 9.") && !second.contains("number 10."));
    assert!(!second.contains("Older events"));
}

#[test]
fn foreign_sites_and_wrong_addresses_get_a_page_that_helps() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let foreign = server.send("POST", "/marks", &["Sec-Fetch-Site: cross-site"], b"a=b");
    let missing = server.get("/nothing");
    let unknown = server.get("/answers/nope");
    let query = server.get("/dashboard/activity?from=yesterday");
    let form = server.post_form("/marks", &[("receipt", "x")]);
    let stage = server.post_form("/", &[("text", "too dear"), ("stage", "closng")]);
    assert!(stage.body.contains("`closng` is not a known stage"), "{}", stage.body);
    for (reply, status) in
        [(foreign, 403), (missing, 404), (unknown, 404), (query, 400), (form, 422), (stage, 400)]
    {
        assert_eq!(reply.status, status, "{}", reply.body);
        assert!(reply.body.contains("What to do:"), "{}", reply.body);
    }
    let page = server.get("/");
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
}

/// The words of a gap are asked again as soon as the playbooks change.
#[test]
fn a_rep_who_waits_for_a_card_is_told_when_there_is_one() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let words = "does the blue elephant come with a saddle";
    let none = server.post_form("/", &[("text", words)]);
    assert!(none.body.contains("Notify me"), "{}", none.body);
    let receipt = none.hidden("receipt");
    let wished = server.post_form("/wishes", &[("receipt", &receipt)]);
    server.post_form("/wishes", &[("receipt", &receipt)]); // a double click
    let page = server.get(wished.header("location").unwrap()).body;
    assert!(page.contains("when a card is added") && !page.contains("Notify me"));
    assert!(!server.get("/").body.contains("New card for"));
    let wishes = desk.run(&["feedback", "export"]).out;
    assert_eq!(wishes.lines().filter(|line| line.contains("\"wished\"")).count(), 1);

    let heard: String = ["", " please", " too", ", right", " or not", " as well"]
        .map(|end| format!("> - {words}{end}\n"))
        .concat();
    let card = format!(
        "---\nowner: sales\nverified: 2026-11-02\nfamily: need\n---\n\n## They want a saddle\n\
         <!-- id: saddle -->\n\n{heard}\n### Ask\n- What would they ride it for?\n\n### Say\n\
         - It comes with a saddle.\n"
    );
    std::fs::write(desk.path("playbooks/objections/saddle.md"), card).unwrap();
    let told = |server: &Server| server.get("/").body.contains("New card for");
    let begun = std::time::Instant::now();
    while !told(&server) {
        let log = || std::fs::read_to_string(desk.path("log")).unwrap();
        assert!(begun.elapsed().as_secs() < 40, "no card came: {}", log());
    }
    assert!(server.get("/").body.contains("They want a saddle"));
    // It was asked for in another call, so that showing it does not go on with this one.
    let call = server.post_form("/", &[("text", "too expensive"), ("conversation", "this-call")]);
    let calls: Vec<&str> = call.body.split("name=\"conversation\" value=\"").skip(1).collect();
    assert!(!calls[0].starts_with("this-call\""), "{}", call.body);
    assert!(calls[1].starts_with("this-call\""), "{}", call.body);
    let browser = server.new_browser();
    let other = server.send("GET", "/", &[&browser.cookie], b"").body;
    assert!(!other.contains("New card for"), "it is for whoever asked");
    assert!(server.post_form("/", &[("text", words)]).body.contains("It comes with a saddle."));
    assert!(!told(&server), "once it was shown it is no wish any more");
}
