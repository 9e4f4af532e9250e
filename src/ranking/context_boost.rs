//! What the call itself speaks for or against a card, beside what the customer said.

use crate::model::Stage;
use crate::playbook::Card;

/// A card that names its stages is less likely in another.
const OTHER_STAGE: f32 = -0.03;

/// The customer names the competitor the card is about.
const NAMED: f32 = 0.12;

/// The rep says which competitor it is about.
const GIVEN: f32 = 0.05;

/// What the call may speak for or against each card. Hundreds of cards are asked for each question:
/// what is looked at stands close together, and not where the cards are.
pub struct ContextBoost {
    cards: Vec<Traits>,
    /// The names of competitors that a card has.
    names: Vec<Vec<String>>,
}

/// What of a card depends on the call.
struct Traits {
    /// A bit for each stage that it is for, all where it names none.
    stages: u8,
    /// The place of its competitor's names.
    names: Option<u32>,
}

impl ContextBoost {
    /// Of the cards of a playbook.
    #[must_use]
    pub fn of(cards: &[Card]) -> Self {
        let mut names = Vec::new();
        let traits = |card: &Card| {
            let stages = card.stages.iter().chain(card.say_in.keys());
            let stages = stages.fold(0, |stages, stage| stages | bit(*stage));
            let named = (!card.competitor.is_empty()).then(|| {
                names.push(card.competitor.clone());
                names.len() as u32 - 1
            });
            Traits { stages: if card.stages.is_empty() { u8::MAX } else { stages }, names: named }
        };
        Self { cards: cards.iter().map(traits).collect(), names }
    }

    /// What the call speaks for a card, to be added to its score when it fits at all.
    #[must_use]
    pub fn boost(
        &self,
        card: usize,
        text: &str,
        stage: Option<Stage>,
        competitor: Option<&str>,
    ) -> f32 {
        let Some(traits) = self.cards.get(card) else { return 0.0 };
        let names =
            traits.names.and_then(|names| self.names.get(names as usize)).into_iter().flatten();
        let mentioned = |text: &str| names.clone().any(|name| mentions(text, name));
        let named = if mentioned(text) {
            NAMED
        } else if competitor.is_some_and(mentioned) {
            GIVEN
        } else {
            0.0
        };
        let other_stage = stage.is_some_and(|stage| traits.stages & bit(stage) == 0);
        named + if other_stage { OTHER_STAGE } else { 0.0 }
    }
}

/// One bit for each of the seven stages.
fn bit(stage: Stage) -> u8 {
    1 << stage as u8
}

/// Whether the words of a name are next to each other in a text, whatever their case.
fn mentions(text: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (text, name) = (words(text), words(name));
    !name.is_empty() && text.windows(name.len()).any(|window| window == name)
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_name_is_found_in_any_case_but_not_within_a_word() {
        assert!(mentions("They have NORTH-GATE, right?", "North Gate"));
        assert!(mentions("northgate's price", "Northgate"));
        assert!(!mentions("the northgates of this world", "Northgate"));
        assert!(!mentions("anything", " - "));
    }
}
