//! `cornerman lint` on the shipped playbooks and on a folder of broken ones.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cornerman::playbook::RULES;

use crate::{TestEnv, copy, root};

#[test]
fn the_shipped_playbooks_are_sound() {
    let ran = TestEnv::shipped().run(&["lint"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
}

/// Whoever copies the README's example among the shipped cards has a card.
#[test]
fn the_example_in_the_readme_is_a_card_that_is_found() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let example = readme.split("```markdown\n").nth(1).unwrap().split("```").next().unwrap();
    let desk = TestEnv::shipped();
    std::fs::write(desk.path("playbooks/ours.md"), example).unwrap();
    let ran = desk.run(&["lint"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    let question = readme.split("and ask `").nth(1).unwrap().split('`').next().unwrap();
    let answer = desk.run(&["ask", question, "--json"]).json();
    let title = example.split("\n## ").nth(1).unwrap().lines().next().unwrap();
    assert_eq!(answer["cards"][0]["title"], title, "{answer}");
}

/// Every file and every folder in `tests/playbooks-bad/` is a playbook of its own; beside it lies
/// what lint says.
fn broken() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/playbooks-bad")).unwrap();
    let mut broken: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    broken.retain(|path| path.extension().is_none_or(|ending| ending == "md"));
    broken.sort();
    assert!(broken.len() > 30, "the fixtures were not found");
    broken
}

#[test]
fn every_broken_playbook_is_reported_where_it_is_broken() {
    for path in broken() {
        reported(&path);
    }
}

fn reported(path: &Path) {
    let desk = TestEnv::empty();
    let name = path.file_name().unwrap().to_str().unwrap();
    if path.is_dir() {
        copy(path, &desk.path("playbooks"))
    } else {
        std::fs::copy(path, desk.path("playbooks").join(name)).unwrap();
    }
    let expected = std::fs::read_to_string(path.with_extension("expect")).unwrap();
    let ran = desk.run(&["lint", "--format", "concise"]);
    assert_eq!(ran.out, expected, "{name}");
    let json = desk.run(&["lint", "--format", "json"]);
    let found = json.out.lines().map(|line| serde_json::from_str(line).unwrap());
    let found: Vec<serde_json::Value> = found.collect();
    for found in &found {
        assert!(found["help"].as_str().unwrap().len() > 8, "{name} helps");
    }
    let errors = found.iter().filter(|found| found["severity"] == "error");
    let files: Vec<&str> = errors.map(|found| found["file"].as_str().unwrap()).collect();
    assert_eq!(ran.code, Some(i32::from(!files.is_empty())), "{name}");
    // Golden questions are no part of what is served.
    if files.iter().any(|file| *file != "questions.toml") {
        let ask = desk.run(&["ask", "too dear"]);
        assert_eq!((ask.code, ask.out.as_str()), (Some(1), ""), "{name} is never half loaded");
        assert!(ask.err.contains("cornerman lint"), "{}", ask.err);
    }
}

#[test]
fn every_rule_has_a_page_and_a_playbook_that_breaks_it() {
    let mut seen = BTreeSet::new();
    for path in broken() {
        let expected = std::fs::read_to_string(path.with_extension("expect")).unwrap();
        let codes = expected.lines().map(|line| line.split(' ').nth(1).unwrap().to_owned());
        // The rules for price policies have their own table: see policy_lint.rs.
        seen.extend(codes.filter(|code| code.starts_with("PB")));
    }
    seen.insert("PB302".to_owned()); // needs a card that was live before: see reload.rs
    seen.insert("PB206".to_owned()); // what fails is the search: see golden.rs and reload.rs
    seen.insert("PB307".to_owned()); // what fails is the question: see golden.rs
    let known: BTreeSet<String> = RULES.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(seen, known);
    let desk = TestEnv::empty();
    for rule in RULES {
        let page = desk.run(&["lint", "--explain", &rule.code.to_lowercase()]).out;
        assert!(page.starts_with(rule.code), "{page}");
        for part in ["What it does:", "Why:", "Example:", "Write instead:"] {
            assert!(page.contains(part), "{} lacks {part}", rule.code);
        }
    }
    let unknown = desk.run(&["lint", "--explain", "PB999"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("PB201"), "{}", unknown.err);
}

/// Each file does what comes nearest to breaking the rule that it is named after.
#[test]
fn every_rule_lets_pass_what_is_right() {
    let good = root().join("tests/playbooks-good");
    for rule in RULES {
        assert!(good.join(format!("{}.md", rule.code)).is_file(), "nothing passes {}", rule.code);
    }
    let desk = TestEnv::empty();
    copy(&good, &desk.path("playbooks"));
    let ran = desk.run(&["lint", "--format", "concise"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    assert_eq!(desk.run(&["fmt", "--check"]).code, Some(0));
}

#[test]
fn github_gets_workflow_commands_with_errors_first() {
    let desk = TestEnv::empty();
    let text = "---\nowner: a\nverified: 2026-11-02\nfamily: price\n---\n## A\n> - x\n## B, c\n";
    std::fs::write(desk.path("playbooks/a.md"), text).unwrap();
    let ran = desk.run(&["lint", "--format", "github"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].starts_with("::error file=playbooks/a.md,line="), "{}", ran.out);
    assert!(lines.last().unwrap().starts_with("::warning "), "{}", ran.out);
    assert!(lines.iter().all(|line| line.contains("%0Ahelp: ")), "{}", ran.out);
}

#[test]
fn text_points_at_the_place_and_helps() {
    let desk = TestEnv::empty();
    let text = "---\nowner: sales\nverified: 2026-11-02\nfamily: prize\n---\n";
    std::fs::write(desk.path("playbooks/a.md"), text).unwrap();
    let ran = desk.run(&["lint"]);
    for part in [
        "error[PB003]",
        "playbooks/a.md:4:9",
        "family: prize",
        "^^^^^",
        "help: did you mean `price`?",
    ] {
        assert!(ran.out.contains(part), "{part} is missing from\n{}", ran.out);
    }
}

#[test]
fn a_missing_folder_is_said_plainly() {
    let ran = TestEnv::empty().run(&["lint", "--playbooks", "nowhere"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("cannot read the playbook directory `nowhere`"), "{}", ran.err);
}

#[test]
fn coverage_shows_every_cell_and_names_the_empty_ones() {
    let desk = TestEnv::shipped();
    let ran = desk.run(&["lint", "--coverage"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("0 of 51 cells that the plan wants are empty"), "{}", ran.out);
    let cells = desk.run(&["lint", "--coverage", "--format", "json"]).out;
    let price = cells.lines().find(|line| line.contains("price") && line.contains("closing"));
    let cell: serde_json::Value = serde_json::from_str(price.unwrap()).unwrap();
    assert_eq!((&cell["must"], cell["cards"].as_u64() > Some(2)), (&true.into(), true));

    let broken = TestEnv::empty();
    copy(&root().join("tests/playbooks-bad/coverage"), &broken.path("playbooks"));
    let ran = broken.run(&["lint", "--coverage"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("1 of 2 cells"), "{}", ran.out);
}

#[test]
fn the_shipped_playbooks_are_in_their_form_and_fmt_writes_only_that() {
    let desk = TestEnv::shipped();
    let check = desk.run(&["fmt", "--check"]);
    assert_eq!((check.code, check.out.as_str()), (Some(0), ""));
    let file = desk.path("playbooks/objections/price.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\n- ", "\n* ").replace('\n', "\r\n")).unwrap();
    let check = desk.run(&["fmt", "--check"]);
    assert_eq!((check.code, check.out.trim()), (Some(1), "playbooks/objections/price.md"));
    let before = desk.run(&["ask", "--json", "--no-log", "too expensive"]).json();
    assert_eq!(desk.run(&["fmt"]).code, Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let after = desk.run(&["ask", "--json", "--no-log", "too expensive"]).json();
    assert_eq!(before["generation"], after["generation"], "nothing that reps read has changed");
    let checked = desk.run(&["fmt", "--verified", "playbooks/objections/price.md"]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("verified: 2026-11-02"));
}

#[test]
fn a_path_that_is_no_playbook_is_never_green() {
    let desk = TestEnv::shipped();
    std::fs::write(desk.path("notes.txt"), "nothing").unwrap();
    for (path, part) in [
        ("nosuch.md", "there is no `nosuch.md`"),
        ("notes.txt", "`notes.txt` is not a playbook"),
        ("playbooks/nosuch.md", "there is no `playbooks/nosuch.md`"),
    ] {
        let ran = desk.run(&["lint", path]);
        assert_eq!(ran.code, Some(2), "{path}: {ran:?}");
        assert!(ran.err.contains(part), "{path}: {}", ran.err);
    }
    for path in ["playbooks/objections", "objections/price.md", "playbooks/questions.toml"] {
        assert_eq!(desk.run(&["lint", path]).code, Some(0), "{path}");
    }
}

/// Where a server has been running, lint says what that server would say.
#[test]
fn lint_is_not_green_where_serve_would_refuse() {
    let desk = TestEnv::shipped();
    let file = desk.path("playbooks/questions.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let failing = "question = [\n  { ask = \"it is too expensive\", expect = \"no-budget\" },\n";
    std::fs::write(&file, text.replacen("question = [\n", failing, 1)).unwrap();
    let server = crate::server::Server::start(&desk);
    assert_eq!(server.problems(), serde_json::json!([]), "one that never passed blocks nothing");
    let lint = || desk.run(&["lint", "--format", "concise"]);
    let ran = lint();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("PB307 \"it is too expensive\" must match no-budget"), "{}", ran.out);

    // Those that have passed do: broken, and taken away.
    let passes = "\"your rates are through the roof\", expect = \"too-expensive\"";
    let broken = text.replacen(passes, &passes.replace("too-expensive", "no-budget"), 1);
    std::fs::write(&file, &broken).unwrap();
    assert_eq!(lint().code, Some(0), "that is another question");
    let card = desk.path("playbooks/objections/price.md");
    let whole = std::fs::read_to_string(&card).unwrap();
    let other = whole.replacen("## It costs too much", "## It costs a little too much", 1);
    assert_ne!(other, whole);
    std::fs::remove_file(&file).unwrap();
    let ran = lint();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("questions.toml:1:1: PB307 the file is gone"), "{}", ran.out);
    std::fs::write(&card, other).unwrap();
    let begun = std::time::Instant::now();
    while !server.problems().to_string().contains("the file is gone") {
        assert!(begun.elapsed().as_secs() < 20, "{}", server.problems());
    }
    std::fs::write(&file, "").unwrap();
    while server.problems() != serde_json::json!([]) {
        assert!(begun.elapsed().as_secs() < 40, "{}", server.problems());
    }
}

#[test]
fn a_folder_without_a_card_is_not_green() {
    let desk = TestEnv::empty();
    let ran = desk.run(&["lint"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("there is no card under `playbooks`"), "{}", ran.err);
}
