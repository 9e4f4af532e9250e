//! The ids of buttons, selects and forms. They hold all that a press needs, so that it works weeks
//! later, after a restart and on another process.

/// What a button, a select or a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// The answer worked.
    Worked,
    /// It did not.
    Failed,
    /// Why it did not.
    Why,
    /// What the customer said next.
    Said,
    /// The whole card.
    More,
    /// The glance layer again.
    Less,
    /// The next best card.
    Next,
    /// None of the cards of a choice.
    None,
    /// One card of a choice.
    Pick,
    /// Something for marketing.
    Tell,
    /// The answer to a mention, for the person who asked.
    Show,
    /// What a message said that had no text to read.
    Paste,
    /// A price for what the customer said.
    Price,
    /// What they ask for next.
    Asks,
    /// One of two meanings of a price request.
    Choose,
    /// The trade was said.
    Offered,
    /// It was taken back.
    Back,
    /// The customer agreed to what was asked for in return.
    Agreed,
    /// It is on paper.
    Written,
    /// How a price came about.
    Working,
    /// An exception from the policy is asked for, with a reason that is picked.
    Exception,
    /// An approver says yes.
    Approve,
    /// An approver says no.
    Decline,
}

const VERBS: [(Verb, &str); 23] = [
    (Verb::Worked, "win"),
    (Verb::Failed, "loss"),
    (Verb::Why, "why"),
    (Verb::Said, "said"),
    (Verb::More, "more"),
    (Verb::Less, "less"),
    (Verb::Next, "next"),
    (Verb::Pick, "pick"),
    (Verb::None, "none"),
    (Verb::Tell, "idea"),
    (Verb::Show, "show"),
    (Verb::Paste, "paste"),
    (Verb::Price, "price"),
    (Verb::Asks, "asks"),
    (Verb::Choose, "choose"),
    (Verb::Offered, "offered"),
    (Verb::Back, "back"),
    (Verb::Agreed, "agreed"),
    (Verb::Written, "written"),
    (Verb::Working, "working"),
    (Verb::Exception, "exception"),
    (Verb::Approve, "approve"),
    (Verb::Decline, "decline"),
];

/// The version of the ids that are written. Older ones stay readable.
const VERSION: &str = "cm1";

/// The longest receipt that is read; ours have 36 characters.
const LONGEST_RECEIPT: usize = 40;

/// What an id says: `cm1:VERB:RECEIPT:PLACE`, and below a request for an approval `:PERSON` besides;
/// at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CustomId {
    pub verb: Verb,
    /// The answer it belongs to; empty for a form that belongs to none.
    pub receipt: String,
    /// The place of the card in the answer, from 0; at most 99.
    pub place: usize,
    /// The number of the person who asked for an approval, to bring them the answer.
    pub person: Option<u64>,
}

impl CustomId {
    pub(super) fn new(verb: Verb, receipt: &str, place: usize) -> Self {
        Self { verb, receipt: receipt.to_owned(), place, person: None }
    }

    /// The id of an approver's button.
    pub(super) fn decides(verb: Verb, request: &str, person: u64) -> Self {
        Self { person: Some(person), ..Self::new(verb, request, 0) }
    }

    /// Reads an id; `None` when it is not one of ours or of a version that is not known here.
    pub(super) fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split(':');
        let (version, verb) = (parts.next()?, parts.next()?);
        let (receipt, place) = (parts.next()?, parts.next()?);
        let person = parts.next();
        if version != VERSION || parts.next().is_some() {
            return None;
        }
        let (verb, _) = VERBS.into_iter().find(|(_, name)| *name == verb)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if receipt.len() > LONGEST_RECEIPT || !receipt.chars().all(plain) {
            return None;
        }
        let short = place.len() <= 2 && place.bytes().all(|byte| byte.is_ascii_digit());
        let place = place.parse().ok().filter(|_| short)?;
        let decides = matches!(verb, Verb::Approve | Verb::Decline);
        let person = match (person, decides) {
            (None, false) => None,
            (Some(number), true) => {
                let digits = number.bytes().all(|byte| byte.is_ascii_digit());
                Some(number.parse().ok().filter(|number| digits && *number > 0)?)
            }
            _ => return None,
        };
        Some(Self { verb, receipt: receipt.to_owned(), place, person })
    }
}

impl std::fmt::Display for CustomId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = VERBS.iter().find(|(verb, _)| *verb == self.verb).map_or("", |(_, name)| name);
        write!(f, "{VERSION}:{name}:{}:{}", self.receipt, self.place)?;
        self.person.map_or(Ok(()), |person| write!(f, ":{person}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_id_comes_back_and_is_short_enough() {
        for (verb, _) in VERBS {
            for (receipt, place) in [("", 0), (&*"a".repeat(LONGEST_RECEIPT), 99)] {
                let decides = matches!(verb, Verb::Approve | Verb::Decline);
                let person = decides.then_some(u64::MAX);
                let id = CustomId { person, ..CustomId::new(verb, receipt, place) };
                let written = id.to_string();
                assert!(written.len() <= 100, "{written}");
                assert_eq!(CustomId::parse(&written), Some(id));
            }
        }
    }

    #[test]
    fn other_ids_are_not_ours() {
        for id in [
            "",
            "cm1",
            "cm2:win:a:0",
            "cm1:win:a",
            "cm1:won:a:0",
            "cm1:win:a:0:0",
            "cm1:win:a b:0",
            "cm1:win:a:100",
            "cm1:win:a:-1",
            "cm1:win:é:0",
            "cm1:win:a:",
            "cm1:approve:a:0",
            "cm1:approve:a:0:",
            "cm1:approve:a:0:0",
            "cm1:approve:a:0:+1",
        ] {
            assert_eq!(CustomId::parse(id), None, "{id}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,120}", tail in "[a-z0-9:-]{0,60}") {
            let _ = CustomId::parse(&text);
            if let Some(id) = CustomId::parse(&format!("cm1:{tail}")) {
                prop_assert_eq!(CustomId::parse(&id.to_string()), Some(id));
            }
        }
    }
}
