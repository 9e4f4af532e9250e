//! What a rep asks.

use crate::model::{Mode, Stage};

/// What a rep asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What the customer said.
    pub text: String,
    /// Where the deal stands: cards for other stages come a little later.
    pub stage: Option<Stage>,
    /// The product it is about; logged, not used to order cards.
    pub product: Option<String>,
    /// The competitor it is about: their battlecard comes a little sooner.
    pub competitor: Option<String>,
    /// Names the conversation, so that nothing is shown twice in it.
    pub conversation: Option<String>,
    /// How it comes about.
    pub mode: Mode,
}

impl From<&str> for Question {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}
