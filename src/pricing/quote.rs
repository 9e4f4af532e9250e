//! From a deal to its price: the formulas of the policy, exact, rounded once.
//!
//! With `u` list per seat and month, `n` seats, `M` months of service, `B` months billed, `S` list
//! value of free services, `t`, `y`, `a` the discounts for tier, term and ask:
//!
//! * programme `P = t + y`, all discounts `D = t + y + a` (additive); or one less the product of
//!   what each leaves (multiplicative)
//! * list value `L = u·n·M + S`, programme value `G = u·n·M·(1−P) + S`
//! * contract value `N = u·n·B·(1−D)`, the only rounded figure (or `u·(1−D)`, by the policy)
//! * cost of late payment `C = N · money cost · days beyond the standard / 365`
//! * effective discount `E = 1 − (N − C)/L`, beyond the programme `X = (G − (N − C))/L`
//! * limit of a role = the least of `1 − G/L +` its authority, the tier's ceiling, and
//!   `1 − floor/u`

use std::cmp::Ordering;

use super::deal::{Ask, Deal, FreeMonths};
use super::policy::{MOST_MONTHS, Policy, Product, RoundAt, Stacking, Term, TierMode};
use super::ratio::Ratio;
use crate::model::{Cents, Currency, Sku};

/// The most seats that are computed.
const MOST_SEATS: u32 = 10_000_000;

/// A priced deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// List value of everything that is delivered.
    pub list: Ratio,
    /// The same goods at the programme price: how large the deal is.
    pub programme: Ratio,
    /// The programme's discount, for which no one has to be asked.
    pub programme_discount: Ratio,
    /// All percent discounts together.
    pub discount: Ratio,
    /// What the customer pays for the whole contract, in cents.
    pub net: Cents,
    /// What everything that is conceded comes to, as a share of list.
    pub effective: Ratio,
    /// The same of the price before it was rounded to cents: what was asked for, to the last digit.
    pub asked: Ratio,
    /// The share of it that goes beyond the programme.
    pub beyond: Ratio,
    /// Who may say it.
    pub needs: Needs,
}

/// Who may say a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// The lowest role of the ladder that may; `None` when it is outside the policy.
    pub role: Option<String>,
    /// Who has to sign off besides.
    pub sign_offs: Vec<String>,
    /// The rules that ask for it, by id.
    pub because: Vec<String>,
}

/// How far a role may go in a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// As a share of list.
    pub share: Ratio,
    /// The id of the rule that binds: `authority.ROLE`, `ceiling.FROM` of the tier, or
    /// `floor.SKU.ROLE`; of equals the first.
    pub rule: String,
}

/// The term of a limit that binds.
enum Bound {
    Authority,
    Ceiling,
    Floor,
}

/// Why there is no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The product is not in the policy.
    #[error("`{0}` is not a product of this policy; there are {1}")]
    UnknownSku(Sku, String),
    /// The product has no price list in this currency.
    #[error("`{0}` has no price in {1}; there are {2}")]
    UnknownCurrency(Sku, Currency, String),
    /// The service is not in the policy in this currency.
    #[error("`{0}` is not a service of this policy in this currency")]
    UnknownService(String),
    /// A number is outside what is computed.
    #[error("{what} {found} cannot be priced; between 1 and {most} can")]
    OutOfBounds {
        /// What it is.
        what: &'static str,
        /// The number.
        found: u64,
        /// The most.
        most: u64,
    },
    /// More months are free than there are.
    #[error("{0} free months leave nothing to bill")]
    NothingToBill(u16),
    /// The price that was named is above the programme's, so nothing is asked for.
    #[error("that is not below the programme price")]
    NothingAsked,
    /// It is too large to be computed exactly.
    #[error("the figures are too large to be computed exactly")]
    TooLarge,
}

/// What a deal comes to before anything is asked.
struct Base {
    unit: Ratio,
    seats: Ratio,
    billed: Ratio,
    list: Ratio,
    programme: Ratio,
    programme_discount: Ratio,
    late: Ratio,
    ceiling: Ratio,
}

impl Policy {
    /// Prices a deal.
    ///
    /// # Errors
    /// [`Refusal`] when a part of it is unknown or outside what is computed.
    pub fn quote(&self, deal: &Deal) -> Result<Quote, Refusal> {
        let base = self.base(deal)?;
        self.priced(deal, &base).ok_or(Refusal::TooLarge)?
    }

    /// Whether a discount of so many percent is another share of what everyone pays: points of list
    /// are added up, and the programme takes some already.
    #[must_use]
    pub fn gives_off_list(&self, quote: &Quote) -> bool {
        let reduced = quote.programme.compare(quote.list) == Some(Ordering::Less);
        self.written.stacking == Stacking::Additive && reduced
    }

    /// How far this role may go in this deal; `None` for an unknown role.
    ///
    /// # Errors
    /// [`Refusal`], as for [`Policy::quote`].
    pub fn limit(&self, deal: &Deal, role: &str) -> Result<Option<Limit>, Refusal> {
        let base = self.base(deal)?;
        if !self.written.ladder.iter().any(|known| known == role) {
            return Ok(None);
        }
        let (share, bound) = self.limit_of(deal, &base, role).ok_or(Refusal::TooLarge)?;
        Ok(Some(Limit { share, rule: self.limit_rule(deal, role, &bound) }))
    }

    fn base(&self, deal: &Deal) -> Result<Base, Refusal> {
        let bounds = |what, found: u64, most: u64| {
            if (1..=most).contains(&found) {
                Ok(())
            } else {
                Err(Refusal::OutOfBounds { what, found, most })
            }
        };
        bounds("seats", deal.seats.into(), MOST_SEATS.into())?;
        bounds("months", deal.months.into(), MOST_MONTHS.into())?;
        let sku = self.sku(deal)?;
        let (service, billed) = match deal.free {
            FreeMonths::Inside => (deal.months, deal.months.checked_sub(deal.free_months)),
            FreeMonths::OnTop => (deal.months.saturating_add(deal.free_months), Some(deal.months)),
        };
        let billed = billed.filter(|billed| *billed > 0);
        let billed = billed.ok_or(Refusal::NothingToBill(deal.free_months))?;
        bounds("months of service", service.into(), MOST_MONTHS.into())?;
        let mut thrown_in = Ratio::ZERO;
        for id in &deal.services {
            let known = self.written.service.iter();
            let found =
                known.clone().find(|known| known.id == *id && known.currency == sku.currency);
            let found = found.ok_or_else(|| Refusal::UnknownService(id.clone()))?;
            thrown_in = thrown_in.plus(Ratio::whole(found.list.0)).ok_or(Refusal::TooLarge)?;
        }
        self.values(deal, sku.list, service, billed, thrown_in).ok_or(Refusal::TooLarge)
    }

    /// The price list of a deal's product in its currency.
    pub(super) fn sku(&self, deal: &Deal) -> Result<&Product, Refusal> {
        let lists = || self.written.sku.iter().filter(|sku| sku.id == deal.sku);
        if let Some(found) = lists().find(|sku| sku.currency == deal.currency) {
            return Ok(found);
        }
        let currencies: Vec<&Currency> = lists().map(|sku| &sku.currency).collect();
        if currencies.is_empty() {
            return Err(Refusal::UnknownSku(deal.sku.clone(), joined(&self.skus())));
        }
        let (sku, currency) = (deal.sku.clone(), deal.currency.clone());
        Err(Refusal::UnknownCurrency(sku, currency, joined(&currencies)))
    }

    fn values(
        &self,
        deal: &Deal,
        list: Cents,
        service: u16,
        billed: u16,
        thrown_in: Ratio,
    ) -> Option<Base> {
        let (unit, seats) = (Ratio::whole(list.0), Ratio::whole(deal.seats.into()));
        let goods = unit.times(seats)?.times(Ratio::whole(service.into()))?;
        let programme_discount =
            self.stacked(self.tier_discount(deal.seats)?, self.term_discount(deal))?;
        let late_days =
            i64::from(deal.payment_days) - i64::from(self.written.standard.payment_days);
        let late_days = Ratio::new(late_days.max(0).into(), 365)?;
        let cost = self.written.money_cost.map_or(Ratio::ZERO, Ratio::of);
        let ceiling = self.tier(deal.seats).map_or(Ratio::ONE, |tier| Ratio::of(tier.ceiling));
        Some(Base {
            unit,
            seats,
            billed: Ratio::whole(billed.into()),
            list: goods.plus(thrown_in)?,
            programme: goods.times(programme_discount.rest()?)?.plus(thrown_in)?,
            programme_discount,
            late: cost.times(late_days)?,
            ceiling,
        })
    }

    fn priced(&self, deal: &Deal, base: &Base) -> Option<Result<Quote, Refusal>> {
        let gross = base.unit.times(base.seats)?.times(base.billed)?;
        // A price that is named is what it is; of a discount the price is computed.
        let (discount, named) = match deal.ask {
            Ask::Nothing => (base.programme_discount, None),
            Ask::OnProgramme(share) => (self.stacked(base.programme_discount, share)?, None),
            Ask::OffList(share) => (share, None),
            Ask::Total(total) => {
                let total = Ratio::whole(total.0);
                (total.over(gross)?.rest()?, Some(total))
            }
            Ask::Unit(unit) => {
                let unit = Ratio::whole(unit.0);
                let total = unit.times(base.seats)?.times(base.billed)?;
                (total.over(gross)?.rest()?, Some(total))
            }
        };
        if discount.compare(base.programme_discount)? == Ordering::Less {
            return Some(Err(Refusal::NothingAsked));
        }
        let exact = match named {
            Some(total) => total,
            None => gross.times(discount.rest()?)?,
        };
        // What a seat and month costs is rounded by itself, unless the whole was named.
        let at = if named.is_some() { RoundAt::Line } else { self.written.rounding.at };
        let net = self.rounded(deal, base, exact, at)?;
        let (effective, beyond) = self.conceded(base, Ratio::whole(net))?;
        // What was asked for is compared, not what its last cent comes to: 5 % is not 5.0000002 %.
        let (asked, asked_beyond) = self.conceded(base, exact)?;
        let needs = self.needs(deal, base, asked, asked_beyond)?;
        Some(Ok(Quote {
            list: base.list,
            programme: base.programme,
            programme_discount: base.programme_discount,
            discount,
            net: Cents(net),
            effective,
            asked,
            beyond,
            needs,
        }))
    }

    /// Rounds half-even, each seat's price or the whole line. When that alone pushes the discount
    /// past the limit of the lowest role that covers the exact price, it is the next cent up,
    /// the person who asks.
    fn rounded(&self, deal: &Deal, base: &Base, exact: Ratio, at: RoundAt) -> Option<i64> {
        let cents = |round: fn(Ratio) -> Option<i64>| match at {
            RoundAt::Line => round(exact),
            RoundAt::Unit => {
                let count = base.seats.times(base.billed)?;
                Ratio::whole(round(exact.over(count)?)?).times(count)?.half_even()
            }
        };
        let net = cents(Ratio::half_even)?;
        let (effective, _) = self.conceded(base, exact)?;
        let Some(role) = self.lowest(deal, base, effective)? else { return Some(net) };
        let (rounded, _) = self.conceded(base, Ratio::whole(net))?;
        let held = rounded.at_most(self.limit_of(deal, base, &role)?.0)?;
        if held { Some(net) } else { cents(Ratio::up) }
    }

    /// `E` and `X` at a contract value.
    fn conceded(&self, base: &Base, net: Ratio) -> Option<(Ratio, Ratio)> {
        let kept = net.minus(net.times(base.late)?)?;
        let effective = kept.over(base.list)?.rest()?;
        let beyond = base.programme.minus(kept)?.over(base.list)?;
        Some((effective, beyond))
    }

    fn limit_of(&self, deal: &Deal, base: &Base, role: &str) -> Option<(Ratio, Bound)> {
        let programme = base.programme.over(base.list)?.rest()?;
        let authority = self.written.authority.get(role).copied().map_or(Ratio::ZERO, Ratio::of);
        let sku = self.sku(deal).ok()?;
        let floor = match sku.floors.get(role) {
            Some(floor) => Ratio::whole(floor.0).over(base.unit)?.rest()?,
            None => Ratio::ZERO,
        };
        let mut least = (programme.plus(authority)?, Bound::Authority);
        for (share, bound) in [(base.ceiling, Bound::Ceiling), (floor, Bound::Floor)] {
            if share.compare(least.0)? == Ordering::Less {
                least = (share, bound);
            }
        }
        Some(least)
    }

    fn limit_rule(&self, deal: &Deal, role: &str, bound: &Bound) -> String {
        let from = self.tier(deal.seats).map_or(1, |tier| tier.from);
        match bound {
            Bound::Authority => format!("authority.{role}"),
            Bound::Ceiling => format!("ceiling.{from}"),
            Bound::Floor => format!("floor.{}.{role}", deal.sku),
        }
    }

    /// The lowest role whose limit covers a discount.
    fn lowest(&self, deal: &Deal, base: &Base, effective: Ratio) -> Option<Option<String>> {
        for role in &self.written.ladder {
            if effective.at_most(self.limit_of(deal, base, role)?.0)? {
                return Some(Some(role.clone()));
            }
        }
        Some(None)
    }

    fn needs(&self, deal: &Deal, base: &Base, effective: Ratio, beyond: Ratio) -> Option<Needs> {
        let ladder = &self.written.ladder;
        let place = |role: &String| ladder.iter().position(|known| known == role);
        // The limit that was passed is the one just below the role that may say it.
        let passed = |below: Option<&String>| match below {
            Some(role) => {
                let (_, bound) = self.limit_of(deal, base, role)?;
                Some(vec![self.limit_rule(deal, role, &bound)])
            }
            None => Some(Vec::new()),
        };
        let Some(by_discount) = self.lowest(deal, base, effective)? else {
            let because = passed(ladder.last())?;
            return Some(Needs { role: None, sign_offs: Vec::new(), because });
        };
        let mut highest = place(&by_discount)?;
        let mut because = passed(ladder[..highest].last())?;
        let mut sign_offs: Vec<String> = Vec::new();
        for trigger in &self.written.trigger {
            if !trigger.fires(deal, base.programme, beyond)? {
                continue;
            }
            because.push(trigger.id.clone());
            highest = highest.max(place(&trigger.needs)?);
            for also in &trigger.also {
                if !sign_offs.contains(also) {
                    sign_offs.push(also.clone());
                }
            }
        }
        Some(Needs { role: ladder.get(highest).cloned(), sign_offs, because })
    }

    pub(super) fn stacked(&self, one: Ratio, other: Ratio) -> Option<Ratio> {
        match self.written.stacking {
            Stacking::Additive => one.plus(other),
            Stacking::Multiplicative => one.rest()?.times(other.rest()?)?.rest(),
        }
    }

    pub(super) fn tier(&self, seats: u32) -> Option<&super::policy::Tier> {
        self.written.tier.iter().rfind(|tier| tier.from <= seats)
    }

    /// The tier's discount; in graduated mode the mean over the seats of each band.
    fn tier_discount(&self, seats: u32) -> Option<Ratio> {
        let tiers = &self.written.tier;
        match self.written.tier_mode {
            TierMode::Volume => {
                Some(self.tier(seats).map_or(Ratio::ZERO, |tier| Ratio::of(tier.discount)))
            }
            TierMode::Graduated => {
                let mut sum = Ratio::ZERO;
                for (index, tier) in tiers.iter().enumerate().filter(|(_, tier)| tier.from <= seats)
                {
                    let end = tiers.get(index + 1).map_or(seats, |next| seats.min(next.from - 1));
                    let band = Ratio::whole(i64::from(end) - i64::from(tier.from) + 1);
                    sum = sum.plus(band.times(Ratio::of(tier.discount))?)?;
                }
                sum.over(Ratio::whole(seats.into()))
            }
        }
    }

    /// The discount of the longest term that this one reaches, billed alike.
    fn term_discount(&self, deal: &Deal) -> Ratio {
        self.term(deal).map_or(Ratio::ZERO, |term| Ratio::of(term.discount))
    }

    pub(super) fn term(&self, deal: &Deal) -> Option<&Term> {
        let terms = self.written.term.iter();
        let reached =
            terms.filter(|term| term.billing == deal.billing && term.months <= deal.months);
        reached.max_by_key(|term| term.months)
    }
}
/// Names in a row, for an error.
fn joined<T: ToString>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
