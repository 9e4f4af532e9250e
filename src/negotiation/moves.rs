//! What a rep can do about an ask: hold, trade, escalate; and where to start.

use crate::card::notice::price as words;
use crate::feedback::{MoveKind, PriceMove};
use crate::model::{Cents, Percent, Stage};
use crate::pricing::{Ask, Deal, GiveKind, Ledger, Policy, Quote, Ratio, Refusal, Trade};

/// The moves of an ask, and the rules that they come from.
pub(super) struct Moves {
    pub moves: Vec<PriceMove>,
    /// The trade among them, to be kept when it is offered.
    pub trade: Option<Trade>,
    pub rules: Vec<String>,
    /// What is to be said of the trade, or of there being none.
    pub note: Option<&'static str>,
}

/// What a move is made for.
pub(super) struct Situation<'a> {
    pub policy: &'a Policy,
    pub deal: &'a Deal,
    pub asked: &'a Quote,
    pub role: &'a str,
    pub stage: Option<Stage>,
    /// `None` when it cannot be read: then nothing is traded, or a forgotten give would be offered
    /// again.
    pub ledger: Option<&'a Ledger>,
    /// Who has approved it, in words, when someone has.
    pub approved: Option<String>,
}

pub(super) fn moves(at: &Situation<'_>) -> Result<Moves, Refusal> {
    let nothing = Ledger::default();
    let ledger = at.ledger.unwrap_or(&nothing);
    let table = at.policy.on_the_table(at.deal, ledger);
    let table_quote = at.policy.quote(&table)?;
    let mut rules = Vec::new();
    let trade = match at.ledger {
        Some(ledger) => at.policy.trade(at.deal, at.role, ledger)?,
        None => None,
    };
    let dearer = at.asked.beyond.at_most(table_quote.beyond) == Some(false);
    let asks_more = dearer || !at.asked.needs.sign_offs.is_empty();
    let needed = at.asked.needs.role.as_deref();
    let alone = needed.is_some_and(|needed| at.policy.covers(at.role, needed))
        && at.asked.needs.sign_offs.is_empty();
    let escalates = asks_more && needed.is_some() && !alone;

    let early = at.stage.is_some_and(|stage| stage < Stage::Proposal);
    let target = at.policy.target(at.deal.seats);
    let there = target.is_some_and(|target| target.at_most(table_quote.effective) == Some(true));
    let start = match (early || there, trade.is_some(), escalates) {
        (false, true, _) => MoveKind::Trade,
        (false, false, true) => MoveKind::Escalate,
        _ => MoveKind::Hold,
    };
    let on_offer = ledger.standing().next().is_some();
    let mut moves = vec![hold(&table, &table_quote, on_offer)];
    if let Some(trade) = &trade {
        rules.push(format!("steps.{}", trade.step));
        moves.push(traded(at.policy, trade));
    }
    if escalates {
        moves.push(escalated(at, &table_quote));
    }
    for found in &mut moves {
        found.start_here = found.kind == start;
    }
    let note = match (&trade, at.ledger) {
        (_, None) => Some(words::NO_LEDGER),
        (Some(trade), Some(ledger)) => {
            let halves = at.policy.splits(ledger, at.asked, &table_quote, &trade.quote);
            halves.then_some(words::HALF_WAY)
        }
        (None, Some(ledger)) if at.policy.was_last_step(ledger) => Some(words::LAST_STEP),
        (None, Some(_)) if !dearer => None,
        (None, Some(_)) if at.policy.has_steps() => Some(words::NO_TRADE),
        (None, Some(_)) => Some(words::NO_STEPS),
    };
    Ok(Moves { moves, trade, rules, note })
}

fn hold(table: &Deal, quote: &Quote, on_offer: bool) -> PriceMove {
    PriceMove {
        kind: MoveKind::Hold,
        start_here: false,
        net: quote.net.to_string(),
        price: quote.net.in_currency(&table.currency),
        give: String::new(),
        gets: Vec::new(),
        say: words::HOLD.to_owned(),
        write_down: Vec::new(),
        needs: Vec::new(),
        reasons: Vec::new(),
        about: if on_offer { words::LAST_OFFER } else { words::PROGRAMME }.to_owned(),
    }
}

fn traded(policy: &Policy, trade: &Trade) -> PriceMove {
    let give = match trade.given.kind {
        GiveKind::Discount => trade.given.discount.to_string(),
        GiveKind::FreeMonths => words::months_free(trade.given.free_months),
        GiveKind::PaymentDays => words::days(trade.deal.payment_days),
        GiveKind::Service => trade.given.services.join(", "),
    };
    let said = match trade.given.kind {
        GiveKind::Discount if policy.gives_off_list(&trade.quote) => {
            words::of_list(trade.given.discount)
        }
        _ => give.clone(),
    };
    let gets: Vec<&str> = trade.gets.iter().map(|(_, words, _)| words.as_str()).collect();
    PriceMove {
        kind: MoveKind::Trade,
        start_here: false,
        net: trade.quote.net.to_string(),
        price: trade.quote.net.in_currency(&trade.deal.currency),
        say: words::trade(&gets, &said, trade.step > 1),
        about: words::give(&said, trade.step > 1),
        give,
        gets: trade.given.gets.clone(),
        write_down: trade.gets.iter().map(|(_, _, written)| written.clone()).collect(),
        needs: Vec::new(),
        reasons: Vec::new(),
    }
}

fn escalated(at: &Situation<'_>, table: &Quote) -> PriceMove {
    let Quote { net, needs, .. } = at.asked;
    let needs: Vec<String> = needs.role.iter().chain(&needs.sign_offs).cloned().collect();
    let approval = at.policy.approval();
    let less = table.net.0.saturating_sub(net.0);
    let less = (less > 0).then(|| Cents(less).in_currency(&at.deal.currency));
    PriceMove {
        kind: MoveKind::Escalate,
        start_here: false,
        net: net.to_string(),
        price: net.in_currency(&at.deal.currency),
        give: asked_share(at.deal).map_or_else(String::new, |share| share.to_string()),
        gets: Vec::new(),
        say: String::new(),
        write_down: Vec::new(),
        about: match &at.approved {
            Some(approved) => approved.clone(),
            None => words::escalate(&needs, less.as_deref(), approval.sla_hours),
        },
        needs,
        reasons: match at.approved {
            Some(_) => Vec::new(),
            None => approval.reason_codes.clone(),
        },
    }
}

/// The percentage that was asked for, rounded up.
pub(super) fn asked_share(deal: &Deal) -> Option<Percent> {
    match deal.ask {
        Ask::OnProgramme(share) | Ask::OffList(share) => up(share),
        Ask::Nothing | Ask::Total(_) | Ask::Unit(_) => None,
    }
}

/// A share as a percentage, rounded up: a discount never looks smaller than it is.
pub(super) fn up(share: Ratio) -> Option<Percent> {
    share.times(Ratio::whole(10_000))?.up().map(Percent)
}

/// A share as a percentage, rounded down: a limit never looks larger than it is.
pub(super) fn down(share: Ratio) -> Option<Percent> {
    share.times(Ratio::whole(10_000))?.down().map(Percent)
}
