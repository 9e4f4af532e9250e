//! PB002: an unknown key, a value of the wrong type, or a key twice.
//!
//! What it does: reports each key of the front matter, of a card's comment or of a TOML file that has no meaning, and values that are no text, list, number or yes/no where one is expected.
//!
//! Why: a misspelled key does nothing, and no one notices.
//!
//! Example: `ownr: sales`.
//!
//! Write instead: `owner: sales`. Values are flat: text, [a, b], a whole number, true or false.
