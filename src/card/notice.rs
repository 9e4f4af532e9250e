//! What a rep reads when there is no card to show.

/// Nothing fits.
pub const NOTHING_FITS: &str = "No card for this yet. Ask them what makes them say so.";

/// Asked with the third different objection when the team has no words of its own for it.
pub const ISOLATE: &str = "If those were settled, is there anything else?";

/// The card has no line left in this conversation.
pub const USED_UP: &str = "You have had every line of this card. Ask what would have to change.";

/// Two or three cards are too close to call.
pub const TOO_CLOSE: &str = "It could be one of these. Pick the one you heard.";
