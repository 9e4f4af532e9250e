//! The port to the playbooks: one generation at a time, with what finds its cards.

use std::sync::Arc;
use std::time::Duration;

use super::PortFuture;
use crate::playbook::Playbook;
use crate::pricing::Policy;
use crate::ranking::{ContextBoost, Evidence, Nearness, Weights};

/// The playbooks of one moment and the search over exactly these. Code that answers a question
/// takes one of these once, so that hit and text can never come from two versions.
pub struct Generation {
    /// Hash of the content: the same playbooks give the same generation.
    pub id: String,
    /// The cards.
    pub playbook: Playbook,
    /// What a call speaks for or against each card.
    pub context_boost: ContextBoost,
    /// The price policy, where there is one.
    pub policy: Option<Policy>,
    /// Finds the cards.
    pub finder: Box<dyn Finder>,
}

/// How many sentences are learned already, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Learning {
    /// This many are.
    pub done: usize,
    /// Of so many.
    pub total: usize,
}

/// Where the current generation comes from.
pub trait Library: Send + Sync {
    /// The generation that serves now.
    fn current(&self) -> Arc<Generation>;

    /// How far the learning is, while cards are found by words alone.
    fn learning(&self) -> Option<Learning> {
        None
    }

    /// Why what was saved last does not serve, one line each with its place; none when it does.
    fn problems(&self) -> Arc<[String]>;
}

/// Finds what speaks for each card of a generation.
pub trait Finder: Send + Sync {
    /// Looks texts up, together: reading what they are compared with takes longer than comparing.
    /// `shown` is a card that was shown before; what is found for it is told in any case, since
    /// they may push back on it. Does not block the caller's thread.
    fn find(
        &self,
        texts: Vec<String>,
        shown: Option<usize>,
    ) -> PortFuture<'_, Result<Found, FinderError>>;

    /// A vector of length 1 for each of these texts, so that texts of one meaning point the same way;
    /// none where only words are compared. Does not block the caller's thread.
    fn vectors(&self, texts: Vec<String>) -> PortFuture<'_, Result<Vec<Vec<f32>>, FinderError>> {
        drop(texts);
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    /// How its evidence is to be weighed.
    fn weights(&self) -> Weights;
}

/// What was found for some texts, and how long it took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Of each text, in their order.
    pub each: Vec<Hits>,
    /// Time spent on making vectors of them and on looking their words up.
    pub encode: Duration,
    /// Time spent on comparing them.
    pub search: Duration,
}

/// What was found for one text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    /// At most one entry a card, in their order. In a large playbook those are left out that are too
    /// far away to come first.
    pub evidence: Vec<Evidence>,
    /// How near it is to all cards, and to what needs none.
    pub nearness: Nearness,
}

/// Looking something up failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the search failed: {0}")]
pub struct FinderError(pub String);
