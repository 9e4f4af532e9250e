//! The event log as the use cases see it: who did what, written once, and read within a deadline.

mod error;
mod principal;
mod reader;
mod role;
mod stored_text;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::broadcast;

use self::watch::Watches;
use crate::feedback::{Body, Event, PriceShown, Purpose, Salt, kind};
use crate::model::{ContentHash, Outcome, Receipt, Timestamp};
use crate::ports::{Appended, Clock, EventQuery, FeedbackStore, IdempotencyKey};

pub use error::{NoApproval, NoTriage, UseCaseError};
pub use principal::Principal;
pub use reader::{Export, LogReader, LogView};
pub use role::Role;
pub use stored_text::{StoreText, clean, kept};

/// Of the answers of a conversation this many count: the last.
const MOST_IN_CONVERSATION: usize = 200;

/// The longest receipt that is repeated in an error, in code points.
const LONGEST_RECEIPT: usize = 100;

/// The longest idempotency key, in code points.
const LONGEST_KEY: usize = 255;

/// An event that is in the log now.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The event.
    pub event: Event,
    /// The same request was recorded before, so nothing was added.
    pub repeated: bool,
}

/// Writes and reads the event log, and makes the names in it. Without a store nothing is logged.
pub struct Journal {
    store: Option<Arc<dyn FeedbackStore>>,
    clock: Arc<dyn Clock>,
    salt: Salt,
    store_text: StoreText,
    reader: Option<LogReader>,
    watches: Watches,
    demo: AtomicBool,
}

impl Journal {
    /// Puts the ports together. `store_text` says how much of what customers said is stored.
    #[must_use]
    pub fn new(
        store: Option<Arc<dyn FeedbackStore>>,
        clock: Arc<dyn Clock>,
        salt: Salt,
        store_text: StoreText,
    ) -> Self {
        let reader = store.clone().map(LogReader::new);
        let (watches, demo) = (Watches::default(), false.into());
        Self { store, clock, salt, store_text, reader, watches, demo }
    }

    /// What is added to the log from now on, by this process; none when it is about to stop.
    #[must_use]
    pub fn watch(&self) -> Option<broadcast::Receiver<Arc<Event>>> {
        self.watches.watch()
    }

    /// Ends every watch: no one is to wait for more.
    pub fn end_watches(&self) {
        self.watches.end();
    }

    /// From now on every page says that the log holds sample data.
    pub fn mark_as_demo(&self) {
        self.demo.store(true, Ordering::Relaxed);
    }

    /// True if the log holds sample data.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo.load(Ordering::Relaxed)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A name that was never given before, for example for a form that may be sent twice.
    #[must_use]
    pub fn new_id(&self) -> String {
        self.clock.new_id()
    }

    /// A pseudonym for someone, from a key that names them on their platform. It is the same
    /// each time and leads back to no one.
    #[must_use]
    pub fn pseudonym(&self, key: &str) -> String {
        self.salt.pseudonym(Purpose::Person, key)
    }

    /// What only this installation can say of something: a proof that it came from here, for one
    /// purpose. 64 hexadecimal digits.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, what: &str) -> String {
        self.salt.seal(purpose, what)
    }

    /// See [`Salt::cookie_before`].
    #[must_use]
    pub fn cookie_before(&self, number: &str) -> (String, String) {
        self.salt.cookie_before(number)
    }

    /// See [`Salt::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self, text: &str) -> String {
        self.salt.fingerprint(text)
    }

    /// True if the words of a question that ended like this are stored.
    #[must_use]
    pub fn keeps_words(&self, outcome: Outcome) -> bool {
        self.store_text.keeps(outcome)
    }

    /// What is read out of the whole log.
    ///
    /// # Errors
    /// [`UseCaseError::NoLog`] when nothing is logged.
    pub fn reader(&self) -> Result<&LogReader, UseCaseError> {
        self.reader.as_ref().ok_or(UseCaseError::NoLog)
    }

    /// Why nothing can be logged now, as far as is known; `None` when it can, or when nothing is to
    /// be logged.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.store.as_ref().and_then(|store| store.trouble())
    }

    /// The store.
    ///
    /// # Errors
    /// [`UseCaseError::NoLog`] when nothing is logged.
    pub fn store(&self) -> Result<&dyn FeedbackStore, UseCaseError> {
        self.store.as_deref().ok_or(UseCaseError::NoLog)
    }

    /// An event of now, with a new name.
    #[must_use]
    pub fn event(&self, caller: &Principal, body: Body) -> Event {
        self.named(self.new_id(), caller, body)
    }

    /// An event of now that has its name already: an answer's is its receipt.
    #[must_use]
    pub fn named(&self, id: impl Into<String>, caller: &Principal, body: Body) -> Event {
        Event::new(id.into(), self.now(), &caller.actor, caller.platform, body)
    }

    /// Adds events; the first event of the first time when the same was added before.
    ///
    /// # Errors
    /// [`UseCaseError`] when the key was used for another request, and when the log fails.
    pub async fn append(
        &self,
        events: Vec<Event>,
        once: Option<IdempotencyKey>,
    ) -> Result<Option<Event>, UseCaseError> {
        let copy = self.watches.copy(&events);
        match self.store()?.append(events, once).await? {
            Appended::New => {
                self.watches.tell(copy);
                Ok(None)
            }
            Appended::Repeated(first) => Ok(Some(*first)),
            Appended::KeyReused => Err(UseCaseError::KeyReused),
        }
    }

    /// Adds an event of now.
    ///
    /// # Errors
    /// As for [`Journal::append`].
    pub async fn record(
        &self,
        caller: &Principal,
        body: Body,
        once: Option<IdempotencyKey>,
    ) -> Result<Recorded, UseCaseError> {
        let event = self.event(caller, body);
        Ok(match self.append(vec![event.clone()], once).await? {
            Some(event) => Recorded { event, repeated: true },
            None => Recorded { event, repeated: false },
        })
    }

    /// Adds events that the rep does not wait for: a failure is the operator's to know. Returns
    /// whether they are in the log.
    pub async fn append_or_warn(&self, events: Vec<Event>, once: Option<IdempotencyKey>) -> bool {
        match self.append(events, once).await {
            Ok(_) => true,
            Err(UseCaseError::NoLog) => false,
            Err(error) => {
                tracing::error!(%error, "an answer was not logged");
                false
            }
        }
    }

    /// The key of a request that another program may send twice; `None` without one.
    ///
    /// # Errors
    /// [`UseCaseError::TooLong`].
    pub fn once(
        &self,
        key: Option<&str>,
        body: &Body,
    ) -> Result<Option<IdempotencyKey>, UseCaseError> {
        let Some(key) = key else { return Ok(None) };
        let request = serde_json::to_vec(body).unwrap_or_default();
        let key = kept("Idempotency-Key", Some(key.to_owned()), LONGEST_KEY)?;
        // Someone else's program chose it, and may have put anything into it.
        let key = key.map(|key| self.seal(Purpose::IdempotencyKey, &key));
        Ok(key.map(|key| IdempotencyKey { key, request: ContentHash::of([request]).to_string() }))
    }

    /// The key of a form that may be sent twice, with what identifies the request.
    #[must_use]
    pub fn once_with(&self, key: &str, request: String) -> IdempotencyKey {
        IdempotencyKey { key: self.seal(Purpose::IdempotencyKey, key), request }
    }

    /// The receipt of an answer, and what makes a question that is delivered twice count once: with the
    /// same `key` both are the same, in every process of an installation. Without one the receipt is
    /// new.
    #[must_use]
    pub fn receipt(&self, key: Option<&str>) -> (Receipt, Option<IdempotencyKey>) {
        let Some(key) = key else { return (self.new_id().into(), None) };
        let receipt = self.seal(Purpose::Receipt, key);
        let key = self.seal(Purpose::IdempotencyKey, &format!("{key}:answer"));
        let once = IdempotencyKey { key, request: "answer".to_owned() };
        (as_uuid(&receipt).into(), Some(once))
    }

    /// The last answers of a conversation, in the order in which they were given.
    ///
    /// # Errors
    /// [`UseCaseError`] when there is no log or it cannot be read.
    pub async fn answers_in(&self, conversation: &str) -> Result<Vec<Event>, UseCaseError> {
        let last = EventQuery::last(MOST_IN_CONVERSATION, &[kind::ANSWERED]);
        let query = EventQuery { conversation: Some(conversation.to_owned()), ..last };
        let events = self.store()?.events(query).await?;
        Ok(events.into_iter().rev().map(|(_, event)| event).collect())
    }

    /// The answer that has this receipt.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there is none, or when the log fails.
    pub async fn answer(&self, receipt: &Receipt) -> Result<Event, UseCaseError> {
        let found = self.store()?.find(receipt.as_str()).await?;
        let answer = found.filter(|event| matches!(event.body, Body::Answered { .. }));
        answer.ok_or_else(|| unknown(receipt))
    }

    /// The answer that has this receipt and was shown to them.
    ///
    /// # Errors
    /// [`UseCaseError::NotYours`], [`UseCaseError::UnknownReceipt`], or when the log fails.
    pub async fn answer_of(
        &self,
        who: &Principal,
        receipt: &Receipt,
    ) -> Result<Event, UseCaseError> {
        let answer = self.answer(receipt).await?;
        who.require_own(&answer.actor)?;
        Ok(answer)
    }

    /// The price that has this receipt.
    ///
    /// # Errors
    /// [`UseCaseError::UnknownReceipt`] when there is none, or when the log fails.
    pub async fn price(&self, receipt: &Receipt) -> Result<PriceShown, UseCaseError> {
        Ok(self.price_event(receipt).await?.1)
    }

    /// The price that has this receipt and was shown to them.
    ///
    /// # Errors
    /// [`UseCaseError::NotYours`], [`UseCaseError::UnknownReceipt`], or when the log fails.
    pub async fn price_of(
        &self,
        who: &Principal,
        receipt: &Receipt,
    ) -> Result<PriceShown, UseCaseError> {
        let (actor, shown) = self.price_event(receipt).await?;
        who.require_own(&actor)?;
        Ok(shown)
    }

    /// The price, and who was shown it.
    async fn price_event(&self, receipt: &Receipt) -> Result<(String, PriceShown), UseCaseError> {
        match self.store()?.find(receipt.as_str()).await? {
            Some(Event { actor, body: Body::PriceShown(shown), .. }) => Ok((actor, *shown)),
            _ => Err(unknown(receipt)),
        }
    }
}

/// A hash in the form of a UUID whose digits mean nothing (RFC 9562, version 8).
fn as_uuid(hash: &str) -> String {
    let mut bytes = [0; 16];
    // A hash is long enough, and holds nothing but digits.
    let _ = hex::decode_to_slice(hash.get(..32).unwrap_or_default(), &mut bytes);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Why a receipt leads nowhere.
#[must_use]
pub fn unknown(receipt: impl ToString) -> UseCaseError {
    UseCaseError::UnknownReceipt(receipt.to_string().chars().take(LONGEST_RECEIPT).collect())
}
