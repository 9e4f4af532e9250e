//! What became of what a rep recommended: told once, and listed for them.

use super::Marketing;
use super::inbox::in_words;
use crate::feedback::{Body, Status, Triaged, kind};
use crate::journal::{Principal, UseCaseError, clean};
use crate::model::{ContentHash, Receipt, Timestamp};
use crate::ports::{EventQuery, IdempotencyKey, Numbered};
use crate::redact::Redacted;

/// So many of a rep's recommendations are listed, the latest.
const LISTED: usize = 30;

/// Of so many it is looked whether there is news, the latest.
const LOOKED_AT: usize = 10;

/// The longest reply, in code points.
const LONGEST_TEXT: usize = 1_000;

/// A recommendation as its rep sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Idea {
    /// Its id.
    pub id: Receipt,
    /// The rep's words.
    pub text: Redacted,
    /// When it was written.
    pub at: Timestamp,
    /// Where it stands.
    pub status: Status,
    /// The decision in words.
    pub decided: String,
    /// What marketing wrote to the rep.
    pub reply: Option<Redacted>,
    /// The event of the decision, if the rep was not told of it yet.
    pub news: Option<String>,
}

impl Idea {
    /// What the rep is told, as a sentence.
    #[must_use]
    pub fn told(&self) -> String {
        let reply = self.reply.as_ref().map(|reply| format!(" “{reply}”")).unwrap_or_default();
        format!("Your idea “{}”: {}.{reply}", self.text, self.decided)
    }
}

impl Marketing {
    /// What this rep recommended, latest first.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn ideas(&self, caller: &Principal) -> Result<Vec<Idea>, UseCaseError> {
        self.ideas_of(caller, LISTED).await
    }

    /// What was decided about what this rep recommended and they were not told yet.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn news(&self, caller: &Principal) -> Result<Vec<Idea>, UseCaseError> {
        let mut ideas = self.ideas_of(caller, LOOKED_AT).await?;
        ideas.retain(|idea| idea.news.is_some());
        Ok(ideas)
    }

    /// What this rep is told now, once: a sentence for each decision. Without a log there is none.
    pub async fn take_news(&self, caller: &Principal) -> Vec<String> {
        let news = match self.news(caller).await {
            Ok(news) => news,
            Err(UseCaseError::NoLog) => Vec::new(),
            Err(error) => {
                tracing::error!(%error, "what became of a rep's ideas could not be read");
                Vec::new()
            }
        };
        let mut told = Vec::new();
        for idea in news {
            // What is not noted as told is told again; better twice than never.
            if let Err(error) = self.note_told(caller, &idea.id).await {
                tracing::error!(%error, "it could not be noted that a rep was told");
            }
            told.push(idea.told());
        }
        told
    }

    /// Through indexes: what a rep waits for takes no longer in a longer log.
    async fn ideas_of(&self, caller: &Principal, most: usize) -> Result<Vec<Idea>, UseCaseError> {
        let store = self.journal.store()?;
        let theirs = EventQuery::last(most, &[kind::RECOMMENDED]);
        let theirs = EventQuery { actor: Some(caller.actor.clone()), ..theirs };
        let mut ideas = Vec::new();
        for (_, event) in store.events(theirs).await? {
            let Body::Recommended { text, .. } = event.body else { continue };
            let id = Receipt::from(event.id.as_str());
            let about = &[kind::TRIAGED, kind::TRIAGE_UNDONE, kind::TRIAGE_TOLD];
            let about = EventQuery { receipt: Some(id.clone()), ..EventQuery::all(about) };
            let steps = store.events(about).await?;
            let (decision, told) = decision(&steps);
            let status = decision.map_or(Status::Open, |(_, triaged)| triaged.status);
            let news = decision.filter(|_| status.is_told() && !told).map(|(id, _)| id.to_owned());
            ideas.push(Idea {
                id,
                text,
                at: event.at,
                status,
                decided: decision
                    .map_or_else(|| "not decided yet".to_owned(), |(_, found)| in_words(found)),
                reply: decision.and_then(|(_, triaged)| triaged.reply.clone()),
                news,
            });
        }
        Ok(ideas)
    }

    /// Notes that the rep was told.
    ///
    /// # Errors
    /// [`UseCaseError`] when it is not theirs, or when the log fails.
    pub async fn note_told(&self, caller: &Principal, idea: &Receipt) -> Result<(), UseCaseError> {
        for found in self.news(caller).await?.into_iter().filter(|found| found.id == *idea) {
            let Some(triaged) = found.news else { continue };
            let once =
                IdempotencyKey { key: format!("told:{triaged}"), request: "told".to_owned() };
            let body = Body::TriageTold { recommendation: found.id, triaged };
            self.journal.record(caller, body, Some(once)).await?;
        }
        Ok(())
    }

    /// The rep answers to what was decided.
    ///
    /// # Errors
    /// [`UseCaseError`] for an empty text, a recommendation that is not theirs, and when the log fails.
    pub async fn reply(
        &self,
        caller: &Principal,
        idea: &Receipt,
        text: String,
    ) -> Result<(), UseCaseError> {
        let text = clean("text", Some(text), LONGEST_TEXT)?.ok_or(UseCaseError::EmptyText)?;
        let written = self.journal.store()?.find(idea.as_str()).await?;
        let written = written.filter(|event| matches!(event.body, Body::Recommended { .. }));
        let written = written.ok_or_else(|| crate::journal::unknown(idea))?;
        caller.require_own(&written.actor)?;
        let request = ContentHash::of([text.as_str()]).to_string();
        let once = IdempotencyKey { key: format!("reply:{idea}:{request}"), request };
        let body = Body::Replied { recommendation: idea.clone(), text };
        self.journal.record(caller, body, Some(once)).await?;
        Ok(())
    }
}

/// The decision that holds, with its event, and whether the rep was told of it.
fn decision(steps: &[Numbered]) -> (Option<(&str, &Triaged)>, bool) {
    let undone = |id: &str| {
        steps.iter().any(
            |(_, event)| matches!(&event.body, Body::TriageUndone { triaged, .. } if triaged == id),
        )
    };
    let holds = steps.iter().rev().find_map(|(_, event)| match &event.body {
        Body::Triaged(triaged) if !undone(&event.id) => Some((event.id.as_str(), &**triaged)),
        _ => None,
    });
    let told = holds.is_some_and(|(id, _)| {
        steps.iter().any(
            |(_, event)| matches!(&event.body, Body::TriageTold { triaged, .. } if triaged == id),
        )
    });
    (holds, told)
}
