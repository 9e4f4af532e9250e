//! Exceptions from the price policy, as they are logged: asked for, decided, reopened.

use serde::{Deserialize, Serialize};

use crate::model::{Receipt, Timestamp};
use crate::redact::Redacted;

/// A rep asks for an exception.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalRequested {
    /// The price card it is about.
    pub receipt: Receipt,
    /// The conversation or deal of that card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Who asks, as a pseudonym that is the same on every server of their platform.
    pub person: String,
    /// Why, by a code of the policy.
    pub reason: String,
    /// The deal for which it is asked, term by term.
    pub snapshot: serde_json::Value,
}

/// Someone decides about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalRecorded {
    /// The request.
    pub request: String,
    /// Its conversation or deal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Who decides, as a pseudonym that is the same on every server of their platform.
    pub person: String,
    /// What they decide.
    pub decision: Decision,
    /// The roles with which they do.
    pub roles: Vec<String>,
    /// Why it is declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Redacted>,
    /// Until when an approval holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// They approve.
    Approved,
    /// They do not.
    Declined,
}

impl Decision {
    /// The name used in JSON and on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
        }
    }
}

/// An approval does not hold for what is asked now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalReopened {
    /// The request that was approved.
    pub request: String,
    /// Its conversation or deal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The price card that is worse.
    pub receipt: Receipt,
    /// The terms that are.
    pub fields: Vec<String>,
}
