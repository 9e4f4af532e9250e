//! Lets two equal questions be recognised without keeping their words.

use sha2::{Digest, Sha256};

/// A secret of this installation. Without it the short sentences that customers say could be
/// found out by hashing likely ones.
#[derive(Clone)]
pub struct Salt([u8; 32]);

impl Salt {
    /// Takes 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The salted SHA-256 of a text in 64 hexadecimal digits; case and white space do not count.
    #[must_use]
    pub fn fingerprint(&self, text: &str) -> String {
        let mut words = String::with_capacity(text.len() + 1);
        for word in text.split_whitespace() {
            words.push_str(&word.to_lowercase());
            words.push(' ');
        }
        self.digest(&words)
    }

    /// The salted SHA-256 of these very bytes in 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self, text: &str) -> String {
        let mut digest = Sha256::new_with_prefix(self.0);
        digest.update(text);
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_give_equal_prints_under_one_salt_only() {
        let (one, other) = (Salt::new([1; 32]), Salt::new([2; 32]));
        assert_eq!(one.fingerprint("Too  dear"), one.fingerprint("too dear\n"));
        assert_ne!(one.fingerprint("too dear"), one.fingerprint("toodear"));
        assert_ne!(one.fingerprint("too dear"), other.fingerprint("too dear"));
        assert_eq!(format!("{one:?}"), "Salt(…)");
    }
}
