//! Why something cannot be done, for the person who asked for it.

use super::role::Role;
use crate::model::UnknownWord;
use crate::ports::{FinderError, StoreError};

/// Why there is no answer, or nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UseCaseError {
    /// There is nothing but white space in the text.
    #[error("the text is empty; type what the customer said")]
    EmptyText,
    /// A text is longer than is kept.
    #[error("`{field}` has {length} characters; the limit is {most}")]
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
    /// The answer was shown to someone else.
    #[error("this answer belongs to another rep; only they can rate it")]
    NotYours,
    /// They do not have the role that it takes.
    #[error("you don't have the role for this")]
    NotAllowed(Role),
    /// No one has made sure who they are.
    #[error("approvals are given where people are signed in, as on Discord")]
    NotSignedIn,
    /// A word is none of those that there are, a stage for example.
    #[error(transparent)]
    UnknownWord(#[from] UnknownWord),
    /// The card was not part of the answer.
    #[error("the answer did not show the card `{0}`; rate a card from this answer")]
    CardNotShown(String),
    /// The speaker's role is not on the policy's ladder.
    #[error("`{role}` is not a role of the price policy; there are {known}")]
    UnknownRole {
        /// The role that was named.
        role: String,
        /// Those that there are.
        known: String,
    },
    /// The price card has no trade in it.
    #[error("this price has no trade that could be offered, agreed or written")]
    NoTrade,
    /// What is taken back was never said.
    #[error("this trade was not offered yet, so there is nothing to take back")]
    NotOffered,
    /// Another give was offered since the price card.
    #[error("a newer offer exists for this deal; request the price again")]
    Overtaken,
    /// Something cannot be approved, or not by this person.
    #[error(transparent)]
    Approval(#[from] NoApproval),
    /// A decision about a recommendation that cannot be made.
    #[error(transparent)]
    Triage(#[from] NoTriage),
    /// An idempotency key came with another request before.
    #[error("this idempotency key was used for another request; use a new key for a new request")]
    KeyReused,
    /// There is no log.
    #[error("the event log is disabled, so this can't be saved")]
    NoLog,
    /// The search failed.
    #[error(transparent)]
    Finder(#[from] FinderError),
    /// The log failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an exception from the price policy is not asked for, or not decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoApproval {
    /// There is no price policy.
    #[error("there is no price policy, so nothing can be approved")]
    NoPolicy,
    /// The price policy must not be used now.
    #[error("{0}")]
    Closed(String),
    /// The rep may say it alone, or no one may.
    #[error(
        "no approval is needed or possible: offer it as it is, or ask for terms that a role can approve"
    )]
    NobodyNeeded,
    /// The reason is none of the policy's.
    #[error("`{reason}` is not a reason of the price policy; there are {known}")]
    UnknownReason {
        /// What was given.
        reason: String,
        /// Those that there are.
        known: String,
    },
    /// It is approved.
    #[error("this is approved already; you may say it")]
    ApprovedAlready,
    /// No one decides about what they asked for themselves.
    #[error("you can't approve your own request; ask another approver")]
    OwnRequest,
    /// The roles of the approver do not cover it.
    #[error("approval needs the role {needs}, which you don't have")]
    NotTheirRole {
        /// Who is needed.
        needs: String,
    },
    /// Someone was faster, or it is long over.
    #[error("it is decided already")]
    DecidedAlready,
    /// The figures of the policy are others than when it was asked for.
    #[error("the price policy has changed since it was asked for; the rep has to ask again")]
    PolicyChanged,
    /// Who declines says why.
    #[error("say in a few words why it is declined; the rep reads it")]
    NoReason,
}

/// Why nothing is decided about a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTriage {
    /// No recommendation was chosen.
    #[error("no recommendation is selected; tick one or open one")]
    NothingSelected,
    /// There is none with this id.
    #[error("there is no recommendation `{0}`")]
    Unknown(String),
    /// The rep reads why.
    #[error("say in a few words why it is declined; the rep reads it")]
    NoReason,
    /// It comes back on a day.
    #[error("choose the day, later than today, on which it comes back")]
    NoDay,
    /// It repeats another one.
    #[error("choose the recommendation that it repeats, another than itself")]
    NoOriginal,
    /// They decided nothing, or took it back.
    #[error("there is nothing of yours to undo")]
    NothingToUndo,
}
