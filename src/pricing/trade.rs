//! What a rep may offer in return for something: the largest give that fits into the ask, the next
//! step, the rep's own limit and every trigger, and that is covered by what the customer does.

use super::deal::{Ask, Deal};
use super::policy::{Get, Gets, GiveKind, Policy};
use super::quote::{Quote, Refusal};
use super::ratio::Ratio;
use crate::model::Percent;

/// What was offered in a deal so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Every give that was offered, in order.
    pub given: Vec<Given>,
}

/// A give that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What was given.
    pub kind: GiveKind,
    /// How large it was beyond the programme, as a share of list.
    pub step: Ratio,
    /// The discount in it; 0 for other kinds.
    pub discount: Percent,
    /// Months without pay in it.
    pub free_months: u16,
    /// Days until an invoice is due, when they were given.
    pub payment_days: Option<u16>,
    /// Services in it.
    pub services: Vec<String>,
    /// What was asked for in return.
    pub gets: Vec<String>,
    /// Taken back: its room is free again, its step is not.
    pub withdrawn: bool,
}

/// A give with what is asked for in return.
#[derive(Debug, Clone, PartialEq)]
pub struct Trade {
    /// The give.
    pub given: Given,
    /// The deal with it.
    pub deal: Deal,
    /// Its price.
    pub quote: Quote,
    /// Which step of how many it is, from 1.
    pub step: usize,
    /// The gets: id, words to say, what must exist on paper.
    pub gets: Vec<(String, String, String)>,
}

impl Ledger {
    /// The discount beyond the programme that is on the table.
    #[must_use]
    pub fn discount(&self) -> Percent {
        Percent(self.standing().map(|given| given.discount.0).sum())
    }

    /// What is owed in return for it, by id.
    #[must_use]
    pub fn gets(&self) -> Vec<String> {
        self.standing().flat_map(|given| given.gets.iter().cloned()).collect()
    }

    /// What was offered and not taken back.
    pub fn standing(&self) -> impl Iterator<Item = &Given> {
        self.given.iter().filter(|given| !given.withdrawn)
    }
}

impl Policy {
    /// The deal as it is on the table: at the programme, with what was offered.
    #[must_use]
    pub fn on_the_table(&self, asked: &Deal, ledger: &Ledger) -> Deal {
        let mut deal = Deal {
            ask: Ask::OnProgramme(Ratio::of(ledger.discount())),
            free_months: 0,
            services: Vec::new(),
            clauses: Vec::new(),
            payment_days: self.standard().payment_days.min(asked.payment_days),
            ..asked.clone()
        };
        for given in ledger.standing() {
            deal.free_months = deal.free_months.saturating_add(given.free_months);
            deal.payment_days = given.payment_days.unwrap_or(deal.payment_days);
            deal.services.extend(given.services.iter().cloned());
        }
        deal
    }

    /// The best trade for an ask, or `None` when nothing fits.
    ///
    /// # Errors
    /// [`Refusal`], as for [`Policy::quote`].
    pub fn trade(
        &self,
        asked: &Deal,
        role: &str,
        ledger: &Ledger,
    ) -> Result<Option<Trade>, Refusal> {
        let Some(largest) = self.next_step(ledger) else { return Ok(None) };
        let table = self.on_the_table(asked, ledger);
        let (want, now) = (self.quote(asked)?, self.quote(&table)?);
        let Some(room) = want.beyond.minus(now.beyond) else { return Ok(None) };
        for kind in kinds(asked, self.standard().payment_days) {
            for mut given in self.candidates(kind, asked, &table, largest) {
                let deal = with(&table, &given, ledger.discount());
                let Ok(quote) = self.quote(&deal) else { continue };
                let fits = self.fits(&deal, &quote, role)?;
                let Some(step) = quote.beyond.minus(now.beyond) else { continue };
                let positive = !step.at_most(Ratio::ZERO).unwrap_or(true);
                let small = step.at_most(room) == Some(true)
                    && step.at_most(Ratio::of(largest)) == Some(true);
                if !(fits && positive && small) {
                    continue;
                }
                let Some(cover) = self.cover(kind, step, asked, ledger) else { continue };
                given.step = step;
                given.gets = cover.iter().map(|get| get.id.clone()).collect();
                let words = |get: &&Get| (get.id.clone(), get.words.clone(), get.written.clone());
                let gets = cover.iter().map(words).collect();
                let step = ledger.given.len() + 1;
                return Ok(Some(Trade { given, deal, quote, step, gets }));
            }
        }
        Ok(None)
    }

    /// Whether something was offered, and a trade lies within half a grain of the middle between
    /// that and the ask, as splitting the difference would.
    #[must_use]
    pub fn splits(&self, ledger: &Ledger, asked: &Quote, table: &Quote, trade: &Quote) -> bool {
        let grain = self.written.steps.as_ref().map_or(1, |steps| steps.grain.0.max(1));
        // Twice the distance to the middle, in shares of list.
        let twice = || {
            let both = asked.effective.plus(table.effective)?;
            let off = trade.effective.plus(trade.effective)?.minus(both)?;
            if off.at_most(Ratio::ZERO)? { Ratio::ZERO.minus(off) } else { Some(off) }
        };
        let near = twice().and_then(|twice| twice.at_most(Ratio::of(Percent(grain))));
        ledger.standing().next().is_some() && near == Some(true)
    }

    /// Whether there are steps, without which nothing is traded.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        self.written.steps.is_some()
    }

    /// Whether every step was taken.
    #[must_use]
    pub fn was_last_step(&self, ledger: &Ledger) -> bool {
        let count = self.written.steps.as_ref().map(|steps| usize::from(steps.count));
        count.is_some_and(|count| count > 0 && ledger.given.len() >= count)
    }

    /// The most that the next step may be; `None` after the last one.
    fn next_step(&self, ledger: &Ledger) -> Option<Percent> {
        let steps = self.written.steps.as_ref()?;
        if ledger.given.len() >= usize::from(steps.count) {
            return None;
        }
        let Some(last) = ledger.given.last() else { return Some(steps.first) };
        let shrunk = last.step.times(Ratio::of(steps.shrink))?.times(Ratio::whole(10_000))?;
        let grain = steps.grain.0.max(1);
        Some(Percent(shrunk.down()? / grain * grain)).filter(|step| step.0 > 0)
    }

    /// Gives of a kind, largest first.
    fn candidates(
        &self,
        kind: GiveKind,
        asked: &Deal,
        table: &Deal,
        largest: Percent,
    ) -> Vec<Given> {
        let none = Given {
            kind,
            step: Ratio::ZERO,
            discount: Percent(0),
            free_months: 0,
            payment_days: None,
            services: Vec::new(),
            gets: Vec::new(),
            withdrawn: false,
        };
        match kind {
            GiveKind::Discount => {
                let grain = self.written.steps.as_ref().map_or(1, |steps| steps.grain.0.max(1));
                let discount =
                    |steps: i64| Given { discount: Percent(steps * grain), ..none.clone() };
                (1..=largest.0 / grain).rev().map(discount).collect()
            }
            GiveKind::FreeMonths => {
                let months = asked.free_months.saturating_sub(table.free_months);
                let free = |free_months| Given { free_months, ..none.clone() };
                (1..=months).rev().map(free).collect()
            }
            GiveKind::PaymentDays => {
                vec![Given { payment_days: Some(asked.payment_days), ..none }]
            }
            GiveKind::Service => {
                let new = |id: &&String| !table.services.contains(id);
                let services = asked.services.iter().filter(new).cloned();
                services.map(|id| Given { services: vec![id], ..none.clone() }).collect()
            }
        }
    }

    /// Whether this role may say it without anyone else.
    fn fits(&self, deal: &Deal, quote: &Quote, role: &str) -> Result<bool, Refusal> {
        let limit = self.limit(deal, role)?;
        let within = limit.and_then(|limit| quote.effective.at_most(limit.share)).unwrap_or(false);
        let covered = quote.needs.role.as_ref().is_some_and(|needed| self.covers(role, needed));
        Ok(within && covered && quote.needs.sign_offs.is_empty())
    }

    /// One or two gets that are worth at least a step: the least total value, then the fewest, then
    /// the order of the file. None of them was used before or is in the deal already.
    fn cover(
        &self,
        kind: GiveKind,
        step: Ratio,
        asked: &Deal,
        ledger: &Ledger,
    ) -> Option<Vec<&Get>> {
        let give = self.written.give.iter().find(|give| give.id == kind)?;
        let used = |get: &&Get| ledger.given.iter().any(|given| given.gets.contains(&get.id));
        let there = |get: &&Get| get.term_months.is_some_and(|months| asked.months >= months);
        let admissible = |get: &&Get| match &give.gets {
            Gets::Any(_) => true,
            Gets::These(ids) => ids.contains(&get.id),
        };
        let free: Vec<&Get> = self
            .written
            .get
            .iter()
            .filter(|get| admissible(get) && !used(get) && !there(get))
            .collect();
        let singles = (0..free.len()).map(|one| vec![free[one]]);
        let pairs = (0..free.len())
            .flat_map(|one| (one + 1..free.len()).map(move |other| (one, other)))
            .map(|(one, other)| vec![free[one], free[other]]);
        let value = |gets: &Vec<&Get>| gets.iter().map(|get| get.value.0).sum::<i64>();
        let enough = |gets: &Vec<&Get>| step.at_most(Ratio::of(Percent(value(gets)))) == Some(true);
        singles.chain(pairs).filter(enough).min_by_key(|gets| (value(gets), gets.len()))
    }
}

/// The kinds that are asked for, then a discount, which can stand for any of them.
fn kinds(asked: &Deal, standard_days: u16) -> Vec<GiveKind> {
    let mut kinds = Vec::new();
    let percent = !matches!(asked.ask, Ask::Nothing)
        && !matches!(asked.ask, Ask::OnProgramme(share) if share == Ratio::ZERO);
    kinds.extend(percent.then_some(GiveKind::Discount));
    kinds.extend((asked.free_months > 0).then_some(GiveKind::FreeMonths));
    kinds.extend((!asked.services.is_empty()).then_some(GiveKind::Service));
    kinds.extend((asked.payment_days > standard_days).then_some(GiveKind::PaymentDays));
    if !percent && !kinds.is_empty() {
        kinds.push(GiveKind::Discount);
    }
    kinds
}

/// A deal with one more give.
fn with(table: &Deal, given: &Given, discount: Percent) -> Deal {
    let mut deal = table.clone();
    deal.ask = Ask::OnProgramme(Ratio::of(Percent(discount.0 + given.discount.0)));
    deal.free_months = deal.free_months.saturating_add(given.free_months);
    deal.payment_days = given.payment_days.unwrap_or(deal.payment_days);
    deal.services.extend(given.services.iter().cloned());
    deal
}
