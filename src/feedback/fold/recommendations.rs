//! What reps recommend, by channel and benefit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tables::pairs;
use super::{Fact, Fold, Slice, Tables, Wanted, What};

/// Recommendations by what they are about, channel and benefit.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(in crate::feedback) struct RecommendationFold {
    #[serde(with = "pairs")]
    counts: BTreeMap<(Slice, u32, u32), u64>,
}

impl RecommendationFold {
    /// All of them.
    pub(in crate::feedback) fn sum(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Counts by channel and benefit; one that names none has the empty name.
    pub(in crate::feedback) fn by_name(&self, tables: &Tables) -> BTreeMap<(String, String), u64> {
        let mut named = BTreeMap::new();
        for ((_, channel, benefit), count) in &self.counts {
            let name = |number: u32| tables.name(number).to_owned();
            *named.entry((name(*channel), name(*benefit))).or_default() += count;
        }
        named
    }
}

impl Fold for RecommendationFold {
    fn apply(&mut self, fact: &Fact) {
        if let What::Recommended { channel, benefit } = fact.what {
            *self.counts.entry((fact.slice, channel, benefit)).or_default() += 1;
        }
    }

    fn merge(&mut self, later: &Self, wanted: &Wanted<'_>) {
        for ((slice, channel, benefit), count) in &later.counts {
            if wanted.recommended(*slice, *channel, *benefit) {
                *self.counts.entry((*slice, *channel, *benefit)).or_default() += count;
            }
        }
    }
}
