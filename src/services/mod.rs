//! All use cases over one library and one journal: what a platform is given.

use std::sync::Arc;

use crate::approvals::Approvals;
use crate::coach::Coach;
use crate::journal::Journal;
use crate::marketing::Marketing;
use crate::negotiation::Negotiation;
use crate::ports::Library;

/// The use cases.
pub struct Services {
    /// Answers questions.
    pub coach: Coach,
    /// Quotes prices.
    pub negotiation: Arc<Negotiation>,
    /// Decides about exceptions.
    pub approvals: Approvals,
    /// Reads the log for marketing.
    pub marketing: Marketing,
    /// Writes and reads the event log.
    pub journal: Arc<Journal>,
}

impl Services {
    /// All of them over this library, logging to this journal.
    #[must_use]
    pub fn new(library: Arc<dyn Library>, journal: Journal) -> Self {
        let journal = Arc::new(journal);
        let negotiation = Arc::new(Negotiation::new(Arc::clone(&library), Arc::clone(&journal)));
        Self {
            marketing: Marketing::new(Arc::clone(&library), Arc::clone(&journal)),
            coach: Coach::new(library, Arc::clone(&journal)),
            approvals: Approvals::new(Arc::clone(&negotiation), Arc::clone(&journal)),
            negotiation,
            journal,
        }
    }
}
