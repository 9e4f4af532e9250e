//! One connection to Discord's gateway, in a runtime of its own: the library leaves tasks behind
//! when a client ends, and only the end of their runtime ends them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serenity::all::{
    ConnectionStage, Context, Event, EventHandler, GatewayIntents, Http, HttpBuilder, Interaction,
    Message, RawEventHandler, Ready, ResumedEvent, ShardManager,
};
use serenity::async_trait;
use serenity::client::ClientBuilder;
use tokio::sync::oneshot;

use super::commands::register;
use super::inbound::Roles;
use super::outbound::post;
use super::respond::{serve, serve_unreadable};
use super::status::{State, Status};
use super::{Settings, Token};
use crate::chat::core::Chat;

/// None of these has to be switched on in the portal. Of messages only those come with their words
/// that mention the bot or are written to it.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::DIRECT_MESSAGES);

/// What every connection of one bot shares.
pub(super) struct Shared {
    pub chat: Arc<Chat>,
    pub settings: Settings,
    pub status: Arc<Status>,
    roles: Roles,
    /// The bot's own user; 0 until Discord has said.
    me: AtomicU64,
}

/// How long Discord's connections may take to close: the library may wait for one that is dead.
const CLOSING: Duration = Duration::from_secs(1);

impl Shared {
    pub(super) fn new(chat: Chat, settings: Settings, status: Arc<Status>) -> Self {
        let roles = Roles::new(&settings);
        Self { chat: Arc::new(chat), settings, status, roles, me: AtomicU64::new(0) }
    }
}

/// One connection, from start to end.
pub(super) struct Session {
    runtime: Option<tokio::runtime::Runtime>,
    shards: Arc<ShardManager>,
    ended: oneshot::Receiver<serenity::Result<()>>,
    shared: Arc<Shared>,
    /// When each shard was last known to be heard from, with the round trip that was measured.
    heard: BTreeMap<u32, (Option<Duration>, Instant)>,
}

pub(super) fn http(settings: &Settings) -> Http {
    let Token(token) = &settings.token;
    let builder = HttpBuilder::new(token);
    match &settings.api {
        // The library takes a proxy only without its own rate limiter.
        Some(api) => builder.proxy(api).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

impl Session {
    /// Connects.
    ///
    /// # Errors
    /// When the system gives no threads, or the client cannot be made.
    pub(super) async fn start(shared: Arc<Shared>) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("discord")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let (tell_shards, shards) = oneshot::channel();
        let (tell_end, ended) = oneshot::channel();
        let handler = Handler { shared: Arc::clone(&shared) };
        let raw = Handler { shared: Arc::clone(&shared) };
        let http = http(&shared.settings);
        runtime.spawn(async move {
            let client = ClientBuilder::new_with_http(http, INTENTS)
                .event_handler(handler)
                .raw_event_handler(raw)
                .await;
            let end = match client {
                Ok(mut client) => {
                    let _ = tell_shards.send(Ok(Arc::clone(&client.shard_manager)));
                    client.start_autosharded().await
                }
                Err(error) => {
                    let _ = tell_shards.send(Err(error.to_string()));
                    return;
                }
            };
            let _ = tell_end.send(end); // no one waits when the session was stopped
        });
        let shards = shards.await.map_err(|_| "the client has ended".to_owned()).flatten();
        match shards {
            Ok(shards) => {
                Ok(Self { runtime: Some(runtime), shards, ended, shared, heard: BTreeMap::new() })
            }
            Err(error) => {
                runtime.shutdown_background();
                Err(error)
            }
        }
    }

    /// Waits for its end, at most this long; `None` when it goes on.
    pub(super) async fn ended(&mut self, within: Duration) -> Option<serenity::Result<()>> {
        let ended = tokio::time::timeout(within, &mut self.ended).await.ok()?;
        Some(ended.unwrap_or(Ok(())))
    }

    /// Whether every shard is connected and was heard from lately. When a heartbeat was
    /// acknowledged is not told; the round trip gets a new value each time.
    pub(super) async fn is_healthy(&mut self, heard_within: Duration) -> bool {
        let now = Instant::now();
        let runners = self.shards.runners.lock().await;
        if runners.is_empty() {
            return false;
        }
        runners.iter().all(|(id, runner)| {
            let heard = self.heard.entry(id.0).or_insert((runner.latency, now));
            if heard.0 != runner.latency {
                *heard = (runner.latency, now);
            }
            runner.stage == ConnectionStage::Connected && now - heard.1 < heard_within
        })
    }

    /// Ends it: answers that are in progress are finished, then nothing of it is left.
    pub(super) async fn stop(mut self) {
        self.shared.chat.shutdown().await;
        let _ = tokio::time::timeout(CLOSING, self.shards.shutdown_all()).await;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct Handler {
    shared: Arc<Shared>,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, context: Context, ready: Ready) {
        tracing::info!(servers = ready.guilds.len(), "connected to Discord");
        self.shared.me.store(ready.user.id.get(), Ordering::SeqCst);
        self.shared.status.set(State::Ready);
        register(&context.http, &self.shared.settings, ready.application.id).await;
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        self.shared.status.reconnected();
        self.shared.status.set(State::Ready);
    }

    async fn message(&self, context: Context, message: Message) {
        let Shared { chat, roles, me, .. } = &*self.shared;
        let Some(mention) = roles.mention(&message, me.load(Ordering::SeqCst)) else { return };
        let _begun = chat.begin();
        let Some(answer) = chat.hear(mention).await else { return };
        let below = post(&answer, Some(&message));
        if let Err(error) = context.http.send_message(message.channel_id, Vec::new(), &below).await
        {
            tracing::warn!(%error, "Discord did not take an answer to a message");
        }
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let Shared { chat, status, roles, .. } = &*self.shared;
        if !chat.is_new(&interaction.id().to_string()) {
            return status.duplicate();
        }
        let _begun = chat.begin();
        serve(chat, roles, &context.http, status, &interaction).await;
    }
}

#[async_trait]
impl RawEventHandler for Handler {
    async fn raw_event(&self, context: Context, event: Event) {
        let Event::Unknown(unknown) = event else { return };
        if unknown.kind != "INTERACTION_CREATE" {
            return;
        }
        // The library hands over what it could not read whole or only its content.
        let interaction = match unknown.value.get("d") {
            Some(inner) => inner,
            None => &unknown.value,
        };
        if interaction["id"].as_str().is_some_and(|id| !self.shared.chat.is_new(id)) {
            return self.shared.status.duplicate();
        }
        self.shared.status.unreadable();
        let _begun = self.shared.chat.begin();
        serve_unreadable(&context.http, interaction).await;
    }
}
