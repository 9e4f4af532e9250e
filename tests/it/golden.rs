//! `cornerman test`: the golden questions of the shipped playbooks, and one that fails.

use crate::TestEnv;

#[test]
fn the_shipped_golden_questions_pass() {
    let ran = TestEnv::shipped().run(&["test", "--json"]);
    let report = ran.json();
    let failed =
        || report["cases"].as_array().unwrap().iter().filter(|case| case["passed"] == false);
    assert_eq!(ran.code, Some(0), "{:#?}", failed().collect::<Vec<_>>());
    let cases = report["cases"].as_array().unwrap();
    let none = cases.iter().filter(|case| case["expect"] == "none").count();
    assert!(cases.len() >= 80 && none >= 12, "{} questions, {none} for nothing", cases.len());
    assert_eq!(failed().count(), failed().filter(|case| case["open"] == true).count());
    assert!(report["phrasings"].as_u64() > Some(800));
    assert_eq!(report["strays"], serde_json::json!([]));
}

#[test]
fn a_phrasing_that_brings_another_card_is_shown_at_its_place() {
    let desk = TestEnv::shipped();
    let file = desk.path("playbooks/objections/trust.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let stray = "> - there's a catch, isn't there\n> - is this one of those sales calls\n";
    std::fs::write(&file, text.replacen("> - there's a catch, isn't there\n", stray, 1)).unwrap();
    let ran = desk.run(&["test"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    for part in ["error[PB206]", "of `too-good` (0.", "matches `sales-call` (", "^^^^"] {
        assert!(ran.out.contains(part), "{part} is missing from\n{}", ran.out);
    }
    assert!(ran.out.contains("phrases: 1 match another card"), "{}", ran.out);
}

#[test]
fn a_question_that_fails_is_shown_and_an_open_one_does_not_count() {
    let desk = TestEnv::shipped();
    let questions = |status: &str| {
        format!("question = [{{ ask = \"it is too dear\", expect = \"quickpath\"{status} }}]")
    };
    let file = desk.path("playbooks/questions.toml");
    std::fs::write(&file, questions("")).unwrap();
    let ran = desk.run(&["test"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("expected quickpath, got"), "{}", ran.out);
    std::fs::write(&file, questions(", status = \"open\"")).unwrap();
    assert_eq!(desk.run(&["test"]).code, Some(0));
}

#[test]
fn a_question_about_a_card_that_is_not_there_is_an_error_with_its_place() {
    let desk = TestEnv::shipped();
    let questions =
        "question = [\n  { ask = \"too dear\", expect = \"quickpat\" },\n  { ask = \"x\" },\n]";
    std::fs::write(desk.path("playbooks/questions.toml"), questions).unwrap();
    let ran = desk.run(&["lint"]);
    assert_eq!(ran.code, Some(1));
    for part in
        ["error[PB308]", "questions.toml:2:3", "did you mean `quickpath`?", "asserts nothing"]
    {
        assert!(ran.out.contains(part), "{part} is missing from\n{}", ran.out);
    }
}
