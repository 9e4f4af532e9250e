//! What a linter says: which rule, how much it weighs, and the rule's page.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is published until it is fixed.
    Error,
    /// Published, and listed.
    Warning,
    /// Nothing is wrong; it is good to know.
    Info,
}

impl Severity {
    /// The name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A rule: its code and its page.
pub struct Rule {
    /// Stable, never used for anything else.
    pub code: &'static str,
    /// The file that holds it; the comment at its beginning is its page.
    pub source: &'static str,
}

impl Rule {
    /// Its page: what it does, why, an example and what to write instead.
    #[must_use]
    pub fn page(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    }
}
