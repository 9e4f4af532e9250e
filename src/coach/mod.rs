//! The use cases: a sentence in, a card out, a mark in the log. Knows the ports, not what stands
//! behind them.

mod answer;
mod apart;
mod call;
mod conversation;
mod error;
mod golden;
mod kept;
mod log;
mod look;
mod negotiate;
mod next;
pub mod ports;
mod recent;
mod record;
mod replay;
mod self_test;
mod suggest;
mod wish;

use std::sync::Arc;

use crate::feedback::{Platform, Purpose, Salt};

pub use answer::{Clause, LatencyMicros, Suggestion};
pub use call::{Call, CallContext};
pub use error::{CoachError, NoApproval};
pub use golden::{Verdict, golden};
pub use kept::StoreText;
pub use log::{Export, LogReader, LogView};
pub use look::{Look, Part, look};
pub use negotiate::{
    Case, CaseState, Decided, History, Negotiated, PriceMark, PriceReplay, PriceRequest, Requested,
    SignedIn, Unwritten, negotiate,
};
pub use recent::Recent;
pub use record::{Feedback, Recommendation, Recorded, WRONG_CARD};
pub use replay::Replay;
pub use self_test::{Stray, self_test};
pub use suggest::Question;
pub use wish::Granted;

/// Who talks to the coach, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// A pseudonym.
    pub actor: String,
    /// Where.
    pub platform: Platform,
}

/// Answers questions and keeps the log.
pub struct Coach {
    library: Arc<dyn ports::Library>,
    store: Option<Arc<dyn ports::FeedbackStore>>,
    clock: Arc<dyn ports::Clock>,
    salt: Salt,
    store_text: StoreText,
    reader: Option<LogReader>,
    demo: std::sync::atomic::AtomicBool,
}

impl Coach {
    /// Puts the ports together. Without a store nothing is logged; with one,
    /// `store_text` says how much of what customers said.
    #[must_use]
    pub fn new(
        library: Arc<dyn ports::Library>,
        store: Option<Arc<dyn ports::FeedbackStore>>,
        clock: Arc<dyn ports::Clock>,
        salt: Salt,
        store_text: StoreText,
    ) -> Self {
        let reader = store.clone().map(LogReader::new);
        let demo = false.into();
        Self { library, store, clock, salt, store_text, reader, demo }
    }

    /// From now on every page says that what is in the log is made up.
    pub fn mark_as_demo(&self) {
        self.demo.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Whether what is in the log is made up.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The generation that serves now.
    #[must_use]
    pub fn generation(&self) -> Arc<ports::Generation> {
        self.library.current()
    }

    /// How far the learning is, while cards are found by words alone.
    #[must_use]
    pub fn learning(&self) -> Option<ports::Learning> {
        self.library.learning()
    }

    /// Why what was saved last in the playbooks does not serve; none when it does.
    #[must_use]
    pub fn problems(&self) -> Arc<[String]> {
        self.library.problems()
    }

    /// A pseudonym for somebody, from a key that names them on their platform. It is the same
    /// each time and leads back to nobody.
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

    /// Now.
    #[must_use]
    pub fn now(&self) -> crate::model::Timestamp {
        self.clock.now()
    }

    /// A name that was never given before, for example for a form that may be sent twice.
    #[must_use]
    pub fn new_id(&self) -> String {
        self.clock.new_id()
    }
}
