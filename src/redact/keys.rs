//! Keys and passwords for programs: by the prefixes their makers give them, or by what is said of
//! them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Kind, stands_alone};

#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static PREFIXED: LazyLock<Regex> = LazyLock::new(|| {
    let forms = [
        r"(?:AKIA|ASIA)[0-9A-Z]{16}",
        r"gh[pousr]_[A-Za-z0-9]{20,}",
        r"github_pat_[A-Za-z0-9_]{20,}",
        r"glpat-[A-Za-z0-9_-]{16,}",
        r"xox[a-z]-[A-Za-z0-9-]{8,}",
        r"xapp-[A-Za-z0-9-]{8,}",
        r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}",
        r"sk-[A-Za-z0-9_-]{20,}",
        r"whsec_[A-Za-z0-9+/=]{16,}",
        r"AIza[A-Za-z0-9_-]{30,}",
        r"npm_[A-Za-z0-9]{30,}",
        r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)",
    ];
    Regex::new(&forms.join("|")).unwrap()
});

#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    let name = [
        "api[ _-]?key",
        "secret(?:[ _-]?key)?",
        "bearer",
        "(?:access[ _-]?|auth[ _-]?)?token",
        "access[ _-]?key",
        "password",
        "passwd",
        "pwd",
    ]
    .join("|");
    let value = r"[A-Za-z0-9_+/=.~-]{12,}";
    Regex::new(&format!(r#"(?i)\b(?:{name})\b(?: is|:|=| =)?\s*["'`]?(?P<value>{value})"#)).unwrap()
});

/// A setting whose name says that it is a secret: what follows it is one, however it looks.
#[expect(clippy::unwrap_used, reason = "a constant, and a test that uses it")]
static SETTING: LazyLock<Regex> = LazyLock::new(|| {
    let word = "secret|password|passwd|pwd|passphrase|token|api_?key|access_?key|private_?key|credentials?";
    let name = format!(r"(?:[a-z0-9]+[_-])*(?:{word})(?:[_-](?:key|id|value|base64))*");
    // With a colon only a name that is put together: "the secret: customers" is talk.
    let form = format!(
        r#"(?i)(?:\b{name}\s?=\s?|\b[a-z0-9]+[_-]{name}\s?:\s?)["'`]?(?P<value>[^\s"'`,;]{{8,}})"#
    );
    Regex::new(&form).unwrap()
});

pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for setting in SETTING.captures_iter(text) {
        if let Some(value) = setting.name("value").filter(|value| !value.as_str().starts_with('['))
        {
            let end = value.start() + value.as_str().trim_end_matches(['.', ')']).len();
            found.push(Found { start: value.start(), end, kind: Kind::ApiKey });
        }
    }
    for key in PREFIXED.find_iter(text) {
        if stands_alone(text, key.start(), key.end()) {
            found.push(Found { start: key.start(), end: key.end(), kind: Kind::ApiKey });
        }
    }
    for said in SAID.captures_iter(text) {
        if let Some(value) = said.name("value") {
            let key = value.as_str().trim_end_matches(['.', '=', '-']);
            if is_random(key) {
                let end = value.start() + key.len();
                found.push(Found { start: value.start(), end, kind: Kind::ApiKey });
            }
        }
    }
}

/// Whether letters and digits are mixed as no word or number mixes them.
pub(super) fn is_random(value: &str) -> bool {
    let changes = value
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    value.chars().any(char::is_alphabetic) && changes >= 3
}
