//! What a policy says besides figures: its names, its standards, and until when it holds.

use super::deal::{Deal, FreeMonths};
use super::policy::{Approval, PercentMeans, Policy, Service, Standard};
use super::ratio::Ratio;
use crate::model::{Cents, Currency, Day, Locale, Percent, Sku, Timestamp};

/// Why a policy must not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// Its last day is over.
    #[error("the price policy has expired: ask {owner}; last valid {last}")]
    Expired {
        /// Who looks after it.
        owner: String,
        /// The last day of use.
        last: Day,
    },
    /// The clock stands before the day on which the policy was verified.
    #[error(
        "the system clock is earlier than {0}, when the price policy was verified: tell your Cornerman admin"
    )]
    ClockIsWrong(Day),
}

impl Policy {
    /// Whether it may be used now.
    ///
    /// # Errors
    /// Why it may not.
    pub fn open(&self, now: Timestamp) -> Result<(), Closed> {
        let today = now.day_in(&self.zone);
        if today > self.expires {
            let owner = self.written.owner.clone();
            return Err(Closed::Expired { owner, last: self.expires });
        }
        if today < self.verified { Err(Closed::ClockIsWrong(self.verified)) } else { Ok(()) }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.written.id
    }

    /// Products, by id.
    #[must_use]
    pub fn skus(&self) -> Vec<Sku> {
        distinct(self.written.sku.iter().map(|sku| &sku.id))
    }

    /// Currencies that there are price lists in, by their three letters.
    #[must_use]
    pub fn currencies(&self) -> Vec<Currency> {
        distinct(self.written.sku.iter().map(|sku| &sku.currency))
    }

    /// Services that can be thrown in, by id.
    #[must_use]
    pub fn services(&self) -> Vec<String> {
        distinct(self.written.service.iter().map(|service| &service.id))
    }

    /// Clauses that a trigger knows, by id.
    #[must_use]
    pub fn clauses(&self) -> Vec<String> {
        distinct(self.written.trigger.iter().flat_map(|trigger| &trigger.clause))
    }

    /// Ways of billing that it knows.
    #[must_use]
    pub fn billings(&self) -> Vec<String> {
        let terms = self.written.term.iter().map(|term| &term.billing);
        distinct(std::iter::once(&self.written.standard.billing).chain(terms))
    }

    /// The currency that a dollar without more means.
    #[must_use]
    pub fn dollar(&self) -> Option<&Currency> {
        self.written.dollar.as_ref()
    }

    /// How the team writes numbers.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.written.locale
    }

    /// What holds when a rep does not say.
    #[must_use]
    pub fn standard(&self) -> &Standard {
        &self.written.standard
    }

    /// The first currency that a product has a price in.
    #[must_use]
    pub fn currency(&self, sku: &Sku) -> Option<&Currency> {
        let found = self.written.sku.iter().find(|found| found.id == *sku);
        found.map(|sku| &sku.currency)
    }

    /// Where free months lie when a rep does not say; `None` when it has to be asked.
    #[must_use]
    pub fn free_months(&self) -> Option<FreeMonths> {
        self.written.free_months
    }

    /// What a percentage without more goes by.
    #[must_use]
    pub fn percent_means(&self) -> PercentMeans {
        self.written.percent_means
    }

    /// The roles that may say a price, lowest first.
    #[must_use]
    pub fn ladder(&self) -> &[String] {
        &self.written.ladder
    }

    /// Who may have to sign off besides.
    #[must_use]
    pub fn sign_offs(&self) -> &[String] {
        &self.written.sign_off
    }

    /// Whether a role stands at least as high as another one. Both have to be on the ladder.
    #[must_use]
    pub fn covers(&self, role: &str, needed: &str) -> bool {
        let place = |role: &str| self.written.ladder.iter().position(|known| known == role);
        matches!((place(role), place(needed)), (Some(own), Some(needed)) if own >= needed)
    }

    /// Discounts that follow each other, as one, by the policy's stacking. `None` when they are too
    /// many to be computed exactly.
    #[must_use]
    pub fn stack(&self, steps: &[Percent]) -> Option<Ratio> {
        let step = |sum: Ratio, step: &Percent| self.stacked(sum, Ratio::of(*step));
        steps.iter().try_fold(Ratio::ZERO, step)
    }

    /// The list price of a deal's seat and month.
    #[must_use]
    pub fn list_price(&self, deal: &Deal) -> Option<Cents> {
        self.sku(deal).ok().map(|sku| sku.list)
    }

    /// The list price of a service in a deal's currency.
    #[must_use]
    pub fn service(&self, deal: &Deal, id: &str) -> Option<Cents> {
        let fits = |service: &&Service| service.id == id && service.currency == deal.currency;
        self.written.service.iter().find(fits).map(|service| service.list)
    }

    /// Where the next tier begins.
    #[must_use]
    pub fn next_tier(&self, seats: u32) -> Option<u32> {
        self.written.tier.iter().map(|tier| tier.from).find(|from| *from > seats)
    }

    /// How exceptions are approved.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.written.approval
    }

    /// The rules that make the programme's discount, by id.
    #[must_use]
    pub fn programme_rules(&self, deal: &Deal) -> Vec<String> {
        let tier = self.tier(deal.seats).map(|tier| format!("tier.{}", tier.from));
        let term = self.term(deal).map(|term| format!("{}.{}", term.billing, term.months));
        tier.into_iter().chain(term).collect()
    }

    /// The discount from list at which a deal of so many seats should end.
    #[must_use]
    pub fn target(&self, seats: u32) -> Option<Ratio> {
        self.tier(seats).map(|tier| Ratio::of(tier.target))
    }
}

fn distinct<'a, T: Clone + PartialEq + 'a>(names: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for name in names {
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}
