//! `pricing.toml` as it is written: every key known, every figure exact.
//!
//! It hands figures out to playbooks and prices deals; its keys for moves and approvals are read
//! for their shape.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

use super::deal::{Deal, FreeMonths};
use super::ratio::Ratio;
use crate::model::{Cents, Day, Percent};

/// A team's price policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The last day on which it may be used.
    pub expires: Day,
    pub(super) written: Written,
}

/// What is wrong in a policy file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    format: u8,
    id: String,
    owner: String,
    timezone: String,
    last_verified: toml::value::Datetime,
    expires: toml::value::Datetime,
    dollar: Option<String>,
    pub stacking: Stacking,
    #[serde(default)]
    pub tier_mode: TierMode,
    free_months: Option<FreeMonths>,
    percent_means: Option<String>,
    pub rounding: Rounding,
    pub money_cost: Option<Percent>,
    pub standard: Standard,
    pub ladder: Vec<String>,
    #[serde(default)]
    sign_off: Vec<String>,
    pub authority: BTreeMap<String, Percent>,
    pub sku: Vec<Sku>,
    #[serde(default)]
    pub tier: Vec<Tier>,
    #[serde(default)]
    pub term: Vec<Term>,
    #[serde(default)]
    pub service: Vec<Service>,
    #[serde(default)]
    pub trigger: Vec<Trigger>,
    steps: Option<toml::Table>,
    #[serde(default)]
    get: Vec<Get>,
    #[serde(default)]
    give: Vec<toml::Table>,
    approval: Option<toml::Table>,
    #[serde(default)]
    pub variables: Variables,
}

/// A product at a price for one seat and month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sku {
    pub id: String,
    pub currency: String,
    pub list: Cents,
    pub floors: BTreeMap<String, Cents>,
    why: Option<String>,
}

/// A discount for many seats.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    pub from: u32,
    pub discount: Percent,
    target: Percent,
    pub ceiling: Percent,
    deals: Option<u32>,
    allow: Option<String>,
}

/// A discount for a long term.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    pub months: u16,
    pub billing: String,
    pub discount: Percent,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub id: String,
    pub list: Cents,
    pub currency: String,
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
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub(super) struct Standard {
    sku: String,
    term_months: u16,
    pub payment_days: u16,
    billing: String,
}

/// A rule that asks for a higher role; all its conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trigger {
    pub id: String,
    programme_value_over: Option<Cents>,
    beyond_programme_over: Option<Percent>,
    term_under: Option<u16>,
    term_over: Option<u16>,
    payment_days_over: Option<u16>,
    #[serde(default)]
    clause: Vec<String>,
    pub needs: String,
    #[serde(default)]
    pub also: Vec<String>,
}

impl Trigger {
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
#[serde(deny_unknown_fields)]
struct Get {
    id: String,
    value: Percent,
    words: String,
    written: String,
    why: Option<String>,
}

/// What playbooks may quote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variables {
    #[serde(default)]
    pub customer: Vec<toml::Spanned<String>>,
    #[serde(default)]
    pub rep: Vec<toml::Spanned<String>>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Every fault that was found: TOML, unknown keys, figures that are no figures, and variables
    /// that no playbook may have.
    pub fn read(text: &str) -> Result<Self, Vec<PolicyFault>> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let span = span.start.min(text.len())..span.end.min(text.len());
            vec![PolicyFault { span, message: error.message().to_owned() }]
        })?;
        let day = written.expires.to_string();
        let fault = |message| vec![PolicyFault { span: 0..0, message }];
        if written.format != 1 {
            return Err(fault(format!("format {} is not known; write format = 1", written.format)));
        }
        let expires = day.parse().map_err(|error| fault(format!("expires: {error}")))?;
        let policy = Self { expires, written };
        let faults = policy.wrong_variables();
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }
}
