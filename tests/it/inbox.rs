//! From a rep's click to a decision, and back to the rep: recommendations, their triage, and what the
//! rep reads.

use serde_json::Value;

use crate::TestEnv;
use crate::server::{Browser, Reply, Server};

/// A running program with a rep, who has the server's own browser, and a marketer with another one.
struct Team {
    desk: TestEnv,
    server: Server,
    marketer: Browser,
    receipt: String,
}

impl Team {
    fn new() -> Self {
        let desk = TestEnv::unquestioned();
        let server = Server::start(&desk);
        let asked = server.post_form("/", &[("text", "it is too expensive")]);
        let (receipt, marketer) = (asked.hidden("receipt"), server.new_browser());
        Self { desk, server, marketer, receipt }
    }

    /// The rep tells marketing something.
    fn tell(&self, text: &str, channel: &str, benefit: &str) {
        let fields = [
            ("receipt", self.receipt.as_str()),
            ("key", text),
            ("text", text),
            ("channel", channel),
            ("benefit", benefit),
        ];
        assert_eq!(self.server.post_form("/recommendations", &fields).status, 303);
    }

    fn inbox(&self, query: &str) -> String {
        let path = format!("/dashboard/inbox{query}");
        self.server.send("GET", &path, &[&self.marketer.cookie], b"").body
    }

    fn post(&self, who: &Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
        let fields = [fields, &[("token", who.token.as_str())]].concat();
        self.server.post_fields(path, &fields, &[&who.cookie])
    }

    fn triage(&self, fields: &[(&str, &str)]) -> Reply {
        self.post(&self.marketer, "/dashboard/inbox/triage", fields)
    }

    fn events(&self, kind: &str) -> Vec<Value> {
        let export = self.desk.run(&["feedback", "export"]).out;
        let events = export.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        events.filter(|event| event["kind"] == kind).collect()
    }

    /// The ids of the recommendations, oldest first.
    fn ids(&self) -> Vec<String> {
        let id = |event: &Value| event["id"].as_str().unwrap().to_owned();
        self.events("recommended").iter().map(id).collect()
    }
}

#[test]
fn an_idea_is_accepted_and_its_rep_is_told_once() {
    let team = Team::new();
    team.tell("Send the payback sheet before the meeting", "E-mail", "Pays back within a year");
    team.tell("A film would help", "carrier pigeon", "");
    let page = team.inbox("");
    assert!(page.contains("What reps recommend. 2 open"), "{page}");
    // What the plan knows has its own row and column; what it does not is one row, "Other".
    assert!(
        page.contains("href=\"/dashboard/inbox?channel=e-mail&#38;benefit=payback\">1</a>"),
        "{page}"
    );
    assert!(page.contains(">Other</a>") && page.contains(">None named</a>"), "{page}");
    assert_eq!(page.matches("carrier pigeon").count(), 2, "in the list and open, and no column");
    let one = team.inbox("?channel=e-mail");
    assert!(one.contains("Written after <a") && one.contains(">It costs too much</a>"), "{one}");

    let ids = team.ids();
    let accept = [
        ("item", ids[0].as_str()),
        ("status", "planned"),
        ("target", "December mailing"),
        ("reply", "From 7 December it has the sheet."),
        ("key", "k"),
        ("back", "?channel=e-mail"),
    ];
    let done = team.triage(&accept);
    assert_eq!(done.header("location"), Some("/dashboard/inbox?channel=e-mail&noted=planned-1"));
    team.triage(&accept); // a double click
    assert_eq!(team.events("triaged").len(), 1);
    assert!(team.inbox("?noted=planned-1").contains("The recommendation is planned"));
    assert!(team.inbox("?tab=planned").contains("Planned: December mailing"));

    let rep = |path: &str| team.server.get(path).body;
    let told = "Your idea “Send the payback sheet before the meeting”: Planned: December mailing. \
                “From 7 December it has the sheet.”";
    assert!(rep("/").contains(told), "{}", rep("/"));
    assert!(
        !team.server.send("GET", "/", &[&team.marketer.cookie], b"").body.contains("Your idea")
    );
    team.server.post_form("/ideas/read", &[("idea", &ids[0])]);
    assert!(!rep("/").contains("Your idea"), "told once");
    let ideas = rep("/ideas");
    assert!(ideas.contains("Planned: December mailing") && ideas.contains("not decided yet"));
    let reply = [("idea", ids[0].as_str()), ("text", "In Spanish too, please")];
    assert_eq!(team.server.post_form("/ideas/reply", &reply).status, 303);
    let detail = team.inbox("?tab=planned");
    assert!(detail.contains("The rep has read it") && detail.contains("“In Spanish too, please”"));
    let stranger = team.post(&team.marketer, "/ideas/reply", &reply);
    assert_eq!(stranger.status, 403, "{}", stranger.body);
}

#[test]
fn decisions_are_undone_by_who_made_them_and_lack_nothing() {
    let team = Team::new();
    for text in ["one", "two", "three"] {
        team.tell(text, "phone", "payback");
    }
    let ids = team.ids();
    let [one, two, three] = [&ids[0], &ids[1], &ids[2]].map(String::as_str);
    for (fields, why) in [
        (&[("item", one), ("status", "declined")][..], "say in a few words why"),
        (&[("item", one), ("status", "snoozed"), ("until", "2020-01-01")], "later than today"),
        (&[("item", one), ("status", "duplicate"), ("same_as", one)], "another than itself"),
        (&[("item", "nothing"), ("status", "done")], "no recommendation `nothing`"),
        (&[("status", "done")], "no recommendation is selected"),
        (&[("item", one), ("status", "sold")], "`sold` is not a known status"),
    ] {
        let refused = team.triage(fields);
        assert!(matches!(refused.status, 400 | 422), "{fields:?}: {}", refused.status);
        assert!(refused.body.contains(why), "{fields:?}: {}", refused.body);
    }
    assert_eq!(team.events("triaged").len(), 0);

    let same = [("item", two), ("status", "duplicate"), ("same_as", one), ("key", "a")];
    assert_eq!(team.triage(&same).status, 303);
    let several = [("item", one), ("item", three), ("status", "done"), ("key", "b")];
    let done = team.triage(&several);
    assert_eq!(done.header("location"), Some("/dashboard/inbox?noted=done-2"));
    assert!(team.inbox("").contains("All done."), "{}", team.inbox(""));
    let other = team.server.new_browser();
    let refused = team.post(&other, "/dashboard/inbox/undo", &[("key", "c")]);
    assert!(refused.body.contains("nothing of yours to undo"), "{}", refused.body);
    team.post(&team.marketer, "/dashboard/inbox/undo", &[("key", "d")]);
    assert!(team.inbox("").contains("2 open"), "both at once: {}", team.inbox(""));
    team.post(&team.marketer, "/dashboard/inbox/undo", &[("key", "e")]);
    assert!(team.inbox("").contains("3 open"));
    assert!(team.inbox("?tab=all").contains("(undone)"), "the log keeps it");
    let nothing = team.post(&team.marketer, "/dashboard/inbox/undo", &[("key", "f")]);
    assert!(nothing.body.contains("nothing of yours to undo"));
    // A form without a key is one of its own each time.
    for item in [one, two] {
        assert_eq!(team.triage(&[("item", item), ("status", "planned")]).status, 303);
    }
    assert!(team.inbox("").contains("1 open"));
}
