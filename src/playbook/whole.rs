//! All files together: the cards that are served, or everything that keeps them from it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cards::{self, PlacedCard};
use super::{Card, Diagnostic, Severity, SourceFile, front_matter};
use crate::model::{CardId, ContentHash};

/// Every card that is served, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// The cards.
    pub cards: Vec<Card>,
}

/// What reading every file came to.
#[derive(Debug)]
pub struct Reading {
    /// The playbook; `None` when there is an error anywhere.
    pub playbook: Option<Playbook>,
    /// Errors and warnings, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Playbook {
    /// Reads all files. Drafts are checked and not served.
    #[must_use]
    pub fn read(files: &[SourceFile]) -> Reading {
        let mut served: Vec<(&SourceFile, PlacedCard)> = Vec::new();
        let mut diagnostics = Vec::new();
        for file in files {
            let (front, body) = front_matter::read(file);
            let front = match front {
                Ok(front) => front,
                Err(found) => {
                    diagnostics.extend(found);
                    continue;
                }
            };
            let (cards, found) = cards::read(file, body, &front);
            diagnostics.extend(found);
            if !front.draft {
                served.extend(cards.into_iter().map(|card| (file, card)));
            }
        }
        diagnostics.extend(repeated_ids(&served));
        diagnostics.extend(repeated_phrasings(&served));
        diagnostics.sort_by(|a, b| {
            (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code))
        });
        let broken = diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error);
        let cards = served.into_iter().map(|(_, placed)| placed.card).collect();
        Reading {
            playbook: (!broken).then_some(Self { cards }),
            diagnostics,
        }
    }

    /// The card with this id.
    #[must_use]
    pub fn card(&self, id: &CardId) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == *id)
    }

    /// The hash over all cards: two playbooks with the same hash answer alike.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(self.cards.iter().map(|card| card.source.hash.as_str()))
    }
}

fn repeated_ids(served: &[(&SourceFile, PlacedCard)]) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for (file, placed) in served {
        let place = (*file, placed.heading.clone());
        if let Some(other) = first.get(&placed.card.id) {
            let message = format!("id `{}` is used twice", placed.card.id);
            let help = format!(
                "the other one is at {}; give one its own: <!-- id: … -->",
                at(other)
            );
            found.push(Diagnostic::error("PB301", place.0, place.1, message, help));
        } else {
            first.insert(&placed.card.id, place);
        }
    }
    found
}

fn repeated_phrasings(served: &[(&SourceFile, PlacedCard)]) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for (file, placed) in served {
        for (phrasing, range) in placed.card.phrasings.iter().zip(&placed.phrasings) {
            let key = plain(phrasing);
            let place = (*file, range.clone());
            if let Some(other) = first.get(&key) {
                let message = "the same phrasing stands twice".to_owned();
                let help = format!("the other one is at {}; remove one of them", at(other));
                found.push(Diagnostic::error("PB204", place.0, place.1, message, help));
            } else {
                first.insert(key, place);
            }
        }
    }
    found
}

/// A phrasing without case and punctuation.
fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace());
    let lower: String = letters.flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn at((file, range): &(&SourceFile, Range<usize>)) -> String {
    format!("{}:{}", file.path, file.position(range.start).0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRONT: &str =
        "---\nowner: a\nverified: 2026-11-02\nfamily: price\nstage: [closing]\n---\n";

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
            let reading = Playbook::read(std::slice::from_ref(&file));
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
        let reading = Playbook::read(&[file]);
        assert_eq!(reading.diagnostics, []);
        let card = &reading.playbook.unwrap().cards[0];
        assert_eq!(card.id.as_str(), "dear");
        assert_eq!(
            card.phrasings,
            ["Too dear", "steep", "[~20%] more", "d", "e"]
        );
        assert_eq!(card.say, ["One goes on", "nested", "A paragraph."]);
        assert_eq!(card.ask, ["Why?"]);
        assert_eq!(
            (card.source.line, card.review_by.to_string().as_str()),
            (9, "2027-05-01")
        );
    }
}
