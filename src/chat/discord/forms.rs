//! The forms that reps fill in. They are made of rows of text fields: deprecated, still taken, and
//! the only shape that the library can read back.

use super::custom_id::{CustomId, Verb};
use super::outbound::{Field, Form};
use crate::ports::Generation;

/// The field with what somebody said.
pub(super) const TEXT: &str = "text";
/// The field with the channel.
pub(super) const CHANNEL: &str = "channel";
/// The field with the benefit.
pub(super) const BENEFIT: &str = "benefit";

/// What the customer said next.
pub(super) fn said(id: &CustomId) -> Form {
    let id = CustomId::new(Verb::Said, &id.receipt, id.place);
    Form { id, title: "They said…", fields: vec![said_field()] }
}

/// What the customer asks for next.
pub(super) fn asks(id: &CustomId) -> Form {
    let asked = Field {
        name: TEXT,
        label: "What do they ask for now?",
        hint: "another 5%, or 2 months free".to_owned(),
        long: false,
        required: true,
        most: 1_000,
    };
    Form {
        id: CustomId::new(Verb::Asks, &id.receipt, 0), title: "They ask…", fields: vec![asked]
    }
}

/// Why an exception is declined.
pub(super) fn decline(id: &CustomId) -> Form {
    let why = Field {
        name: TEXT,
        label: "Why? The rep reads it.",
        hint: "They paid list last year; offer the two-year term.".to_owned(),
        long: true,
        required: true,
        most: 300,
    };
    Form { id: id.clone(), title: "Decline", fields: vec![why] }
}

/// What the customer said, when a message had no text to read.
pub(super) fn paste() -> Form {
    let id = CustomId::new(Verb::Paste, "", 0);
    Form { id, title: "There is no text in that message", fields: vec![said_field()] }
}

/// Something for marketing.
pub(super) fn tell(id: &CustomId, generation: &Generation) -> Form {
    let plan = &generation.playbook.plan;
    let short =
        |name, label, hint| Field { name, label, hint, long: false, required: false, most: 100 };
    let channels: Vec<&str> = plan.channels.iter().map(String::as_str).collect();
    let benefits: Vec<&str> = plan.benefits.iter().map(String::as_str).collect();
    let heard = Field {
        name: TEXT,
        label: "What did you hear, or what would help?",
        hint: "They would sign if it ran on their own servers.".to_owned(),
        long: true,
        required: true,
        most: 2_000,
    };
    let fields = vec![
        heard,
        short(CHANNEL, "Where do you reach them?", channels.join(", ")),
        short(BENEFIT, "What convinced them?", benefits.join(", ")),
    ];
    Form { id: CustomId::new(Verb::Tell, &id.receipt, id.place), title: "Tell marketing", fields }
}

fn said_field() -> Field {
    Field {
        name: TEXT,
        label: "What did the customer say?",
        hint: "That's still more than we have.".to_owned(),
        long: true,
        required: true,
        most: 4_000,
    }
}
