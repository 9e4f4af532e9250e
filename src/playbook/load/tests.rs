//! The playbook language as its authors use it, and any text at all.

use proptest::prelude::*;

use super::*;

const FRONT: &str = "---\nowner: a\nverified: 2026-11-02\nfamily: price\nstage: [closing]\n---\n";

/// Pieces that mean something to the parser, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "---\n",
        "## A\n",
        "## B {#b}\n",
        "# T\n",
        "### Say\n",
        "### ask\n",
        "#### x\n",
        "> - a\n",
        "> b\n",
        "> [!NOTE]\n",
        "- c\n",
        "  - d ~20% é\n",
        "<!-- id: x -->\n",
        "<!-- id: x; y\n",
        "\n",
        "===\n",
        "```\n",
        "{{ m }}\n",
        "owner: [\n",
        "\u{feff}",
        "| a | b |\n",
        "1. z\n",
        "  ",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_a_place_in_it(text in pieces(), front in any::<bool>()) {
        let text = if front { format!("{FRONT}{text}") } else { text };
        let file = SourceFile::new("a.md", text.into_bytes()).unwrap();
        let reading = Playbook::read(std::slice::from_ref(&file), None, &Facts::default());
        for found in &reading.diagnostics {
            prop_assert!(file.offset(found.line, found.column) <= file.text.len());
            let _ = crate::playbook::render_text(found, &file.text, "p", false);
        }
        let errors = reading.diagnostics.iter().any(|found| found.severity == Severity::Error);
        prop_assert_eq!(reading.playbook.is_none(), errors);
    }
}

#[test]
fn a_card_is_read_with_all_its_parts() {
    let text = format!(
        "{FRONT}# File\nfor people\n## It costs too much\n<!-- id: dear -->\n> - Too dear\n> steep\n\
         > [~20%] more\n> - d\n> - e\n### Say\n- One\n  goes on\n  - nested\n\nA paragraph.\n### ASK\n* Why?\n"
    );
    let file = SourceFile::new("objections/a.md", text.into_bytes()).unwrap();
    let reading = Playbook::read(&[file], None, &Facts::default());
    assert_eq!(reading.diagnostics, []);
    let card = &reading.playbook.unwrap().cards[0];
    assert_eq!(card.id.as_str(), "dear");
    assert_eq!(card.phrasings, ["Too dear", "steep", "[~20%] more", "d", "e"]);
    let texts =
        |section| card.lines(section).iter().map(|line| line.text.as_str()).collect::<Vec<_>>();
    assert_eq!(texts(Section::Say), ["One goes on", "nested", "A paragraph."]);
    assert_eq!(texts(Section::Ask), ["Why?"]);
    assert_eq!((card.source.line, card.review_by.to_string().as_str()), (9, "2027-05-01"));
}
