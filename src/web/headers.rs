//! What goes for every response: nothing foreign on our pages, nothing of them kept elsewhere.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::Problem;

/// Nothing but our own style sheet, script and forms, and nothing inline; no one may put our pages into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses forms that another site sent in the user's name, and sets the headers.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let from = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    let foreign = !matches!(from, None | Some(b"same-origin" | b"none"));
    let page = !request.uri().path().starts_with("/api/");
    let mut response = if request.method() == Method::POST && foreign {
        Problem::CROSS_SITE.response(page)
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    response
}
