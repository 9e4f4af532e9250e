//! The ids of buttons, selects and forms. They hold all that a press needs, so that it works weeks
//! later, after a restart and on another process.

use crate::card::AnswerAction;
use crate::feedback::Decision;
use crate::model::Receipt;
use crate::negotiation::PriceMark;

/// What a button, a select or a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonAction {
    /// To ask, with what is written in the form.
    Ask,
    /// To do something with an answer.
    Answer(AnswerAction),
    /// To do something with a price.
    Price(PriceAction),
    /// To decide about a request for an exception from the price policy.
    Approval(Decision),
}

/// What a rep can do with a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceAction {
    /// Go on with what they ask for next.
    TheyAsk,
    /// Pick one of the meanings of a request.
    Choose,
    /// Note what happened with its trade.
    Mark(PriceMark),
    /// See how it came about.
    Working,
    /// Ask for an exception from the policy, with a reason that is picked.
    Exception,
}

impl PriceAction {
    /// The words on its button. The buttons of [`Self::Choose`] bear the meanings instead.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::TheyAsk => "They ask…",
            Self::Choose => "Choose",
            Self::Mark(mark) => mark.label(),
            Self::Working => "Why",
            Self::Exception => "Ask for approval: pick the reason",
        }
    }
}

/// The names in ids. They are pressed for as long as messages are kept: none may change its meaning.
const NAMES: [(ButtonAction, &str); 23] = [
    (ButtonAction::Answer(AnswerAction::Worked), "win"),
    (ButtonAction::Answer(AnswerAction::DidNotWork), "loss"),
    (ButtonAction::Answer(AnswerAction::Why), "why"),
    (ButtonAction::Answer(AnswerAction::TheySaid), "said"),
    (ButtonAction::Answer(AnswerAction::More), "more"),
    (ButtonAction::Answer(AnswerAction::Less), "less"),
    (ButtonAction::Answer(AnswerAction::Next), "next"),
    (ButtonAction::Answer(AnswerAction::Pick), "pick"),
    (ButtonAction::Answer(AnswerAction::NoneOfThese), "none"),
    (ButtonAction::Answer(AnswerAction::TellMarketing), "idea"),
    (ButtonAction::Answer(AnswerAction::Show), "show"),
    (ButtonAction::Answer(AnswerAction::Price), "price"),
    (ButtonAction::Ask, "paste"),
    (ButtonAction::Price(PriceAction::TheyAsk), "asks"),
    (ButtonAction::Price(PriceAction::Choose), "choose"),
    (ButtonAction::Price(PriceAction::Mark(PriceMark::Said)), "offered"),
    (ButtonAction::Price(PriceAction::Mark(PriceMark::Withdrawn)), "back"),
    (ButtonAction::Price(PriceAction::Mark(PriceMark::Agreed)), "agreed"),
    (ButtonAction::Price(PriceAction::Mark(PriceMark::Written)), "written"),
    (ButtonAction::Price(PriceAction::Working), "working"),
    (ButtonAction::Price(PriceAction::Exception), "exception"),
    (ButtonAction::Approval(Decision::Approved), "approve"),
    (ButtonAction::Approval(Decision::Declined), "decline"),
];

/// The version of the ids that are written. Older ones stay readable.
const VERSION: &str = "cm1";

/// The longest receipt that is read; ours have 36 characters.
const LONGEST_RECEIPT: usize = 40;

/// The longest id of a person that is read. Discord's have up to 20 digits, Slack's some 11 letters
/// and digits.
const LONGEST_USER: usize = 32;

/// What an id says: `cm1:NAME:RECEIPT:PLACE`, and below a request for an approval `:USER` besides; at
/// most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ButtonId {
    /// What it is for.
    pub action: ButtonAction,
    /// The answer, price or request it belongs to; empty for a form that belongs to none.
    pub receipt: Receipt,
    /// The place of the card or meaning in it, from 0; at most 99.
    pub place: usize,
    /// The platform's id of the person who asked for an approval, to bring them the answer.
    pub user: Option<String>,
}

impl ButtonId {
    /// The id of a button below an answer.
    #[must_use]
    pub fn answer(action: AnswerAction, receipt: &Receipt, place: usize) -> Self {
        Self::new(ButtonAction::Answer(action), receipt.clone(), place)
    }

    /// The id of a button below a price.
    #[must_use]
    pub fn price(action: PriceAction, receipt: &Receipt, place: usize) -> Self {
        Self::new(ButtonAction::Price(action), receipt.clone(), place)
    }

    /// The id of an approver's button, for the request of this person.
    #[must_use]
    pub fn approval(decision: Decision, request: &str, user: &str) -> Self {
        let id = Self::new(ButtonAction::Approval(decision), request.into(), 0);
        Self { user: Some(user.to_owned()), ..id }
    }

    /// The id of the form that asks what the customer said.
    #[must_use]
    pub fn ask() -> Self {
        Self::new(ButtonAction::Ask, Receipt::default(), 0)
    }

    fn new(action: ButtonAction, receipt: Receipt, place: usize) -> Self {
        Self { action, receipt, place, user: None }
    }

    /// Reads an id; `None` when it is not one of ours or of a version that is not known here.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split(':');
        let (version, name) = (parts.next()?, parts.next()?);
        let (receipt, place) = (parts.next()?, parts.next()?);
        let user = parts.next();
        if version != VERSION || parts.next().is_some() {
            return None;
        }
        let (action, _) = NAMES.into_iter().find(|(_, known)| *known == name)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if receipt.len() > LONGEST_RECEIPT || !receipt.chars().all(plain) {
            return None;
        }
        let short = place.len() <= 2 && place.bytes().all(|byte| byte.is_ascii_digit());
        let place = place.parse().ok().filter(|_| short)?;
        let decides = matches!(action, ButtonAction::Approval(_));
        let short = |user: &str| (1..=LONGEST_USER).contains(&user.len());
        match user {
            None if !decides => {}
            Some(user) if decides && short(user) && user.chars().all(plain) => {}
            _ => return None,
        }
        Some(Self { action, receipt: receipt.into(), place, user: user.map(str::to_owned) })
    }
}

impl std::fmt::Display for ButtonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = NAMES.iter().find(|(action, _)| *action == self.action);
        let name = known.map_or("", |(_, name)| name);
        write!(f, "{VERSION}:{name}:{}:{}", self.receipt, self.place)?;
        self.user.as_ref().map_or(Ok(()), |user| write!(f, ":{user}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_id_comes_back_and_is_short_enough() {
        for (action, _) in NAMES {
            for (receipt, place) in [("", 0), (&*"a".repeat(LONGEST_RECEIPT), 99)] {
                let decides = matches!(action, ButtonAction::Approval(_));
                let user = decides.then(|| "9".repeat(LONGEST_USER));
                let id = ButtonId { user, ..ButtonId::new(action, receipt.into(), place) };
                let written = id.to_string();
                assert!(written.len() <= 100, "{written}");
                assert_eq!(ButtonId::parse(&written), Some(id));
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
            "cm1:approve:a:0:é",
            "cm1:approve:a:0:+1",
            "cm1:approve:a:0:123456789012345678901234567890123",
        ] {
            assert_eq!(ButtonId::parse(id), None, "{id}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,120}", tail in "[a-z0-9:-]{0,60}") {
            let _ = ButtonId::parse(&text);
            if let Some(id) = ButtonId::parse(&format!("cm1:{tail}")) {
                prop_assert_eq!(ButtonId::parse(&id.to_string()), Some(id));
            }
        }
    }
}
