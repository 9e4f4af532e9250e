//! What a rep can do with an answer, and the words on its buttons.

/// Something a rep can do with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerAction {
    /// Go on with what the customer said next.
    TheySaid,
    /// The card worked.
    Worked,
    /// It did not.
    DidNotWork,
    /// Why it did not.
    Why,
    /// Show the next best card.
    Next,
    /// Show the whole card.
    More,
    /// Show the summary again.
    Less,
    /// Show one card of several.
    Pick,
    /// None of the cards of a choice was meant.
    NoneOfThese,
    /// Tell marketing something.
    TellMarketing,
    /// Show the answer to a mention, to the rep who asked alone.
    Show,
    /// Ask for a price for what the customer said.
    Price,
}

impl AnswerAction {
    /// What can be done with a single card, in the order of the buttons.
    pub const ON_A_CARD: [Self; 5] =
        [Self::TheySaid, Self::Worked, Self::DidNotWork, Self::Next, Self::More];

    /// The words on its button. The button of [`Self::Pick`] bears the card's title instead.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::TheySaid => "They said…",
            Self::Worked => "Worked",
            Self::DidNotWork => "Didn't",
            Self::Why => "What was wrong? (optional)",
            Self::Next => "Next",
            Self::More => "More",
            Self::Less => "Less",
            Self::Pick => "Show",
            Self::NoneOfThese => "None of these",
            Self::TellMarketing => "Tell marketing",
            Self::Show => "Show me",
            Self::Price => "Price this",
        }
    }
}

/// The reason of a card that was not the one that was meant: it counts as not used.
pub const WRONG_CARD: &str = "wrong card";

/// Why a card did not work, to choose from.
pub const REASONS: [&str; 5] =
    [WRONG_CARD, "too long", "not how I talk", "customer had heard it", "something else"];
