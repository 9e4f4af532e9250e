//! The rules for the price policy. One rule is one file, whose opening comment is its page.
//!
//! First the shape of the file is checked, every fault at once; what has the right shape is then
//! looked at as a policy. Errors keep it from being used, warnings do not.

mod approvers;
mod below_floor;
mod cliff;
mod double_pay;
mod ending;
mod expired;
mod figures;
mod gives;
mod idle_rule;
mod inversion;
mod leaked;
mod missing;
mod names;
mod places;
mod price_lists;
mod reasons;
mod shape;
mod stale;
mod target;
mod tiers;
mod unused_variable;

use std::ops::Range;

use super::policy::Policy;
use crate::model::{Day, Rule, Severity};
pub(super) use places::Places;

/// What is wrong in a policy file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// The rule, for example `PP012`.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

/// What was found so far, and where things stand.
pub(super) struct Found<'a> {
    pub places: &'a Places<'a>,
    pub faults: Vec<PolicyFault>,
}

impl<'a> Found<'a> {
    pub(super) fn new(places: &'a Places<'a>) -> Self {
        Self { places, faults: Vec::new() }
    }

    /// An error at a path such as `tier/2/discount`.
    fn error(
        &mut self,
        code: &'static str,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (message, help) = (message.into(), help.into());
        let (severity, span) = (Severity::Error, self.places.at(path));
        self.faults.push(PolicyFault { code, severity, span, message, help });
    }

    /// A warning or a remark at a path, unless a table that it stands in allows it.
    fn advice(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if self.places.allows(code, path) {
            return;
        }
        let (message, help, span) = (message.into(), help.into(), self.places.at(path));
        self.faults.push(PolicyFault { code, severity, span, message, help });
    }

    fn warning(
        &mut self,
        code: &'static str,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.advice(Severity::Warning, code, path, message, help);
    }
}

/// Checks the form of the file: keys, figures, days, and what must not be missing.
pub(super) fn shape(places: &Places<'_>) -> Vec<PolicyFault> {
    let mut found = Found::new(places);
    shape::check(&mut found);
    found.faults
}

impl Policy {
    /// What makes this policy wrong.
    pub(super) fn errors(&self, places: &Places<'_>) -> Vec<PolicyFault> {
        let mut found = Found::new(places);
        for check in [
            names::check,
            missing::check,
            price_lists::check,
            tiers::check,
            inversion::check,
            approvers::check,
            target::check,
            gives::check,
            leaked::check,
        ] {
            check(self, &mut found);
        }
        // Prices of a policy that is wrong otherwise would only confuse.
        if found.faults.is_empty() {
            below_floor::check(self, &mut found);
        }
        found.faults
    }

    /// What is worth a second look in this policy, whose file is `text`.
    #[must_use]
    pub fn advice(&self, text: &str, today: Day) -> Vec<PolicyFault> {
        let Ok(places) = Places::read(text) else { return Vec::new() };
        let mut found = Found::new(&places);
        for check in [cliff::check, idle_rule::check, double_pay::check, reasons::check] {
            check(self, &mut found);
        }
        stale::check(self, today, &mut found);
        ending::check(self, today, &mut found);
        expired::check(self, today, &mut found);
        found.faults.sort_by_key(|fault| fault.span.start);
        found.faults
    }

    /// Variables that are handed out and that nothing in these texts quotes.
    #[must_use]
    pub fn unused<'t>(
        &self,
        text: &str,
        texts: impl Iterator<Item = &'t str> + Clone,
    ) -> Vec<PolicyFault> {
        let Ok(places) = Places::read(text) else { return Vec::new() };
        let mut found = Found::new(&places);
        unused_variable::check(self, texts, &mut found);
        found.faults
    }
}

/// The name that comes nearest to what was written.
fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|name| (strsim::damerau_levenshtein(written, name), name));
    let near = near.min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, name)| *distance <= 1.max(name.chars().count() / 3)).map(|(_, n)| n)
}

/// `did you mean …`, or what there is.
fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(written, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => {
            let known: Vec<&str> = known.into_iter().collect();
            if known.is_empty() {
                "there are none yet".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            }
        }
    }
}

macro_rules! rules {
    ($($code:literal $file:literal,)*) => {
        /// Every rule for price policies, by code.
        pub const POLICY_RULES: &[Rule] =
            &[$(Rule { code: $code, source: include_str!($file) },)*];
    };
}

rules! {
    "PP001" "names.rs",
    "PP002" "figures.rs",
    "PP003" "price_lists.rs",
    "PP004" "missing.rs",
    "PP010" "tiers.rs",
    "PP011" "inversion.rs",
    "PP012" "cliff.rs",
    "PP020" "approvers.rs",
    "PP021" "below_floor.rs",
    "PP022" "target.rs",
    "PP023" "idle_rule.rs",
    "PP030" "gives.rs",
    "PP031" "double_pay.rs",
    "PP032" "reasons.rs",
    "PP040" "stale.rs",
    "PP041" "ending.rs",
    "PP042" "expired.rs",
    "PP050" "leaked.rs",
    "PP051" "unused_variable.rs",
}
