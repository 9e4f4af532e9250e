//! Answers in time: at once when it can be done, else with a promise that is kept.

use std::sync::Arc;
use std::time::Duration;

use super::chat::Chat;
use super::event::{Act, Event};
use super::message::{Message, Reply};
use crate::card::notice;

/// Platforms want an answer within three seconds; one that takes longer than this is promised.
const PROMISE_AFTER: Duration = Duration::from_secs(1);

/// The first answer to what someone did.
#[derive(Debug)]
pub enum First {
    /// The answer.
    Now(Reply),
    /// The platform is told to wait, and [`Promise::keep`] has the answer.
    Later(Promise),
}

/// An answer that is still in progress.
#[derive(Debug)]
pub struct Promise {
    work: tokio::task::JoinHandle<Reply>,
    /// Whether a message changes whose button was pressed; else a new one is promised.
    pub changes: bool,
}

/// How a promise is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// What was promised, a new message or a change, has this content.
    Edit(Message),
    /// The message whose button was pressed stays as it is, and this comes besides, for the same
    /// person alone.
    FollowUp(Message),
}

impl Chat {
    /// The first answer to what someone did, within a second.
    pub async fn first(self: &Arc<Self>, event: Event) -> First {
        let changes = matches!(event.act, Act::Press { .. } | Act::Submit { .. });
        let can_wait = !matches!(event.act, Act::Complete(_));
        let mut work = {
            let chat = Arc::clone(self);
            tokio::spawn(async move { chat.reply(event).await })
        };
        match tokio::time::timeout(PROMISE_AFTER, &mut work).await {
            Ok(done) => First::Now(done.unwrap_or_else(failed)),
            Err(_) if can_wait => First::Later(Promise { work, changes }),
            Err(_) => First::Now(Reply::Choices(Vec::new())),
        }
    }
}

impl Promise {
    /// Waits for the answer.
    pub async fn keep(self) -> Kept {
        match self.work.await.unwrap_or_else(failed) {
            // What was promised to a command is a message, to a button the change of one.
            Reply::Change(message) => Kept::Edit(message),
            Reply::Show(message) if !self.changes => Kept::Edit(message),
            Reply::Show(message) => Kept::FollowUp(message),
            Reply::Open(_) | Reply::Choices(_) => Kept::FollowUp(Message::words(notice::TROUBLE)),
        }
    }
}

/// The reply when answering panicked.
fn failed(error: tokio::task::JoinError) -> Reply {
    tracing::error!(%error, "answering in a chat failed");
    Reply::words(notice::TROUBLE)
}
