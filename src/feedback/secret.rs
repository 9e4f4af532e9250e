//! Makes names and proofs that only this installation can make, and no one can turn back: HMAC-SHA-256
//! (RFC 2104) with a key of its own for each purpose.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{Body, Event, ThreadId};

/// What something is made for. What is made for one purpose says nothing about another: anyone who can
/// have a text of theirs hashed for one gets no proof for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Recognises equal questions without keeping their words.
    Words,
    /// Names a person in the log.
    Person,
    /// Names a conversation or deal whose own name holds personal data.
    Name,
    /// Recognises a request that is sent again.
    IdempotencyKey,
    /// Names the answer to a request that may be sent again.
    Receipt,
    /// Names the cookies of this installation.
    CookieName,
    /// Shows that a browser's number was given to it here.
    Visitor,
    /// Shows that a browser came with the key.
    Entered,
    /// Shows that a form is from a page that this browser was given.
    Form,
    /// Compares two secrets without telling by the time it takes how much of them is alike.
    Comparison,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Person => "person",
            Self::Name => "name",
            Self::IdempotencyKey => "once",
            Self::Receipt => "receipt",
            Self::CookieName => "cookie-name",
            Self::Visitor => "visitor",
            Self::Entered => "entered",
            Self::Form => "form",
            Self::Comparison => "comparison",
        }
    }
}

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

    /// A proof for these very bytes, in 64 hexadecimal digits.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, text: &str) -> String {
        self.keyed(purpose, &self.digest(text))
    }

    /// The same for words, of which case and white space do not count.
    #[must_use]
    pub fn fingerprint(&self, text: &str) -> String {
        self.keyed(Purpose::Words, &self.digest(&plain(text)))
    }

    /// A name for someone or something, in 16 hexadecimal digits; case and white space do not
    /// count. It is the same each time and leads back to no one.
    #[must_use]
    pub fn pseudonym(&self, purpose: Purpose, key: &str) -> String {
        let plain: String = self.digest(&plain(key)).chars().take(SHORT).collect();
        self.keyed(purpose, &plain).chars().take(SHORT).collect()
    }

    fn keyed(&self, purpose: Purpose, digest: &str) -> String {
        let key = hmac(&self.0, purpose.name().as_bytes());
        hex::encode(hmac(&key, digest.as_bytes()))
    }

    /// What the log held in place of [`Salt::keyed`] until 2026-11-30: one hash for every purpose.
    /// It is the inner part now, so that what the log holds could be turned into what it holds today.
    fn digest(&self, text: &str) -> String {
        let mut digest = Sha256::new_with_prefix(self.0);
        digest.update(text);
        hex::encode(digest.finalize())
    }

    /// Name and seal of the cookie that a browser was given until 2026-11-30 for its number, so that
    /// it is known again and gets one of today.
    #[must_use]
    pub fn cookie_before(&self, number: &str) -> (String, String) {
        let name: String = self.digest(&plain("cookie")).chars().take(SHORT).collect();
        let seal = self.digest(&format!("seal:visitor:{number}")).chars().take(32).collect();
        (name, seal)
    }

    /// Turns the hashes of an event that was logged before 2026-11-30 into those of today.
    pub fn renew(&self, event: &mut Event) {
        let short = |purpose, name: &mut String| {
            if is_hash(name, SHORT) {
                *name = self.keyed(purpose, name).chars().take(SHORT).collect();
            }
        };
        let conversation = |name: &mut Option<String>| {
            let Some(name) = name else { return };
            let thread = match ThreadId::parse(name) {
                ThreadId::Deal(deal) => {
                    let mut deal = String::from(deal);
                    short(Purpose::Name, &mut deal);
                    ThreadId::Deal(deal.into())
                }
                ThreadId::Conversation(mut conversation) => {
                    short(Purpose::Name, &mut conversation);
                    ThreadId::Conversation(conversation)
                }
            };
            *name = thread.to_string();
        };
        let words = |hash: &mut String| {
            if is_hash(hash, LONG) {
                *hash = self.keyed(Purpose::Words, hash);
            }
        };
        short(Purpose::Person, &mut event.actor);
        match &mut event.body {
            Body::Asked { text_hash, .. } => words(text_hash),
            Body::Answered { conversation: name, .. } => conversation(name),
            Body::PriceShown(shown) => {
                words(&mut shown.text_hash);
                conversation(&mut shown.conversation);
            }
            Body::GiveOffered(step)
            | Body::GiveWithdrawn(step)
            | Body::GetAgreed(step)
            | Body::GetWritten(step) => conversation(&mut step.conversation),
            Body::ApprovalRequested(asked) => {
                short(Purpose::Person, &mut asked.person);
                conversation(&mut asked.conversation);
            }
            Body::ApprovalRecorded(decided) => {
                short(Purpose::Person, &mut decided.person);
                conversation(&mut decided.conversation);
            }
            Body::ApprovalReopened(reopened) => conversation(&mut reopened.conversation),
            Body::CallStarted { .. }
            | Body::CallEnded { .. }
            | Body::Marked { .. }
            | Body::Recommended { .. }
            | Body::Triaged(_)
            | Body::TriageUndone { .. }
            | Body::TriageTold { .. }
            | Body::Replied { .. }
            | Body::Wished { .. } => {}
        }
    }

    /// The same for the key by which a request is recognised that is sent again.
    #[must_use]
    pub fn renewed_once(&self, key: &str) -> Option<String> {
        is_hash(key, LONG).then(|| self.keyed(Purpose::IdempotencyKey, key))
    }
}

/// Digits of a hash that is stored whole, and of a pseudonym.
const LONG: usize = 64;
const SHORT: usize = 16;

fn is_hash(text: &str, digits: usize) -> bool {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == digits && text.bytes().all(digit)
}

/// Words in lower case, each followed by one space.
fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    for word in text.split_whitespace() {
        words.push_str(&word.to_lowercase());
        words.push(' ');
    }
    words
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // Every length of key will do for an HMAC; only the type does not say so.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
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

    /// RFC 4231, test case 2.
    #[test]
    fn it_is_the_hmac_of_the_standard() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(hmac(b"Jefe", b"what do ya want for nothing?")), expected);
    }

    /// Someone who types a text learns nothing of what was made of the same text elsewhere.
    #[test]
    fn what_is_made_for_one_purpose_is_no_proof_for_another() {
        let salt = Salt::new([7; 32]);
        let text = "web:0192";
        let made = [
            salt.fingerprint(text),
            salt.pseudonym(Purpose::Person, text),
            salt.pseudonym(Purpose::Name, text),
            salt.seal(Purpose::IdempotencyKey, text),
            salt.seal(Purpose::Visitor, text),
            salt.seal(Purpose::Form, text),
            salt.seal(Purpose::Entered, text),
        ];
        for (at, one) in made.iter().enumerate() {
            let alike = made.iter().skip(at + 1).any(|other| other[..SHORT] == one[..SHORT]);
            assert!(!alike, "{at}: {made:?}");
        }
    }

    #[test]
    fn what_was_logged_before_is_turned_into_what_is_logged_today() {
        let salt = Salt::new([7; 32]);
        let text = include_str!("../../tests/events/v1/asked.json");
        let mut event: Event = serde_json::from_str(text).unwrap();
        event.actor = salt.digest(&plain("web:0192")).chars().take(SHORT).collect();
        if let Body::Asked { text_hash, .. } = &mut event.body {
            *text_hash = salt.digest(&plain("Too  dear"));
        }
        salt.renew(&mut event);
        assert_eq!(event.actor, salt.pseudonym(Purpose::Person, "web:0192"));
        let Body::Asked { text_hash, .. } = &event.body else { unreachable!() };
        assert_eq!(*text_hash, salt.fingerprint("too dear"));
        let once = salt.renewed_once(&salt.digest("key-1")).unwrap();
        assert_eq!(once, salt.seal(Purpose::IdempotencyKey, "key-1"));
        assert_eq!(salt.renewed_once("wish:0192"), None);

        let text = include_str!("../../tests/events/v1/price_shown.json");
        let mut event: Event = serde_json::from_str(text).unwrap();
        let named = |name: &str, event: &mut Event| {
            let Body::PriceShown(shown) = &mut event.body else { unreachable!() };
            shown.conversation = Some(name.to_owned());
        };
        let deal: String = salt.digest(&plain("jo@example.com")).chars().take(SHORT).collect();
        named(&format!("deal:{deal}"), &mut event);
        salt.renew(&mut event);
        let renewed = format!("deal:{}", salt.pseudonym(Purpose::Name, "jo@example.com"));
        assert_eq!(event.body.conversation(), Some(renewed.as_str()));
        named("deal:acme", &mut event);
        salt.renew(&mut event);
        assert_eq!(event.body.conversation(), Some("deal:acme"));
    }
}
