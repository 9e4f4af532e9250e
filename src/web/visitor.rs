//! Who comes to the pages and the API: under which name, with which key, and from which browser,
//! which is known again by a cookie and its forms by a token that no other site can read.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::{PageProblem, Problem};
use crate::coach::{Caller, Coach};
use crate::feedback::Platform;

/// Who may use the pages and the API.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The names under which the server is reached, without port; any name when there are none.
    /// A page elsewhere can point a name of its own at this machine, but not make it one of these.
    pub names: Vec<String>,
    /// Whether pages are only for browsers that came with the key, and the API for programs that
    /// bring it.
    pub locked: bool,
}

/// What only a browser that came with the key may see.
fn is_open(path: &str) -> bool {
    matches!(path, "/enter" | "/healthz" | "/readyz") || path.starts_with("/assets/")
}

/// A browser; each is somebody else.
#[derive(Debug, Clone)]
pub(super) struct Visitor(String);

impl Visitor {
    fn new(coach: &Coach) -> Self {
        Self(coach.new_id())
    }

    /// The browser that sent these headers, if it has been here before.
    fn of(coach: &Coach, headers: &HeaderMap) -> Option<Self> {
        let name = cookie_name(coach);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = cookies.flat_map(|line| line.split(';'));
        let value =
            cookies.find_map(|cookie| cookie.trim().strip_prefix(&name)?.strip_prefix('='))?;
        let (id, seal) = value.split_once('.')?;
        is_same(coach, seal, &coach.seal(&format!("visitor:{id}"))).then(|| Self(id.to_owned()))
    }

    /// The header by which the browser is known again, for a year. No script can read it.
    fn cookie(&self, coach: &Coach) -> Option<HeaderValue> {
        let Self(id) = self;
        let (name, seal) = (cookie_name(coach), coach.seal(&format!("visitor:{id}")));
        let year = 365 * 86_400;
        let cookie = format!("{name}={id}.{seal}; HttpOnly; SameSite=Lax; Path=/; Max-Age={year}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// Who that is to the coach.
    pub(super) fn caller(&self, coach: &Coach) -> Caller {
        Caller { actor: coach.pseudonym(&format!("web:{}", self.0)), platform: Platform::Web }
    }

    /// What a form of ours brings back.
    pub(super) fn token(&self, coach: &Coach) -> String {
        coach.seal(&format!("form:{}", self.0))
    }
}

/// Cookies are shared by all ports of a machine, so that each installation needs a name of its own.
fn cookie_name(coach: &Coach) -> String {
    format!("cornerman-{}", coach.pseudonym("cookie"))
}

impl FromRequestParts<Arc<Coach>> for Visitor {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Coach>) -> Result<Self, PageProblem> {
        parts.extensions.get().cloned().ok_or_else(|| stale().into())
    }
}

/// A form of ours, from the browser to which it was given.
pub(super) struct Signed<T>(pub Visitor, pub T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

impl<T: DeserializeOwned> FromRequest<Arc<Coach>> for Signed<T> {
    type Rejection = PageProblem;

    async fn from_request(request: Request, coach: &Arc<Coach>) -> Result<Self, PageProblem> {
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or_else(stale)?;
        let (parts, body) = request.into_parts();
        let body = axum::body::Bytes::from_request(Request::from_parts(parts.clone(), body), coach)
            .await
            .map_err(|rejection| Problem::body(rejection.status(), rejection.body_text()))?;
        let again = || Request::from_parts(parts.clone(), body.clone().into());
        let Form(Token { token }) = Form::from_request(again(), coach).await.map_err(unread)?;
        if !is_same(coach, &token, &visitor.token(coach)) {
            return Err(stale().into());
        }
        let Form(form) = Form::from_request(again(), coach).await.map_err(unread)?;
        Ok(Self(visitor, form))
    }
}

fn unread(rejection: FormRejection) -> Problem {
    Problem::body(rejection.status(), rejection.body_text())
}

/// A form that is not of this browser's pages.
fn stale() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "stale_form",
        "this form is not from a page that was opened here",
        "go back, reload the page and send it again; the browser has to take cookies",
    )
}

/// Lets in who may come in, and gives a new browser its cookie.
pub(super) async fn admit(
    State((coach, access)): State<(Arc<Coach>, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let (api, open) = (path.starts_with("/api/"), is_open(path));
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if let Some(host) = host.filter(|host| !access.knows(host)) {
        let message = format!("this server is not known as `{host}`");
        let hint = "open it as 127.0.0.1 or localhost, or start it with --host and that name";
        return Problem::new(StatusCode::FORBIDDEN, "unknown_host", message, hint).response(!api);
    }
    let visitor = Visitor::of(&coach, request.headers());
    if access.locked && !open && visitor.is_none() && !(api && has_key(&coach, request.headers())) {
        let message = "the key is needed here";
        let hint = match api {
            true => "send `Authorization: Bearer` and the key that `cornerman serve` prints",
            false => "open the link with the key that `cornerman serve` printed, once",
        };
        return Problem::new(StatusCode::UNAUTHORIZED, "key_needed", message, hint).response(!api);
    }
    if api || open {
        return next.run(request).await;
    }
    let new = visitor.is_none();
    let visitor = visitor.unwrap_or_else(|| Visitor::new(&coach));
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    if let Some(cookie) = visitor.cookie(&coach).filter(|_| new) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl Access {
    fn knows(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        self.names.is_empty() || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// What opens the pages of an installation that is locked.
pub(super) fn key(coach: &Coach) -> String {
    coach.seal("key")
}

fn has_key(coach: &Coach, headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|sent| is_same(coach, sent, &key(coach)))
}

/// Compares seals of both, so that how long it takes says nothing about the one that is known.
fn is_same(coach: &Coach, sent: &str, known: &str) -> bool {
    let seal = |text| coach.seal(&format!("try:{text}"));
    seal(sent) == seal(known)
}

#[derive(Deserialize)]
pub(super) struct Entering {
    #[serde(default)]
    key: String,
}

/// The link with the key: from now on this browser may come in.
pub(super) async fn enter(
    State(coach): State<Arc<Coach>>,
    Query(Entering { key: sent }): Query<Entering>,
) -> Result<Response, PageProblem> {
    if !is_same(&coach, &sent, &key(&coach)) {
        let hint = "copy the whole link that `cornerman serve` printed";
        let problem = Problem::new(StatusCode::FORBIDDEN, "wrong_key", "this is not the key", hint);
        return Err(problem.into());
    }
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = Visitor::new(&coach).cookie(&coach) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
