//! A webhook for a platform's server that calls us. It knows nothing of the platform: who answers is
//! put behind it where the rooms are put together.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::services::Services;

/// Larger bodies are refused: 1 MiB.
const LARGEST_BODY: usize = 1024 * 1024;

/// What was sent: headers by name in lower case, and the body as it came.
#[derive(Debug)]
pub struct WebhookRequest {
    /// Names and values, as often as they came; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What to answer: a status, and JSON or nothing.
pub type WebhookResponse = (u16, serde_json::Value);

/// Who answers.
pub type Webhook = Arc<
    dyn Fn(WebhookRequest) -> Pin<Box<dyn Future<Output = WebhookResponse> + Send>> + Send + Sync,
>;

pub(super) fn routes(path: &str, webhook: Webhook) -> Router<Arc<Services>> {
    let answer = async move |headers: HeaderMap, body: Bytes| {
        let text = |value: &header::HeaderValue| value.to_str().map(str::to_owned).ok();
        let headers = headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
            .collect();
        respond(webhook(WebhookRequest { headers, body: body.to_vec() }).await)
    };
    Router::new().route(path, post(answer)).layer(DefaultBodyLimit::max(LARGEST_BODY))
}

fn respond((status, json): WebhookResponse) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if json.is_null() { status.into_response() } else { (status, axum::Json(json)).into_response() }
}
