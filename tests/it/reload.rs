//! From a save to a live card, in the ways in which editors save; and what a broken save does.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::TestEnv;
use crate::server::{Server, until, within};

const FILE: &str = "playbooks/objections/price.md";
const LINE: &str = "- Let's put the price beside what the problem costs you now.";

/// What the server tells a rep to say now.
fn say(server: &Server) -> String {
    let question = json!({"text": "it is too expensive"});
    let answer = server.post_json("/api/v1/suggest", &question, &[]).json();
    answer["cards"][0]["say"].as_str().unwrap_or_default().to_owned()
}

type Way = (&'static str, fn(&Path, &str));

/// Ways of saving a text to a file.
const WAYS: [Way; 10] = [
    ("in place", |file, text| std::fs::write(file, text).unwrap()),
    ("rename over", |file, text| {
        let draft = file.with_extension("tmp");
        std::fs::write(&draft, text).unwrap();
        std::fs::rename(draft, file).unwrap();
    }),
    ("remove and create", |file, text| {
        std::fs::remove_file(file).unwrap();
        std::fs::write(file, text).unwrap();
    }),
    ("a backup editor's dance", |file, text| {
        let number = file.with_file_name("4913");
        std::fs::write(&number, "").unwrap();
        std::fs::remove_file(number).unwrap();
        let backup = file.with_file_name("price.md~");
        std::fs::rename(file, &backup).unwrap();
        std::fs::write(file, text).unwrap();
        std::fs::remove_file(backup).unwrap();
    }),
    ("line ends of another system", |file, text| {
        std::fs::write(file, text.replace('\n', "\r\n")).unwrap();
    }),
    ("with a byte-order mark", |file, text| {
        std::fs::write(file, format!("\u{feff}{text}")).unwrap();
    }),
    ("in two halves", |file, text| {
        use std::io::Write;
        let mut out = std::fs::File::create(file).unwrap();
        let (first, second) = text.split_at(text.len() / 2);
        out.write_all(first.as_bytes()).unwrap();
        out.sync_all().unwrap();
        out.write_all(second.as_bytes()).unwrap();
    }),
    ("with a lock file beside it", |file, text| {
        let lock = file.with_file_name(".#price.md");
        std::fs::write(&lock, "somebody").unwrap();
        std::fs::write(file, text).unwrap();
        std::fs::remove_file(lock).unwrap();
    }),
    ("two files at once", |file, text| {
        let other = file.with_file_name("timing.md");
        let touched = std::fs::read_to_string(&other).unwrap() + "\n";
        std::fs::write(other, touched).unwrap();
        std::fs::write(file, text).unwrap();
    }),
    ("moved to another file", |file, text| {
        let other = file.with_file_name("prices.md");
        let (from, to) = if file.exists() { (file, other.as_path()) } else { (&*other, file) };
        std::fs::write(from, text).unwrap();
        std::fs::rename(from, to).unwrap();
    }),
];

/// `CORNERMAN_TEST_ROUNDS=10 cargo test --release --test it saved -- --nocapture` measures.
#[test]
fn a_saved_file_is_live_however_it_was_saved() {
    let rounds = std::env::var("CORNERMAN_TEST_ROUNDS").map_or(1, |text| text.parse().unwrap());
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let text = std::fs::read_to_string(desk.path(FILE)).unwrap();
    assert!(text.contains(LINE));
    let mut times = Vec::new();
    for round in 0..rounds {
        for (number, (way, save)) in WAYS.iter().enumerate() {
            let words = format!("Round {round} way {number} says this.");
            save(&desk.path(FILE), &text.replacen(LINE, &format!("- {words}"), 1));
            times.push(until(way, || say(&server).starts_with(&words)));
            // The last way moves the file; what follows saves to where it was.
            let moved = desk.path("playbooks/objections/prices.md");
            if moved.exists() {
                std::fs::rename(moved, desk.path(FILE)).unwrap();
                until("the file moved back", || say(&server).starts_with(&words));
            }
        }
    }
    times.sort();
    let place = |percent: usize| times[(times.len() * percent).div_ceil(100) - 1];
    println!("{} saves live: p50 {:?}, p99 {:?}", times.len(), place(50), place(99));
}

#[test]
fn a_broken_save_leaves_the_last_good_version_and_names_the_place() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let before = say(&server);
    let text = std::fs::read_to_string(desk.path(FILE)).unwrap();
    let problems = || server.problems();
    assert_eq!(problems(), json!([]));

    std::fs::write(desk.path(FILE), text.replacen("family: price", "family: prize", 1)).unwrap();
    until("the report", || problems() != json!([]));
    let found = problems();
    assert_eq!(
        found[0],
        "objections/price.md:4:9: PB003 `prize` is not a known family (did you mean `price`?)"
    );
    assert_eq!(say(&server), before);
    for page in ["/", "/dashboard/activity"] {
        let page = server.get(page).body;
        assert!(page.contains("objections/price.md:4:9") && page.contains("role=\"status\""));
    }

    let mended = text.replacen(LINE, "- Mended and live.", 1);
    std::fs::write(desk.path(FILE), mended).unwrap();
    until("the mended file", || say(&server).starts_with("Mended and live."));
    assert_eq!(problems(), json!([]));
}

#[test]
fn a_golden_question_that_would_fail_keeps_a_save_from_going_live() {
    let desk = TestEnv::shipped();
    let server = Server::start(&desk);
    let before = server.get("/healthz").json()["generation"].clone();
    let text = std::fs::read_to_string(desk.path(FILE)).unwrap();
    let stolen = text.replacen("> - It's too expensive", "> - who left the window open", 1);
    std::fs::write(desk.path(FILE), stolen).unwrap();
    until("the report", || server.problems() != json!([]));
    let health = server.get("/healthz").json();
    assert_eq!(health["problems"], 1, "without the key they are only counted");
    assert!(health["details"].is_null() && !health.to_string().contains(FILE), "{health}");
    let problem = server.problems()[0].as_str().unwrap().to_owned();
    assert!(problem.contains("questions.toml:") && problem.contains("PB307"), "{problem}");
    assert_eq!(health["generation"], before);
}

/// The card that was saved takes a phrasing away from one that was not touched.
#[test]
fn a_phrasing_that_would_stray_keeps_a_save_from_going_live() {
    let desk = TestEnv::unquestioned();
    let (trust, cold) =
        (desk.path("playbooks/objections/trust.md"), desk.path("playbooks/calls/cold.md"));
    let text = std::fs::read_to_string(&trust).unwrap();
    let own = "> - there's a catch, isn't there\n> - is this one of those sales calls\n";
    std::fs::write(&trust, text.replacen("> - there's a catch, isn't there\n", own, 1)).unwrap();
    let full = std::fs::read_to_string(&cold).unwrap();
    let thin: Vec<&str> = full
        .lines()
        .filter(|line| {
            !line.starts_with("> ") || !(line.contains("sell") || line.contains("sales"))
        })
        .collect();
    std::fs::write(&cold, thin.join("\n") + "\n").unwrap();
    let server = Server::start(&desk);
    let problems = || server.problems();
    assert_eq!(problems(), json!([]));

    std::fs::write(&cold, &full).unwrap();
    until("the report", || problems() != json!([]));
    let problem = problems()[0].as_str().unwrap().to_owned();
    for part in ["objections/trust.md:154:5: PB206", "of `too-good`", "matches `sales-call`"] {
        assert!(problem.contains(part), "{problem}");
    }
    std::fs::write(&trust, text).unwrap();
    until("the mended file", || problems() == json!([]));
}

#[test]
fn a_card_that_vanishes_is_missed_until_it_is_renamed_or_retired() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let text = std::fs::read_to_string(desk.path(FILE)).unwrap();
    let renamed = text.replacen("<!-- id: roi-doubt;", "<!-- id: payback-doubt;", 1);
    assert_ne!(renamed, text);
    let problems = || server.problems();
    std::fs::write(desk.path(FILE), &renamed).unwrap();
    until("the report", || problems() != json!([]));
    let problem = problems()[0].as_str().unwrap().to_owned();
    assert!(problem.contains("price.md:1:1: PB302 the history of `roi-doubt`"), "{problem}");
    assert_eq!(desk.run(&["lint", "--format", "concise"]).code, Some(1));

    let kept =
        renamed.replacen("<!-- id: payback-doubt;", "<!-- id: payback-doubt; was: roi-doubt;", 1);
    std::fs::write(desk.path(FILE), kept).unwrap();
    until("the new name", || problems() == json!([]));
    assert_eq!(desk.run(&["lint", "--format", "concise"]).out, "");

    let plan = desk.path("playbooks/plan.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let voicemail = desk.path("playbooks/calls/cold.md");
    let cold = std::fs::read_to_string(&voicemail).unwrap();
    let without = cold.split("## Voicemail").next().unwrap();
    std::fs::write(&voicemail, without).unwrap();
    until("the report", || problems() != json!([]));
    // Started anew it answers all the same, and goes on saying so.
    drop(server);
    let server = Server::start(&desk);
    let problems = || server.problems();
    assert!(problems()[0].as_str().unwrap().contains("`voicemail`"));
    assert_eq!(server.get("/readyz").status, 200);
    assert_eq!(desk.run(&["ask", "--no-log", "it is too expensive"]).code, Some(0));
    let retired =
        "retired = [{ id = \"voicemail\", on = 2026-11-24, why = \"nobody leaves one\" }]\n";
    std::fs::write(&plan, text.replacen("format  = 1\n", &format!("format  = 1\n{retired}"), 1))
        .unwrap();
    until("the retirement", || problems() == json!([]));
}

#[test]
fn broken_from_the_start_it_says_why_and_answers_once_it_is_mended() {
    let desk = TestEnv::unquestioned();
    let text = std::fs::read_to_string(desk.path(FILE)).unwrap();
    std::fs::write(desk.path(FILE), text.replacen("family: price", "family: prize", 1)).unwrap();
    let server = Server::start(&desk);
    assert_eq!(server.get("/readyz").status, 503);
    assert!(server.get("/").body.contains("objections/price.md:4:9"));
    assert_eq!(say(&server), "");
    std::fs::write(desk.path(FILE), &text).unwrap();
    until("the mended file", || server.get("/readyz").status == 200);
    assert!(say(&server).starts_with("Let's put the price"));
}

/// Every answer must come whole from one version: the words of a version all name it.
#[test]
fn no_answer_mixes_two_versions() {
    let saves = std::env::var("CORNERMAN_TEST_ROUNDS")
        .map_or(6, |text| text.parse::<usize>().unwrap() * 30);
    let desk = TestEnv::unquestioned();
    let file = desk.path(FILE);
    let text = std::fs::read_to_string(&file).unwrap();
    let (ask, said) = ("- Too expensive compared with what?", LINE);
    assert!(text.contains(ask));
    let version = |number: usize| {
        let text = text.replacen(ask, &format!("- Why version {number}?"), 1);
        text.replacen(said, &format!("- Because of version {number}."), 1)
    };
    std::fs::write(&file, version(0)).unwrap();
    let server = Server::start(&desk);
    let done = std::sync::atomic::AtomicBool::new(false);
    let asked = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let question = json!({"text": "it is too expensive"});
                    let reply = server.post_json("/api/v1/suggest", &question, &[]);
                    assert_eq!(reply.status, 200, "{}", reply.body);
                    let card = &reply.json()["cards"][0];
                    let number = |text: &serde_json::Value| {
                        let text = text.as_str().unwrap();
                        text.chars().filter(char::is_ascii_digit).collect::<String>()
                    };
                    assert_eq!(
                        number(&card["ask"][0]),
                        number(&card["say"].as_str().unwrap().split(". ").next().unwrap().into())
                    );
                    asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
        for number in 1..=saves {
            std::fs::write(&file, version(number)).unwrap();
            until("the next version", || say(&server).contains(&format!("version {number}.")));
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    println!("{saves} reloads, {} answers", asked.into_inner());
}

#[test]
fn a_large_playbook_answers_by_words_until_it_is_learned() {
    let desk = TestEnv::unquestioned();
    let front = "---\nowner: us\nverified: 2026-11-02\nfamily: need\n---\n\n# Many\n";
    let colours = ["red", "blue", "grey", "green", "white", "black", "pink", "brown"];
    let card = |number: usize| {
        let phrasings: String =
            colours.iter().map(|colour| format!("> - {colour} {number}\n")).collect();
        format!(
            "\n## Number {number}\n<!-- id: number-{number} -->\n\n{phrasings}### Say\n- Yes.\n"
        )
    };
    let many: String = (0..400).map(card).collect();
    std::fs::write(desk.path("playbooks/many.md"), format!("{front}{many}")).unwrap();
    let server = Server::start(&desk);
    let learning = || server.send("GET", "/healthz", &[], b"").json()["learning"].take();
    let first = |text: &str| {
        let answer = server.post_json("/api/v1/suggest", &json!({"text": text}), &[]).json();
        answer["cards"][0]["id"].clone()
    };
    assert!(learning()["total"].as_u64() > Some(3_000), "{}", learning());
    assert_eq!(first("it is too expensive"), "too-expensive", "by its words");
    assert!(server.get("/").body.contains("Indexing example phrases: "));
    within(Duration::from_secs(120), "the last sentence", || learning().is_null());
    assert_eq!(first("your rates make my eyes water"), "too-expensive", "by what it means");
    assert!(!server.get("/").body.contains("Indexing example phrases: "));
    drop(server);
    // A card that was live and is gone is told about, and keeps nobody waiting.
    std::fs::remove_dir_all(desk.path("index")).unwrap();
    std::fs::write(desk.path("data/published"), "gone\tmany.md\n").unwrap();
    let server = Server::start(&desk);
    let health = || server.send("GET", "/healthz", &[], b"").json();
    assert!(health()["learning"]["total"].as_u64() > Some(3_000), "{}", health());
    assert_eq!(health()["problems"], 1);
    within(Duration::from_secs(120), "the last sentence", || health()["learning"].is_null());
    let answer = json!({"text": "your rates make my eyes water"});
    let answer = server.post_json("/api/v1/suggest", &answer, &[]).json();
    assert_eq!(answer["cards"][0]["id"], "too-expensive", "by what it means");
    assert_eq!(health()["problems"], 1);
}
