//! What the chat wants from its platform besides bringing an answer to what someone did.

use super::event::Person;
use super::message::{Message, Text};
use crate::ports::PortFuture;

/// A platform, as the chat needs it.
pub trait Notifier: Send + Sync {
    /// Why someone gets nothing here: they are not of the team, for example. `None` when they may
    /// ask.
    fn refuses<'a>(&'a self, person: &'a Person) -> PortFuture<'a, Option<&'static str>>;

    /// Why no exception from the price policy can be asked for here; `None` when it can.
    fn no_approvers(&self) -> Option<&'static str>;

    /// Brings a request for an exception to those who decide.
    fn post_to_approvers(&self, message: Message) -> PortFuture<'_, Result<(), NotSent>>;

    /// Brings a message to one person alone.
    fn direct_message<'a>(
        &'a self,
        user: &'a str,
        message: Message,
    ) -> PortFuture<'a, Result<(), NotSent>>;

    /// The line of the help that says what this platform has besides commands.
    fn help(&self) -> Option<Text> {
        None
    }
}

/// The platform did not take a message, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSent(pub String);
