//! `cornerman redact`: what must not be kept is masked, and what sales people say stays as it is.

use cornerman::redact::{Kind, redact};
use proptest::prelude::*;
use serde_json::json;

use crate::{TestEnv, root};

#[test]
fn a_line_is_masked_and_its_spans_are_in_code_points() {
    let lines = "call me on 415 555 2671\n\ngr\u{fc}n: jo\u{200b}@example.com, card 4242 4242 4242 4242\n\
                 they want 25% off 40 seats\n";
    let desk = TestEnv::empty();
    let ran = desk.run_with(&["redact", "--json"], lines.as_bytes());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let printed: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = json!([
        {"text": "call me on [PHONE]", "spans": [{"start": 11, "end": 23, "type": "PHONE"}]},
        {"text": "", "spans": []},
        {"text": "gr\u{fc}n: [EMAIL], card [CARD]", "spans": [
            {"start": 6, "end": 21, "type": "EMAIL"}, {"start": 28, "end": 47, "type": "CARD"},
        ]},
        {"text": "they want 25% off 40 seats", "spans": []},
    ]);
    assert_eq!(serde_json::Value::from(printed), expected);
    let plain = desk.run_with(&["redact"], lines.as_bytes());
    assert!(
        plain.out.starts_with("call me on [PHONE]\n\ngr\u{fc}n: [EMAIL], card [CARD]\n"),
        "{plain:?}"
    );
}

#[test]
fn what_cannot_be_made_safe_is_withheld() {
    let mut lines = b"caf\xe9 415 555 2671\n".to_vec();
    lines.extend("x".repeat(70_000).into_bytes());
    let ran = TestEnv::empty().run_with(&["redact", "--json"], &lines);
    assert_eq!(ran.code, Some(1));
    let expected = "{\"withheld\":\"the text is not UTF-8\"}\n{\"withheld\":\"the text is longer than \
                    65536 bytes\"}\n";
    assert_eq!(ran.out, expected);
}

/// Lines full of numbers that are nobody's, and everything that is said in the playbooks.
#[test]
fn what_sales_people_say_stays_as_it_is() {
    let harmless = std::fs::read_to_string(root().join("tests/redact/harmless.txt")).unwrap();
    let harmless: Vec<&str> = harmless.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(harmless.len() >= 300, "{}", harmless.len());
    let sentences = std::fs::read_to_string(root().join("training/sentences.jsonl")).unwrap();
    let sentence = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["text"].as_str().unwrap().to_owned()
    };
    // Every tenth: the others say it with other words.
    let sentences: Vec<String> = sentences.lines().step_by(10).map(sentence).collect();
    let all = harmless.into_iter().chain(sentences.iter().map(String::as_str));
    let altered: Vec<_> = all.filter(|line| redact(line).unwrap().text() != *line).collect();
    assert!(altered.is_empty(), "{altered:#?}");
}

#[test]
fn forms_that_people_use_are_known() {
    let rows = std::fs::read_to_string(root().join("tests/redact/forms.md")).unwrap();
    let rows = rows.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| text"));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [text, expected] = cells[..] else { panic!("two cells: {row}") };
        assert_eq!(redact(text).unwrap().text(), expected, "{text}");
        count += 1;
    }
    assert!(count >= 40, "{count}");
}

/// A value of each kind, made by the rules of whoever gives it out.
pub fn value() -> impl Strategy<Value = (Kind, String)> {
    let of = |kind: Kind, pattern: &'static str| {
        proptest::string::string_regex(pattern).unwrap().prop_map(move |value| (kind, value))
    };
    prop_oneof![
        "4[0-9]{14}".prop_map(|begin| (Kind::Card, grouped(&with_check_digit(&begin), ' '))),
        "(34|37)[0-9]{12}".prop_map(|begin| (Kind::Card, with_check_digit(&begin))),
        "5[1-5][0-9]{13}".prop_map(|begin| (Kind::Card, grouped(&with_check_digit(&begin), '-'))),
        "[0-9]{18}".prop_map(|account| (Kind::Iban, iban("DE", &account))),
        "[A-Z]{4}[0-9]{14}".prop_map(|account| (Kind::Iban, grouped(&iban("GB", &account), ' '))),
        "[0-9]{8}[A-Z0-9]{12}".prop_map(|account| (Kind::Iban, iban("LT", &account[..16]))),
        any::<[u8; 4]>().prop_filter_map("a version", |parts| {
            let text = std::net::Ipv4Addr::from(parts).to_string();
            (text.len() > 7).then_some((Kind::Ip, text))
        }),
        any::<[u16; 8]>().prop_map(|parts| (Kind::Ip, std::net::Ipv6Addr::from(parts).to_string())),
        of(Kind::Ssn, "[1-5][0-9]{2}-[1-9][0-9]-[1-9][0-9]{3}"),
        of(
            Kind::Email,
            "[a-z]{1,8}([._+][a-z0-9]{1,6})?@[a-z]{2,9}(-[a-z]{2,5})?\\.(com|co\\.uk|de|museum)"
        ),
        of(
            Kind::ApiKey,
            "(AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{19}[a-z]|\
             sk_live_[A-Za-z0-9]{24}|npm_[A-Za-z0-9]{36}"
        ),
        of(
            Kind::Phone,
            "\\+(1|44|49|33|91)[1-9][0-9]{8,9}|\\+49 30 [0-9]{7}|\
             \\([2-9][0-9]{2}\\) [2-9][0-9]{2}-[0-9]{4}|\
             [2-9][0-9]{2}[-.][2-9][0-9]{2}[-.][0-9]{4}"
        ),
    ]
}

fn with_check_digit(begin: &str) -> String {
    let digits = |text: &str| text.bytes().map(|b| u32::from(b - b'0')).collect::<Vec<_>>();
    let doubled = digits(begin).iter().rev().enumerate().fold(0, |sum, (place, digit)| {
        let twice = if place % 2 == 0 { digit * 2 } else { *digit };
        sum + twice / 10 + twice % 10
    });
    format!("{begin}{}", (10 - doubled % 10) % 10)
}

fn iban(country: &str, account: &str) -> String {
    let value: String = format!("{account}{country}00")
        .chars()
        .map(|c| c.to_digit(36).unwrap().to_string())
        .collect();
    let rest = value.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("{country}{:02}{account}", 98 - rest)
}

fn grouped(value: &str, separator: char) -> String {
    let groups: Vec<String> =
        value.as_bytes().chunks(4).map(|four| String::from_utf8(four.to_vec()).unwrap()).collect();
    groups.join(&separator.to_string())
}

const AROUND: &[(&str, &str)] = &[
    ("", ""),
    ("please use ", " from now on"),
    ("he said ", ", then hung up"),
    ("they wrote ", "."),
    ("(", ") is what I have"),
    ("→ ", " ← für 40 Plätze"),
    ("it's ", " and 40 seats at 20% off"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_value_is_covered_whole_and_nothing_else_is(
        (kind, value) in value(),
        (before, behind) in prop::sample::select(AROUND),
    ) {
        let text = format!("{before}{value}{behind}");
        let redacted = redact(&text).unwrap();
        prop_assert_eq!(redacted.text(), format!("{before}{}{behind}", kind.mask()), "{}", text);
        let start = before.chars().count();
        let span = redacted.spans()[0];
        prop_assert_eq!((span.start, span.end), (start, start + value.chars().count()));
    }

    #[test]
    fn masking_again_changes_nothing_and_never_fails_badly(
        text in prop_oneof![
            "\\PC{0,80}",
            "[0-9@.:/+() \\[\\]a-f=?&-]{0,80}",
            prop::collection::vec(value().prop_map(|(_, value)| value), 0..4)
                .prop_map(|values| values.join(",")),
        ],
    ) {
        if let Ok(redacted) = redact(&text) {
            prop_assert!(redacted.text().len() <= 4 * text.len().max(16));
            let again = redact(redacted.text()).unwrap();
            prop_assert_eq!(again.text(), redacted.text());
            prop_assert!(again.spans().is_empty());
        }
    }
}
