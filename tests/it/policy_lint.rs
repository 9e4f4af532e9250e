//! The rules for price policies: each row of a table changes a sound policy in one place.

use std::collections::BTreeSet;

use cornerman::app::SystemClock;
use cornerman::ports::Clock as _;
use cornerman::pricing::POLICY_RULES;

use crate::{TestEnv, root};

/// The rows of one part of the table, as cells.
fn rows(part: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("tests/negotiation/policy-lint.md")).unwrap();
    let (_, rest) = text.split_once(&format!("\n## {part}\n")).unwrap();
    let part = rest.split("\n## ").next().unwrap();
    let rows = part.lines().filter(|line| line.starts_with("| P"));
    let cells = |line: &str| {
        let cells = line.split('|').map(|cell| cell.trim().replace('⏎', "\n"));
        cells.skip(1).collect::<Vec<_>>()
    };
    rows.map(cells).collect()
}

/// What stands in backticks, and nothing where there are none.
fn quoted(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell)
}

/// Writes `today`, `today-91` or `today+5` as that day.
fn dated(text: &str) -> String {
    let mut parts = text.split("today");
    let mut written = parts.next().unwrap().to_owned();
    for part in parts {
        let sign = part.strip_prefix(['+', '-']).unwrap();
        let digits: String = sign.chars().take_while(char::is_ascii_digit).collect();
        let days: i64 = digits.parse().unwrap();
        let days = if part.starts_with('-') { -days } else { days };
        written += &SystemClock.now().day().plus_days(days).to_string();
        written += &sign[digits.len()..];
    }
    written
}

/// A folder with the small policy, changed as the row says.
fn changed(from: &str, to: &str) -> TestEnv {
    let base = root().join("tests/negotiation/policies/small.toml");
    let base = std::fs::read_to_string(base).unwrap();
    // Verified of late, so that the tests do not grow old with the file.
    let base = base.replace("last_verified = 2026-11-02", "last_verified = today-24");
    let base = base.replace("expires = 2027-01-31", "expires = today+66");
    assert!(base.contains(from), "{from}");
    let desk = TestEnv::empty();
    let text = dated(&base.replacen(from, to, 1));
    std::fs::write(desk.path("playbooks/pricing.toml"), text).unwrap();
    desk
}

#[test]
fn what_is_wrong_is_reported_alone_and_where_it_stands() {
    let mut wrong = Vec::new();
    for row in rows("What is wrong") {
        let [code, from, to, at, says] = &row[..5] else { panic!("{row:?}") };
        let desk = changed(quoted(from), quoted(to));
        let ran = desk.run(&["lint", "--format", "concise"]);
        let start = format!("playbooks/pricing.toml:{at}: {code} ");
        let found: Vec<&str> = ran.out.lines().collect();
        let alone = found.len() == 1 && found[0].starts_with(&start) && found[0].contains(says);
        if !alone {
            wrong.push(format!("{from} becomes {to}: not {start}{says}, but\n{}", ran.out));
            continue;
        }
        let json = desk.run(&["lint", "--format", "json"]).json();
        assert!(json["help"].as_str().unwrap().len() > 8, "{json}");
        let error = json["severity"] == "error";
        assert_eq!(ran.code, Some(i32::from(error)), "{json}");
        // An error keeps the file from being used; a warning does not.
        let price = desk.run(&["price", "60 seats"]);
        if error {
            assert_eq!((price.code, price.out.as_str()), (Some(1), ""), "{json}");
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_comes_nearest_to_being_wrong_passes() {
    let unchanged = changed("", "").run(&["lint", "--format", "concise"]);
    assert_eq!((unchanged.code, unchanged.out.as_str()), (Some(0), ""), "{}", unchanged.err);
    for row in rows("What is right") {
        let ran = changed(quoted(&row[1]), quoted(&row[2])).run(&["lint", "--format", "concise"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{row:?}");
    }
}

#[test]
fn every_rule_has_a_page_and_a_row_on_either_side() {
    let codes = |part: &str| {
        let codes = rows(part).into_iter().map(|row| row[0].clone());
        codes.filter(|code| code.starts_with("PP")).collect::<BTreeSet<_>>()
    };
    let known: BTreeSet<String> = POLICY_RULES.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!((codes("What is wrong"), codes("What is right")), (known.clone(), known));
    let desk = TestEnv::empty();
    for rule in POLICY_RULES {
        let page = desk.run(&["lint", "--explain", &rule.code.to_lowercase()]).out;
        assert!(page.starts_with(rule.code), "{page}");
        for part in ["What it does:", "Why:", "Example:", "Write instead:"] {
            assert!(page.contains(part), "{} lacks {part}", rule.code);
        }
    }
}
