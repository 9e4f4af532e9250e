//! What a rep reads when there is no card to show.

pub mod price;

use crate::feedback::Mark;

/// Nothing fits.
pub const NOTHING_FITS: &str = "No card for this yet. Ask: \"What makes you say that?\"";

/// Asked with the third different objection when the team has no words of its own for it.
pub const ISOLATE: &str = "If those were settled, is there anything else?";

/// The card has no line left in this conversation.
pub const USED_UP: &str =
    "You have had every line of this card; here it is again. Ask what would have to change.";

/// Shown after a line that was shown before in the conversation.
pub const SAID_BEFORE: &str = "said before";

/// Two or three cards are too close to call.
pub const TOO_CLOSE: &str = "Which of these did you hear?";

/// Before the question that tells two cards of a choice apart.
pub const NOT_SURE: &str = "Not sure? Ask";

/// Before the question with the third different objection.
pub const THIRD_OBJECTION: &str = "Third objection. Ask";

/// The customer does not accept the card they were answered with.
pub const THEY_PUSH_BACK: &str = "they push back";

/// What was noted of a card.
#[must_use]
pub fn noted(mark: Mark, title: &str) -> String {
    match mark {
        Mark::Worked => format!("Noted: “{title}” worked."),
        Mark::DidNotWork => format!("Noted: “{title}” didn't work."),
        Mark::NotUsed => format!("Noted: “{title}” was the wrong card."),
        Mark::Undone => format!("Taken back: what you noted of “{title}”."),
    }
}

/// Several objections in one message.
pub const EACH: &str = "That's more than one objection. A card for each:";

/// The button belongs to something that is not known any more.
pub const OLD_BUTTON: &str = "This card is from an older version. Please ask again.";

/// Someone pressed another rep's button.
pub const NOT_YOURS: &str =
    "Only the rep who asked can use this card. Get your own with /objection.";

/// The words of a card are not what they were.
pub const EDITED_SINCE: &str = "The card has been edited since; its old words are gone. Ask again.";

/// The answer could not be logged.
pub const NOT_LOGGED: &str = "The log is not reachable, so this answer cannot be marked.";

/// A command that is not known.
pub const UNKNOWN_COMMAND: &str = "Unknown command. See /help.";

/// Something failed that the rep cannot fix.
pub const TROUBLE: &str = "Something went wrong. Try again in a moment.";

/// Nothing was typed.
pub const TYPE_SOMETHING: &str = "Type what the customer said.";

/// A form came back without what was typed.
pub const FORM_EMPTY: &str = "The form arrived empty. Please send it again.";

/// Marketing has a recommendation.
pub const TOLD: &str = "Sent to marketing.";

/// There is no next best card.
pub const NO_NEXT: &str = "There is no other card that fits. Ask in other words, or tell marketing what you \
    would have needed.";

/// Too much at once.
pub const SLOW_DOWN: &str = "Too many requests. Wait a second and try again.";

/// What to do in a call.
pub const CALL_BEGUN: &str = "Ask with /objection; /call end ends it.";

/// The rep is in no call.
pub const NO_CALL: &str = "No active call. Start one with /call start.";

/// For team leads.
pub const LEADS_ONLY: &str = "This is for team leads. Ask your Cornerman admin for the role.";

/// For marketers.
pub const MARKETERS_ONLY: &str = "This is for marketers. Ask your Cornerman admin for the role.";

/// The bot was mentioned without a word.
pub const SAY_IT_BEHIND_MY_NAME: &str =
    "Mention me, then write what the customer said, or use /objection.";

/// Below a message that others read.
pub const ONLY_FOR_YOU: &str = "I looked it up. Only you see it:";

/// A mention that could not be logged has no button to show its answer.
pub const ASK_IN_PRIVATE: &str = "Please use /objection for this.";

/// Asked on a server that is not the team's.
pub const OTHER_SERVER: &str =
    "I work for another server. Ask there, or run a Cornerman of your own.";

/// A direct message from someone who is not on the team's server.
pub const STRANGER: &str = "I work for one team, and you are not on its server.";

/// No one has said which server is the team's.
pub const NO_SERVER: &str = "I am on several servers, or on none, and do not know which is my \
    team's. Your Cornerman admin can set it: CORNERMAN_DISCORD_GUILD.";

/// What the rep sent could not be read.
pub const UNREADABLE: &str =
    "Discord sent this in a form that is not known here yet. Try /objection with the words.";
