//! Who comes to the pages and the API: under which name, with which key, and from which browser,
//! which is known again by a cookie and its forms by a token that no other site can read.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::{PageProblem, Problem};
use crate::feedback::{Platform, Purpose};
use crate::journal::{Principal, Role};
use crate::services::Services;

/// Who may use the pages and the API.
#[derive(Debug, Clone)]
pub struct Access {
    /// The names under which the server is reached, without port; any name when there are none.
    /// A page elsewhere can point a name of its own at this machine, but not make it one of these.
    pub names: Vec<String>,
    /// Whether pages are only for browsers that came with the key, and the API for programs that
    /// bring it.
    pub locked: bool,
    /// What opens them. With another one all browsers have to come with that.
    pub key: Key,
}

/// The key of an installation. It is never printed but in the link.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Takes a key as written in its file.
    #[must_use]
    pub fn new(key: String) -> Self {
        Self(key)
    }

    /// The link that lets a browser in, after the address of the server.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/enter?key={}", self.0)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Whether a request came with the key, in a header or from a browser that had it once.
#[derive(Debug, Clone, Copy)]
pub(super) struct HasKey(pub bool);

/// What only a browser that came with the key may see.
fn is_open(path: &str) -> bool {
    matches!(path, "/enter" | "/healthz" | "/readyz") || path.starts_with("/assets/")
}

/// A browser; each is someone else.
#[derive(Debug, Clone)]
pub(super) struct Visitor(String);

impl Visitor {
    fn new(services: &Services) -> Self {
        Self(services.journal.new_id())
    }

    /// The browser that sent these headers, if it has been here before, and whether its cookie is
    /// one of today.
    fn of(services: &Services, headers: &HeaderMap) -> Option<(Self, bool)> {
        let known = |name: &str, made: &dyn Fn(&str) -> String| {
            let (id, seal) = cookie(headers, name)?.split_once('.')?;
            is_same(services, seal, &made(id)).then(|| Self(id.to_owned()))
        };
        let today =
            known(&cookie_name(services, ""), &|id| services.journal.seal(Purpose::Visitor, id));
        let before = || {
            let name = format!("cornerman-{}", services.journal.cookie_before("").0);
            known(&name, &|id| services.journal.cookie_before(id).1)
        };
        today.map(|visitor| (visitor, true)).or_else(|| Some((before()?, false)))
    }

    /// The cookie by which the browser is known again.
    fn cookie(&self, services: &Services, https: bool) -> Option<HeaderValue> {
        let Self(id) = self;
        let value = format!("{id}.{}", services.journal.seal(Purpose::Visitor, id));
        set_cookie(&cookie_name(services, ""), &value, https)
    }

    /// What shows that this browser came with this key.
    fn proof(&self, services: &Services, key: &Key) -> String {
        services.journal.seal(Purpose::Entered, &format!("{} {}", key.0, self.0))
    }

    /// Whether it did.
    fn entered(&self, services: &Services, key: &Key, headers: &HeaderMap) -> bool {
        let proof = cookie(headers, &cookie_name(services, "-key"));
        proof.is_some_and(|proof| is_same(services, proof, &self.proof(services, key)))
    }

    /// Who that is to the use cases.
    pub(super) fn caller(&self, services: &Services) -> Principal {
        Principal::rep(services.journal.pseudonym(&format!("web:{}", self.0)), Platform::Web)
    }

    /// The same for the marketer's pages: whoever may open them may decide there.
    pub(super) fn marketer(&self, services: &Services) -> Principal {
        self.caller(services).trusted_with(Role::Marketer)
    }

    /// What a form of ours brings back.
    pub(super) fn token(&self, services: &Services) -> String {
        services.journal.seal(Purpose::Form, &self.0)
    }
}

/// Cookies are shared by all ports of a machine, so that each installation needs a name of its own.
fn cookie_name(services: &Services, suffix: &str) -> String {
    format!("cornerman-{:.16}{suffix}", services.journal.seal(Purpose::CookieName, ""))
}

/// The value of a cookie that came with a request.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = cookies.flat_map(|line| line.split(';'));
    cookies.find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The header that gives a browser a cookie for a year. No script can read it; given over HTTPS it
/// is never sent without.
fn set_cookie(name: &str, value: &str, https: bool) -> Option<HeaderValue> {
    let (year, secure) = (365 * 86_400, if https { "; Secure" } else { "" });
    let cookie = format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={year}{secure}");
    HeaderValue::from_str(&cookie).ok()
}

/// Whether the browser speaks HTTPS, which a proxy says. Who says so without one only keeps their
/// own cookie to themselves.
fn is_https(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes() == b"https")
}

impl FromRequestParts<Arc<Services>> for Visitor {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Services>) -> Result<Self, PageProblem> {
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

impl<T: DeserializeOwned> FromRequest<Arc<Services>> for Signed<T> {
    type Rejection = PageProblem;

    async fn from_request(request: Request, services: &Arc<Services>) -> Result<Self, PageProblem> {
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or_else(stale)?;
        let (parts, body) = request.into_parts();
        let body =
            axum::body::Bytes::from_request(Request::from_parts(parts.clone(), body), services)
                .await
                .map_err(|rejection| Problem::body(rejection.status(), rejection.body_text()))?;
        let again = || Request::from_parts(parts.clone(), body.clone().into());
        let Form(Token { token }) = Form::from_request(again(), services).await.map_err(unread)?;
        if !is_same(services, &token, &visitor.token(services)) {
            return Err(stale().into());
        }
        let Form(form) = Form::from_request(again(), services).await.map_err(unread)?;
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
    State((services, access)): State<(Arc<Services>, Arc<Access>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let (path, headers) = (request.uri().path(), request.headers());
    let (api, open) = (path.starts_with("/api/"), is_open(path));
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(host) = text(header::HOST).filter(|host| !access.knows(host)) {
        let message = format!("host `{host}` is not allowed");
        let hint = "open it as 127.0.0.1 or localhost, or start it with --host and that name";
        return Problem::new(StatusCode::FORBIDDEN, "unknown_host", message, hint).response(!api);
    }
    // Forms carry a token; and our own pages send none of their address, so that a browser says of
    // their forms that they come from `null`.
    if api
        && request.method() == Method::POST
        && text(header::ORIGIN).is_some_and(|origin| !access.is_ours(origin, text(header::HOST)))
    {
        return Problem::CROSS_SITE.response(!api);
    }
    let known = Visitor::of(&services, headers);
    let entered =
        known.as_ref().is_some_and(|(who, _)| who.entered(&services, &access.key, headers));
    let has_key = entered || has_key(&services, &access.key, headers);
    if access.locked && !open && !(if api { has_key } else { entered }) {
        let message = "access key required";
        let hint = if api {
            "send `Authorization: Bearer` and the key that `cornerman serve` prints"
        } else {
            "open the link with the key that `cornerman serve` printed, once"
        };
        return Problem::new(StatusCode::UNAUTHORIZED, "key_needed", message, hint).response(!api);
    }
    let https = is_https(headers);
    request.extensions_mut().insert(HasKey(has_key));
    if api || open {
        return next.run(request).await;
    }
    let today = known.as_ref().is_some_and(|(_, today)| *today);
    let visitor = known.map_or_else(|| Visitor::new(&services), |(visitor, _)| visitor);
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    if let Some(cookie) = visitor.cookie(&services, https).filter(|_| !today) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl Access {
    /// Whether a page of this origin may send something: only one of ours.
    fn is_ours(&self, origin: &str, host: Option<&str>) -> bool {
        let Some((_, site)) = origin.split_once("://") else { return false };
        // A proxy may listen on another port than the one that its name is sent with.
        host.is_some_and(|host| host.eq_ignore_ascii_case(site))
            || (!self.names.is_empty() && self.knows(site))
    }

    fn knows(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        self.names.is_empty() || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

fn has_key(services: &Services, key: &Key, headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|sent| is_same(services, sent, &key.0))
}

/// Compares seals of both, so that how long it takes says nothing about the one that is known.
fn is_same(services: &Services, sent: &str, known: &str) -> bool {
    let seal = |text| services.journal.seal(Purpose::Comparison, text);
    seal(sent) == seal(known)
}

#[derive(Deserialize)]
pub(super) struct Entering {
    #[serde(default)]
    key: String,
}

/// The link with the key: from now on this browser may come in.
pub(super) fn enter(
    services: &Services,
    access: &Access,
    headers: &HeaderMap,
    Entering { key: sent }: &Entering,
) -> Result<Response, PageProblem> {
    if !is_same(services, sent, &access.key.0) {
        let hint = "copy the whole link that `cornerman serve` printed";
        let problem = Problem::new(StatusCode::FORBIDDEN, "wrong_key", "this is not the key", hint);
        return Err(problem.into());
    }
    // Who has been here before stays who they are.
    let known = Visitor::of(services, headers).map(|(visitor, _)| visitor);
    let (visitor, https) = (known.unwrap_or_else(|| Visitor::new(services)), is_https(headers));
    let proof = visitor.proof(services, &access.key);
    let mut response = Redirect::to("/").into_response();
    let cookies = [
        visitor.cookie(services, https),
        set_cookie(&cookie_name(services, "-key"), &proof, https),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
