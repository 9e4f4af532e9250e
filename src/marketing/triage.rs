//! Decides what becomes of a recommendation; every step is an event with the one who took it.

use super::Marketing;
use crate::feedback::{Body, Event, Status, Triaged};
use crate::journal::{NoTriage, Principal, Role, UseCaseError, clean};
use crate::model::{ContentHash, Day, Receipt};
use crate::redact::Redacted;

/// The longest reply to a rep, in code points.
const LONGEST_TEXT: usize = 1_000;
/// The longest target or owner, in code points.
const LONGEST_WORD: usize = 100;

/// A decision about one recommendation or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triage {
    /// Which.
    pub items: Vec<Receipt>,
    /// Where they stand from now on.
    pub status: Status,
    /// What the reps read; of what is declined, the reason.
    pub reply: Option<String>,
    /// Where it lands: a card, a campaign.
    pub target: Option<String>,
    /// Who does it.
    pub owner: Option<String>,
    /// When it comes back.
    pub until: Option<Day>,
    /// The recommendation that it repeats.
    pub same_as: Option<Receipt>,
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// How many decisions.
    pub count: usize,
    /// One of the recommendations, to show it.
    pub item: Receipt,
}

impl Marketing {
    /// Decides. With a `key`, doing it again does it once.
    ///
    /// # Errors
    /// [`UseCaseError`] without the role, for a decision that lacks what it needs, and when the log
    /// fails.
    pub async fn triage(
        &self,
        caller: &Principal,
        triage: Triage,
        key: &str,
    ) -> Result<usize, UseCaseError> {
        caller.require(Role::Marketer)?;
        let Triage { items, status, reply, target, owner, until, same_as } = triage;
        let (reply, target) =
            (clean("reply", reply, LONGEST_TEXT)?, clean("target", target, LONGEST_WORD)?);
        let owner = clean("owner", owner, LONGEST_WORD)?;
        self.check(&items, status, reply.as_ref(), until, same_as.as_ref()).await?;
        let count = items.len();
        let decided = |recommendation: Receipt| {
            let triaged = Triaged {
                recommendation,
                status,
                reply: reply.clone(),
                target: target.clone(),
                owner: owner.clone(),
                until: until.filter(|_| status == Status::Snoozed),
                same_as: same_as.clone().filter(|_| status == Status::Duplicate),
            };
            Body::Triaged(Box::new(triaged))
        };
        let request = ContentHash::of(items.iter().map(Receipt::as_str)).to_string();
        let events = self.at_once(caller, items.into_iter().map(decided));
        let once = self.journal.once_with(&format!("{key}:{}", status.name()), request);
        self.journal.append(events, Some(once)).await?;
        Ok(count)
    }

    async fn check(
        &self,
        items: &[Receipt],
        status: Status,
        reply: Option<&Redacted>,
        until: Option<Day>,
        same_as: Option<&Receipt>,
    ) -> Result<(), UseCaseError> {
        if items.is_empty() {
            return Err(NoTriage::NothingSelected.into());
        }
        let wanted: Vec<Receipt> = items.iter().chain(same_as).cloned().collect();
        let unknown = self
            .journal
            .reader()?
            .inbox(move |inbox| wanted.into_iter().find(|id| inbox.item(id).is_none()));
        if let Some(id) = unknown.await? {
            return Err(NoTriage::Unknown(id.to_string().chars().take(60).collect()).into());
        }
        let lacks = match status {
            Status::Declined if reply.is_none() => Some(NoTriage::NoReason),
            Status::Snoozed if until.is_none_or(|until| until <= self.today()) => {
                Some(NoTriage::NoDay)
            }
            Status::Duplicate if same_as.is_none_or(|original| items.contains(original)) => {
                Some(NoTriage::NoOriginal)
            }
            _ => None,
        };
        lacks.map_or(Ok(()), |lacks| Err(lacks.into()))
    }

    /// Takes back what this person decided last, all of it when it was about several.
    ///
    /// # Errors
    /// [`UseCaseError`] when there is nothing to take back, and when the log fails.
    pub async fn undo(&self, caller: &Principal, key: &str) -> Result<Undone, UseCaseError> {
        caller.require(Role::Marketer)?;
        let (reader, actor) = (self.journal.reader()?, caller.actor.clone());
        let last = reader.inbox(move |inbox| {
            let last = inbox.last_of(&actor).into_iter();
            last.map(|(item, decision)| (item.number, decision.id.clone())).collect::<Vec<_>>()
        });
        let last = last.await?;
        let events = reader.events(last.iter().map(|(number, _)| *number).collect()).await?;
        let id = |number: i64| {
            let found = events.iter().find(|(found, _)| *found == number);
            found.map(|(_, event)| Receipt::from(event.id.as_str()))
        };
        let undone: Vec<(Receipt, String)> =
            last.into_iter().filter_map(|(number, triaged)| Some((id(number)?, triaged))).collect();
        let Some((item, _)) = undone.first().cloned() else {
            return Err(NoTriage::NothingToUndo.into());
        };
        let count = undone.len();
        let request =
            ContentHash::of(undone.iter().map(|(_, triaged)| triaged.as_str())).to_string();
        let taken_back = undone
            .into_iter()
            .map(|(recommendation, triaged)| Body::TriageUndone { recommendation, triaged });
        let events = self.at_once(caller, taken_back);
        let once = self.journal.once_with(&format!("{key}:undo"), request);
        self.journal.append(events, Some(once)).await?;
        Ok(Undone { count, item })
    }

    /// Events of one moment: they are taken back together.
    fn at_once(&self, caller: &Principal, bodies: impl Iterator<Item = Body>) -> Vec<Event> {
        let now = self.journal.now();
        let event = |body| Event { at: now, ..self.journal.event(caller, body) };
        bodies.map(event).collect()
    }
}
