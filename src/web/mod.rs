//! HTTP: the rep's page, the marketer's page and the JSON API. Only translates; the use cases decide.

mod api;
mod chat;
mod connections;
mod dashboard;
mod headers;
mod layout;
mod problem;
mod visitor;
mod webhook;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::services::Services;
pub use visitor::{Access, Key};
use visitor::{Entering, HasKey};
pub use webhook::{Webhook, WebhookRequest, WebhookResponse};

/// Larger bodies are refused: 64 KiB.
const LARGEST_BODY: usize = 64 * 1024;

/// A request that takes longer is ended.
const DEADLINE: Duration = Duration::from_secs(30);

/// What every handler can reach.
type AppState = State<Arc<Services>>;

/// How a platform is doing, for `/healthz`.
pub type Health = Arc<dyn Fn() -> serde_json::Value + Send + Sync>;

/// What the chat platforms bring with them.
#[derive(Clone, Default)]
pub struct PlatformRoutes {
    /// The name of each, and how it is doing.
    pub health: Vec<(&'static str, Health)>,
    /// The paths at which they call, and who answers there.
    pub webhooks: Vec<(&'static str, Webhook)>,
}

/// Everything that is served, over these services.
pub fn router(services: Arc<Services>, access: Access, routes: PlatformRoutes) -> Router {
    let PlatformRoutes { health: platforms, webhooks } = routes;
    let access = Arc::new(access);
    let entrance = Arc::clone(&access);
    let calls = webhooks.into_iter().fold(Router::new(), |routes, (path, webhook)| {
        routes.merge(webhook::routes(path, webhook))
    });
    let routes = Router::new()
        .merge(chat::routes())
        .merge(dashboard::routes())
        .merge(api::routes())
        .route(
            "/healthz",
            get(async move |services: AppState, key: Extension<HasKey>| {
                health(&services, *key, &platforms)
            }),
        )
        .route("/readyz", get(ready))
        .route("/assets/style.css", get(style))
        .route("/assets/dashboard.css", get(dashboard_style))
        .route("/assets/desk.js", get(script))
        .route(
            "/enter",
            get(
                async move |services: AppState, headers: HeaderMap, Query(key): Query<Entering>| {
                    visitor::enter(&services, &entrance, &headers, &key)
                },
            ),
        )
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(axum::middleware::from_fn_with_state(
            (Arc::clone(&services), access),
            visitor::admit,
        ))
        .merge(calls);
    guarded(routes).with_state(services)
}

/// What goes for every answer, also for one that came too late and one to a panic.
fn guarded<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, DEADLINE))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(axum::middleware::from_fn(headers::guard))
}

/// Serves until `stop` comes, then lets requests that are in progress finish.
pub async fn serve(
    listener: tokio::net::TcpListener,
    services: Arc<Services>,
    access: Access,
    routes: PlatformRoutes,
    stop: impl Future<Output = ()>,
) {
    let journal = Arc::clone(&services.journal);
    let stop = async move {
        stop.await;
        journal.end_watches(); // a page that waits for news would keep the server from stopping
    };
    connections::serve(listener, router(services, access, routes), stop).await;
}

/// It serves. What is wrong in the playbooks and with the log is counted; anyone with the key reads
/// what it is.
fn health(
    services: &Services,
    HasKey(has_key): HasKey,
    platforms: &[(&str, Health)],
) -> impl IntoResponse + use<> {
    let (generation, problems) = (services.coach.generation(), services.coach.problems());
    let mut log = log_state(services);
    let mut health = serde_json::json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "generation": generation.id,
        "cards": generation.playbook.cards.len(),
        "problems": problems.len(),
        "platforms": platforms.iter().map(|(name, health)| (*name, health())).collect::<BTreeMap<_, _>>(),
    });
    if let Some(learning) = services.coach.learning() {
        health["learning"] = serde_json::json!(learning);
    }
    if has_key {
        health["details"] = serde_json::json!(problems);
        log["cause"] = services.journal.trouble().into();
    }
    health["log"] = log;
    axum::Json(health)
}

/// Whether anything can be logged.
fn log_state(services: &Services) -> serde_json::Value {
    let state = if services.journal.trouble().is_none() { "ok" } else { "down" };
    serde_json::json!({"state": state})
}

/// Whether it can answer, and how its parts are doing. Without a log reps still get their cards.
async fn ready(State(services): AppState) -> impl IntoResponse {
    let empty = services.coach.generation().playbook.cards.is_empty();
    let library = match (empty, services.coach.problems().is_empty()) {
        (true, _) => "down",
        (false, true) => "ok",
        (false, false) => "degraded",
    };
    let store = log_state(&services)["state"].take();
    let status = if empty { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, axum::Json(serde_json::json!({"library": library, "store": store})))
}

async fn style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "max-age=300")], include_str!("assets/style.css"))
}

async fn dashboard_style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "max-age=300")], include_str!("assets/dashboard.css"))
}

async fn script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "max-age=300")], include_str!("assets/desk.js"))
}

/// A page that could not be made; there is no input that makes this happen.
fn unrendered(error: impl std::fmt::Display) -> problem::PageProblem {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    problem::PageProblem(problem::Problem::new(status, "internal", error.to_string(), "try again"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn an_answer_to_a_panic_has_every_header() {
        let broken = get(async || -> &'static str { panic!("this is a test") });
        let routes = guarded(Router::new().route("/", broken));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(connections::serve(listener, routes, std::future::pending()));
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        assert!(reply.starts_with("HTTP/1.1 500 "), "{reply}");
        for header in ["content-security-policy: ", "x-content-type-options: nosniff", "no-store"] {
            assert!(reply.to_lowercase().contains(header), "{header}: {reply}");
        }
    }
}
