//! `pricing.toml` as it is written: every key known, every figure exact.
//!
//! So far the policy hands figures out to playbooks; the engine that makes offers reads the same
//! type.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

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

/// The file. Keys that the engine will use are read for their shape.
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
    stacking: Option<String>,
    tier_mode: Option<String>,
    free_months: Option<String>,
    percent_means: Option<String>,
    rounding: Option<BTreeMap<String, String>>,
    money_cost: Option<Percent>,
    standard: toml::Table,
    ladder: Vec<String>,
    #[serde(default)]
    sign_off: Vec<String>,
    pub authority: BTreeMap<String, Percent>,
    pub sku: Vec<Sku>,
    #[serde(default)]
    pub tier: Vec<Tier>,
    #[serde(default)]
    pub term: Vec<Term>,
    #[serde(default)]
    service: Vec<Service>,
    #[serde(default)]
    trigger: Vec<toml::Table>,
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
    floors: BTreeMap<String, Cents>,
    why: Option<String>,
}

/// A discount for many seats.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    pub from: u32,
    pub discount: Percent,
    target: Percent,
    ceiling: Percent,
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
struct Service {
    id: String,
    list: Cents,
    currency: String,
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
