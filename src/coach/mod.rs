//! What a rep asks and says: a sentence in, a card out, and how it went. Knows the ports, not what
//! stands behind them.

mod apart;
mod call;
mod conversation;
mod next;
mod question;
mod recent;
mod record;
mod replay;
mod retrieve;
mod suggest;
mod watch;

use std::sync::Arc;

use crate::journal::Journal;
use crate::ports::{Generation, Learning, Library};

pub use call::Call;
pub use question::{CallContext, Question};
pub use recent::Recent;
pub use record::{Feedback, Recommendation};
pub use replay::Replay;
pub use retrieve::{Part, Retrieval, rank_each, retrieve};
pub use watch::Answered;

/// Answers questions, and records what reps say of the answers.
pub struct Coach {
    library: Arc<dyn Library>,
    journal: Arc<Journal>,
}

impl Coach {
    /// Answers from this library and logs to this journal.
    #[must_use]
    pub fn new(library: Arc<dyn Library>, journal: Arc<Journal>) -> Self {
        Self { library, journal }
    }

    /// The generation that serves now.
    #[must_use]
    pub fn generation(&self) -> Arc<Generation> {
        self.library.current()
    }

    /// How far the learning is, while cards are found by words alone.
    #[must_use]
    pub fn learning(&self) -> Option<Learning> {
        self.library.learning()
    }

    /// Why what was saved last in the playbooks does not serve; none when it does.
    #[must_use]
    pub fn problems(&self) -> Arc<[String]> {
        self.library.problems()
    }
}

#[cfg(test)]
mod tests;
