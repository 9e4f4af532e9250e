//! What every page shows around its own content: that the data is made up, that the playbooks have
//! errors, that phrasings are still being learned.

use std::sync::Arc;

use crate::ports::Learning;
use crate::services::Services;

/// A page that the frame leads to: address, name and icon.
type Link = (&'static str, &'static str, &'static str);

/// The pages that the frame leads to, by group.
pub(super) const PAGES: [(&str, &[Link]); 2] = [
    (
        "On a call",
        &[("/", "Ask", "ask"), ("/price", "Price", "price"), ("/ideas", "My ideas", "ideas")],
    ),
    (
        "Marketing",
        &[
            ("/dashboard", "Overview", "overview"),
            ("/dashboard/cards", "Cards", "cards"),
            ("/dashboard/unanswered", "Unanswered", "unanswered"),
            ("/dashboard/inbox", "Inbox", "inbox"),
            ("/dashboard/activity", "Activity", "activity"),
        ],
    ),
];

/// The frame of a page, for `base.html`.
pub(super) struct Layout {
    /// Whether what is in the log is sample data.
    pub demo: bool,
    /// Why what was saved last in the playbooks is not live, one line each; none when it is.
    pub problems: Arc<[String]>,
    /// How far the learning is, while cards are found by words alone.
    pub learning: Option<Learning>,
}

impl Layout {
    /// As it is now.
    pub(super) fn now(services: &Services) -> Self {
        Self {
            demo: services.journal.is_demo(),
            problems: services.coach.problems(),
            learning: services.coach.learning(),
        }
    }
}
