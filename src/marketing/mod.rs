//! What marketing does with the log: looks at it in the words of the playbooks, decides what becomes
//! of a recommendation, and tells the rep.

mod briefing;
mod cards;
mod ideas;
mod inbox;
mod triage;
mod unanswered;

use std::sync::Arc;

use crate::journal::Journal;
use crate::model::Day;
use crate::ports::Library;

pub use briefing::{Briefing, Overdue, Told};
pub use cards::{CardPage, CardsView, Pick};
pub use ideas::Idea;
pub use inbox::{Axis, Cell, Detail, Entry, InboxQuery, InboxView, Step, Tab};
pub use triage::{Triage, Undone};
pub use unanswered::{Cluster, UnansweredView, draft, golden};

/// Looks at the log for marketing.
pub struct Marketing {
    library: Arc<dyn Library>,
    journal: Arc<Journal>,
    vectors: Arc<unanswered::Vectors>,
}

impl Marketing {
    /// Over this library and this journal.
    #[must_use]
    pub fn new(library: Arc<dyn Library>, journal: Arc<Journal>) -> Self {
        Self { library, journal, vectors: Default::default() }
    }

    /// Today, in UTC.
    #[must_use]
    pub fn today(&self) -> Day {
        self.journal.now().day()
    }
}
