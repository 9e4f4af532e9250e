//! What a rep says happened with a price card, and what can come after what.

use crate::card::notice::price as words;
use crate::feedback::{Body, Event, PriceStep};
use crate::model::Receipt;

/// What a rep says happened with a price card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceMark {
    /// Its trade was said to the customer.
    Said,
    /// That was taken back.
    Withdrawn,
    /// The customer agreed to what was asked for in return.
    Agreed,
    /// It is on paper.
    Written,
}

impl PriceMark {
    /// Every mark.
    pub const ALL: [Self; 4] = [Self::Said, Self::Withdrawn, Self::Agreed, Self::Written];

    /// The name used in JSON and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Withdrawn => "withdrawn",
            Self::Agreed => "agreed",
            Self::Written => "written",
        }
    }

    /// The label of its button.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Said => "Offered",
            Self::Withdrawn => "Withdraw",
            Self::Agreed => "They agreed",
            Self::Written => "Written",
        }
    }

    /// What a rep reads once it is recorded.
    #[must_use]
    pub fn noted(self) -> &'static str {
        match self {
            Self::Said => words::NOTED_SAID,
            Self::Withdrawn => words::NOTED_WITHDRAWN,
            Self::Agreed => words::NOTED_AGREED,
            Self::Written => words::NOTED_WRITTEN,
        }
    }

    /// What can be said of a trade after this: it is said, then agreed or taken back, then written.
    #[must_use]
    pub fn next(done: &[Self]) -> Vec<Self> {
        let has = |mark| done.contains(&mark);
        if has(Self::Withdrawn) {
            return Vec::new();
        }
        if !has(Self::Said) {
            return vec![Self::Said];
        }
        let mut next = Vec::new();
        next.extend((!has(Self::Agreed) && !has(Self::Written)).then_some(Self::Agreed));
        if !has(Self::Written) {
            next.extend([Self::Written, Self::Withdrawn]);
        }
        next
    }

    /// The mark that an event is, when it is one of this price card.
    pub(super) fn of(event: &Event, receipt: &Receipt) -> Option<Self> {
        let (mark, step) = match &event.body {
            Body::GiveOffered(step) => (Self::Said, step),
            Body::GiveWithdrawn(step) => (Self::Withdrawn, step),
            Body::GetAgreed(step) => (Self::Agreed, step),
            Body::GetWritten(step) => (Self::Written, step),
            _ => return None,
        };
        (step.receipt == *receipt).then_some(mark)
    }

    pub(super) fn body(self, step: PriceStep) -> Body {
        match self {
            Self::Said => Body::GiveOffered(step),
            Self::Withdrawn => Body::GiveWithdrawn(step),
            Self::Agreed => Body::GetAgreed(step),
            Self::Written => Body::GetWritten(step),
        }
    }
}
