//! What prices belong together: a deal that has a name, or a conversation.

use std::fmt;

use crate::model::DealName;

/// How a deal is marked in the log, where both are one text.
const DEAL: &str = "deal:";

/// A deal or a conversation, by its name in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadId {
    /// A deal that was named.
    Deal(DealName),
    /// A conversation in which no deal was named.
    Conversation(String),
}

impl ThreadId {
    /// Reads what the log keeps.
    #[must_use]
    pub fn parse(kept: &str) -> Self {
        match kept.strip_prefix(DEAL) {
            Some(deal) => Self::Deal(deal.into()),
            None => Self::Conversation(kept.to_owned()),
        }
    }

    /// The names of the deal and of the conversation; one of them is none.
    #[must_use]
    pub fn names(self) -> (Option<DealName>, Option<String>) {
        match self {
            Self::Deal(deal) => (Some(deal), None),
            Self::Conversation(conversation) => (None, Some(conversation)),
        }
    }
}

/// As the log keeps it.
impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deal(deal) => write!(f, "{DEAL}{deal}"),
            Self::Conversation(conversation) => f.write_str(conversation),
        }
    }
}
