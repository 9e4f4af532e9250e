//! The laws of formatting, on the shipped playbooks and on what becomes of them by accident.

use proptest::prelude::*;

use super::*;
use crate::playbook::{Facts, Playbook};

const SHIPPED: [(&str, &str); 5] = [
    ("objections/price.md", include_str!("../../../playbooks/objections/price.md")),
    ("calls/warm.md", include_str!("../../../playbooks/calls/warm.md")),
    ("battlecards/openkit.md", include_str!("../../../playbooks/battlecards/openkit.md")),
    ("methodologies/spin.md", include_str!("../../../playbooks/methodologies/spin.md")),
    ("messages.md", include_str!("../../../playbooks/messages.md")),
];

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile::new(path, text.into()).unwrap()
}

#[test]
fn a_file_gets_its_one_form() {
    let front = "---\nowner: a\nverified: 2026-11-02\nfamily: price\n---\n";
    let untidy = format!(
        "{front}# P  \n\n\n##  Too dear ##\n> too dear\n>steep\n> * dear\n\n\n> [!NOTE]\n> for us\n\n### say\n* Fair.\n  + Right.  \n```\n* as it is\n```\n## B\n<!-- id: b; was: bb -->\n> - x\n\n\n"
    );
    let tidy = format!(
        "{front}# P\n\n## Too dear\n<!-- id: too-dear -->\n> - too dear\n> - steep\n> - dear\n\n> [!NOTE]\n> for us\n\n### Say\n- Fair.\n  - Right.\n```\n* as it is\n```\n\n## B\n<!-- id: b; was: bb -->\n> - x\n"
    );
    assert_eq!(format(&file("objections/a.md", &untidy)), tidy);
    assert_eq!(format(&file("objections/a.md", &tidy)), tidy);
}

#[test]
fn only_the_day_changes_when_somebody_has_checked() {
    let day = "2027-01-31".parse().unwrap();
    let text = SHIPPED[0].1;
    let checked = verified(text, day).unwrap();
    assert_eq!(checked, text.replacen("verified: 2026-11-02", "verified: 2027-01-31", 1));
    assert_eq!(verified("---\nowner: a\n---\nverified: x\n", day), None);
    assert_eq!(verified("", day), None);
}

/// A change someone makes by accident: lines cut, doubled, swapped, broken, or mixed with signs.
fn accident() -> impl Strategy<Value = (prop::sample::Index, u8, prop::sample::Index)> {
    (any::<prop::sample::Index>(), 0..10_u8, any::<prop::sample::Index>())
}

const SIGNS: [&str; 16] = [
    "## X",
    "###",
    "#### y",
    "> ",
    ">",
    "- ",
    "* ",
    "---",
    "```",
    "<!-- id: x -->",
    "{{ message.x",
    "See: [a](b#c)",
    "é\u{301}",
    "\t",
    "### Say (closing)",
    "\u{feff}",
];

fn struck(text: &str, accidents: &[(prop::sample::Index, u8, prop::sample::Index)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (place, kind, other) in accidents {
        if lines.is_empty() {
            break;
        }
        let (at, from) = (place.index(lines.len()), other.index(lines.len()));
        match kind {
            0 => {
                lines.remove(at);
            }
            1 => lines.insert(at, lines[from].clone()),
            2 => lines.swap(at, from),
            3 => lines.insert(at, String::new()),
            4 => lines.insert(at, SIGNS[other.index(SIGNS.len())].to_owned()),
            5 => lines[at].insert_str(0, SIGNS[other.index(SIGNS.len())]),
            6 => lines[at].push_str("   "),
            7 => lines[at] = lines[at].chars().rev().collect(),
            8 => lines[at] = lines[at].replace("- ", "* "),
            _ => {
                let cut = lines[at].char_indices().map(|(at, _)| at).nth(3);
                if let Some(cut) = cut {
                    let rest = lines[at].split_off(cut);
                    lines.insert(at + 1, rest);
                }
            }
        }
    }
    lines.join("\n")
}

proptest! {
    /// `PROPTEST_CASES=100000 cargo test --release --lib format` runs it long.
    #[test]
    fn accidents_are_read_or_refused_and_formatting_keeps_what_is_said(
        which in 0..SHIPPED.len(),
        accidents in prop::collection::vec(accident(), 0..12),
    ) {
        let (path, text) = SHIPPED[which];
        let struck = file(path, &struck(text, &accidents));
        let reading = Playbook::read(std::slice::from_ref(&struck), None, &Facts::default());
        for found in &reading.diagnostics {
            let (start, end) = (
                struck.offset(found.line, found.column),
                struck.offset(found.end_line, found.end_column),
            );
            prop_assert!(start <= end && end <= struck.text.len());
            prop_assert_eq!(struck.position(start), (found.line, found.column));
        }
        let once = file(path, &format(&struck));
        prop_assert_eq!(format(&once), once.text.clone(), "formatting again changes nothing");
        prop_assert_eq!(meaning(&once), meaning(&struck), "formatting changes nothing that is said");
    }
}
