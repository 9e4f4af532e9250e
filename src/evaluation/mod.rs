//! Whether the right cards come: golden questions, and the self-test of phrasings.

mod golden;
mod self_test;

pub use golden::{Verdict, golden_questions};
pub use self_test::{MisroutedPhrasing, self_test};
