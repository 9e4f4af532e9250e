//! The playbook language: from the text of Markdown files to cards, or to diagnostics.
//!
//! [`Playbook::read`] takes every file at once. If anything is wrong anywhere it returns only
//! diagnostics, so that no file is ever half loaded.
#![deny(clippy::disallowed_methods)]

mod card;
mod cards;
mod content;
mod coverage;
mod diagnostic;
mod draft;
mod facts;
mod format;
mod front_matter;
mod lint;
mod load;
mod plan;
mod questions;
mod raw;
mod section;
mod source;
mod spanned;
mod variables;

pub use card::{Card, CardSource, Line, Pushback};
pub use coverage::{Cell, Coverage};
pub use diagnostic::{Diagnostic, render_concise, render_text};
pub use draft::ANSWER_TO_FILL_IN;
pub use facts::{Facts, Price};
pub use format::{format, verified};
pub use front_matter::did_you_mean;
pub use lint::RULES;
pub use load::{Playbook, Reading};
pub use plan::{Measure, Plan, Target};
pub use questions::{Expectation, Question, asked, read_questions};
pub use section::Section;
pub use source::{Encoding, SourceFile};
