//! What playbooks need to know from other rooms.

use std::collections::BTreeMap;

use crate::model::CardId;

/// What playbooks need to know from other rooms.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What `{{ price.NAME }}` stands for.
    pub prices: BTreeMap<String, Price>,
    /// The cards that were live last, each with its file.
    pub published: Vec<(CardId, String)>,
}

/// A figure of the price policy, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// As it is read out.
    pub text: String,
    /// Only for reps; never in a line that may be said.
    pub internal: bool,
    /// The policy has expired: lines that quote it are withheld.
    pub withheld: bool,
}
