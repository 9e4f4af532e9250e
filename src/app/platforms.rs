//! Joins the chat platforms to the web server: their health, and the paths at which they call.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use tokio::sync::{mpsc, watch};

use crate::chat::discord::{self, Call, Endpoint, Refused, Settings, Status};
use crate::services::Services;
use crate::web::{PlatformRoutes, Webhook, WebhookRequest};

/// Where Discord calls when it has no gateway connection.
const DISCORD: &str = "/discord/interactions";

/// The platforms that are joined, until they are told to leave.
pub(super) struct Platforms {
    /// For the web server.
    pub routes: PlatformRoutes,
    /// Tells them to leave.
    pub tell_stop: watch::Sender<bool>,
    /// Comes when a platform that is required refuses us.
    pub refused: mpsc::Receiver<Refused>,
    tell_refused: mpsc::Sender<Refused>,
    farewells: Vec<Farewell>,
}

type Farewell = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Platforms {
    /// None yet.
    pub(super) fn new() -> Self {
        let (tell_refused, refused) = mpsc::channel(1);
        Self {
            routes: PlatformRoutes::default(),
            tell_stop: watch::Sender::new(false),
            refused,
            tell_refused,
            farewells: Vec::new(),
        }
    }

    /// Ends when all of them have left, after what was in progress.
    pub(super) fn leave(&mut self) -> impl Future<Output = ()> + use<> {
        let farewells = std::mem::take(&mut self.farewells);
        async move {
            futures_util::future::join_all(farewells).await;
        }
    }

    /// Joins Discord when it is configured.
    pub(super) fn join_discord(&mut self, settings: Option<Settings>, services: &Arc<Services>) {
        let Some(settings) = settings else {
            self.routes.health.push(("discord", Arc::new(|| json!({"state": "off"}))));
            return;
        };
        let (services, status) = (Arc::clone(services), Arc::new(Status::default()));
        let health = Arc::clone(&status);
        self.routes.health.push(("discord", Arc::new(move || health.json())));
        let endpoint = Endpoint::new(settings.clone(), Arc::clone(&services), Arc::clone(&status));
        if let Some(endpoint) = endpoint.map(Arc::new) {
            self.routes.webhooks.push((DISCORD, webhook(Arc::clone(&endpoint))));
            self.farewells.push(Box::pin(async move { endpoint.farewell().await }));
            return;
        }
        let (told, tell_refused) = (self.tell_stop.subscribe(), self.tell_refused.clone());
        let task = tokio::spawn(async move {
            let required = settings.required;
            let ended = discord::keep_connected(settings, services, status, told).await;
            if let (Err(refused), true) = (ended, required) {
                let _ = tell_refused.send(refused).await; // nobody waits when all is over anyway
            }
        });
        self.farewells.push(Box::pin(async move {
            let _ = task.await; // a panic in it was reported when it happened
        }));
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
