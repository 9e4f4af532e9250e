//! One line of the log. Events are only ever added; a correction is a new event.

use serde::{Deserialize, Serialize};

use super::approval::{ApprovalRecorded, ApprovalReopened, ApprovalRequested};
use super::price::{PriceShown, PriceStep};
use super::triage::Triaged;
use super::{Mark, Platform};
use crate::model::{CardId, ContentHash, Outcome, Receipt, Stage, Timestamp};
use crate::redact::Redacted;

/// The shape of stored events; raised when a field changes its meaning.
const VERSION: u8 = 1;

/// Something that happened, as it is stored and exported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Shape of the event, 1.
    pub v: u8,
    /// Its name; the id of an answer is its receipt.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, as a pseudonym.
    pub actor: String,
    /// Where.
    pub platform: Platform,
    /// What.
    #[serde(flatten)]
    pub body: Body,
}

impl Event {
    /// An event of the current shape.
    #[must_use]
    pub fn new(id: String, at: Timestamp, actor: &str, platform: Platform, body: Body) -> Self {
        Self { v: VERSION, id, at, actor: actor.to_owned(), platform, body }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// A rep typed what a customer said.
    Asked {
        /// The words, if they are kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Redacted>,
        /// Salted SHA-256 of the words in lower case.
        text_hash: String,
        /// Length in code points.
        characters: usize,
        /// The stage that was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<Stage>,
        /// The product that was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        product: Option<Redacted>,
        /// The competitor that was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        competitor: Option<Redacted>,
    },
    /// The answer to it.
    Answered {
        /// The event of the question.
        question: String,
        /// Card, choice or none.
        outcome: Outcome,
        /// The cards shown, best first.
        card_ids: Vec<CardId>,
        /// Estimated probability that the first is right, 0 to 1.
        confidence: Option<f64>,
        /// The generation that answered.
        generation: String,
        /// The conversation it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<String>,
        /// The stage in which it was answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<Stage>,
        /// The push-back of the card that was the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pushback: Option<CardId>,
        /// The isolating question that was offered with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        isolate: Option<String>,
        /// What exactly was shown, so that it can be shown again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown: Vec<Shown>,
        /// The cards that came next in order and were not shown.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<RunnerUp>,
    },
    /// A rep said how a card went.
    Marked {
        /// The answer that is marked.
        receipt: Receipt,
        /// The card that is marked.
        card_id: CardId,
        /// How it went.
        mark: Mark,
        /// Why, in a word or two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Redacted>,
        /// The rep's own note.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Redacted>,
        /// The generation that answered.
        generation: String,
    },
    /// A rep told marketing something.
    Recommended {
        /// The rep's words.
        text: Redacted,
        /// Where the customer is reached, for example `phone`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Redacted>,
        /// What moved the customer, for example `hours-saved`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        benefit: Option<Redacted>,
        /// The answer it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    /// A rep wants to know when there is a card for what nothing fitted.
    Wished {
        /// The answer that was none.
        receipt: Receipt,
    },
    /// A rep said that a call begins.
    CallStarted {
        /// The conversation of its questions.
        conversation: String,
        /// Where the deal stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<Stage>,
        /// The product it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        product: Option<Redacted>,
        /// The competitor in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        competitor: Option<Redacted>,
    },
    /// A rep said that the call is over.
    CallEnded {
        /// The conversation of its questions.
        conversation: String,
    },
    /// A rep was shown a price.
    PriceShown(Box<PriceShown>),
    /// The rep said the trade of a price to the customer.
    GiveOffered(PriceStep),
    /// The rep took it back.
    GiveWithdrawn(PriceStep),
    /// The customer agreed to what was asked for in return.
    GetAgreed(PriceStep),
    /// It is on paper.
    GetWritten(PriceStep),
    /// A rep asks for an exception from the policy.
    ApprovalRequested(Box<ApprovalRequested>),
    /// Someone decides about it.
    ApprovalRecorded(ApprovalRecorded),
    /// An approval does not hold for what is asked now.
    ApprovalReopened(ApprovalReopened),
    /// Marketing decided what becomes of a recommendation.
    Triaged(Box<Triaged>),
    /// Someone took their decision back.
    TriageUndone {
        /// The recommendation.
        recommendation: Receipt,
        /// The event of the decision.
        triaged: String,
    },
    /// The rep was told of a decision.
    TriageTold {
        /// The recommendation.
        recommendation: Receipt,
        /// The event of the decision.
        triaged: String,
    },
    /// The rep answers to what was decided about their recommendation.
    Replied {
        /// The recommendation.
        recommendation: Receipt,
        /// The rep's words.
        text: Redacted,
    },
}

/// The names of the kinds of events, as written in JSON and in the log.
pub mod kind {
    /// [`super::Body::Asked`].
    pub const ASKED: &str = "asked";
    /// [`super::Body::Answered`].
    pub const ANSWERED: &str = "answered";
    /// [`super::Body::Marked`].
    pub const MARKED: &str = "marked";
    /// [`super::Body::Recommended`].
    pub const RECOMMENDED: &str = "recommended";
    /// [`super::Body::Wished`].
    pub const WISHED: &str = "wished";
    /// [`super::Body::CallStarted`].
    pub const CALL_STARTED: &str = "call_started";
    /// [`super::Body::CallEnded`].
    pub const CALL_ENDED: &str = "call_ended";
    /// [`super::Body::PriceShown`].
    pub const PRICE_SHOWN: &str = "price_shown";
    /// [`super::Body::GiveOffered`].
    pub const GIVE_OFFERED: &str = "give_offered";
    /// [`super::Body::GiveWithdrawn`].
    pub const GIVE_WITHDRAWN: &str = "give_withdrawn";
    /// [`super::Body::GetAgreed`].
    pub const GET_AGREED: &str = "get_agreed";
    /// [`super::Body::GetWritten`].
    pub const GET_WRITTEN: &str = "get_written";
    /// [`super::Body::ApprovalRequested`].
    pub const APPROVAL_REQUESTED: &str = "approval_requested";
    /// [`super::Body::ApprovalRecorded`].
    pub const APPROVAL_RECORDED: &str = "approval_recorded";
    /// [`super::Body::ApprovalReopened`].
    pub const APPROVAL_REOPENED: &str = "approval_reopened";
    /// [`super::Body::Triaged`].
    pub const TRIAGED: &str = "triaged";
    /// [`super::Body::TriageUndone`].
    pub const TRIAGE_UNDONE: &str = "triage_undone";
    /// [`super::Body::TriageTold`].
    pub const TRIAGE_TOLD: &str = "triage_told";
    /// [`super::Body::Replied`].
    pub const REPLIED: &str = "replied";
}

impl Body {
    /// The answer, price, request or recommendation that an event is about.
    #[must_use]
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Self::Marked { receipt, .. } | Self::Wished { receipt } => Some(receipt),
            Self::Recommended { receipt, .. } => receipt.as_ref(),
            Self::GiveOffered(step)
            | Self::GiveWithdrawn(step)
            | Self::GetAgreed(step)
            | Self::GetWritten(step) => Some(&step.receipt),
            Self::ApprovalRequested(asked) => Some(&asked.receipt),
            Self::ApprovalReopened(reopened) => Some(&reopened.receipt),
            Self::Triaged(triaged) => Some(&triaged.recommendation),
            Self::TriageUndone { recommendation, .. }
            | Self::TriageTold { recommendation, .. }
            | Self::Replied { recommendation, .. } => Some(recommendation),
            Self::Asked { .. }
            | Self::Answered { .. }
            | Self::CallStarted { .. }
            | Self::CallEnded { .. }
            | Self::PriceShown(_)
            | Self::ApprovalRecorded(_) => None,
        }
    }

    /// The cards that an answer showed, or that a mark is about.
    #[must_use]
    pub fn cards(&self) -> &[CardId] {
        match self {
            Self::Answered { card_ids, .. } => card_ids,
            Self::Marked { card_id, .. } => std::slice::from_ref(card_id),
            _ => &[],
        }
    }

    /// The answer whose cards an event is about as well.
    #[must_use]
    pub fn inherits_cards_of(&self) -> Option<&Receipt> {
        match self {
            Self::Wished { receipt } => Some(receipt),
            Self::Recommended { receipt, .. } => receipt.as_ref(),
            _ => None,
        }
    }

    /// The event that has to be known to count this one: of an answer its question, otherwise the
    /// answer that it is about.
    #[must_use]
    pub fn refers_to(&self) -> Option<&str> {
        match self {
            Self::Answered { question, .. } => Some(question),
            Self::Marked { receipt, .. } => Some(receipt.as_str()),
            _ => self.inherits_cards_of().map(Receipt::as_str),
        }
    }

    /// How the rep marked a card.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        match self {
            Self::Marked { mark, .. } => Some(*mark),
            _ => None,
        }
    }

    /// The channel and the benefit that a recommendation names.
    #[must_use]
    pub fn named(&self) -> (Option<&Redacted>, Option<&Redacted>) {
        match self {
            Self::Recommended { channel, benefit, .. } => (channel.as_ref(), benefit.as_ref()),
            _ => (None, None),
        }
    }

    /// The salted hash of the words of a question.
    #[must_use]
    pub fn text_hash(&self) -> Option<&str> {
        match self {
            Self::Asked { text_hash, .. } => Some(text_hash),
            _ => None,
        }
    }

    /// The conversation an event belongs to.
    #[must_use]
    pub fn conversation(&self) -> Option<&str> {
        match self {
            Self::Answered { conversation, .. } => conversation.as_deref(),
            Self::CallStarted { conversation, .. } | Self::CallEnded { conversation } => {
                Some(conversation)
            }
            Self::PriceShown(shown) => shown.conversation.as_deref(),
            Self::GiveOffered(step)
            | Self::GiveWithdrawn(step)
            | Self::GetAgreed(step)
            | Self::GetWritten(step) => step.conversation.as_deref(),
            Self::ApprovalRequested(asked) => asked.conversation.as_deref(),
            Self::ApprovalRecorded(decided) => decided.conversation.as_deref(),
            Self::ApprovalReopened(reopened) => reopened.conversation.as_deref(),
            Self::Asked { .. }
            | Self::Marked { .. }
            | Self::Recommended { .. }
            | Self::Triaged(_)
            | Self::TriageUndone { .. }
            | Self::TriageTold { .. }
            | Self::Replied { .. }
            | Self::Wished { .. } => None,
        }
    }

    /// The name of the kind, as stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Asked { .. } => kind::ASKED,
            Self::Answered { .. } => kind::ANSWERED,
            Self::Marked { .. } => kind::MARKED,
            Self::Recommended { .. } => kind::RECOMMENDED,
            Self::Wished { .. } => kind::WISHED,
            Self::CallStarted { .. } => kind::CALL_STARTED,
            Self::CallEnded { .. } => kind::CALL_ENDED,
            Self::PriceShown(_) => kind::PRICE_SHOWN,
            Self::GiveOffered(_) => kind::GIVE_OFFERED,
            Self::GiveWithdrawn(_) => kind::GIVE_WITHDRAWN,
            Self::GetAgreed(_) => kind::GET_AGREED,
            Self::GetWritten(_) => kind::GET_WRITTEN,
            Self::ApprovalRequested(_) => kind::APPROVAL_REQUESTED,
            Self::ApprovalRecorded(_) => kind::APPROVAL_RECORDED,
            Self::ApprovalReopened(_) => kind::APPROVAL_REOPENED,
            Self::Triaged(_) => kind::TRIAGED,
            Self::TriageUndone { .. } => kind::TRIAGE_UNDONE,
            Self::TriageTold { .. } => kind::TRIAGE_TOLD,
            Self::Replied { .. } => kind::REPLIED,
        }
    }
}

/// A card that was not shown, and comes next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// The card.
    pub card_id: CardId,
    /// Estimated probability that it is the right one.
    pub confidence: f64,
}

/// A card as it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The card.
    pub card_id: CardId,
    /// Where it stood.
    pub file: String,
    /// Line of its heading.
    pub line: usize,
    /// Hash of its content.
    pub hash: ContentHash,
    /// How often it had been shown before in the conversation.
    pub turn: usize,
    /// Estimated probability that it was the right one.
    pub confidence: f64,
    /// Why it came.
    pub because: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was stored once must be readable for ever: these files only ever get company.
    #[test]
    fn stored_events_are_read_and_written_alike() {
        let stored = [
            include_str!("../../tests/events/v1/asked.json"),
            include_str!("../../tests/events/v1/asked_about.json"),
            include_str!("../../tests/events/v1/asked_in_words.json"),
            include_str!("../../tests/events/v1/answered.json"),
            include_str!("../../tests/events/v1/answered_in_conversation.json"),
            include_str!("../../tests/events/v1/answered_with_runners_up.json"),
            include_str!("../../tests/events/v1/marked.json"),
            include_str!("../../tests/events/v1/recommended.json"),
            include_str!("../../tests/events/v1/wished.json"),
            include_str!("../../tests/events/v1/call_started.json"),
            include_str!("../../tests/events/v1/call_ended.json"),
            include_str!("../../tests/events/v1/price_shown.json"),
            include_str!("../../tests/events/v1/price_shown_with_terms.json"),
            include_str!("../../tests/events/v1/give_offered.json"),
            include_str!("../../tests/events/v1/give_withdrawn.json"),
            include_str!("../../tests/events/v1/get_agreed.json"),
            include_str!("../../tests/events/v1/get_written.json"),
            include_str!("../../tests/events/v1/approval_requested.json"),
            include_str!("../../tests/events/v1/approval_recorded.json"),
            include_str!("../../tests/events/v1/approval_declined.json"),
            include_str!("../../tests/events/v1/approval_reopened.json"),
            include_str!("../../tests/events/v1/triaged.json"),
            include_str!("../../tests/events/v1/triaged_duplicate.json"),
            include_str!("../../tests/events/v1/triage_undone.json"),
            include_str!("../../tests/events/v1/triage_told.json"),
            include_str!("../../tests/events/v1/replied.json"),
        ];
        for text in stored {
            let event: Event = serde_json::from_str(text).unwrap();
            let written: serde_json::Value = serde_json::to_value(&event).unwrap();
            assert_eq!(written, serde_json::from_str::<serde_json::Value>(text).unwrap());
            assert_eq!(written["kind"], event.body.kind());
        }
    }
}
