//! What of people's words goes into the log: within limits, without personal data and secrets, and
//! of what customers said only what the team wants kept.

use super::{Journal, UseCaseError};
use crate::feedback::Purpose;
use crate::model::{Outcome, UnknownWord};
use crate::redact::{Redacted, redact};

/// How much of what customers said the log keeps, always without personal data and secrets. A rep's
/// own notes and recommendations are kept in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StoreText {
    /// The questions that nothing fitted: someone should write a card for them.
    #[default]
    Gaps,
    /// Every question.
    All,
    /// None.
    None,
}

impl StoreText {
    /// Every setting.
    pub const ALL: [Self; 3] = [Self::Gaps, Self::All, Self::None];

    /// The name used in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gaps => "gaps",
            Self::All => "all",
            Self::None => "none",
        }
    }

    /// Whether a question with this answer is kept.
    #[must_use]
    pub fn keeps(self, outcome: Outcome) -> bool {
        match self {
            Self::Gaps => outcome == Outcome::None,
            Self::All => true,
            Self::None => false,
        }
    }
}

impl std::str::FromStr for StoreText {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|setting| setting.name() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            what: "setting",
            known: Self::ALL.map(Self::name).to_vec(),
        })
    }
}

impl Journal {
    /// A name of a conversation or deal, as it goes into the log. One that holds personal data or a
    /// secret is replaced by its fingerprint, which names the same thing every time.
    ///
    /// # Errors
    /// [`UseCaseError::TooLong`].
    pub fn name(
        &self,
        field: &'static str,
        name: Option<String>,
        most: usize,
    ) -> Result<Option<String>, UseCaseError> {
        let harmless = |name: &str| redact(name).is_ok_and(|found| found.spans().is_empty());
        Ok(kept(field, name, most)?.map(|name| {
            if harmless(&name) { name } else { self.salt.pseudonym(Purpose::Name, &name) }
        }))
    }
}

/// The text without white space around it; `None` when nothing is left.
///
/// # Errors
/// [`UseCaseError::TooLong`].
pub fn kept(
    field: &'static str,
    text: Option<String>,
    most: usize,
) -> Result<Option<String>, UseCaseError> {
    let text = text.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty());
    let length = text.as_ref().map_or(0, |text| text.chars().count());
    if length > most {
        return Err(UseCaseError::TooLong { field, length, most });
    }
    Ok(text)
}

/// The same, as it goes into the log.
///
/// # Errors
/// [`UseCaseError::TooLong`].
pub fn clean(
    field: &'static str,
    text: Option<String>,
    most: usize,
) -> Result<Option<Redacted>, UseCaseError> {
    Ok(kept(field, text, most)?.map(|text| Redacted::of(&text)))
}
