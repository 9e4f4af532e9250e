//! What is asked for: the goods, the terms, and the concession.

use super::ratio::Ratio;
use crate::model::{Cents, Currency, Sku};

/// A deal as a rep describes it. What is left out there stands here as the policy's standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The product.
    pub sku: Sku,
    /// The currency, as its three letters; each has a price list of its own.
    pub currency: Currency,
    /// Seats, 1 to 10,000,000.
    pub seats: u32,
    /// The term in months, 1 to 120.
    pub months: u16,
    /// How it is billed, for example `annual` or `prepay`.
    pub billing: String,
    /// Days until an invoice is due.
    pub payment_days: u16,
    /// What is asked for.
    pub ask: Ask,
    /// Months without pay.
    pub free_months: u16,
    /// Whether free months lie inside the term or are added to it.
    pub free: FreeMonths,
    /// Services that are thrown in, by id.
    pub services: Vec<String>,
    /// Clauses that are asked for, by id.
    pub clauses: Vec<String>,
}

/// The concession that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Nothing beyond the programme.
    Nothing,
    /// A discount on top of the programme's, as a share.
    OnProgramme(Ratio),
    /// A discount from list in which the programme's is contained.
    OffList(Ratio),
    /// A price for the whole contract.
    Total(Cents),
    /// A price for one seat and month that is billed.
    Unit(Cents),
}

/// Where free months lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FreeMonths {
    /// The term stays as long as it is; fewer months are billed.
    Inside,
    /// The term grows by them.
    OnTop,
}
