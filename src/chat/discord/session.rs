//! The connection to Discord's gateway: delivers what people do, and brings the replies back.

use std::sync::Arc;
use std::time::Duration;

use serenity::all::{
    Context, CreateInteractionResponse, CreateInteractionResponseMessage, EventHandler,
    GatewayIntents, GuildId, Http, HttpBuilder, Interaction, Ready,
};
use serenity::async_trait;
use serenity::client::ClientBuilder;

use super::bot::{Bot, show};
use super::commands::commands;
use super::inbound::{Act, Heard};
use super::once::Once;
use super::outbound::{Page, Reply};
use super::{Settings, Token};
use crate::card::notice;
use crate::coach::Coach;

/// Discord wants an answer within three seconds; one that takes longer than this is promised.
const PROMISE_AFTER: Duration = Duration::from_secs(1);

/// The connection; ends when it is dropped.
pub struct Connection {
    runtime: Option<tokio::runtime::Runtime>,
}

/// Connects, in a runtime of its own: the library leaves tasks behind when a client ends, and only
/// the end of their runtime ends them.
///
/// # Errors
/// When the system gives no threads.
pub fn connect(settings: Settings, coach: Arc<Coach>) -> std::io::Result<Connection> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("discord")
        .enable_all()
        .build()?;
    runtime.spawn(run(settings, coach));
    Ok(Connection { runtime: Some(runtime) })
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn http(settings: &Settings) -> Http {
    let Token(token) = &settings.token;
    let builder = HttpBuilder::new(token);
    match &settings.api {
        // The library takes a proxy only without its own rate limiter.
        Some(api) => builder.proxy(api).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

async fn run(settings: Settings, coach: Arc<Coach>) {
    let handler = Handler {
        bot: Arc::new(Bot::new(coach, &settings)),
        once: Once::default(),
        guild: settings.guild,
    };
    let client = ClientBuilder::new_with_http(http(&settings), GatewayIntents::GUILDS)
        .event_handler(handler)
        .await;
    let ended = match client {
        Ok(mut client) => client.start_autosharded().await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(()) => tracing::warn!("the connection to Discord has ended"),
        Err(error) => tracing::error!(%error, "Discord is not connected"),
    }
}

struct Handler {
    bot: Arc<Bot>,
    once: Once,
    guild: Option<u64>,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, context: Context, ready: Ready) {
        tracing::info!(servers = ready.guilds.len(), "connected to Discord");
        let registered = match self.guild {
            Some(guild) => GuildId::new(guild).set_commands(&context.http, commands()).await,
            None => serenity::all::Command::set_global_commands(&context.http, commands()).await,
        };
        match registered {
            Ok(commands) => tracing::info!(commands = commands.len(), "commands are registered"),
            Err(error) => tracing::error!(%error, "the commands could not be registered"),
        }
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        match self.once.is_new(interaction.id().get()) {
            true => serve(&self.bot, &context.http, &interaction).await,
            false => tracing::info!("Discord delivered an interaction twice"),
        }
    }
}

/// Answers one interaction: at once when it can, else it promises and keeps the promise.
async fn serve(bot: &Arc<Bot>, http: &Http, interaction: &Interaction) {
    let heard = Heard::of(interaction);
    let changes = matches!(heard.act, Act::Press { .. } | Act::Submit { .. });
    let can_wait = !matches!(heard.act, Act::Complete(_));
    let (id, token) = (interaction.id(), interaction.token());
    let mut work = {
        let bot = Arc::clone(bot);
        tokio::spawn(async move { bot.reply(heard).await })
    };
    let first = tokio::time::timeout(PROMISE_AFTER, &mut work).await;
    let response = match first {
        Ok(done) => done.unwrap_or_else(failed).respond(),
        Err(_) if !can_wait => Reply::Choices(Vec::new()).respond(),
        Err(_) if changes => CreateInteractionResponse::Acknowledge,
        Err(_) => CreateInteractionResponse::Defer(
            CreateInteractionResponseMessage::new().ephemeral(true),
        ),
    };
    let promised = matches!(
        response,
        CreateInteractionResponse::Acknowledge | CreateInteractionResponse::Defer(_)
    );
    if let Err(error) = http.create_interaction_response(id, token, &response, Vec::new()).await {
        tracing::warn!(%error, "Discord did not take an answer");
        return;
    }
    if !promised {
        return;
    }
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
