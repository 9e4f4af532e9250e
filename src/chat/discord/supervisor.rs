//! Keeps the connection to Discord: watches it, makes it again, and never so often that Discord
//! would take the token away (it does after 1,000 starts in 24 hours).

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serenity::all::{GatewayError, Http, HttpError};
use tokio::sync::watch;

use super::Settings;
use super::notifier::DiscordNotifier;
use super::session::{Session, Shared, http};
use super::status::{State, Status};
use crate::chat::core::Chat;
use crate::model::Timestamp;
use crate::ports::StateStore;
use crate::services::Services;

/// With fewer starts left for today than this, Discord is left alone.
const STARTS_KEPT: u64 = 50;
/// A start that has not connected by then has failed.
const CONNECT_WITHIN: Duration = Duration::from_secs(20);
/// How often the connection is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Discord acknowledges a heartbeat every 41 seconds; three missed ones are too many.
const HEARD_WITHIN: Duration = Duration::from_secs(125);
/// A connection that is unwell for so long is made again.
const UNWELL_FOR: Duration = Duration::from_secs(60);
/// The first pause after a failure; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
/// So many failures in a day are too many: it stays closed until someone acts.
const FAILURES_A_DAY: usize = 20;
const DAY: u64 = 24 * 3_600;

/// Why Discord stays off until someone acts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Discord: {0}")]
pub struct Refused(pub String);

/// What has to outlive a restart: a supervisor that starts us again must not undo a pause.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Memory {
    /// Seconds since 1970; no start before that.
    not_before: u64,
    /// When starts failed, in seconds since 1970; those of the last day.
    failures: Vec<u64>,
}

/// Connects, and keeps the connection until `stop` says so.
///
/// # Errors
/// [`Refused`] when trying again is of no use.
pub async fn keep_connected(
    settings: Settings,
    services: Arc<Services>,
    status: Arc<Status>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Refused> {
    let keeper = Keeper {
        state: Arc::clone(&settings.state),
        patience: settings.patience,
        shared: Arc::new(Shared::new(
            Chat::new(services, Arc::new(DiscordNotifier::new(&settings))),
            settings,
            Arc::clone(&status),
        )),
    };
    let ended = keeper.run(&mut stop).await;
    match &ended {
        Ok(()) => status.set(State::Stopped),
        Err(Refused(why)) => {
            tracing::error!("Discord is off: {why}");
            status.set(State::Refused { why: why.clone() });
        }
    }
    ended
}

/// The name of the note of failed starts.
const PAUSED: &str = "discord-paused.json";

struct Keeper {
    state: Arc<dyn StateStore>,
    /// Multiplies every wait.
    patience: f32,
    shared: Arc<Shared>,
}

/// How a session ended.
enum End {
    /// It was told to.
    Stopped,
    /// It failed, and why.
    Failed(String),
}

impl Keeper {
    async fn run(&self, stop: &mut watch::Receiver<bool>) -> Result<(), Refused> {
        let http = http(&self.shared.settings);
        let mut unreachable = 0;
        loop {
            let memory = self.memory();
            if memory.failures.len() >= FAILURES_A_DAY {
                let file = self.state.place(PAUSED);
                return Err(Refused(format!(
                    "{FAILURES_A_DAY} starts failed within a day; find out why, delete {file} and \
                     start again"
                )));
            }
            let wait = memory.not_before.saturating_sub(now());
            if wait > 0 && self.pause(wait, "an earlier start failed", stop).await {
                return Ok(());
            }
            let failed = match self.starts_left(&http).await? {
                Ok(None) => match self.session(stop).await? {
                    End::Stopped => return Ok(()),
                    End::Failed(why) => why,
                },
                Ok(Some(reset)) => {
                    let why = "Discord allows hardly any more starts today";
                    if self.pause(reset.as_secs() + 1, why, stop).await {
                        return Ok(());
                    }
                    continue;
                }
                // No start was spent: a machine without network may try as often as it likes.
                Err(why) => {
                    let pause = self.pause_after(unreachable);
                    unreachable += 1;
                    if self.pause(pause, &why, stop).await {
                        return Ok(());
                    }
                    continue;
                }
            };
            unreachable = 0;
            tracing::warn!("the connection to Discord failed: {failed}");
            let pause = self.remember_failure();
            if self.pause(pause, &failed, stop).await {
                return Ok(());
            }
        }
    }

    /// Waits; whether it was told to stop meanwhile.
    async fn pause(&self, seconds: u64, why: &str, stop: &mut watch::Receiver<bool>) -> bool {
        let micros = i64::try_from((now() + seconds) * 1_000_000).unwrap_or(i64::MAX);
        let until = Timestamp::from_unix_micros(micros);
        tracing::warn!("Discord is paused until {until}: {why}");
        self.shared.status.set(State::Paused { until, why: why.to_owned() });
        let stopped =
            tokio::time::timeout(Duration::from_secs(seconds), stop.wait_for(|s| *s)).await;
        self.shared.status.set(State::Connecting);
        stopped.is_ok()
    }

    /// Whether a start is allowed; else how long to wait for it.
    async fn starts_left(&self, http: &Http) -> Result<Result<Option<Duration>, String>, Refused> {
        let asked = tokio::time::timeout(CONNECT_WITHIN, http.get_bot_gateway()).await;
        match asked {
            Err(_) => Ok(Err("Discord does not answer".to_owned())),
            Ok(Ok(gateway)) => {
                let limit = gateway.session_start_limit;
                let few = limit.remaining < STARTS_KEPT;
                Ok(Ok(few.then(|| Duration::from_millis(limit.reset_after))))
            }
            Ok(Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(response))))
                if response.status_code == 401 =>
            {
                Err(Refused(TOKEN_REFUSED.to_owned()))
            }
            Ok(Err(error)) => Ok(Err(format!("Discord cannot be reached: {error}"))),
        }
    }

    /// One session, from its start to its end.
    async fn session(&self, stop: &mut watch::Receiver<bool>) -> Result<End, Refused> {
        let mut session = match Session::start(Arc::clone(&self.shared)).await {
            Ok(session) => session,
            Err(error) => return Ok(End::Failed(error)),
        };
        let end = tokio::select! {
            end = self.watch(&mut session) => end,
            _ = stop.wait_for(|stop| *stop) => Ok(End::Stopped),
        };
        session.stop().await;
        end
    }

    /// Looks at a session until it has to end.
    async fn watch(&self, session: &mut Session) -> Result<End, Refused> {
        let patient = |time: Duration| time.mul_f32(self.patience);
        let (mut well, mut unwell_since) = (false, tokio::time::Instant::now());
        loop {
            if let Some(ended) = session.ended(patient(LOOK_EVERY)).await {
                return match ended {
                    Ok(()) => Ok(End::Failed("the session has ended".to_owned())),
                    Err(error) => fatal(&error).map_or_else(
                        || Ok(End::Failed(error.to_string())),
                        |why| Err(Refused(why.to_owned())),
                    ),
                };
            }
            if session.is_healthy(patient(HEARD_WITHIN)).await {
                if !well {
                    self.forget_failures();
                }
                (well, unwell_since) = (true, tokio::time::Instant::now());
                self.shared.status.set(State::Ready);
                continue;
            }
            let allowed = if well { UNWELL_FOR } else { CONNECT_WITHIN };
            if well {
                self.shared.status.set(State::Reconnecting);
            }
            if unwell_since.elapsed() > patient(allowed) {
                let why =
                    if well { "Discord is not heard any more" } else { "no session came about" };
                return Ok(End::Failed(why.to_owned()));
            }
        }
    }

    fn memory(&self) -> Memory {
        let text = self.state.get(PAUSED).unwrap_or_else(|error| {
            tracing::warn!(%error, "the pause of Discord could not be read");
            None
        });
        let mut memory: Memory =
            serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
        memory.failures.retain(|at| now().saturating_sub(*at) < DAY);
        memory
    }

    fn write(&self, memory: &Memory) {
        let text = serde_json::to_string(memory).unwrap_or_default();
        if let Err(error) = self.state.put(PAUSED, &text) {
            tracing::warn!(%error, "the pause of Discord could not be noted");
        }
    }

    /// Notes a failure and says how many seconds to wait.
    fn remember_failure(&self) -> u64 {
        let mut memory = self.memory();
        let seconds = self.pause_after(memory.failures.len());
        memory.failures.push(now());
        memory.not_before = now() + seconds;
        self.write(&memory);
        seconds
    }

    /// How many seconds to wait after so many failures.
    fn pause_after(&self, failures: usize) -> u64 {
        let doublings = u32::try_from(failures).unwrap_or(u32::MAX).min(10);
        let longest = (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
        // Jitter, so that many bots that failed together do not come back together.
        let seconds = longest.mul_f32(self.patience * (0.2 + 0.8 * chance()));
        seconds.as_secs().max(1)
    }

    fn forget_failures(&self) {
        let memory = self.memory();
        if memory != Memory::default() {
            self.write(&Memory { not_before: 0, ..memory });
        }
    }
}

pub(super) const TOKEN_REFUSED: &str = "Discord refuses the token; make a new one in the developer portal \
    (Bot, Reset Token), put it into DISCORD_TOKEN or DISCORD_TOKEN_FILE and start again";

/// What is of no use to try again, in words.
fn fatal(error: &serenity::Error) -> Option<&'static str> {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => Some(TOKEN_REFUSED),
        serenity::Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => Some(
            "Discord refuses the intents; switch them on in the developer portal (Bot, Privileged \
             Gateway Intents) or take the setting back that asks for them",
        ),
        _ => None,
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Somewhere between 0 and 1: the clock's last digits, which differ enough from bot to bot.
fn chance() -> f32 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    f32::from(u16::try_from(nanos / 1_000 % 1_000).unwrap_or(500)) / 1_000.0
}
