//! Exceptions from the policy: a rep asks, someone of the required role decides, and the approval
//! holds for what was approved and nothing worse.

use std::sync::Arc;

use crate::feedback::{
    ApprovalRecorded, ApprovalReopened, ApprovalRequested, Body, Decision, PriceAnswerV1,
};
use crate::journal::{Journal, NoApproval, Principal, UseCaseError, clean, unknown};
use crate::model::{Cents, ContentHash, Receipt, Timestamp};
use crate::negotiation::{Case, CaseState, Negotiation, asked_for};
use crate::ports::IdempotencyKey;
use crate::pricing::{Policy, Snapshot};

/// The longest reason for which something is declined, in code points.
const LONGEST_REASON: usize = 300;

/// A request that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    /// Its name, for the decision.
    pub request: String,
    /// Why.
    pub reason: String,
    /// The price card it is about.
    pub card: PriceAnswerV1,
    /// Whose answer is needed.
    pub needs: Vec<String>,
    /// How many like it were approved in the last quarter.
    pub alike: usize,
    /// This many are worth a look at the policy.
    pub often: bool,
    /// It had been made before.
    pub repeated: bool,
}

/// A decision that was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The price card it is about.
    pub card: PriceAnswerV1,
    /// The state of the request now.
    pub state: CaseState,
    /// With which roles it was decided.
    pub roles: Vec<String>,
    /// Why it was asked for.
    pub reason: String,
}

/// Takes requests for exceptions and decisions about them.
pub struct Approvals {
    negotiation: Arc<Negotiation>,
    journal: Arc<Journal>,
}

impl Approvals {
    /// Decides about prices of this negotiation and logs to this journal.
    #[must_use]
    pub fn new(negotiation: Arc<Negotiation>, journal: Arc<Journal>) -> Self {
        Self { negotiation, journal }
    }

    /// Asks for an exception: what a price card says, for one of the policy's reasons.
    ///
    /// # Errors
    /// [`UseCaseError`] when they are not signed in, the price is not theirs, no one is needed or
    /// no one may, the reason is not one of the policy's, the price is not what it was any more, and
    /// when the log fails.
    pub async fn ask(
        &self,
        who: &Principal,
        receipt: &Receipt,
        reason: &str,
    ) -> Result<Requested, UseCaseError> {
        let person = who.person()?;
        let shown = self.journal.price_of(who, receipt).await?;
        let generation = self.negotiation.generation();
        let policy = opened(generation.policy.as_ref(), self.journal.now())?;
        let approval = policy.approval();
        if !approval.reason_codes.iter().any(|known| known == reason) {
            let known = approval.reason_codes.join(", ");
            return Err(NoApproval::UnknownReason { reason: reason.to_owned(), known }.into());
        }
        let card = self.negotiation.replay_price(receipt).await?.card;
        let history = self.negotiation.history(shown.conversation.as_deref(), Some(policy)).await;
        let ledger = history.ledger.as_ref().ok_or(UseCaseError::Overtaken)?;
        let snapshot = asked_for(policy, &shown, ledger).ok_or(NoApproval::NobodyNeeded)?;
        may_be_asked(policy, shown.role.as_deref().unwrap_or_default(), &card, &snapshot)?;
        let open = history.cases.iter().filter(|case| !case.reopened);
        let same = open.clone().find_map(|case| match case.state(policy) {
            CaseState::Waiting(needs) if case.snapshot == snapshot => Some((case, needs)),
            _ => None,
        });
        let often = |alike| alike >= usize::from(approval.precedent_alert.max(1));
        if let Some((case, needs)) = same {
            let alike = self.negotiation.precedents(policy, &snapshot, &case.reason).await;
            let (request, reason) = (case.request.clone(), case.reason.clone());
            let (often, repeated) = (often(alike), true);
            return Ok(Requested { request, reason, card, needs, alike, often, repeated });
        }
        let reopened = open.map(|case| self.reopened(policy, case, &snapshot, receipt));
        let reopened: Vec<Option<ApprovalReopened>> = reopened.collect::<Result<_, _>>()?;
        let reopened = reopened.into_iter().flatten().map(|reopened| {
            let conversation = shown.conversation.clone();
            Body::ApprovalReopened(ApprovalReopened { conversation, ..reopened })
        });
        let asked = Body::ApprovalRequested(Box::new(ApprovalRequested {
            receipt: receipt.to_owned(),
            conversation: shown.conversation.clone(),
            person: person.to_owned(),
            reason: reason.to_owned(),
            snapshot: serde_json::to_value(&snapshot).unwrap_or_default(),
        }));
        let event = |body| self.journal.event(who, body);
        let events: Vec<_> = std::iter::once(asked).chain(reopened).map(event).collect();
        let request = events.first().map(|event| event.id.clone()).unwrap_or_default();
        // Declined once, it may be asked for again; a second press of the same button is the same.
        let round = history.cases.len();
        let once = IdempotencyKey {
            key: format!("approval:{receipt}:{round}"),
            request: ContentHash::of([reason]).to_string(),
        };
        let earlier = self.journal.append(events, Some(once)).await?;
        let repeated = earlier.is_some();
        let request = earlier.map_or(request, |event| event.id);
        let needs = policy.missing(&snapshot, &[]);
        let alike = self.negotiation.precedents(policy, &snapshot, reason).await;
        let (reason, often) = (reason.to_owned(), often(alike));
        Ok(Requested { request, reason, card, needs, alike, often, repeated })
    }

    /// How an approval does not hold for what is asked now; none when the case is not an approval.
    fn reopened(
        &self,
        policy: &Policy,
        case: &Case,
        snapshot: &Snapshot,
        receipt: &Receipt,
    ) -> Result<Option<ApprovalReopened>, UseCaseError> {
        let CaseState::Approved(granted) = case.state(policy) else { return Ok(None) };
        let worse = policy.reopened(&granted, snapshot, self.journal.now());
        if worse.is_empty() {
            return Err(NoApproval::ApprovedAlready.into());
        }
        Ok(Some(ApprovalReopened {
            request: case.request.clone(),
            conversation: None,
            receipt: receipt.to_owned(),
            fields: worse.iter().map(|what| what.field().to_owned()).collect(),
        }))
    }

    /// Records what someone decides about a request.
    ///
    /// # Errors
    /// [`UseCaseError`] when they are not signed in, it is their own request, their roles are not the
    /// required ones, it was decided before, the policy has changed or expired since, and when the
    /// log fails.
    pub async fn decide(
        &self,
        who: &Principal,
        request: &str,
        decision: Decision,
        reason: Option<String>,
    ) -> Result<Decided, UseCaseError> {
        let person = who.person()?;
        let event = self.journal.store()?.find(request).await?.ok_or_else(|| unknown(request))?;
        let Body::ApprovalRequested(asked) = event.body else { return Err(unknown(request)) };
        if asked.person == person || event.actor == who.actor {
            return Err(NoApproval::OwnRequest.into());
        }
        let generation = self.negotiation.generation();
        let now = self.journal.now();
        let policy = opened(generation.policy.as_ref(), now)?;
        let case = self
            .negotiation
            .case(&event.id, asked.conversation.as_deref())
            .await?
            .ok_or_else(|| unknown(request))?;
        let CaseState::Waiting(missing) = case.state(policy) else {
            return Err(NoApproval::DecidedAlready.into());
        };
        let roles = policy.may_give(&missing, &who.pricing_roles());
        if roles.is_empty() {
            return Err(NoApproval::NotTheirRole { needs: missing.join(" + ") }.into());
        }
        if decision == Decision::Approved && case.snapshot.policy != policy.hash {
            return Err(NoApproval::PolicyChanged.into());
        }
        let reason = clean("reason", reason, LONGEST_REASON)?;
        if decision == Decision::Declined && reason.is_none() {
            return Err(NoApproval::NoReason.into());
        }
        let body = Body::ApprovalRecorded(ApprovalRecorded {
            request: event.id.clone(),
            conversation: asked.conversation.clone(),
            person: person.to_owned(),
            decision,
            roles: roles.clone(),
            reason: reason.filter(|_| decision == Decision::Declined),
            until: (decision == Decision::Approved).then(|| policy.valid_until(now)),
        });
        // Of two decisions at the same moment the first counts, and the second is told so.
        let once = IdempotencyKey {
            key: format!("decision:{}:{}", event.id, case.decisions),
            request: ContentHash::of([person, decision.name()]).to_string(),
        };
        match self.journal.record(who, body, Some(once)).await {
            Ok(_) => {}
            Err(UseCaseError::KeyReused) => return Err(NoApproval::DecidedAlready.into()),
            Err(error) => return Err(error),
        }
        let case = self
            .negotiation
            .case(&event.id, asked.conversation.as_deref())
            .await?
            .ok_or_else(|| unknown(request))?;
        let card = self.negotiation.replay_price(&asked.receipt).await?.card;
        Ok(Decided { card, state: case.state(policy), roles, reason: asked.reason })
    }
}

/// Whether a price is still what was shown, and more than the rep may say alone.
fn may_be_asked(
    policy: &Policy,
    role: &str,
    card: &PriceAnswerV1,
    snapshot: &Snapshot,
) -> Result<(), UseCaseError> {
    let as_asked = card.as_asked.as_ref();
    if as_asked.is_none_or(|asked| asked.net != Cents(snapshot.net).to_string()) {
        return Err(UseCaseError::Overtaken);
    }
    if policy.covers(role, &snapshot.role) && snapshot.sign_offs.is_empty() {
        return Err(NoApproval::NobodyNeeded.into());
    }
    Ok(())
}

/// The policy, when it may be used now.
fn opened(policy: Option<&Policy>, now: Timestamp) -> Result<&Policy, UseCaseError> {
    let policy = policy.ok_or(NoApproval::NoPolicy)?;
    policy.open(now).map_err(|closed| NoApproval::Closed(closed.to_string()))?;
    Ok(policy)
}

#[cfg(test)]
mod tests;
