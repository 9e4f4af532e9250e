//! The question that tells two close cards apart.

use crate::card::CardView;
use crate::model::{CardId, Outcome};
use crate::playbook::{Playbook, Section};

/// The question for a choice: an *Ask* line of one of the first two cards that leads to the other.
/// None where the lead wrote none.
pub(super) fn apart(outcome: Outcome, shown: &[CardView], playbook: &Playbook) -> Option<String> {
    let (Outcome::Choice, [first, second, ..]) = (outcome, shown) else { return None };
    let leads = |from: &CardId, to: &CardId| {
        let asked = playbook.card(from)?.lines(Section::Ask);
        asked.iter().find(|line| line.see.as_ref() == Some(to)).map(|line| line.text.clone())
    };
    leads(&first.id, &second.id).or_else(|| leads(&second.id, &first.id))
}
