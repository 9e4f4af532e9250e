//! The arithmetic of a price, line by line: the amounts add up to it, to the cent.

use super::moves::{down, up};
use crate::card::notice::price as words;
use crate::model::Cents;
use crate::pricing::{Ask, Deal, FreeMonths, Policy, Quote, Ratio, Refusal};

/// The lines, and the rules that they come from.
pub(super) fn working(
    policy: &Policy,
    deal: &Deal,
    quote: &Quote,
    role: &str,
) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let lines = lines(policy, deal, quote).ok_or(Refusal::TooLarge)?;
    let limit = policy.limit(deal, role)?;
    let effective = up(quote.asked).ok_or(Refusal::TooLarge)?;
    let mut lines = lines;
    lines.push(words::effective(effective, limit.as_ref().and_then(|limit| down(limit.share))));
    let mut rules = policy.programme_rules(deal);
    rules.extend(limit.map(|limit| limit.rule));
    rules.extend(quote.needs.because.iter().cloned());
    rules.dedup();
    Ok((lines, rules))
}

fn lines(policy: &Policy, deal: &Deal, quote: &Quote) -> Option<Vec<String>> {
    let money = |cents: i64| Cents(cents).in_currency(&deal.currency);
    let unit = policy.list_price(deal)?;
    let (service, billed) = match deal.free {
        FreeMonths::Inside => (deal.months, deal.months.checked_sub(deal.free_months)?),
        FreeMonths::OnTop => (deal.months.checked_add(deal.free_months)?, deal.months),
    };
    let seat_month = unit.0.checked_mul(deal.seats.into())?;
    let goods = seat_month.checked_mul(service.into())?;
    let mut lines =
        vec![format!("{} × {} × {service} = {} list", deal.seats, money(unit.0), money(goods))];
    for service in &deal.services {
        lines.push(format!(
            "{service} is worth {}, and free",
            money(policy.service(deal, service)?.0)
        ));
    }
    let mut left = goods;
    let mut take = |amount: i64, what: &str, lines: &mut Vec<String>| {
        if amount != 0 {
            left -= amount;
            let sign = if amount < 0 { '+' } else { '−' };
            lines.push(format!("{sign} {} {what}", money(amount.abs())));
        }
        left
    };
    let free = seat_month.checked_mul((service - billed).into())?;
    let gross = take(free, &words::months_free(deal.free_months), &mut lines);
    let programme = Ratio::whole(gross).times(quote.programme_discount)?.half_even()?;
    let share = up(quote.programme_discount)?;
    let what = format!("programme, {share} ({})", policy.programme_rules(deal).join(" + "));
    let at_programme = take(programme, &what, &mut lines);
    let conceded = at_programme.checked_sub(quote.net.0)?;
    let what = if deal.ask == Ask::Nothing { "rounding" } else { "asked for" };
    take(conceded, what, &mut lines);
    lines.push(format!("= {} to pay", money(quote.net.0)));
    if deal.payment_days > policy.standard().payment_days {
        lines.push(words::late(deal.payment_days, policy.standard().payment_days));
    }
    Some(lines)
}
