//! How the chat is used.

use super::message::{Message, Span, Text};

/// The help, with the platform's own line in it.
pub(super) fn help(platform: Option<Text>) -> Message {
    let line = |name: &str, what: &str| Text::default().strong(name).plain(what);
    let mut lines = vec![line(
        "/objection",
        " what the customer said: the card, only for you. Add the stage for words that fit it.",
    )];
    lines.extend(platform);
    lines.extend([
        line("Mention me", " with what was said, or write me a direct message."),
        Text::from("On a card: ")
            .then(emphasis("They said…"))
            .plain(" goes on with the conversation, ")
            .then(emphasis("Worked"))
            .plain(" and ")
            .then(emphasis("Didn't"))
            .plain(" help the next rep, ")
            .then(emphasis("Next"))
            .plain(" shows another card, ")
            .then(emphasis("More"))
            .plain(" the whole one, ")
            .then(emphasis("Tell marketing"))
            .plain(" what they should know."),
        line(
            "/price",
            " seats and what they want: what you may say, and what to ask for in return; pick a \
             reason below it to ask for more.",
        ),
        line("/call start", ": say once which stage, product and competitor it is about; ")
            .strong("/call end")
            .plain(" ends it."),
        Text::from("For leads ")
            .strong("/playbook status")
            .plain(" and ")
            .strong("test")
            .plain(", for marketers ")
            .strong("/feedback summary")
            .plain("."),
    ]);
    Message { lines, ..Message::default() }
}

fn emphasis(label: &str) -> Span {
    Span::Emphasis(label.to_owned())
}
