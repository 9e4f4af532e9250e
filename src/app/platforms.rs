//! Joins the chat platforms to the web server: their health, and the doors they call at.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::{oneshot, watch};

use crate::chat::discord::{self, Call, Endpoint, Refused, Settings, Status};
use crate::services::Services;
use crate::web::{PlatformRoutes, Webhook, WebhookRequest};

/// Where Discord calls when it has no gateway connection.
const DISCORD: &str = "/discord/interactions";

/// The platforms that are joined, until they are told to leave.
pub(super) struct Platforms {
    /// For the web server.
    pub platforms: PlatformRoutes,
    /// Comes when a platform that is required refuses us.
    pub refused: oneshot::Receiver<Refused>,
    /// Tells them to leave.
    pub tell_stop: watch::Sender<bool>,
    /// Ends when they have left, after what was under way.
    pub farewell: Farewell,
}

type Farewell = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Platforms {
    /// Joins Discord when it is configured.
    pub(super) fn join(discord: Option<Settings>, services: &Arc<Services>) -> Self {
        let status = Arc::new(Status::default());
        let (tell_stop, told) = watch::channel(false);
        let (tell_refused, refused) = oneshot::channel();
        let (mut endpoint, mut task) = (None, None);
        let off = discord.is_none();
        match discord {
            None => {}
            Some(settings) if settings.public_key.is_some() => {
                endpoint = Endpoint::new(settings, Arc::clone(services), Arc::clone(&status));
            }
            Some(settings) => {
                let (services, status) = (Arc::clone(services), Arc::clone(&status));
                task = Some(tokio::spawn(async move {
                    let required = settings.required;
                    let ended = discord::keep_connected(settings, services, status, told).await;
                    if let (Err(refused), true) = (ended, required) {
                        let _ = tell_refused.send(refused); // nobody waits when all is over anyway
                    }
                }));
            }
        }
        let health: crate::web::Health = if off {
            Arc::new(|| serde_json::json!({"discord": {"state": "off"}}))
        } else {
            Arc::new(move || serde_json::json!({"discord": status.json()}))
        };
        let endpoint = endpoint.map(Arc::new);
        let open = endpoint.as_ref().map(|endpoint| (DISCORD, webhook(Arc::clone(endpoint))));
        let farewell = Box::pin(async move {
            if let Some(task) = task {
                let _ = task.await; // a panic in it was reported when it happened
            }
            if let Some(endpoint) = endpoint {
                endpoint.farewell().await;
            }
        });
        Self { platforms: PlatformRoutes { health, open }, refused, tell_stop, farewell }
    }
}

/// Where Discord comes in.
fn webhook(endpoint: Arc<Endpoint>) -> Webhook {
    Arc::new(move |called| {
        let endpoint = Arc::clone(&endpoint);
        Box::pin(async move {
            let WebhookRequest { headers, body } = called;
            let all = |wanted: &str| -> Vec<String> {
                let found = headers.iter().filter(|(name, _)| name == wanted);
                found.map(|(_, value)| value.clone()).collect()
            };
            let call = Call {
                signatures: &all("x-signature-ed25519"),
                times: &all("x-signature-timestamp"),
                body: &body,
            };
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            endpoint.answer(call, now).await
        })
    })
}
