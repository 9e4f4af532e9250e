//! What the call itself speaks for or against a card, beside what the customer said.

use crate::model::Stage;
use crate::playbook::Card;

/// A card that names its stages is less likely in another.
const OTHER_STAGE: f32 = -0.03;

/// The customer names the competitor the card is about.
const NAMED: f32 = 0.12;

/// The rep says which competitor it is about.
const GIVEN: f32 = 0.05;

/// What the call speaks for a card, to be added to its score when it fits at all.
#[must_use]
pub fn favour(card: &Card, text: &str, stage: Option<Stage>, competitor: Option<&str>) -> f32 {
    let other_stage = stage.is_some_and(|stage| {
        let known = card.stages.contains(&stage) || card.say_in.contains_key(&stage);
        !card.stages.is_empty() && !known
    });
    let names = |text: &str| card.competitor.iter().any(|name| mentions(text, name));
    let named = if names(text) {
        NAMED
    } else if competitor.is_some_and(names) {
        GIVEN
    } else {
        0.0
    };
    named + if other_stage { OTHER_STAGE } else { 0.0 }
}

/// Whether the words of a name stand next to each other in a text, whatever their case.
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
