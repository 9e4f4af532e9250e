//! `cornerman lint` on the shipped playbooks and on a folder of broken ones.

use std::path::Path;

use crate::{Desk, root};

#[test]
fn the_shipped_playbooks_are_sound() {
    let ran = Desk::shipped().run(&["lint"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
}

/// Every file in `tests/playbooks-bad/` stands alone in a folder; beside it lies what lint says.
#[test]
fn every_broken_playbook_is_reported_where_it_is_broken() {
    let folder = root().join("tests/playbooks-bad");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "md") {
            reported(&file);
            seen += 1;
        }
    }
    assert!(seen > 20, "the fixtures were not found");
}

fn reported(file: &Path) {
    let desk = Desk::empty();
    let name = file.file_name().unwrap().to_str().unwrap();
    std::fs::copy(file, desk.path("playbooks").join(name)).unwrap();
    let expected = std::fs::read_to_string(file.with_extension("expect")).unwrap();
    let ran = desk.run(&["lint", "--format", "concise"]);
    assert_eq!(ran.out, expected, "{name}");
    let json = desk.run(&["lint", "--format", "json"]);
    let severities: Vec<String> = json
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|found| {
            assert!(found["help"].as_str().unwrap().len() > 8, "{name} helps");
            found["severity"].as_str().unwrap().to_owned()
        })
        .collect();
    let error = severities.iter().any(|severity| severity == "error");
    assert_eq!(ran.code, Some(i32::from(error)), "{name}");
    if error {
        let ask = desk.run(&["ask", "too dear"]);
        assert_eq!(
            (ask.code, ask.out.as_str()),
            (Some(1), ""),
            "{name} is never half loaded"
        );
        assert!(ask.err.contains("cornerman lint"), "{}", ask.err);
    }
}

#[test]
fn text_points_at_the_place_and_helps() {
    let desk = Desk::empty();
    let text = "---\nowner: sales\nverified: 2026-11-02\nfamily: prize\n---\n";
    std::fs::write(desk.path("playbooks/a.md"), text).unwrap();
    let ran = desk.run(&["lint"]);
    for part in [
        "error[PB003]",
        "playbooks/a.md:4:9",
        "family: prize",
        "^^^^^",
        "help: one of: price",
    ] {
        assert!(
            ran.out.contains(part),
            "{part} is missing from\n{}",
            ran.out
        );
    }
}

#[test]
fn a_missing_folder_is_said_plainly() {
    let ran = Desk::empty().run(&["lint", "--playbooks", "nowhere"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .contains("cannot read the playbook directory `nowhere`"),
        "{}",
        ran.err
    );
}
