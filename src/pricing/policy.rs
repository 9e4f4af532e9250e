//! `pricing.toml` as it is written: every key known, every figure exact.
//!
//! What it is for stands beside it: prices in `quote`, moves in `trade`, figures for playbooks in
//! `variables`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

use super::deal::{Deal, FreeMonths};
use super::ratio::Ratio;
use super::terms::PercentMeans;
use super::trade::{Give, Steps};
use crate::model::{Cents, ContentHash, Day, Locale, Percent, Zone};

/// Keys that hold words: a change of them changes no price.
const WORDS: [&str; 8] =
    ["why", "words", "written", "allow", "deals", "owner", "last_verified", "variables"];

/// A team's price policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The last day on which it may be used.
    pub expires: Day,
    /// The day on which somebody looked at its figures.
    pub verified: Day,
    /// Hash of its figures and rules; its words and comments do not count.
    pub hash: ContentHash,
    pub(super) zone: Zone,
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
    pub id: String,
    pub owner: String,
    timezone: toml::Spanned<String>,
    last_verified: toml::Spanned<toml::value::Datetime>,
    expires: toml::Spanned<toml::value::Datetime>,
    pub dollar: Option<String>,
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
    pub target: Percent,
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
pub struct Standard {
    /// The product.
    pub sku: String,
    /// The term in months.
    pub term_months: u16,
    /// Days until an invoice is due.
    pub payment_days: u16,
    /// How it is billed.
    pub billing: String,
}

/// How exceptions are approved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub(super) struct Trigger {
    pub id: String,
    programme_value_over: Option<Cents>,
    beyond_programme_over: Option<Percent>,
    term_under: Option<u16>,
    term_over: Option<u16>,
    payment_days_over: Option<u16>,
    #[serde(default)]
    pub clause: Vec<String>,
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
pub(super) struct Get {
    pub id: String,
    pub value: Percent,
    pub words: String,
    pub written: String,
    /// The term that it means, so that it is known to be in a deal already.
    pub term_months: Option<u16>,
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
        let day = |date: &toml::Spanned<toml::value::Datetime>| {
            date.get_ref().to_string().parse::<Day>().map_err(|message| (date.span(), message))
        };
        let known = || {
            let zone = written.timezone.get_ref().parse::<Zone>();
            let zone = zone.map_err(|message| (written.timezone.span(), message))?;
            Ok((day(&written.expires)?, day(&written.last_verified)?, zone))
        };
        let fault = |message| vec![PolicyFault { span: 0..0, message }];
        if written.format != 1 {
            return Err(fault(format!("format {} is not known; write format = 1", written.format)));
        }
        let (expires, verified, zone) =
            known().map_err(|(span, message)| vec![PolicyFault { span, message }])?;
        let hash = figures(text);
        let policy = Self { expires, verified, hash, zone, written };
        let faults = policy.wrong_variables();
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }
}

/// Hash of everything in a policy file that can change a price.
fn figures(text: &str) -> ContentHash {
    let mut table: toml::Table = text.parse().unwrap_or_default();
    without_words(&mut table);
    ContentHash::of([toml::to_string(&table).unwrap_or_default()])
}

fn without_words(table: &mut toml::Table) {
    table.retain(|key, _| !WORDS.contains(&key));
    for (_, value) in table.iter_mut() {
        match value {
            toml::Value::Table(table) => without_words(table),
            toml::Value::Array(values) => {
                let tables = values.iter_mut().filter_map(toml::Value::as_table_mut);
                tables.for_each(without_words);
            }
            _ => {}
        }
    }
}
