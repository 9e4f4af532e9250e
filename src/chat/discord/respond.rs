//! Brings answers to Discord, over whichever way an interaction came.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use serenity::all::{
    CreateInteractionResponse, CreateInteractionResponseMessage, Http, Interaction, InteractionId,
};

use super::inbound::Roles;
use super::outbound::{edit, follow_up, respond};
use super::status::Status;
use crate::card::notice;
use crate::chat::core::{Chat, First, Kept, Promise};

/// The first answer to an interaction, and the promise when it is no more than that.
pub(super) async fn first(
    chat: &Arc<Chat>,
    roles: &Roles,
    interaction: &Interaction,
) -> (CreateInteractionResponse, Option<Promise>) {
    match chat.first(roles.event(interaction)).await {
        First::Now(reply) => (respond(reply), None),
        First::Later(promise) if promise.changes => {
            (CreateInteractionResponse::Acknowledge, Some(promise))
        }
        First::Later(promise) => {
            let private = CreateInteractionResponseMessage::new().ephemeral(true);
            (CreateInteractionResponse::Defer(private), Some(promise))
        }
    }
}

/// Keeps a promise.
pub(super) async fn keep(promise: Promise, http: &Http, token: &str) {
    let sent = match promise.keep().await {
        Kept::Edit(message) => {
            http.edit_original_interaction_response(token, &edit(&message), Vec::new()).await
        }
        Kept::FollowUp(message) => {
            http.create_followup_message(token, &follow_up(&message), Vec::new()).await
        }
    };
    if let Err(error) = sent {
        tracing::warn!(%error, "Discord did not take an answer that was promised");
    }
}

/// Answers an interaction that came over the gateway.
pub(super) async fn serve(
    chat: &Arc<Chat>,
    roles: &Roles,
    http: &Http,
    status: &Status,
    interaction: &Interaction,
) {
    let begun = Instant::now();
    let (response, rest) = first(chat, roles, interaction).await;
    let (id, token) = (interaction.id(), interaction.token());
    let sent = send(http, id, token, &response).await;
    status.answered(begun.elapsed());
    match (sent, rest) {
        (Ok(()), Some(promise)) => keep(promise, http, token).await,
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
