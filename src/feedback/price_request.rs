//! A price request as the log keeps it: figures, and ids of the policy.

use serde::{Deserialize, Serialize};

use crate::model::{Currency, Sku};

/// What was understood of a price request, version 1; what was not said is absent.
///
/// A later request for the same deal continues it, and an approver is asked about it. Fields may be
/// added with a default; none may be renamed, removed or change its meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestV1 {
    /// Seats, as typed: also none, or fewer than none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<i64>,
    /// Seats more or, below zero, fewer than before, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_seats: Option<i64>,
    /// The product, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// The currency, as its three letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The term in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    /// How it is billed, by the policy's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<String>,
    /// Days until an invoice is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_days: Option<i64>,
    /// The concession.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<AskV1>,
    /// Months without pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_months: Option<i64>,
    /// Whether they come on top of the term, when that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_top: Option<bool>,
    /// Services that are thrown in, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Clauses, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
}

/// The concession that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AskV1 {
    /// A discount.
    Percent {
        /// In basis points, one after another: `10% then another 10%`.
        steps: Vec<i64>,
        /// The upper end of a range, whose lower end is the step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<i64>,
        /// What it is a share of.
        base: BaseV1,
    },
    /// A price, or an amount less.
    Amount {
        /// The amount, in cents.
        cents: i64,
        /// What it is for.
        per: PerV1,
        /// Whether it comes off the price, and is not the price.
        off: bool,
    },
}

/// What a percentage goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseV1 {
    /// It was not said; the policy knows.
    Unsaid,
    /// On top of the programme.
    Programme,
    /// From list, the programme contained.
    List,
    /// On top of what was offered last.
    LastOffer,
}

/// What an amount of money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerV1 {
    /// The whole contract.
    Deal,
    /// All seats, a year.
    Year,
    /// All seats, a month.
    Month,
    /// A seat and month.
    SeatMonth,
    /// A seat and year.
    SeatYear,
}
