//! The sections a card may have, which kind of file may have them, and which may be spoken.

use super::source::Kind;

/// A `###` section of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What a call is to end with.
    Goal,
    /// The first sentence of a call.
    Open,
    /// Shows the customer that the rep has listened.
    Acknowledge,
    /// Questions.
    Ask,
    /// What to say.
    Say,
    /// What backs it.
    Proof,
    /// A question that shows whether the objection is settled.
    Confirm,
    /// What to agree on before the call ends.
    NextStep,
    /// What not to say.
    Avoid,
    /// For the rep to know.
    Notes,
    /// What the customer says next, with answers.
    PushBack,
    /// Look-alikes that must not bring this card.
    NotThis,
    /// When to use a method.
    When,
    /// The parts of a method, which lines of other cards may name.
    Slots,
    /// How to bring a conversation round to the method.
    Turn,
    /// A competitor in three lines.
    Snapshot,
    /// Where we win against it.
    WeWin,
    /// Where it wins against us.
    TheyWin,
    /// How it prices.
    PricingPosture,
}

impl Section {
    /// Every section, in the order in which a card reads best.
    pub const ALL: [Self; 19] = [
        Self::Goal,
        Self::Open,
        Self::Acknowledge,
        Self::Ask,
        Self::Say,
        Self::Proof,
        Self::Confirm,
        Self::NextStep,
        Self::Avoid,
        Self::Notes,
        Self::PushBack,
        Self::NotThis,
        Self::When,
        Self::Slots,
        Self::Turn,
        Self::Snapshot,
        Self::WeWin,
        Self::TheyWin,
        Self::PricingPosture,
    ];

    /// Its heading, as written; any case is read.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Goal => "Goal",
            Self::Open => "Open",
            Self::Acknowledge => "Acknowledge",
            Self::Ask => "Ask",
            Self::Say => "Say",
            Self::Proof => "Proof",
            Self::Confirm => "Confirm",
            Self::NextStep => "Next step",
            Self::Avoid => "Avoid",
            Self::Notes => "Notes",
            Self::PushBack => "If they push back",
            Self::NotThis => "Not this",
            Self::When => "When",
            Self::Slots => "Slots",
            Self::Turn => "Turn",
            Self::Snapshot => "Snapshot",
            Self::WeWin => "We win",
            Self::TheyWin => "They win",
            Self::PricingPosture => "Pricing posture",
        }
    }

    /// Whether its lines may be said to a customer. The others are for the rep only, and no
    /// renderer may show them as words to say.
    #[must_use]
    pub fn is_spoken(self) -> bool {
        match self {
            Self::Open
            | Self::Acknowledge
            | Self::Ask
            | Self::Say
            | Self::Proof
            | Self::Confirm
            | Self::NextStep
            | Self::PushBack => true,
            Self::Goal
            | Self::Avoid
            | Self::Notes
            | Self::NotThis
            | Self::When
            | Self::Slots
            | Self::Turn
            | Self::Snapshot
            | Self::WeWin
            | Self::TheyWin
            | Self::PricingPosture => false,
        }
    }

    /// The sections of cards in this kind of file.
    pub(super) fn of(kind: Kind) -> &'static [Self] {
        use Section::*;
        match kind {
            Kind::Objection => {
                &[Acknowledge, Ask, Say, Proof, Confirm, Avoid, Notes, PushBack, NotThis]
            }
            Kind::Call => &[
                Goal,
                Open,
                Acknowledge,
                Ask,
                Say,
                Proof,
                NextStep,
                Avoid,
                Notes,
                PushBack,
                NotThis,
            ],
            Kind::Methodology => &[When, Slots, Turn, Avoid, Notes],
            Kind::Battlecard => &[
                Snapshot,
                WeWin,
                TheyWin,
                Acknowledge,
                Ask,
                Say,
                Proof,
                Avoid,
                PricingPosture,
                Notes,
                PushBack,
                NotThis,
            ],
            Kind::Messages => &[],
        }
    }
}
