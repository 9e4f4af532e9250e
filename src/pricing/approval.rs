//! Approvals are bound to what was approved: any term that is worse reopens them, and no better
//! one makes up for it.

use serde::{Deserialize, Serialize};

use super::deal::{Deal, FreeMonths};
use super::policy::Policy;
use super::quote::Quote;
use super::ratio::Ratio;
use crate::model::{ContentHash, Currency, Percent, Sku, Timestamp};

/// So much may two concessions differ to be alike: two points of list.
const ALIKE: Percent = Percent(200);

/// A deal as someone is asked to approve it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Hash of the policy's figures and rules.
    pub policy: ContentHash,
    /// The product.
    pub sku: Sku,
    /// The currency.
    pub currency: Currency,
    /// Seats.
    pub seats: u32,
    /// The term in months.
    pub months: u16,
    /// How it is billed.
    pub billing: String,
    /// Days until an invoice is due.
    pub payment_days: u16,
    /// Months without pay.
    #[serde(default)]
    pub free_months: u16,
    /// Where they lie.
    pub free: FreeMonths,
    /// Services that are thrown in.
    #[serde(default)]
    pub services: Vec<String>,
    /// Clauses.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// What the customer owes in return, by id.
    #[serde(default)]
    pub gets: Vec<String>,
    /// The contract value, in cents.
    pub net: i64,
    /// Everything that is conceded, as a share of list.
    pub effective: Ratio,
    /// The role of the ladder that is needed.
    pub role: String,
    /// Who has to sign off besides.
    #[serde(default)]
    pub sign_offs: Vec<String>,
}

/// A term that is worse than what was approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reopened {
    /// Another product.
    #[error("product {0} instead of {1}")]
    Sku(Sku, Sku),
    /// Another currency.
    #[error("currency {0} instead of {1}")]
    Currency(Currency, Currency),
    /// The policy's figures have changed.
    #[error("the policy has changed since")]
    Policy,
    /// More is conceded.
    #[error("a larger discount")]
    Effective,
    /// Fewer seats.
    #[error("{0} seats instead of {1}")]
    Seats(u32, u32),
    /// A shorter term.
    #[error("{0} months instead of {1}")]
    Term(u16, u16),
    /// Billed otherwise.
    #[error("billed {0} instead of {1}")]
    Billing(String, String),
    /// Paid later.
    #[error("{0} days to pay instead of {1}")]
    PaymentDays(u16, u16),
    /// More free months, or in another place.
    #[error("{0} free months instead of {1}, or in another place")]
    FreeMonths(u16, u16),
    /// Another service is thrown in.
    #[error("`{0}` was added")]
    Service(String),
    /// Another clause is asked for.
    #[error("the clause `{0}` was added")]
    Clause(String),
    /// Something that the customer owed in return is gone.
    #[error("`{0}` is no longer asked for in return")]
    Get(String),
    /// Someone is needed who has not approved.
    #[error("it needs {0} now")]
    Role(String),
    /// It is too old.
    #[error("it was valid until {0}")]
    Expired(Timestamp),
}

impl Reopened {
    /// The field's name, as it is logged.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Sku(..) => "sku",
            Self::Currency(..) => "currency",
            Self::Policy => "policy",
            Self::Effective => "effective",
            Self::Seats(..) => "seats",
            Self::Term(..) => "term",
            Self::Billing(..) => "billing",
            Self::PaymentDays(..) => "payment_days",
            Self::FreeMonths(..) => "free_months",
            Self::Service(_) => "services",
            Self::Clause(_) => "clauses",
            Self::Get(_) => "gets",
            Self::Role(_) => "roles",
            Self::Expired(_) => "valid_until",
        }
    }
}

/// An approval that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// For what.
    pub snapshot: Snapshot,
    /// Whose word it is: roles of the ladder and sign-offs.
    pub by: Vec<String>,
    /// Until when it holds.
    pub until: Timestamp,
}

impl Policy {
    /// A priced deal as it is put before an approver; `None` when no one may approve it. `gets` is
    /// what the customer owes in return so far.
    #[must_use]
    pub fn snapshot(&self, deal: &Deal, quote: &Quote, gets: Vec<String>) -> Option<Snapshot> {
        Some(Snapshot {
            policy: self.hash.clone(),
            sku: deal.sku.clone(),
            currency: deal.currency.clone(),
            seats: deal.seats,
            months: deal.months,
            billing: deal.billing.clone(),
            payment_days: deal.payment_days,
            free_months: deal.free_months,
            free: deal.free,
            services: deal.services.clone(),
            clauses: deal.clauses.clone(),
            gets,
            net: quote.net.0,
            effective: quote.effective,
            role: quote.needs.role.clone()?,
            sign_offs: quote.needs.sign_offs.clone(),
        })
    }

    /// What is worse now than what was approved; when there is nothing, the approval holds. Each
    /// term has one direction and is compared by itself: a better one makes up for nothing.
    #[must_use]
    pub fn reopened(&self, granted: &Granted, now: &Snapshot, at: Timestamp) -> Vec<Reopened> {
        let was = &granted.snapshot;
        let mut found = Vec::new();
        let mut worse = |is: bool, what: Reopened| found.extend(is.then_some(what));
        let (sku, approved) = (now.sku.clone(), was.sku.clone());
        worse(sku != approved, Reopened::Sku(sku.clone(), approved.clone()));
        let (currency, approved) = (now.currency.clone(), was.currency.clone());
        worse(currency != approved, Reopened::Currency(currency.clone(), approved.clone()));
        worse(now.policy != was.policy, Reopened::Policy);
        // A share that cannot be compared is not known to be smaller.
        worse(now.effective.at_most(was.effective) != Some(true), Reopened::Effective);
        worse(now.seats < was.seats, Reopened::Seats(now.seats, was.seats));
        worse(now.months < was.months, Reopened::Term(now.months, was.months));
        let (billing, approved) = (now.billing.clone(), was.billing.clone());
        worse(billing != approved, Reopened::Billing(billing.clone(), approved.clone()));
        let (days, allowed) = (now.payment_days, was.payment_days);
        worse(days > allowed, Reopened::PaymentDays(days, allowed));
        let (free, allowed) = (now.free_months, was.free_months);
        let elsewhere = free > 0 && now.free != was.free;
        worse(free > allowed || elsewhere, Reopened::FreeMonths(free, allowed));
        found.extend(beyond(&now.services, &was.services).map(Reopened::Service));
        found.extend(beyond(&now.clauses, &was.clauses).map(Reopened::Clause));
        found.extend(beyond(&was.gets, &now.gets).map(Reopened::Get));
        let given = |needed: &String| {
            granted.by.iter().any(|role| role == needed || self.covers(role, needed))
        };
        let needed = std::iter::once(&now.role).chain(&now.sign_offs);
        found.extend(needed.filter(|needed| !given(needed)).cloned().map(Reopened::Role));
        found.extend((at > granted.until).then_some(Reopened::Expired(granted.until)));
        found
    }

    /// What is still missing for an approval, when these have given theirs.
    #[must_use]
    pub fn missing(&self, snapshot: &Snapshot, by: &[String]) -> Vec<String> {
        let given =
            |needed: &&String| by.iter().any(|role| role == *needed || self.covers(role, needed));
        let needed = std::iter::once(&snapshot.role).chain(&snapshot.sign_offs);
        needed.filter(|needed| !given(needed)).cloned().collect()
    }

    /// Those of a person's roles with which they may approve something that is missing.
    #[must_use]
    pub fn may_give(&self, missing: &[String], roles: &[String]) -> Vec<String> {
        let fits = |role: &&String| {
            missing.iter().any(|needed| needed == *role || self.covers(role, needed))
        };
        roles.iter().filter(fits).cloned().collect()
    }

    /// Until when an approval that is given now holds.
    #[must_use]
    pub fn valid_until(&self, now: Timestamp) -> Timestamp {
        now.plus_days(self.approval().valid_days.into())
    }

    /// Whether two exceptions are alike: in the same tier, and within two points of each other.
    #[must_use]
    pub fn alike(&self, one: &Snapshot, other: &Snapshot) -> bool {
        let tier = |seats| self.tier(seats).map(|tier| tier.from);
        let most = Ratio::of(ALIKE);
        let near = |less: Ratio, more: Ratio| more.minus(most).and_then(|low| low.at_most(less));
        let both = near(one.effective, other.effective).zip(near(other.effective, one.effective));
        tier(one.seats) == tier(other.seats) && both == Some((true, true))
    }
}

/// What the first list has and the second has not.
fn beyond<'a>(these: &'a [String], those: &'a [String]) -> impl Iterator<Item = String> + 'a {
    these.iter().filter(|this| !those.contains(this)).cloned()
}
