//! The playbook language: from the text of Markdown files to cards, or to diagnostics.
//!
//! [`Playbook::read`] takes every file at once. If anything is wrong anywhere it returns only
//! diagnostics, so that no file is ever half loaded.
#![deny(clippy::disallowed_methods)]

mod card;
mod cards;
mod diagnostic;
mod front_matter;
mod questions;
mod source;
mod whole;

pub use card::{Card, CardSource};
pub use diagnostic::{Diagnostic, Severity, render_concise, render_text};
pub use questions::{Expectation, Question, read_questions};
pub use source::{Encoding, SourceFile};
pub use whole::{Playbook, Reading};
