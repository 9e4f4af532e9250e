//! From a request in words to a deal that can be priced: the policy's standards fill in what was
//! not said, and what cannot be decided is asked back.

use crate::feedback::{AskView, PriceQuestion, Understood};
use crate::model::{Cents, Percent};
use crate::nlu::{Asked, Base, Per, Request, Vocabulary};
use crate::pricing::{Ask, Deal, FreeMonths, Ledger, PercentMeans, Policy, Ratio, Refusal};

/// Why a request is no deal yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoDeal {
    /// Something is missing or unclear.
    AskBack(PriceQuestion),
    /// It cannot be priced.
    Refused(String),
}

impl From<Refusal> for NoDeal {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

/// The names that a policy gives to things.
pub(super) fn vocabulary(policy: &Policy) -> Vocabulary {
    Vocabulary {
        skus: policy.skus(),
        services: policy.services(),
        clauses: policy.clauses(),
        billings: policy.billings(),
        currencies: policy.currencies(),
        dollar: policy.dollar().cloned(),
        locale: policy.locale(),
    }
}

/// The request with what an earlier one of the same deal said and this one does not. What is asked
/// for is always said again.
pub(super) fn continued(request: Request, earlier: Option<&Request>) -> Request {
    let Some(earlier) = earlier.cloned() else { return request };
    let seats = request.seats.or_else(|| {
        let more = request.more_seats.unwrap_or(0);
        let seats = i128::from(earlier.seats?);
        // Too many to be counted are too many to be priced.
        let seats = seats + (seats * i128::from(more)).div_euclid(10_000);
        Some(i64::try_from(seats).unwrap_or(i64::MAX))
    });
    Request {
        seats,
        more_seats: request.more_seats.filter(|_| seats.is_none()),
        sku: request.sku.or(earlier.sku),
        currency: request.currency.or(earlier.currency),
        months: request.months.or(earlier.months),
        billing: request.billing.or(earlier.billing),
        ..request
    }
}

/// What was understood, the standards filled in.
pub(super) fn understood(policy: &Policy, request: &Request) -> Understood {
    let standard = policy.standard();
    let sku = request.sku.clone().unwrap_or_else(|| standard.sku.clone());
    let currency = request.currency.clone();
    let currency = currency.or_else(|| policy.currency(&sku).cloned());
    let view = |kind: &str, value: String| AskView { kind: kind.to_owned(), value };
    let ask = request.ask.as_ref().map(|asked| match asked {
        Asked::Percent { steps, base: Base::Unsaid, .. } if steps.len() == 1 => {
            view("percent", steps[0].to_string())
        }
        Asked::Percent { .. } => view("percent", asked.to_string()),
        Asked::Amount { amount, off: false, per: Per::SeatMonth } => {
            view("unit", amount.to_string())
        }
        Asked::Amount { amount, off: false, per: Per::Deal } => view("total", amount.to_string()),
        Asked::Amount { .. } => view("total", asked.to_string()),
    });
    let months = request.free_months.filter(|months| *months > 0);
    let ask = ask.or_else(|| months.map(|months| view("free_months", months.to_string())));
    Understood {
        seats: request.seats,
        sku,
        currency: currency.unwrap_or_default(),
        term_months: request.months.unwrap_or_else(|| standard.term_months.into()),
        billing: request.billing.clone().unwrap_or_else(|| standard.billing.clone()),
        payment_days: request.payment_days.unwrap_or_else(|| standard.payment_days.into()),
        ask,
        free_months: request.free_months.unwrap_or(0),
        services: request.services.clone(),
        clauses: request.clauses.clone(),
    }
}

/// The request with the policy's standards in it, as a line that is read back as the same.
pub(super) fn line(policy: &Policy, request: &Request, understood: &Understood) -> String {
    let mut full = request.clone();
    full.sku = Some(understood.sku.clone());
    full.months = Some(understood.term_months);
    full.billing = Some(understood.billing.clone());
    full.payment_days = Some(understood.payment_days);
    // The standard price list goes without saying.
    let standard = policy.currency(&understood.sku);
    full.currency = full
        .currency
        .filter(|code| matches!(full.ask, Some(Asked::Amount { .. })) || standard != Some(code));
    if let Some(Asked::Percent { base: base @ Base::Unsaid, .. }) = &mut full.ask {
        *base = match policy.percent_means() {
            PercentMeans::OnProgramme => Base::Programme,
            PercentMeans::OffList => Base::List,
        };
    }
    full.to_string()
}

/// The deal that a request describes.
pub(super) fn deal(policy: &Policy, request: &Request, ledger: &Ledger) -> Result<Deal, NoDeal> {
    let read = understood(policy, request);
    let Some(seats) = read.seats else {
        let text = match request.more_seats {
            Some(_) => "More seats than how many? Write the number, for example: 80 seats.",
            None => "For how many seats? Write the number, for example: 80 seats.",
        };
        return Err(typed(text));
    };
    let bounded = |what: &str, found: i64, most: u32| {
        let fits = u32::try_from(found).ok().filter(|found| *found <= most);
        fits.ok_or_else(|| {
            let message = format!("{found} {what} cannot be priced; at most {most} can");
            NoDeal::Refused(if found < 0 {
                format!("{found} {what} cannot be priced; write a number above 0")
            } else {
                message
            })
        })
    };
    let short = |what, found: i64, most: u16| {
        bounded(what, found, most.into()).map(|fits| u16::try_from(fits).unwrap_or(most))
    };
    let free_months = short("free months", read.free_months, 120)?;
    let free = match request.on_top {
        Some(true) => FreeMonths::OnTop,
        Some(false) => FreeMonths::Inside,
        None => match policy.free_months() {
            Some(free) => free,
            None if free_months == 0 => FreeMonths::Inside,
            None => return Err(inside_or_on_top(request)),
        },
    };
    let deal = Deal {
        sku: read.sku,
        currency: read.currency,
        seats: bounded("seats", seats, u32::MAX)?,
        months: short("months", read.term_months, u16::MAX)?,
        billing: read.billing,
        payment_days: short("days to pay", read.payment_days, 365)?,
        ask: Ask::Nothing,
        free_months,
        free,
        services: read.services,
        clauses: read.clauses,
    };
    let ask = match &request.ask {
        Some(asked) => ask(policy, request, &deal, asked, ledger)?,
        None => Ask::Nothing,
    };
    Ok(Deal { ask, ..deal })
}

fn ask(
    policy: &Policy,
    request: &Request,
    deal: &Deal,
    asked: &Asked,
    ledger: &Ledger,
) -> Result<Ask, NoDeal> {
    match asked {
        Asked::Percent { steps, base, .. } => {
            let mut steps = steps.clone();
            let list = match base {
                Base::List => true,
                Base::Programme => false,
                Base::Unsaid => policy.percent_means() == PercentMeans::OffList,
                Base::LastOffer if ledger.discount() == Percent(0) => {
                    return Err(another(request));
                }
                Base::LastOffer => {
                    steps.insert(0, ledger.discount());
                    false
                }
            };
            let share = policy.stack(&steps).ok_or(Refusal::TooLarge)?;
            if share.at_most(Ratio::ONE) != Some(true) {
                return Err(NoDeal::Refused("that is more than 100% of the price".to_owned()));
            }
            Ok(match list {
                true => Ask::OffList(share),
                false if share == Ratio::ZERO => Ask::Nothing,
                false => Ask::OnProgramme(share),
            })
        }
        Asked::Amount { amount, per: Per::SeatMonth, off: false } => Ok(Ask::Unit(*amount)),
        Asked::Amount { amount, per, off } => {
            let total = total(deal, *amount, *per).ok_or(Refusal::TooLarge)?;
            if !off {
                return Ok(Ask::Total(total));
            }
            let programme = policy.quote(deal)?;
            let left = programme.net.0.checked_sub(total.0).ok_or(Refusal::TooLarge)?;
            if left < 0 {
                Err(NoDeal::Refused("that is more than 100% of the price".to_owned()))
            } else {
                Ok(Ask::Total(Cents(left)))
            }
        }
    }
}

/// An amount for the whole contract, the next cent up where it is not whole. Seats and months count
/// as they are billed.
fn total(deal: &Deal, amount: Cents, per: Per) -> Option<Cents> {
    let billed = match deal.free {
        FreeMonths::Inside => deal.months.checked_sub(deal.free_months)?,
        FreeMonths::OnTop => deal.months,
    };
    let amount = Ratio::whole(amount.0);
    let seats = Ratio::whole(deal.seats.into());
    let years = Ratio::new(deal.months.into(), 12)?;
    let total = match per {
        Per::Deal => amount,
        Per::Year => amount.times(years)?,
        Per::Month => amount.times(Ratio::whole(billed.into()))?,
        Per::SeatMonth => amount.times(seats)?.times(Ratio::whole(billed.into()))?,
        Per::SeatYear => amount.times(seats)?.times(years)?,
    };
    total.up().map(Cents)
}

fn typed(text: &str) -> NoDeal {
    let (choices, requests) = (Vec::new(), Vec::new());
    NoDeal::AskBack(PriceQuestion { text: text.to_owned(), choices, requests })
}

/// A question whose answers are the request with one part of it said exactly.
fn choose(text: String, choices: [(&str, Request); 2]) -> NoDeal {
    let requests = choices.iter().map(|(_, request)| request.to_string()).collect();
    let choices = choices.iter().map(|(label, _)| (*label).to_owned()).collect();
    NoDeal::AskBack(PriceQuestion { text, choices, requests })
}

/// `another 5%` while nothing was offered.
fn another(request: &Request) -> NoDeal {
    let on = |base| {
        let mut request = request.clone();
        if let Some(Asked::Percent { base: unclear, .. }) = &mut request.ask {
            *unclear = base;
        }
        request
    };
    let text = "No offer was recorded yet: what does that come on top of?".to_owned();
    choose(text, [("the programme", on(Base::Programme)), ("nothing: off list", on(Base::List))])
}

fn inside_or_on_top(request: &Request) -> NoDeal {
    let on_top = |on_top| Request { on_top: Some(on_top), ..request.clone() };
    let text = "Do the free months lie inside the term, or on top of it?".to_owned();
    choose(text, [("inside", on_top(false)), ("on top", on_top(true))])
}
