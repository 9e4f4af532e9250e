//! PB308: a golden question that asserts nothing, or names a card that does not exist.
//!
//! What it does: checks `questions.toml` against the cards.
//!
//! Why: such a question can never fail.
//!
//! Example: `{ ask = "too dear" }`.
//!
//! Write instead: `{ ask = "too dear", expect = "too-expensive" }`; also `expect = "none"`, `"ambiguous"`, `any_of = ["a", "b"]`, or for a message with two objections `each = ["a", "b"]`.
