//! What the log knows of exceptions: which were asked for, and what became of them.

use crate::feedback::{Body, Decision, Event};
use crate::model::{Receipt, Timestamp};
use crate::pricing::{Granted, Policy, Snapshot};
use crate::redact::Redacted;

/// An exception that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The event of the request.
    pub request: String,
    /// The price card it is about.
    pub receipt: Receipt,
    /// Who asked, as a pseudonym.
    pub person: String,
    /// Why.
    pub reason: String,
    /// For what.
    pub snapshot: Snapshot,
    /// With which roles it was approved so far.
    pub by: Vec<String>,
    /// How many decisions there were.
    pub decisions: usize,
    /// Until when the earliest of its approvals holds.
    pub until: Option<Timestamp>,
    /// Why it was declined; empty when no reason was given.
    pub declined: Option<String>,
    /// Something worse was asked for since.
    pub reopened: bool,
}

/// What became of an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseState {
    /// These roles have not answered yet.
    Waiting(Vec<String>),
    /// It was approved.
    Approved(Box<Granted>),
    /// It was declined, and why.
    Declined(String),
}

impl Case {
    /// Where it stands by a policy, which knows whose word counts for whose.
    #[must_use]
    pub fn state(&self, policy: &Policy) -> CaseState {
        if let Some(reason) = &self.declined {
            return CaseState::Declined(reason.clone());
        }
        let missing = policy.missing(&self.snapshot, &self.by);
        match self.until {
            Some(until) if missing.is_empty() => CaseState::Approved(Box::new(Granted {
                snapshot: self.snapshot.clone(),
                by: self.by.clone(),
                until,
            })),
            _ => CaseState::Waiting(missing),
        }
    }
}

/// The exceptions in these events, oldest first. One whose terms cannot be read any more is left
/// out: it is no one's approval.
pub(super) fn cases(events: &[Event]) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for event in events {
        match &event.body {
            Body::ApprovalRequested(asked) => {
                let Ok(snapshot) = serde_json::from_value(asked.snapshot.clone()) else { continue };
                cases.push(Case {
                    request: event.id.clone(),
                    receipt: asked.receipt.clone(),
                    person: asked.person.clone(),
                    reason: asked.reason.clone(),
                    snapshot,
                    by: Vec::new(),
                    decisions: 0,
                    until: None,
                    declined: None,
                    reopened: false,
                });
            }
            Body::ApprovalRecorded(decided) => {
                let Some(case) = cases.iter_mut().find(|case| case.request == decided.request)
                else {
                    continue;
                };
                case.decisions += 1;
                match decided.decision {
                    Decision::Approved => {
                        case.by.extend(decided.roles.iter().cloned());
                        case.until = case.until.into_iter().chain(decided.until).min();
                    }
                    Decision::Declined => {
                        let reason = decided.reason.as_ref().map(Redacted::to_string);
                        case.declined = Some(reason.unwrap_or_default());
                    }
                }
            }
            Body::ApprovalReopened(reopened) => {
                let found = cases.iter_mut().find(|case| case.request == reopened.request);
                if let Some(case) = found {
                    case.reopened = true;
                }
            }
            _ => {}
        }
    }
    cases
}

/// How many approved exceptions are like this one, for each reason.
pub(super) fn alike(policy: &Policy, cases: &[Case], snapshot: &Snapshot) -> Vec<(String, usize)> {
    let approved = |case: &&Case| matches!(case.state(policy), CaseState::Approved(_));
    let like = cases.iter().filter(|case| policy.alike(&case.snapshot, snapshot)).filter(approved);
    let mut counts: Vec<(String, usize)> = Vec::new();
    for case in like {
        match counts.iter_mut().find(|(reason, _)| *reason == case.reason) {
            Some((_, count)) => *count += 1,
            None => counts.push((case.reason.clone(), 1)),
        }
    }
    counts
}
