//! What happens around a price, as it is logged: what was shown, offered, agreed and written.

use serde::{Deserialize, Serialize};

use super::{PriceAnswerV1, RequestV1};
use crate::model::{Percent, Receipt, Stage};

/// A price that was shown. The customer's words are not kept: the request stands here in the
/// policy's words, and the answer without what was not used or was asked back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PriceShown {
    /// The conversation, or the deal as `deal:` and its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Salted SHA-256 of the words in lower case.
    pub text_hash: String,
    /// Length in code points.
    pub characters: usize,
    /// The role for which it was shown; `None` when no policy could say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Where the deal stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// `offer`, `needs_approval`, `ask_back`, `refused` or `outside_policy`.
    pub outcome: String,
    /// The request, as a line to read.
    pub request: String,
    /// The same in figures and ids; `None` in logs from before 2026-12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<RequestV1>,
    /// The trade in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<GiveRecord>,
    /// How many gives had been offered before.
    pub given_before: usize,
    /// The answer as JSON, to give it again byte for byte: a [`PriceAnswerV1`].
    pub answer: String,
}

impl PriceShown {
    /// The answer that was given.
    ///
    /// # Errors
    /// What is wrong with it, when it is damaged.
    pub fn answered(&self) -> Result<PriceAnswerV1, serde_json::Error> {
        serde_json::from_str(&self.answer)
    }
}

/// A give with what is asked for in return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GiveRecord {
    /// `discount`, `free-months`, `payment-days` or `service`.
    pub give: String,
    /// Its size beyond the programme, as a share of list: an exact fraction, `1/20`.
    pub step: String,
    /// The discount in it.
    pub discount: Percent,
    /// Months without pay in it.
    #[serde(default)]
    pub free_months: u16,
    /// Days until an invoice is due, when they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_days: Option<u16>,
    /// Services in it, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// What is asked for in return.
    pub gets: Vec<GetRecord>,
}

/// Something that is asked for in return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetRecord {
    /// Its id in the policy.
    pub id: String,
    /// What must exist on paper.
    pub written: String,
}

/// A step of a negotiation, of which a rep says that it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceStep {
    /// The price card it is about.
    pub receipt: Receipt,
    /// The conversation or deal of that card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
}
