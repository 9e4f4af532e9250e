//! Which part of the log is looked at: the same for the page, the export and the command line.

use std::collections::BTreeSet;

use super::{Event, Mark, Platform};
use crate::model::{CardId, Timestamp};

/// A part of the log. Of several values of one kind an event has to have one; kinds without a value
/// leave everything in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Questions, answers, marks and recommendations that are about one of these cards.
    pub cards: BTreeSet<CardId>,
    /// Marks that say this.
    pub marks: BTreeSet<Mark>,
    /// What happened here.
    pub platforms: BTreeSet<Platform>,
    /// Recommendations for these channels.
    pub channels: BTreeSet<String>,
    /// Recommendations about these benefits.
    pub benefits: BTreeSet<String>,
}

impl Filter {
    /// Whether an event that is about these cards belongs to the part.
    #[must_use]
    pub fn holds(&self, event: &Event, cards: &[CardId]) -> bool {
        fn one_of<T: Ord + ?Sized, S: Ord + std::borrow::Borrow<T>>(
            wanted: &BTreeSet<S>,
            found: Option<&T>,
        ) -> bool {
            wanted.is_empty() || found.is_some_and(|found| wanted.contains(found))
        }
        let (channel, benefit) = event.body.named();
        self.since.is_none_or(|since| event.at >= since)
            && self.until.is_none_or(|until| event.at < until)
            && one_of(&self.platforms, Some(&event.platform))
            && one_of(&self.marks, event.body.mark().as_ref())
            // A recommendation without a channel is for none, not for the empty one.
            && one_of::<str, String>(&self.channels, channel.map(|name| name.as_str()))
            && one_of::<str, String>(&self.benefits, benefit.map(|name| name.as_str()))
            && (self.cards.is_empty() || cards.iter().any(|card| self.cards.contains(card)))
    }
}
