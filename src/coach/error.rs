//! Why the coach cannot do something, for the person who asked for it.

use super::ports::{FinderError, StoreError};

/// Why there is no answer, or nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoachError {
    /// There is nothing but white space in the text.
    #[error("the text is empty; type what the customer said")]
    EmptyText,
    /// A text is longer than is kept.
    #[error("`{field}` has {length} characters; at most {most} are kept")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// Its length in code points.
        length: usize,
        /// The most that is kept.
        most: usize,
    },
    /// No answer has this receipt.
    #[error("no answer has the receipt `{0}`; use the receipt of an answer of this installation")]
    UnknownReceipt(String),
    /// The card was not part of the answer.
    #[error("the answer did not show the card `{0}`; mark one that it showed")]
    CardNotShown(String),
    /// The speaker's role is not on the policy's ladder.
    #[error("`{role}` is no role of the price policy; there are {known}")]
    UnknownRole {
        /// The role that was named.
        role: String,
        /// Those that there are.
        known: String,
    },
    /// The price card has no trade in it.
    #[error("this price has no trade that could be offered, agreed or written")]
    NoTrade,
    /// Another give was offered since the price card.
    #[error("something else was offered since this price; ask again, and say what stands there")]
    Overtaken,
    /// An idempotency key came with another request before.
    #[error("this idempotency key was used for another request; use a new key for a new request")]
    KeyReused,
    /// There is no log.
    #[error("nothing is logged here, so nothing can be recorded")]
    NoLog,
    /// The search failed.
    #[error(transparent)]
    Finder(#[from] FinderError),
    /// The log failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
