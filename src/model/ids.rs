//! Names for things: the id of a card and the hash of its content.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The id of a card, as written in its playbook or made from its title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardId(String);

impl CardId {
    /// Takes an id that is already in its written form: lower-case letters, digits and single
    /// hyphens between them. `None` if it is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && Self::slug(text).0 == text).then(|| Self(text.to_owned()))
    }

    /// Makes an id out of a title: lower case, everything that is no letter or digit becomes a
    /// hyphen. Empty when the title has neither.
    #[must_use]
    pub fn slug(title: &str) -> Self {
        let mut id = String::with_capacity(title.len());
        for character in title.chars() {
            if character.is_alphanumeric() {
                id.extend(character.to_lowercase());
            } else if !matches!(character, '\'' | '’') && !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        id.truncate(id.trim_end_matches('-').len());
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CardId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first 16 hexadecimal digits of a SHA-256 over parts, each preceded by its length, so that
/// no two lists of parts run together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(String);

impl ContentHash {
    /// Takes a hash as it is printed: 16 hexadecimal digits. `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == 16 && text.bytes().all(digit)).then(|| Self(text.to_owned()))
    }

    /// Hashes the parts in their order.
    pub fn of<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Self {
        Self(format!("{:016x}", Self::number(parts)))
    }

    /// The same hash as a number.
    pub fn number<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> u64 {
        let mut digest = Sha256::new();
        for part in parts {
            let part = part.as_ref();
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let bytes = digest.finalize();
        bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// The hash as 16 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_an_id() {
        assert_eq!(CardId::slug("It's too expensive!").as_str(), "its-too-expensive");
        assert_eq!(CardId::slug("  20 % off – now ").as_str(), "20-off-now");
        assert_eq!(CardId::slug("???").as_str(), "");
        assert!(CardId::parse("Too-Expensive").is_none());
        assert!(CardId::parse("too-expensive").is_some());
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(ContentHash::of(["ab", "c"]), ContentHash::of(["a", "bc"]));
    }
}
