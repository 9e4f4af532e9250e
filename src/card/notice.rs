//! What a rep reads when there is no card to show.

/// Nothing fits.
pub const NOTHING_FITS: &str = "No card for this yet. Ask them what makes them say so.";

/// Two or three cards are too close to call.
pub const TOO_CLOSE: &str = "It could be one of these. Pick the one you heard.";
