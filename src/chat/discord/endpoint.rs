//! The other way to hear from Discord: it calls us over HTTP, so that any of several processes can
//! answer, and each call proves by its signature that it comes from Discord.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use serenity::all::{Http, Interaction};

use super::Settings;
use super::commands::register;
use super::inbound::Roles;
use super::notifier::DiscordNotifier;
use super::respond::{first, keep, unreadable};
use super::session::http;
use super::status::{State, Status};
use crate::chat::core::Chat;
use crate::services::Services;

/// A call that is older or newer than this is refused, so that a recorded one cannot be used later.
const FRESH: Duration = Duration::from_secs(300);

/// Discord's public key of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Takes a key as the portal shows it: 64 hexadecimal digits.
    ///
    /// # Errors
    /// A sentence when it cannot be one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut bytes = [0; 32];
        let read = hex::decode_to_slice(text.trim(), &mut bytes).is_ok();
        let key = read.then(|| VerifyingKey::from_bytes(&bytes).ok()).flatten();
        key.map(Self).ok_or_else(|| {
            "a public key has 64 hexadecimal digits; it is under General Information in the \
             developer portal"
                .to_owned()
        })
    }

    /// Whether this signature was made with Discord's half of the key over time and body.
    fn signed(&self, signature: &str, time: &str, body: &[u8]) -> bool {
        let mut bytes = [0; 64];
        // Discord writes small letters, and nothing else is taken.
        let small = !signature.bytes().any(|byte| byte.is_ascii_uppercase());
        if !small || hex::decode_to_slice(signature, &mut bytes).is_err() {
            return false;
        }
        let signature = Signature::from_bytes(&bytes);
        self.0.verify_strict(&[time.as_bytes(), body].concat(), &signature).is_ok()
    }
}

/// Answers Discord's calls.
pub struct Endpoint {
    key: PublicKey,
    chat: Arc<Chat>,
    roles: Roles,
    http: Arc<Http>,
    status: Arc<Status>,
}

/// What Discord sent: both headers as often as they came, and the body as it came.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// `X-Signature-Ed25519`.
    pub signatures: &'a [String],
    /// `X-Signature-Timestamp`.
    pub times: &'a [String],
    /// The body.
    pub body: &'a [u8],
}

impl Endpoint {
    /// Makes it ready, and registers the commands in the background; `None` without a public key.
    #[must_use]
    pub fn new(settings: Settings, services: Arc<Services>, status: Arc<Status>) -> Option<Self> {
        let key = settings.public_key?;
        let chat = Arc::new(Chat::new(services, Arc::new(DiscordNotifier::new(&settings))));
        let roles = Roles::new(&settings);
        let http = Arc::new(http(&settings));
        let asked = Arc::clone(&http);
        tokio::spawn(async move {
            match asked.get_current_application_info().await {
                Ok(application) => {
                    asked.set_application_id(application.id);
                    register(&asked, &settings, application.id).await;
                }
                Err(error) => tracing::error!(%error, "the commands could not be registered"),
            }
        });
        status.set(State::Ready);
        Some(Self { key, chat, roles, http, status })
    }

    /// The HTTP status and the body to answer a call with. `now` is in seconds since 1970.
    pub async fn answer(&self, call: Call<'_>, now: u64) -> (u16, Value) {
        let refused = |why: &str| (401, json!({"error": why}));
        let ([signature], [time]) = (call.signatures, call.times) else {
            return refused("one X-Signature-Ed25519 and one X-Signature-Timestamp are needed");
        };
        let digits = !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !self.key.signed(signature, time, call.body) {
            return refused("the signature is wrong");
        }
        // What is signed may still be an old call, sent again.
        let fresh = time.parse().is_ok_and(|time: u64| now.abs_diff(time) <= FRESH.as_secs());
        if !fresh {
            return refused("the call is too old, or a clock is wrong");
        }
        let Ok(raw) = serde_json::from_slice::<Value>(call.body) else {
            return (400, json!({"error": "the body is not JSON"}));
        };
        if raw["type"] == 1 {
            return (200, json!({"type": 1}));
        }
        self.interaction(raw).await
    }

    /// Waits for the answers that were promised and are still in progress.
    pub async fn farewell(&self) {
        self.chat.shutdown().await;
    }

    async fn interaction(&self, raw: Value) -> (u16, Value) {
        let begun = Instant::now();
        if !self.chat.is_new(raw["id"].as_str().unwrap_or_default()) {
            self.status.duplicate();
            return (202, Value::Null); // it has its answer already
        }
        let Ok(interaction) = serde_json::from_value::<Interaction>(raw.clone()) else {
            self.status.unreadable();
            tracing::error!("Discord sent an interaction that cannot be read");
            return match unreadable(&raw) {
                Some((_, _, body)) => (200, body),
                None => (400, json!({"error": "an interaction needs an id and a token"})),
            };
        };
        let (response, rest) = first(&self.chat, &self.roles, &interaction).await;
        if let Some(promise) = rest {
            let (http, begun) = (Arc::clone(&self.http), self.chat.begin());
            tokio::spawn(async move {
                let _begun = begun;
                http.set_application_id(interaction.application_id());
                keep(promise, &http, interaction.token()).await;
            });
        }
        self.status.answered(begun.elapsed());
        (200, serde_json::to_value(&response).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_explained() {
        let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(PublicKey::parse(&format!(" {}\n", key.to_uppercase())), PublicKey::parse(key));
        assert!(PublicKey::parse(key).is_ok(), "from RFC 8032, section 7.1, test 1");
        for wrong in ["", "d75a", "zz5a", &"0".repeat(63), &"é".repeat(32)] {
            assert!(PublicKey::parse(wrong).unwrap_err().contains("64 hexadecimal"), "{wrong}");
        }
    }
}
