//! From what a rep types about a price to the moves: within the team's policy, or refused.

mod deal;
mod moves;
mod working;

use deal::{NoDeal, continued, deal, line, understood, vocabulary};
use moves::{Moves, Situation, moves, up};
use working::working;

use super::record::kept;
use super::{Caller, Coach, CoachError};
use crate::card::notice::price as words;
use crate::card::{AsAsked, PolicyView, PriceCard, PriceOutcome, PriceQuestion, Understood};
use crate::model::{Cents, Stage, Timestamp};
use crate::nlu::{self, Reading, Request};
use crate::pricing::{Deal, Given, Ledger, Policy, Quote, Ratio, Refusal};

/// The longest request that is read, in code points.
const LONGEST: usize = 1_000;

/// What a rep wants a price for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceRequest {
    /// What was typed.
    pub text: String,
    /// Who speaks, by a role of the policy's ladder; the lowest when it is not said.
    pub role: Option<String>,
    /// Where the deal stands.
    pub stage: Option<Stage>,
}

/// What is known of a deal from before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// What was understood last.
    pub request: Option<Request>,
    /// What was offered; `None` when it cannot be read.
    pub ledger: Option<Ledger>,
}

/// An answer, and the trade in it, to be kept when it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    /// What the rep sees.
    pub card: PriceCard,
    /// The give of the trade.
    pub trade: Option<Given>,
}

impl From<PriceCard> for Negotiated {
    fn from(card: PriceCard) -> Self {
        Self { card, trade: None }
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
        return Ok(PriceCard { reason: Some(words::NO_POLICY.to_owned()), ..empty() }.into());
    };
    let mut card = PriceCard { policy: Some(view(policy)), ..empty() };
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
    if let Some(question) = question {
        card.outcome = PriceOutcome::AskBack;
        card.question = Some(PriceQuestion {
            text: question.text,
            choices: question.choices.iter().map(|choice| choice.label.clone()).collect(),
            requests: question.choices.into_iter().map(|choice| choice.request).collect(),
        });
        return Ok(card.into());
    }
    let nothing = Ledger::default();
    let found = deal(policy, &request, history.ledger.as_ref().unwrap_or(&nothing));
    let priced = found.and_then(|deal| {
        let mut card = card.clone();
        let asked = Priced { policy, role, stage: asked.stage, ledger: history.ledger.as_ref() };
        let trade = asked.fill(&mut card, &deal)?;
        Ok(Negotiated { card, trade })
    });
    Ok(match priced {
        Ok(negotiated) => negotiated,
        Err(NoDeal::AskBack(question)) => {
            PriceCard { outcome: PriceOutcome::AskBack, question: Some(question), ..card }.into()
        }
        Err(NoDeal::Refused(reason)) => PriceCard { reason: Some(reason), ..card }.into(),
    })
}

impl Coach {
    /// Answers a price request by the policy that serves now.
    ///
    /// # Errors
    /// [`CoachError`] when the text is empty or too long, or the role is not on the ladder.
    pub async fn price(
        &self,
        _caller: &Caller,
        asked: &PriceRequest,
    ) -> Result<PriceCard, CoachError> {
        let text = kept("text", Some(asked.text.clone()), LONGEST)?.ok_or(CoachError::EmptyText)?;
        let generation = self.generation();
        let asked = PriceRequest { text, ..asked.clone() };
        let history = History { request: None, ledger: Some(Ledger::default()) };
        let policy = generation.policy.as_ref();
        let found = negotiate(policy, self.clock.now(), &asked, &history);
        let negotiated = found.map_err(|known| CoachError::UnknownRole {
            role: asked.role.clone().unwrap_or_default(),
            known: known.join(", "),
        })?;
        Ok(PriceCard { receipt: self.clock.new_id(), ..negotiated.card })
    }
}

/// A deal that is being priced for somebody.
struct Priced<'a> {
    policy: &'a Policy,
    role: &'a str,
    stage: Option<Stage>,
    ledger: Option<&'a Ledger>,
}

impl Priced<'_> {
    fn fill(&self, card: &mut PriceCard, deal: &Deal) -> Result<Option<Given>, Refusal> {
        let Self { policy, role, stage, ledger } = *self;
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
        let situation = Situation { policy, deal, asked: &quote, role, stage, ledger };
        let Moves { moves, trade, rules } = moves(&situation)?;
        card.moves = moves;
        if ledger.is_none() {
            card.notes.push(words::NO_LEDGER.to_owned());
        }
        card.notes.extend(more_costs_less(policy, deal, &quote));
        (card.working, card.rules) = working(policy, deal, &quote, role)?;
        card.rules.extend(rules);
        card.as_asked = Some(AsAsked {
            list: cents(quote.list)?.to_string(),
            programme: cents(quote.programme)?.to_string(),
            net: quote.net.to_string(),
            effective_discount: up(quote.effective).ok_or(Refusal::TooLarge)?.in_full(),
            needs,
        });
        Ok(trade)
    }
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

fn empty() -> PriceCard {
    PriceCard {
        outcome: PriceOutcome::Refused,
        understood: Understood::default(),
        read: String::new(),
        not_used: Vec::new(),
        question: None,
        as_asked: None,
        moves: Vec::new(),
        notes: Vec::new(),
        working: Vec::new(),
        rules: Vec::new(),
        policy: None,
        receipt: String::new(),
        reason: None,
    }
}
