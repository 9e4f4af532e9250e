//! The answer to a question, as the JSON has it.

use serde::Serialize;

use super::{CardView, PushbackView};
use crate::model::{CardId, Outcome, Receipt};

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// One card, a choice, or none.
    pub outcome: Outcome,
    /// The parts of the question, each with its outcome.
    pub clauses: Vec<Clause>,
    /// What is shown, best first.
    pub cards: Vec<CardView>,
    /// The push-back of the card that answers what they said; none when the card itself does.
    pub pushback: Option<PushbackView>,
    /// With a choice the question that tells the first two cards apart, where the lead wrote one.
    pub apart: Option<String>,
    /// Offered with the third different objection of a conversation.
    pub isolate: Option<String>,
    /// The conversation it belongs to.
    pub conversation: Option<String>,
    /// The generation that answered.
    pub generation: String,
    /// Names this answer, for marks and recommendations.
    pub receipt: Receipt,
    /// Whether question and answer are in the log, so that the answer can be marked.
    pub logged: bool,
    /// How long it took.
    pub latency_us: LatencyMicros,
}

impl Suggestion {
    /// What the customer said that this card answers, when the message held several objections and
    /// it is known: a card that is shown again comes without, since the log does not keep the words.
    #[must_use]
    pub fn heard(&self, card: &CardId) -> Option<&str> {
        let mut parts = self.clauses.iter().filter(|_| self.clauses.len() > 1);
        parts.find(|part| part.card_ids.contains(card)).map(|part| part.text.as_str())
    }
}

/// A part of a question that was answered by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its words.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The cards shown for it.
    pub card_ids: Vec<CardId>,
}

/// How long the parts of an answer took, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LatencyMicros {
    /// From the question to the finished answer, without writing the log.
    pub total: u64,
    /// Reading the question.
    pub understand: u64,
    /// Making a vector of it. Parts of a message are looked up at the same time, so that this and the
    /// next two may add up to more than the total.
    pub encode: u64,
    /// Comparing it and looking its words up.
    pub search: u64,
    /// Ordering the cards.
    pub rank: u64,
    /// Making the words.
    pub compose: u64,
}
