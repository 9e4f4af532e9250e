//! What a caller reads when something does not work: JSON for programs, a page for people.

use std::any::Any;

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::journal::UseCaseError;

/// Something that does not work, and what to do about it.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    hint: &'static str,
}

/// A [`Problem`] that is answered in JSON.
pub(super) struct JsonProblem(pub Problem);

/// A [`Problem`] that is answered with a page.
pub(super) struct PageProblem(pub Problem);

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    message: &'a str,
    hint: &'a str,
}

impl ProblemPage<'_> {
    fn here(&self) -> &'static str {
        ""
    }
}

impl Problem {
    /// A form that another site sent.
    pub(super) const CROSS_SITE: Fixed = Fixed {
        status: StatusCode::FORBIDDEN,
        code: "cross_site",
        message: "blocked: the request came from another site",
        hint: "open the page itself and try again",
    };

    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        hint: &'static str,
    ) -> Self {
        Self { status, code, message: message.into(), hint }
    }

    /// A body that axum could not read, with the status it chose.
    pub(super) fn body(status: StatusCode, message: String) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "body_too_large",
                "the body is larger than 64 KiB",
                "send only what the customer said; a note has at most 2,000 characters",
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(
                status,
                "wrong_content_type",
                message,
                "send JSON with `Content-Type: application/json`",
            ),
            _ => Self::new(status, "invalid_body", message, "see docs/http.md for the fields"),
        }
    }

    pub(super) fn response(&self, page: bool) -> Response {
        let reference = uuid::Uuid::now_v7().to_string();
        if self.status.is_server_error() {
            tracing::error!(code = self.code, %reference, message = %self.message, "request failed");
        }
        if page {
            let page = ProblemPage { message: &self.message, hint: self.hint };
            let html = page.render().unwrap_or_else(|_| self.message.clone());
            return (self.status, Html(html)).into_response();
        }
        let error = json!({
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "reference": reference,
        });
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}

/// A problem whose words never change.
pub(super) struct Fixed {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    hint: &'static str,
}

impl Fixed {
    pub(super) fn response(&self, page: bool) -> Response {
        Problem::new(self.status, self.code, self.message, self.hint).response(page)
    }
}

impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        use UseCaseError as E;
        let (status, code, hint) = match &error {
            E::EmptyText => (400, "empty_text", "send the customer's words in `text`"),
            E::TooLong { .. } => (422, "too_long", "shorten it"),
            E::UnknownRole { .. } => (400, "unknown_role", "use a role of the policy's ladder"),
            E::UnknownWord(_) => (400, "unknown_word", "use one of those that are listed"),
            E::NoTrade => (422, "no_trade", "mark a price that has a trade"),
            E::Approval(_) => (403, "no_approval", "ask where people are signed in"),
            E::Triage(_) => (422, "no_triage", "go back, complete it and send it again"),
            E::NotOffered => (409, "not_offered", "mark it as said first, once you said it"),
            E::Overtaken => (409, "overtaken", "ask for the price again"),
            E::NotYours => {
                (403, "not_yours", "ask it yourself; your own answer has the same buttons")
            }
            E::NotAllowed(_) => (403, "not_allowed", "ask your Cornerman admin for the role"),
            E::NotSignedIn => (403, "not_signed_in", "ask where people are signed in"),
            E::UnknownReceipt(_) => {
                (404, "unknown_receipt", "ask first; every answer has a receipt")
            }
            E::CardNotShown(_) => {
                (422, "card_not_shown", "leave `card_id` out to mark the first card")
            }
            E::KeyReused => {
                (422, "idempotency_key_reused", "a key belongs to one request; make a new one")
            }
            E::NoLog | E::Store(_) => {
                let hint = "nothing was recorded; try again, with the same idempotency key";
                (503, "log_unavailable", hint)
            }
            E::Finder(_) => (500, "search_failed", "try again; see the log"),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, code, message(&error), hint)
    }
}

/// What went wrong. If it is inside, it is for the operator's log and not for the person who asked.
fn message(error: &UseCaseError) -> String {
    match error {
        UseCaseError::Store(inner) => {
            tracing::error!(error = %inner, "the log failed");
            "the log cannot be written at the moment".to_owned()
        }
        UseCaseError::Finder(inner) => {
            tracing::error!(error = %inner, "the search failed");
            "the search failed".to_owned()
        }
        other => other.to_string(),
    }
}

impl From<axum::extract::rejection::QueryRejection> for Problem {
    fn from(rejection: axum::extract::rejection::QueryRejection) -> Self {
        let hint = "follow the links of the page instead of editing its address";
        Self::new(rejection.status(), "invalid_query", rejection.body_text(), hint)
    }
}

impl<E: Into<Problem>> From<E> for JsonProblem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl<E: Into<Problem>> From<E> for PageProblem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for JsonProblem {
    fn into_response(self) -> Response {
        self.0.response(false)
    }
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        self.0.response(true)
    }
}

/// No route.
pub(super) async fn not_found(request: Request) -> Response {
    let path = request.uri().path();
    let message = format!("there is nothing at {}", path.chars().take(100).collect::<String>());
    let problem =
        Problem::new(StatusCode::NOT_FOUND, "not_found", message, "the rep's page is at /");
    problem.response(!path.starts_with("/api/"))
}

/// A route, but not with this method.
pub(super) async fn wrong_method(request: Request) -> Response {
    let page = !request.uri().path().starts_with("/api/");
    let message = format!("{} does not work here", request.method());
    let status = StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(status, "wrong_method", message, "the API takes POST").response(page)
}

/// A handler panicked; the cause is in the log.
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause.downcast_ref::<&str>().copied().map(str::to_owned);
    tracing::error!(cause = cause.unwrap_or_default(), "a handler panicked");
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Problem::new(status, "internal", "internal server error", "try again").response(false)
}
