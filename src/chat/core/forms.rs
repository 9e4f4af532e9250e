//! The forms that people fill in.

use super::button_id::{ButtonId, PriceAction};
use super::message::{Field, Form};
use crate::card::AnswerAction;
use crate::ports::Generation;

/// The field with what someone said.
pub(super) const TEXT: &str = "text";
/// The field with the channel.
pub(super) const CHANNEL: &str = "channel";
/// The field with the benefit.
pub(super) const BENEFIT: &str = "benefit";

/// What the customer said next.
pub(super) fn they_said(id: &ButtonId) -> Form {
    let id = ButtonId::answer(AnswerAction::TheySaid, &id.receipt, id.place);
    Form { id, title: AnswerAction::TheySaid.label(), fields: vec![said_field()] }
}

/// What the customer asks for next.
pub(super) fn they_ask(id: &ButtonId) -> Form {
    let asked = Field {
        name: TEXT,
        label: "What do they ask for now?",
        hint: "another 5%, or 2 months free".to_owned(),
        long: false,
        required: true,
        most: 1_000,
    };
    let id = ButtonId::price(PriceAction::TheyAsk, &id.receipt, 0);
    Form { id, title: PriceAction::TheyAsk.label(), fields: vec![asked] }
}

/// Why an exception is declined.
pub(super) fn decline(id: &ButtonId) -> Form {
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
    let title = "There is no text in that message";
    Form { id: ButtonId::ask(), title, fields: vec![said_field()] }
}

/// Something for marketing.
pub(super) fn tell(id: &ButtonId, generation: &Generation) -> Form {
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
    let id = ButtonId::answer(AnswerAction::TellMarketing, &id.receipt, id.place);
    Form { id, title: AnswerAction::TellMarketing.label(), fields }
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
