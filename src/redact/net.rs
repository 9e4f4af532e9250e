//! Addresses of machines, and what in the address of a page opens a door.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::cue::stands_before;
use super::keys::is_random;
use super::{Found, Kind, stands_alone};

/// Numbers with points that are no addresses.
const VERSIONS: &[&str] = &[
    "agent",
    "agents",
    "app",
    "client",
    "driver",
    "kernel",
    "plugin",
    "runtime",
    "sdk",
    "sensor",
    "v",
    "ver",
    "version",
    "build",
    "release",
    "firmware",
    "section",
    "chapter",
    "clause",
    "paragraph",
    "article",
    "patch",
    "python",
];
const MACHINES: &[&str] =
    &["ip", "ipv4", "server", "host", "dns", "ping", "address", "machine", "gateway", "router"];

/// Names of parts of an address of a page whose values are secrets.
const SECRETS: &[&str] = &[
    "access",
    "apikey",
    "auth",
    "authorization",
    "code",
    "credential",
    "invite",
    "jwt",
    "key",
    "magic",
    "nonce",
    "otp",
    "pass",
    "passwd",
    "password",
    "pin",
    "pwd",
    "reset",
    "secret",
    "session",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "ticket",
    "token",
];

#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static V4: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}").unwrap());
#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static V6: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*").unwrap());
#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)(?:[a-z][a-z0-9+.-]*://|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}/)[^\s<>"']+"#)
        .unwrap()
});

pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for address in V4.find_iter(text).filter(|address| address.as_str().parse::<Ipv4Addr>().is_ok())
    {
        let (start, end) = (address.start(), address.end());
        let before = text[..start].ends_with(['.', '-', '§']);
        let more = text[end..]
            .strip_prefix('.')
            .is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit()));
        // "1.2.3.4 of the product" is a version, unless someone says that it is not.
        let small = address.len() == 7 && !stands_before(text, start, MACHINES);
        let version = before || more || small || stands_before(text, start, VERSIONS);
        if !version && stands_alone(text, start, end) {
            found.push(Found { start, end, kind: Kind::Ip });
        }
    }
    for address in V6.find_iter(text) {
        let piece = address.as_str().trim_end_matches('.');
        // An address at the end of a clause takes the colon with it.
        let piece = match piece.strip_suffix(':') {
            Some(without) if !without.ends_with(':') => without,
            _ => piece,
        };
        let (start, end) = (address.start(), address.start() + piece.len());
        let any = piece.contains(|c: char| c.is_ascii_hexdigit());
        if any && piece.parse::<Ipv6Addr>().is_ok() && stands_alone(text, start, end) {
            found.push(Found { start, end, kind: Kind::Ip });
        }
    }
    for page in PAGE.find_iter(text) {
        secrets(page.as_str(), page.start(), found);
    }
}

/// The secret parts of the address of a page.
fn secrets(page: &str, offset: usize, found: &mut Vec<Found>) {
    let mut take = |start: usize, end: usize| {
        found.push(Found { start: offset + start, end: offset + end, kind: Kind::UrlToken });
    };
    let host = page.find("://").map_or(0, |at| at + 3);
    let path = page[host..].find(['/', '?', '#']).map_or(page.len(), |at| host + at);
    if let Some(at) = page[host..path].rfind('@').filter(|at| page[host..host + at].contains(':')) {
        take(host, host + at);
    }
    let query = page[path..].find(['?', '#']).map_or(page.len(), |at| path + at);
    let mut start = path;
    for segment in page[path..query].split('/') {
        let bare = segment.trim_end_matches([',', '.', ')', ';', '!']);
        if bare.len() >= 20 && is_random(bare) {
            take(start, start + bare.len());
        }
        start += segment.len() + 1;
    }
    let mut start = query;
    for part in page[query..].split(['?', '&', '#', ';']) {
        if let Some((name, value)) = part.split_once('=') {
            let value = value.trim_end_matches([',', '.', ')', '!']);
            let name_words = name.to_lowercase();
            let secret = name_words
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| SECRETS.contains(&word))
                || SECRETS.iter().any(|secret| secret.len() > 4 && name_words.ends_with(secret));
            if !value.is_empty()
                && !value.starts_with('[')
                && (secret || value.len() >= 20 && is_random(value))
            {
                let at = start + name.len() + 1;
                take(at, at + value.len());
            }
        }
        start += part.len() + 1;
    }
}
