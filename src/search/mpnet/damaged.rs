//! What is wrong with a file of weights.

use crate::search::EncodeError;

/// Why a file of weights cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Damaged(pub String);

impl From<Damaged> for EncodeError {
    fn from(damaged: Damaged) -> Self {
        Self(damaged.0)
    }
}
