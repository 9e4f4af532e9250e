//! PB307: a golden question no longer brings its card.
//!
//! What it does: asks every question of `questions.toml` that is not `status = "open"`. `cornerman test` does it, and so does a reload before it goes live.
//!
//! Why: an edit to one card can take a question away from another.
//!
//! Example: a new phrasing that is closer to another card's question.
//!
//! Write instead: give the card that lost the question more phrasings, or take the new one back.
