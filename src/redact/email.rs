//! E-mail addresses, also with spaces round the sign or with `[at]` and `(dot)`.

use std::sync::LazyLock;

use regex::Regex;

use super::cue::stands_before;
use super::{Found, Kind};

/// So far before an address, in bytes, a name and password may begin.
const NEAR: usize = 300;

const CUES: &[&str] = &["mail", "email", "address", "reach", "write", "contact"];

#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let at = r"(?:@|(?P<far> ?[\[({] ?(?:(?i:at)|@) ?[\])}] ?| @ ?|@ ))";
    let dot = r"(?:\.| ?[\[({] ?(?i:dot) ?[\])}] ?)";
    let local = r"[\p{L}\p{N}\p{M}_%+'~&-]";
    let label = r"[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?";
    let top = r"(?:xn--[A-Za-z0-9-]+|[\p{L}\p{M}]{2,})";
    Regex::new(&format!("(?P<local>{local}+(?:{dot}{local}+)*){at}(?:{label}{dot})+{top}")).unwrap()
});

pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    if !text.contains(['@', '[', '(', '{']) {
        return;
    }
    for address in ADDRESS.captures_iter(text) {
        let (Some(whole), Some(local)) = (address.get(0), address.name("local")) else { continue };
        let quoted = local.as_str().trim_start_matches(['\'', '&', '-']);
        let start = local.end() - quoted.len();
        // "the fair @ example.com" is a place, "jo.doe @ example.com" a person.
        let bracketed =
            address.name("far").is_none_or(|far| far.as_str().contains(['[', '(', '{']));
        let composed = quoted.contains(['.', '_', '+']) || quoted.contains(char::is_numeric);
        let person = bracketed || composed || stands_before(text, start, CUES);
        if !quoted.is_empty() && person && !is_password(&text[..start]) {
            found.push(Found { start, end: whole.end(), kind: Kind::Email });
        }
    }
}

/// Whether a name and a password for a page go on here: `https://jo:secret@example.com`.
fn is_password(before: &str) -> bool {
    // Looking back through all of a long text for each of its addresses would take long.
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
    let chunk = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    chunk
        .rsplit_once("://")
        .is_some_and(|(_, behind)| behind.contains(':') && !behind.contains(['/', '?']))
}
