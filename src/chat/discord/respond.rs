//! Brings a reply to Discord in time: at once when it can, else as a promise that is kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use serenity::all::{
    CreateInteractionResponse, CreateInteractionResponseMessage, Http, Interaction, InteractionId,
};

use super::bot::{Bot, show};
use super::inbound::{Act, Heard};
use super::outbound::{Page, Reply};
use super::status::Status;
use crate::card::notice;

/// Discord wants an answer within three seconds; one that takes longer than this is promised.
const PROMISE_AFTER: Duration = Duration::from_secs(1);

/// Something that has begun and needs an end.
pub(super) struct Answering {
    work: tokio::task::JoinHandle<Reply>,
    /// It changes the message whose button was pressed.
    changes: bool,
}

/// The first answer to an interaction, and what is left to do when it is only a promise.
pub(super) async fn first(
    bot: &Arc<Bot>,
    interaction: &Interaction,
) -> (CreateInteractionResponse, Option<Answering>) {
    let heard = Heard::of(interaction);
    let changes = matches!(heard.act, Act::Press { .. } | Act::Submit { .. });
    let can_wait = !matches!(heard.act, Act::Complete(_));
    let mut work = {
        let bot = Arc::clone(bot);
        tokio::spawn(async move { bot.reply(heard).await })
    };
    match tokio::time::timeout(PROMISE_AFTER, &mut work).await {
        Ok(done) => (done.unwrap_or_else(failed).respond(), None),
        Err(_) if !can_wait => (Reply::Choices(Vec::new()).respond(), None),
        Err(_) => {
            let promise = if changes {
                CreateInteractionResponse::Acknowledge
            } else {
                CreateInteractionResponse::Defer(
                    CreateInteractionResponseMessage::new().ephemeral(true),
                )
            };
            (promise, Some(Answering { work, changes }))
        }
    }
}

impl Answering {
    /// Keeps the promise.
    pub(super) async fn finish(self, http: &Http, token: &str) {
        let Self { work, changes } = self;
        let sent = match work.await.unwrap_or_else(failed) {
            // What was promised to a command is a message, to a button the change of one.
            Reply::Change(page) => edit(http, token, page).await,
            Reply::Show(page) if !changes => edit(http, token, page).await,
            Reply::Show(page) => follow_up(http, token, page).await,
            Reply::Open(_) | Reply::Choices(_) => {
                follow_up(http, token, Page::words(notice::TROUBLE)).await
            }
        };
        if let Err(error) = sent {
            tracing::warn!(%error, "Discord did not take an answer that was promised");
        }
    }
}

/// Answers an interaction that came over the gateway.
pub(super) async fn serve(bot: &Arc<Bot>, http: &Http, status: &Status, interaction: &Interaction) {
    let begun = Instant::now();
    let (response, rest) = first(bot, interaction).await;
    let (id, token) = (interaction.id(), interaction.token());
    let sent = send(http, id, token, &response).await;
    status.answered(begun.elapsed());
    match (sent, rest) {
        (Ok(()), Some(rest)) => rest.finish(http, token).await,
        (Ok(()), None) => {}
        (Err(error), _) => tracing::warn!(%error, "Discord did not take an answer"),
    }
}

/// Sends the first answer; once more when Discord itself had trouble.
async fn send(
    http: &Http,
    id: InteractionId,
    token: &str,
    response: &impl serde::Serialize,
) -> serenity::Result<()> {
    let sent = http.create_interaction_response(id, token, response, Vec::new()).await;
    match sent {
        Err(serenity::Error::Http(error))
            if error.status_code().is_some_and(|code| code.is_server_error() || code == 429) =>
        {
            tokio::time::sleep(Duration::from_millis(300)).await;
            http.create_interaction_response(id, token, response, Vec::new()).await
        }
        sent => sent,
    }
}

/// The answer to an interaction that the library cannot read: its id and token are all that is
/// needed for it. `None` when even these are missing.
pub(super) fn unreadable(interaction: &Value) -> Option<(InteractionId, String, Value)> {
    let id = interaction["id"].as_str()?.parse().ok().filter(|id| *id != 0)?;
    let token = interaction["token"].as_str()?.to_owned();
    let body = match interaction["type"].as_u64() {
        Some(4) => json!({"type": 8, "data": {"choices": []}}),
        _ => json!({"type": 4, "data": {
            "content": notice::UNREADABLE, "flags": 64, "allowed_mentions": {"parse": []},
        }}),
    };
    Some((InteractionId::new(id), token, body))
}

/// Answers an interaction that the library could not read.
pub(super) async fn serve_unreadable(http: &Http, interaction: &Value) {
    let Some((id, token, body)) = unreadable(interaction) else {
        tracing::error!("Discord sent an interaction without id or token");
        return;
    };
    match send(http, id, &token, &body).await {
        Ok(()) => tracing::error!("Discord sent an interaction that cannot be read"),
        Err(error) => {
            tracing::error!(%error, "an interaction that cannot be read stayed unanswered")
        }
    }
}

async fn edit(http: &Http, token: &str, page: Page) -> serenity::Result<()> {
    http.edit_original_interaction_response(token, &page.edit(), Vec::new()).await.map(drop)
}

async fn follow_up(http: &Http, token: &str, page: Page) -> serenity::Result<()> {
    http.create_followup_message(token, &page.follow_up(), Vec::new()).await.map(drop)
}

/// The reply when answering panicked.
fn failed(error: tokio::task::JoinError) -> Reply {
    tracing::error!(%error, "answering on Discord failed");
    show(notice::TROUBLE)
}
