//! What a rep reads when there is no card to show.

/// Nothing fits.
pub const NOTHING_FITS: &str = "No card for this yet. Ask them what makes them say so.";

/// Asked with the third different objection when the team has no words of its own for it.
pub const ISOLATE: &str = "If those were settled, is there anything else?";

/// The card has no line left in this conversation.
pub const USED_UP: &str = "You have had every line of this card. Ask what would have to change.";

/// Two or three cards are too close to call.
pub const TOO_CLOSE: &str = "It could be one of these. Pick the one you heard.";

/// The button belongs to something that is not known any more.
pub const OLD_BUTTON: &str = "This card is from an older version. Please ask again.";

/// Somebody pressed another rep's button.
pub const NOT_YOURS: &str = "This card belongs to somebody else. Ask yourself: /objection.";

/// The words of a card are not what they were.
pub const EDITED_SINCE: &str = "The card has been edited since; its old words are gone. Ask again.";

/// The answer could not be logged.
pub const NOT_LOGGED: &str = "The log is not reachable, so this answer cannot be marked.";

/// A command that is not known.
pub const UNKNOWN_COMMAND: &str = "That command is not known here. /help says what is.";

/// Something failed that the rep cannot mend.
pub const TROUBLE: &str = "That went wrong on our side. Please try again in a moment.";

/// Nothing was typed.
pub const TYPE_SOMETHING: &str = "Type what the customer said.";

/// A form came back without what was typed.
pub const FORM_EMPTY: &str = "Nothing of what you typed arrived. Please send it again.";

/// Marketing has a recommendation.
pub const TOLD: &str = "Marketing has it.";

/// There is no next best card.
pub const NO_NEXT: &str = "There is no other card that fits. Ask in other words.";

/// How the bot is used on Discord.
pub const DISCORD_HELP: &str = "\
**/objection** what the customer said: the card, only for you. Add the stage for words that fit it.
**Right-click a message** → Apps → *Handle this objection*: the same for a message.
On a card: *They said…* goes on with the conversation, *Worked* and *Didn't* help the next rep, \
*Next* shows another card, *More* the whole one, *Tell marketing* what they should know.";
