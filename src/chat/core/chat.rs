//! The chat without a platform: who asks, how often they may, and what was delivered before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::event::Person;
use super::message::{Reply, Text};
use super::notifier::Notifier;
use super::rate_limiter::RateLimiter;
use super::seen::SeenEvents;
use crate::card::{Suggestion, notice};
use crate::coach::{CallContext, Question};
use crate::journal::{Principal, Role, UseCaseError};
use crate::services::Services;

/// A person may do so much at once…
const BURST: u32 = 10;
/// …and then one more thing each second.
const EACH: Duration = Duration::from_secs(1);

/// In one channel so many mentions are answered at once…
const IN_CHANNEL: u32 = 5;
/// …and then one each time that this has passed.
const IN_CHANNEL_EACH: Duration = Duration::from_secs(2);

/// How long answers that are in progress may take when the chat stops: the log gives up on a lock after
/// two seconds, then the card has to be sent.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(3);

/// What became of something that someone did. Every error has words for them.
pub(super) type Done = Result<Reply, UseCaseError>;

/// The chat, for one platform.
pub struct Chat {
    pub(super) services: Arc<Services>,
    pub(super) notifier: Arc<dyn Notifier>,
    people: RateLimiter,
    channels: RateLimiter,
    seen: SeenEvents,
    in_flight: TaskTracker,
}

impl Chat {
    /// A chat over these services on the platform behind the notifier.
    #[must_use]
    pub fn new(services: Arc<Services>, notifier: Arc<dyn Notifier>) -> Self {
        Self {
            services,
            notifier,
            people: RateLimiter::new(BURST, EACH),
            channels: RateLimiter::new(IN_CHANNEL, IN_CHANNEL_EACH),
            seen: SeenEvents::default(),
            in_flight: TaskTracker::new(),
        }
    }

    /// Whether something is delivered for the first time. What was delivered before has its answer
    /// already.
    #[must_use]
    pub fn is_new(&self, id: &str) -> bool {
        self.seen.is_new(id)
    }

    /// Something begins that [`Self::shutdown`] waits for until the token is dropped.
    pub fn begin(&self) -> TaskTrackerToken {
        self.in_flight.token()
    }

    /// Waits until nothing is in progress, at most three seconds; says so when that is too short. The
    /// chat can be used again afterwards, over another connection.
    pub async fn shutdown(&self) {
        self.in_flight.close();
        if tokio::time::timeout(SHUTDOWN_GRACE, self.in_flight.wait()).await.is_err() {
            tracing::warn!("answers in a chat were still under way at the end");
        }
        self.in_flight.reopen();
    }

    /// Who someone is to the use cases, and what they may.
    pub(super) fn caller(&self, person: &Person) -> Principal {
        let journal = &self.services.journal;
        let actor = journal.pseudonym(&person.actor_key());
        let pseudonym = journal.pseudonym(&person.person_key());
        Principal::rep(actor, person.platform).signed_in(pseudonym, person.roles.clone())
    }

    /// Whether this person has not asked too much in too short a time.
    pub(super) fn is_within_rate(&self, person: &Person) -> bool {
        self.people.allows(&person.actor_key(), Instant::now())
    }

    /// Whether this channel has not heard too much in too short a time.
    pub(super) fn is_channel_within_rate(&self, channel: &str) -> bool {
        self.channels.allows(channel, Instant::now())
    }

    /// Asks the coach, in the call that someone is in. What was said of the call holds unless the
    /// question says otherwise.
    pub(super) async fn suggest(
        &self,
        person: &Person,
        asked: Question,
    ) -> Result<Suggestion, UseCaseError> {
        let caller = self.caller(person);
        let (conversation, known) = self.conversation(&caller).await;
        let CallContext { stage, product, competitor } = asked.context;
        let context = CallContext {
            stage: stage.or(known.stage),
            product: product.or(known.product),
            competitor: competitor.or(known.competitor),
        };
        let question = Question { context, conversation: Some(conversation), ..asked };
        self.services.coach.suggest(&caller, &question).await
    }

    /// The conversation of the call that someone is in, and what is known of it; a new one when
    /// they are in none.
    pub(super) async fn conversation(&self, caller: &Principal) -> (String, CallContext) {
        match self.services.coach.call(caller).await {
            Some(call) => (call.conversation, call.context),
            None => (self.services.journal.new_id(), CallContext::default()),
        }
    }

    /// Whether what the customer said could be priced.
    pub(super) fn priceable(&self, quote: &str, found: &Suggestion) -> bool {
        !quote.is_empty() && self.services.negotiation.could_price(quote, &found.cards)
    }

    /// Sentences that begin or go on like what is typed so far: titles and what customers say.
    pub(super) fn complete(&self, typed: &str) -> Vec<String> {
        let generation = self.services.coach.generation();
        let typed = typed.trim().to_lowercase();
        let cards = generation.playbook.cards.iter();
        let cards = cards.filter(|card| card.family.is_objection());
        let mut fitting = Vec::new();
        for card in cards {
            let said = std::iter::once(&card.title).chain(&card.phrasings);
            if let Some(said) = said.into_iter().find(|said| said.to_lowercase().contains(&typed)) {
                fitting.push((!said.to_lowercase().starts_with(&typed), said.clone()));
            }
        }
        // Those that begin so first; within each the order of the playbook.
        fitting.sort_by_key(|(later, _)| *later);
        let short = |said: &String| said.encode_utf16().count() <= LONGEST_CHOICE;
        fitting.into_iter().map(|(_, said)| said).filter(short).take(MOST_CHOICES).collect()
    }
}

/// The longest completion that every platform takes, in UTF-16 units.
const LONGEST_CHOICE: usize = 100;
/// This many completions are offered.
const MOST_CHOICES: usize = 25;

/// What went wrong, for the person who caused it or who can only wait.
pub(super) fn explained(error: &UseCaseError) -> Reply {
    Reply::words(match error {
        UseCaseError::EmptyText => notice::TYPE_SOMETHING,
        UseCaseError::UnknownReceipt(_) => notice::OLD_BUTTON,
        UseCaseError::NotYours => notice::NOT_YOURS,
        UseCaseError::NotAllowed(Role::Lead) => notice::LEADS_ONLY,
        UseCaseError::NotAllowed(Role::Marketer) => notice::MARKETERS_ONLY,
        UseCaseError::Finder(_) | UseCaseError::Store(_) => {
            tracing::error!(%error, "a question in a chat could not be answered");
            notice::TROUBLE
        }
        other => {
            return Reply::words(Text::with_code(&format!("That was not recorded: {other}.")));
        }
    })
}
