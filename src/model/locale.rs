//! How numbers are written where a team works.

/// Where a team writes its numbers: it decides how a single point or comma is read, and only then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
pub enum Locale {
    /// 1,200.50
    #[default]
    #[serde(rename = "en-US")]
    EnUs,
    /// 1,200.50
    #[serde(rename = "en-GB")]
    EnGb,
    /// 1,00,000.50
    #[serde(rename = "en-IN")]
    EnIn,
    /// 1.200,50
    #[serde(rename = "de-DE")]
    DeDe,
    /// 1'200.50
    #[serde(rename = "de-CH")]
    DeCh,
    /// 1 200,50
    #[serde(rename = "fr-FR")]
    FrFr,
}

impl Locale {
    /// The sign between groups of three digits.
    #[must_use]
    pub fn groups(self) -> char {
        match self {
            Self::EnUs | Self::EnGb | Self::EnIn => ',',
            Self::DeDe => '.',
            Self::DeCh => '\'',
            Self::FrFr => '\u{A0}',
        }
    }

    /// Whether groups may be separated by an ordinary space.
    #[must_use]
    pub fn groups_by_space(self) -> bool {
        self == Self::FrFr
    }
}
