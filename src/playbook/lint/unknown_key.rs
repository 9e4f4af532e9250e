//! PB002: a key nobody knows, a value of the wrong type, or a key twice.
//!
//! What it does: reports each key of the front matter, of a card's comment or of a TOML file that has no meaning, and values that are no text, list, number or yes/no where one is expected.
//!
//! Why: a key that is misspelt does nothing, and nobody notices.
//!
//! Example: `ownr: sales`.
//!
//! Write instead: `owner: sales`. Values are flat: text, [a, b], a whole number, true or false.
