//! `pricing.toml` as it is written: every key known, every figure exact.
//!
//! What it is for stands beside it: prices in `quote`, moves in `trade`, figures for playbooks in
//! `variables`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::deal::{Deal, FreeMonths};
use super::ratio::Ratio;
use crate::model::{Cents, ContentHash, Currency, Day, Locale, Percent, Sku, Zone};

/// The longest term that is computed, in months.
pub(super) const MOST_MONTHS: u16 = 120;
/// The latest payment that is computed, in days.
const MOST_DAYS: u16 = 365;

/// A team's price policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The last day on which it may be used.
    pub expires: Day,
    /// The day on which someone looked at its figures.
    pub verified: Day,
    /// Hash of its figures and rules; its words and comments do not count.
    pub hash: ContentHash,
    pub(super) zone: Zone,
    pub(super) written: Written,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Written {
    pub format: u8,
    pub id: String,
    pub owner: String,
    pub timezone: String,
    pub last_verified: toml::value::Datetime,
    pub expires: toml::value::Datetime,
    pub dollar: Option<Currency>,
    #[serde(default)]
    pub locale: Locale,
    pub stacking: Stacking,
    #[serde(default)]
    pub tier_mode: TierMode,
    pub free_months: Option<FreeMonths>,
    #[serde(default)]
    pub percent_means: PercentMeans,
    pub rounding: Rounding,
    pub money_cost: Option<Percent>,
    pub standard: Standard,
    pub ladder: Vec<String>,
    #[serde(default)]
    pub sign_off: Vec<String>,
    pub authority: BTreeMap<String, Percent>,
    pub sku: Vec<Product>,
    #[serde(default)]
    pub tier: Vec<Tier>,
    #[serde(default)]
    pub term: Vec<Term>,
    #[serde(default)]
    pub service: Vec<Service>,
    #[serde(default)]
    pub trigger: Vec<Trigger>,
    pub steps: Option<Steps>,
    #[serde(default)]
    pub get: Vec<Get>,
    #[serde(default)]
    pub give: Vec<Give>,
    #[serde(default)]
    pub approval: Approval,
    #[serde(default)]
    pub variables: Variables,
}

/// A product at a price for one seat and month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Product {
    pub id: Sku,
    pub currency: Currency,
    pub list: Cents,
    pub floors: BTreeMap<String, Cents>,
    pub why: Option<String>,
}

/// A discount for many seats.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Tier {
    pub from: u32,
    pub discount: Percent,
    pub target: Percent,
    pub ceiling: Percent,
    pub deals: Option<u32>,
    pub why: Option<String>,
}

/// A discount for a long term.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Term {
    pub months: u16,
    pub billing: String,
    pub discount: Percent,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Service {
    pub id: String,
    pub list: Cents,
    pub currency: Currency,
}

/// How discounts for several reasons come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stacking {
    /// They add up.
    Additive,
    /// Each is taken off what the others leave.
    Multiplicative,
}

/// To which seats a tier's discount goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TierMode {
    /// To all of them.
    #[default]
    Volume,
    /// To those within its band.
    Graduated,
}

/// How a price becomes whole cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Rounding {
    mode: RoundMode,
    pub at: RoundAt,
}

/// The one way of rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RoundMode {
    /// To the nearest cent, halves to the even one.
    HalfEven,
}

/// What is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RoundAt {
    /// The contract value.
    Line,
    /// The price of a seat and month.
    Unit,
}

/// What holds when a rep does not say.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Standard {
    /// The product.
    pub sku: Sku,
    /// The term in months.
    pub term_months: u16,
    /// Days until an invoice is due.
    pub payment_days: u16,
    /// How it is billed.
    pub billing: String,
}

/// How exceptions are approved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Approval {
    /// How many days an approval holds.
    pub valid_days: u16,
    /// How many hours an answer usually takes.
    pub sla_hours: u16,
    /// So many alike in a quarter are pointed out.
    pub precedent_alert: u16,
    /// Reasons to choose from.
    pub reason_codes: Vec<String>,
}

/// A rule that asks for a higher role; all its conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Trigger {
    pub id: String,
    pub programme_value_over: Option<Cents>,
    pub beyond_programme_over: Option<Percent>,
    pub term_under: Option<u16>,
    pub term_over: Option<u16>,
    pub payment_days_over: Option<u16>,
    #[serde(default)]
    pub clause: Vec<String>,
    pub needs: String,
    #[serde(default)]
    pub also: Vec<String>,
}

/// The conditions of a trigger, to compare them.
type Conditions<'a> =
    (Option<Cents>, Option<Percent>, Option<u16>, Option<u16>, Option<u16>, &'a [String]);

impl Trigger {
    /// All of its conditions.
    pub(super) fn conditions(&self) -> Conditions<'_> {
        let Self { programme_value_over, beyond_programme_over, .. } = *self;
        let Self { term_under, term_over, payment_days_over, ref clause, .. } = *self;
        (
            programme_value_over,
            beyond_programme_over,
            term_under,
            term_over,
            payment_days_over,
            clause,
        )
    }

    /// Why no deal can meet all of its conditions; `None` when one can.
    pub(super) fn never(&self) -> Option<String> {
        if self.conditions() == (None, None, None, None, None, &[]) {
            return Some("it has no condition".to_owned());
        }
        let over = self.term_over.unwrap_or(0);
        if over >= MOST_MONTHS {
            return Some(format!("no term is longer than {MOST_MONTHS} months"));
        }
        if let Some(under) = self.term_under.filter(|under| *under <= over + 1) {
            return Some(format!("no term is under {under} and over {over} months"));
        }
        if self.payment_days_over.is_some_and(|days| days >= MOST_DAYS) {
            return Some(format!("payment terms end at {MOST_DAYS} days"));
        }
        let all = self.beyond_programme_over.is_some_and(|share| share.0 >= 10_000);
        all.then(|| "no role can give more than 100%".to_owned())
    }

    /// Whether it fires for a deal of this programme value and concession beyond it; `None` when
    /// the figures are too large. Size is measured before the give: measured after it, a larger
    /// discount would slip under the threshold.
    pub(super) fn fires(&self, deal: &Deal, programme: Ratio, beyond: Ratio) -> Option<bool> {
        let over = |figure: Ratio, limit: Ratio| Some(!figure.at_most(limit)?);
        let mut conditions = Vec::new();
        if let Some(value) = self.programme_value_over {
            conditions.push(over(programme, Ratio::whole(value.0))?);
        }
        if let Some(share) = self.beyond_programme_over {
            conditions.push(over(beyond, Ratio::of(share))?);
        }
        conditions.extend(self.term_under.map(|months| deal.months < months));
        conditions.extend(self.term_over.map(|months| deal.months > months));
        conditions.extend(self.payment_days_over.map(|days| deal.payment_days > days));
        if !self.clause.is_empty() {
            conditions.push(deal.clauses.iter().any(|clause| self.clause.contains(clause)));
        }
        Some(!conditions.is_empty() && conditions.iter().all(|holds| *holds))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Get {
    pub id: String,
    pub value: Percent,
    pub words: String,
    pub written: String,
    /// The term that it means, so that it is known to be in a deal already.
    pub term_months: Option<u16>,
    pub why: Option<String>,
}

/// What playbooks may quote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Variables {
    #[serde(default)]
    pub customer: Vec<String>,
    #[serde(default)]
    pub rep: Vec<String>,
}

/// What a percentage without more goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PercentMeans {
    /// On top of the programme.
    #[default]
    OnProgramme,
    /// From list, the programme contained.
    OffList,
}

/// How steps shrink: `first`, then at most `shrink` of the one before, in multiples of `grain`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Steps {
    pub first: Percent,
    pub shrink: Percent,
    pub grain: Percent,
    pub count: u16,
}

/// Something that can be given, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Give {
    pub id: GiveKind,
    pub gets: Gets,
}

/// Kinds of gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GiveKind {
    /// A discount.
    Discount,
    /// Months without pay.
    FreeMonths,
    /// More days until an invoice is due.
    PaymentDays,
    /// A service that is thrown in.
    Service,
}

/// What may be asked for in return.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Gets {
    /// `"any"`
    Any(Any),
    /// By id.
    These(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Any {
    Any,
}

impl GiveKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Discount, Self::FreeMonths, Self::PaymentDays, Self::Service];

    /// The name used in policies and the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Discount => "discount",
            Self::FreeMonths => "free-months",
            Self::PaymentDays => "payment-days",
            Self::Service => "service",
        }
    }
}
