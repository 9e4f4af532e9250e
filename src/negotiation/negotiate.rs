//! From what a rep types about a price to the moves: within the team's policy, or refused.

use super::cases::{CaseState, alike};
use super::deal::{NoDeal, continued, deal, line, understood, vocabulary};
use super::ledger::{History, Unwritten};
use super::moves::{Moves, Situation, moves, up};
use super::working::working;
use crate::card::notice::price as words;
use crate::feedback::{
    AsAsked, Owed, PolicyView, PriceAnswerV1, PriceOutcome, PriceQuestion, Understood,
};
use crate::model::{Cents, DealName, Receipt, Stage, Timestamp};
use crate::nlu::{self, Reading, Request};
use crate::pricing::{Deal, Ledger, Policy, Quote, Ratio, Refusal, Trade};

/// What a rep wants a price for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceRequest {
    /// What was typed.
    pub text: String,
    /// Who speaks, by a role of the policy's ladder; the lowest when it is not said.
    pub role: Option<String>,
    /// Where the deal stands.
    pub stage: Option<Stage>,
    /// The deal, so that what was offered in it is known.
    pub deal: Option<DealName>,
    /// The conversation, which stands for the deal while none is named.
    pub conversation: Option<String>,
    /// The sender's name for this request: delivered again, even to another process, it is logged once.
    pub key: Option<String>,
}

/// An answer, and what is kept of it besides.
#[derive(Debug, Clone, PartialEq)]
pub struct Negotiated {
    /// What the rep sees.
    pub card: PriceAnswerV1,
    /// The trade in it.
    pub trade: Option<Trade>,
    /// What was understood; `None` when there is no policy that could say.
    pub request: Option<Request>,
    /// For whom it was computed; `None` when no policy could say.
    pub role: Option<String>,
}

impl From<PriceAnswerV1> for Negotiated {
    fn from(card: PriceAnswerV1) -> Self {
        Self { card, trade: None, request: None, role: None }
    }
}

/// Answers a price request. The receipt and the words that are not kept are left to the caller.
///
/// # Errors
/// The roles that there are, when the speaker's is none of them.
pub fn negotiate(
    policy: Option<&Policy>,
    now: Timestamp,
    asked: &PriceRequest,
    history: &History,
) -> Result<Negotiated, Vec<String>> {
    let Some(policy) = policy else {
        return Ok(PriceAnswerV1 { reason: Some(words::NO_POLICY.to_owned()), ..empty() }.into());
    };
    let mut card = PriceAnswerV1 { policy: Some(view(policy)), ..empty() };
    if let Err(closed) = policy.open(now) {
        card.reason = Some(closed.to_string());
        return Ok(card.into());
    }
    let ladder = policy.ladder();
    let role = match &asked.role {
        Some(role) => ladder.iter().find(|known| *known == role).ok_or_else(|| ladder.to_vec())?,
        None => ladder.first().ok_or_else(Vec::new)?,
    };
    let Reading { request, not_used, question } = nlu::read(&asked.text, &vocabulary(policy));
    let request = continued(request, history.request.as_ref());
    card.understood = understood(policy, &request);
    card.read = line(policy, &request, &card.understood);
    card.not_used = not_used;
    let kept = |card, trade| {
        let (request, role) = (Some(request.clone()), Some(role.clone()));
        Negotiated { card, trade, request, role }
    };
    let unwritten = history.unwritten.iter();
    let unwritten: Vec<&str> = unwritten.map(|owed| owed.get.written.as_str()).collect();
    card.notes.extend((!unwritten.is_empty()).then(|| words::not_on_paper(&unwritten)));
    card.owed = owed(&history.unwritten);
    if let Some(question) = question {
        card.outcome = PriceOutcome::AskBack;
        card.question = Some(PriceQuestion {
            text: question.text,
            choices: question.choices.iter().map(|choice| choice.label.clone()).collect(),
            requests: question.choices.into_iter().map(|choice| choice.request).collect(),
        });
        return Ok(kept(card, None));
    }
    let nothing = Ledger::default();
    let found = deal(policy, &request, history.ledger.as_ref().unwrap_or(&nothing));
    let priced = found.and_then(|deal| {
        let mut card = card.clone();
        let asked = Priced { policy, role, stage: asked.stage, history, now };
        let trade = asked.fill(&mut card, &deal)?;
        Ok(kept(card, trade))
    });
    Ok(match priced {
        Ok(negotiated) => negotiated,
        Err(NoDeal::AskBack(question)) => {
            let outcome = PriceOutcome::AskBack;
            kept(PriceAnswerV1 { outcome, question: Some(question), ..card }, None)
        }
        Err(NoDeal::Refused(reason)) => kept(PriceAnswerV1 { reason: Some(reason), ..card }, None),
    })
}

/// A deal that is being priced for someone.
struct Priced<'a> {
    policy: &'a Policy,
    role: &'a str,
    stage: Option<Stage>,
    history: &'a History,
    now: Timestamp,
}

impl Priced<'_> {
    fn fill(&self, card: &mut PriceAnswerV1, deal: &Deal) -> Result<Option<Trade>, Refusal> {
        let Self { policy, role, stage, history, .. } = *self;
        let ledger = history.ledger.as_ref();
        let quote = policy.quote(deal)?;
        let needs: Vec<String> =
            quote.needs.role.iter().chain(&quote.needs.sign_offs).cloned().collect();
        card.outcome = match &quote.needs.role {
            None => PriceOutcome::OutsidePolicy,
            Some(needed) if policy.covers(role, needed) && quote.needs.sign_offs.is_empty() => {
                PriceOutcome::Offer
            }
            Some(_) => PriceOutcome::NeedsApproval,
        };
        if card.outcome == PriceOutcome::OutsidePolicy {
            card.reason = Some(words::OUTSIDE.to_owned());
        }
        let approved = match card.outcome {
            PriceOutcome::NeedsApproval => self.exception(card, deal, &quote),
            _ => None,
        };
        if approved.is_some() {
            card.outcome = PriceOutcome::Offer;
        }
        let situation = Situation { policy, deal, asked: &quote, role, stage, ledger, approved };
        let Moves { moves, trade, rules, note } = moves(&situation)?;
        card.moves = moves;
        card.notes.extend(note.map(str::to_owned));
        card.notes.extend(more_costs_less(policy, deal, &quote));
        (card.working, card.rules) = working(policy, deal, &quote, role)?;
        card.rules.extend(rules);
        card.as_asked = Some(AsAsked {
            list: cents(quote.list)?.to_string(),
            programme: cents(quote.programme)?.to_string(),
            net: quote.net.to_string(),
            effective_discount: up(quote.asked).ok_or(Refusal::TooLarge)?.in_full(),
            needs,
        });
        Ok(trade)
    }
}

impl Priced<'_> {
    /// What is known of an exception that is needed: whether it is approved, as words for its move,
    /// and else what became of it so far.
    fn exception(&self, card: &mut PriceAnswerV1, deal: &Deal, quote: &Quote) -> Option<String> {
        let Self { policy, history, now, .. } = *self;
        let gets = history.ledger.as_ref().map(Ledger::gets).unwrap_or_default();
        let snapshot = policy.snapshot(deal, quote, gets)?;
        let counts = alike(policy, &history.exceptions, &snapshot);
        let often = policy.approval().precedent_alert.max(1);
        card.notes.extend((!counts.is_empty()).then(|| words::precedents(&counts, often.into())));
        let currency = &deal.currency;
        let mut notes = Vec::new();
        for case in history.cases.iter().rev() {
            let same = case.snapshot == snapshot;
            match case.state(policy) {
                CaseState::Approved(granted) => {
                    let worse = policy.reopened(&granted, &snapshot, now);
                    if worse.is_empty() {
                        return Some(words::approved(&granted.by, granted.until));
                    }
                    let was = Cents(granted.snapshot.net).in_currency(currency);
                    notes.push(words::reopened(&was, &worse));
                }
                CaseState::Waiting(needs) if same => notes.push(words::waiting(&needs)),
                CaseState::Declined(reason) if same => notes.push(words::declined(&reason)),
                CaseState::Waiting(_) | CaseState::Declined(_) => {}
            }
        }
        // The newest says it.
        card.notes.extend(notes.into_iter().next());
        None
    }
}

/// What is not on paper yet, each trade once.
fn owed(unwritten: &[Unwritten]) -> Vec<Owed> {
    let mut owed: Vec<Owed> = Vec::new();
    for Unwritten { receipt, get } in unwritten {
        match owed.iter_mut().find(|owed| owed.receipt == *receipt) {
            Some(owed) => owed.written.push(get.written.clone()),
            None => {
                owed.push(Owed { receipt: receipt.clone(), written: vec![get.written.clone()] })
            }
        }
    }
    owed
}

/// The number of seats from which the whole costs less than now, where that is the next tier.
fn more_costs_less(policy: &Policy, deal: &Deal, quote: &Quote) -> Option<String> {
    let seats = policy.next_tier(deal.seats)?;
    let more = policy.quote(&Deal { seats, ..deal.clone() }).ok()?;
    let currency = &deal.currency;
    (more.net < quote.net).then(|| words::cliff(seats, &more.net.in_currency(currency)))
}

fn cents(ratio: Ratio) -> Result<Cents, Refusal> {
    ratio.half_even().map(Cents).ok_or(Refusal::TooLarge)
}

fn view(policy: &Policy) -> PolicyView {
    PolicyView {
        id: policy.id().to_owned(),
        hash: policy.hash.to_string(),
        verified: policy.verified.to_string(),
        expires: policy.expires.to_string(),
    }
}

fn empty() -> PriceAnswerV1 {
    PriceAnswerV1 {
        outcome: PriceOutcome::Refused,
        understood: Understood::default(),
        read: String::new(),
        not_used: Vec::new(),
        question: None,
        as_asked: None,
        moves: Vec::new(),
        notes: Vec::new(),
        owed: Vec::new(),
        working: Vec::new(),
        rules: Vec::new(),
        policy: None,
        receipt: Receipt::default(),
        logged: false,
        reason: None,
    }
}
