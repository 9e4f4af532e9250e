//! What a rep asks, and what is known of the call.

use crate::model::{Mode, Stage};

/// What is known of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallContext {
    /// Where the deal stands: cards for other stages come a little later.
    pub stage: Option<Stage>,
    /// The product it is about; logged, not used to order cards.
    pub product: Option<String>,
    /// The competitor in it: their battlecard comes a little sooner.
    pub competitor: Option<String>,
}

/// What a rep asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What the customer said.
    pub text: String,
    /// What is known of the call.
    pub context: CallContext,
    /// Names the conversation, so that nothing is shown twice in it.
    pub conversation: Option<String>,
    /// How it comes about.
    pub mode: Mode,
    /// The sender's name for this question: delivered again, even to another process, it is logged once.
    pub key: Option<String>,
}

impl From<&str> for Question {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}
