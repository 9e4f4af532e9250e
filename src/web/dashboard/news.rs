//! What comes into the log while a page is open: a stream of server-sent events that says of what kind
//! it was and nothing more.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{self, KeepAlive, Sse};
use futures_util::Stream;
use tokio::sync::broadcast::error::RecvError;

use crate::feedback::{Body, Event};
use crate::model::Outcome;
use crate::web::AppState;

/// What a marketer wants to know at once.
fn news(event: &Event) -> Option<&'static str> {
    match &event.body {
        Body::Answered { outcome: Outcome::None, .. } => Some("gap"),
        Body::Recommended { .. } => Some("recommendation"),
        Body::ApprovalRequested(_) => Some("approval"),
        _ => None,
    }
}

/// The stream. It ends when the server stops; a browser asks for it again by itself.
pub(super) async fn stream(
    State(services): AppState,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let watch = services.journal.watch();
    let stream = futures_util::stream::unfold(watch, async |watch| {
        let mut watch = watch?;
        loop {
            match watch.recv().await {
                Ok(event) => {
                    if let Some(kind) = news(&event) {
                        return Some((Ok(sse::Event::default().data(kind)), Some(watch)));
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
