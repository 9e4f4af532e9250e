//! A call that a rep is in: what was said of it once holds for the questions that follow.

use super::{CallContext, Coach};
use crate::feedback::{Body, Event, kind};
use crate::journal::{Principal, UseCaseError, clean};
use crate::model::{ContentHash, Timestamp};
use crate::ports::{EventQuery, IdempotencyKey};
use crate::redact::Redacted;

/// A call that no one ended is over after so many hours.
const LONGEST_HOURS: i64 = 12;

/// The longest name of a product or competitor, in code points.
const LONGEST_NAME: usize = 100;

/// A call that a rep is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The conversation of its questions.
    pub conversation: String,
    /// When it began.
    pub since: Timestamp,
    /// What is known of it.
    pub context: CallContext,
    /// How many answers it has had so far.
    pub answers: usize,
}

impl Coach {
    /// Begins a call; one that is in progress is over with that. With a `key`, doing it again does
    /// it once.
    ///
    /// # Errors
    /// [`UseCaseError`] when a name is too long, or the log fails.
    pub async fn start_call(
        &self,
        caller: &Principal,
        context: CallContext,
        key: &str,
    ) -> Result<Call, UseCaseError> {
        let CallContext { stage, product, competitor } = context;
        let product = clean("product", product, LONGEST_NAME)?;
        let competitor = clean("competitor", competitor, LONGEST_NAME)?;
        let body =
            Body::CallStarted { conversation: self.journal.new_id(), stage, product, competitor };
        let event = self.note_call(caller, body, key).await?;
        call(&event, 0).ok_or(UseCaseError::NoLog)
    }

    /// The call that this rep is in; none when there is none, or when the log does not say in
    /// time.
    pub async fn call(&self, caller: &Principal) -> Option<Call> {
        let store = self.journal.store().ok()?;
        let read = async {
            let last = EventQuery::last(1, &[kind::CALL_STARTED, kind::CALL_ENDED]);
            let query = EventQuery { actor: Some(caller.actor.clone()), ..last };
            let events = store.events(query).await?;
            let begun = events.first().and_then(|(_, event)| call(event, 0));
            let Some(call) = begun.filter(|call| !self.is_over(call)) else { return Ok(None) };
            let answers = self.journal.answers_in(&call.conversation).await?.len();
            Ok::<_, UseCaseError>(Some(Call { answers, ..call }))
        };
        read.await.unwrap_or_else(|error| {
            tracing::error!(%error, "it could not be read whether a rep is in a call");
            None
        })
    }

    /// Ends the call that this rep is in, and says which it was.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log fails.
    pub async fn end_call(
        &self,
        caller: &Principal,
        key: &str,
    ) -> Result<Option<Call>, UseCaseError> {
        let Some(call) = self.call(caller).await else { return Ok(None) };
        let body = Body::CallEnded { conversation: call.conversation.clone() };
        self.note_call(caller, body, key).await?;
        Ok(Some(call))
    }

    async fn note_call(
        &self,
        caller: &Principal,
        body: Body,
        key: &str,
    ) -> Result<Event, UseCaseError> {
        // The conversation of a start is new each time, so the kind alone names the request.
        let once = IdempotencyKey {
            key: key.to_owned(),
            request: ContentHash::of([body.kind()]).to_string(),
        };
        Ok(self.journal.record(caller, body, Some(once)).await?.event)
    }

    fn is_over(&self, call: &Call) -> bool {
        let hours = 3_600_000_000 * LONGEST_HOURS;
        self.journal.now().unix_micros() - call.since.unix_micros() > hours
    }
}

/// The call that an event began.
fn call(event: &Event, answers: usize) -> Option<Call> {
    let Body::CallStarted { conversation, stage, product, competitor } = &event.body else {
        return None;
    };
    let word = |word: &Option<Redacted>| word.as_ref().map(Redacted::to_string);
    let context =
        CallContext { stage: *stage, product: word(product), competitor: word(competitor) };
    Some(Call { conversation: conversation.clone(), since: event.at, context, answers })
}
