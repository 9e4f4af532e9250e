//! What a person did in a chat, in terms that every platform shares.

use crate::coach::CallContext;
use crate::feedback::Platform;
use crate::journal::Role;
use crate::model::{DealName, Mode, Stage, UnknownWord};

/// Something that a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The platform's name for it. Delivered twice, it has the same one, and is recorded once.
    pub id: String,
    /// Who it was.
    pub person: Person,
    /// What they did.
    pub act: Act,
    /// The customer's words that are quoted in the message whose button was pressed; else empty.
    pub quote: String,
}

/// Who it was, and what they may. Only for a platform that has made sure of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Where they are.
    pub platform: Platform,
    /// The server or workspace; `None` in a direct message.
    pub team: Option<String>,
    /// The platform's id of the person.
    pub user: String,
    /// What they may do besides asking.
    pub roles: Vec<Role>,
}

impl Person {
    /// What the pseudonym of the log is made from: a person in one team.
    #[must_use]
    pub fn actor_key(&self) -> String {
        let team = self.team.as_deref().unwrap_or("0");
        format!("{} {team} {}", self.platform.name(), self.user)
    }

    /// What the pseudonym of the person is made from, which is the same in every team and in direct
    /// messages, so that approving one's own request takes more than a direct message.
    #[must_use]
    pub fn person_key(&self) -> String {
        format!("{} person {}", self.platform.name(), self.user)
    }
}

/// What someone did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Typed a command.
    Command(Command),
    /// Types in a field that is completed; nothing else has been chosen yet.
    Complete(String),
    /// "Handle this objection" on a message with this text.
    Handle(String),
    /// Pressed the button with this id, or picked from the select with it.
    Press {
        /// The id.
        id: String,
        /// What was picked.
        picked: Option<String>,
    },
    /// Sent the form with this id.
    Submit {
        /// The id.
        id: String,
        /// Its fields: names and texts.
        fields: Vec<(String, String)>,
    },
    /// Something that is not known here.
    Unknown,
}

/// A command with its options, as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What to say to a customer.
    Objection(Asked),
    /// What may be said to a price.
    Price(PriceAsked),
    /// How all this is used.
    Help,
    /// What a call is about, once for all its questions.
    CallStart {
        /// Where the deal stands.
        stage: Option<String>,
        /// The product it is about.
        product: Option<String>,
        /// The competitor in it.
        competitor: Option<String>,
    },
    /// The call is over.
    CallEnd,
    /// What is known of the call.
    CallStatus,
    /// For team leads: how many cards are live, and what is wrong.
    PlaybookStatus,
    /// For team leads: which cards a sentence matches.
    PlaybookTest(String),
    /// For marketers: the last seven days.
    FeedbackSummary,
}

/// What a rep asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What the customer said.
    pub text: String,
    /// Where the deal stands.
    pub stage: Option<String>,
    /// The product it is about.
    pub product: Option<String>,
    /// The competitor it is about.
    pub competitor: Option<String>,
    /// Whether it was meant as a question.
    pub mode: Mode,
}

/// A price that a rep asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceAsked {
    /// What the customer wants.
    pub text: String,
    /// The deal it is about.
    pub deal: Option<DealName>,
    /// Where the deal stands.
    pub stage: Option<String>,
}

impl Command {
    /// The command with this name, `call start` for example; `option` gives what was typed for an
    /// option. `None` when there is no such command.
    pub fn parse(name: &str, mut option: impl FnMut(&str) -> Option<String>) -> Option<Self> {
        Some(match name {
            "objection" => Self::Objection(Asked {
                text: option("text").unwrap_or_default(),
                stage: option("stage"),
                product: option("product"),
                competitor: option("competitor"),
                mode: Mode::Typed,
            }),
            "price" => Self::Price(PriceAsked {
                text: option("text").unwrap_or_default(),
                deal: option("deal").map(DealName::from),
                stage: option("stage"),
            }),
            "help" => Self::Help,
            "call start" => Self::CallStart {
                stage: option("stage"),
                product: option("product"),
                competitor: option("competitor"),
            },
            "call end" => Self::CallEnd,
            "call status" => Self::CallStatus,
            "playbook status" => Self::PlaybookStatus,
            "playbook test" => Self::PlaybookTest(option("text").unwrap_or_default()),
            "feedback summary" => Self::FeedbackSummary,
            _ => return None,
        })
    }
}

/// Something that was said to the bot in so many words: a mention, or a direct message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The platform's name for the message.
    pub id: String,
    /// Who wrote it.
    pub person: Person,
    /// Where: answers to one channel are limited.
    pub channel: String,
    /// The words, without the bot's name.
    pub text: String,
    /// No one else reads the channel.
    pub private: bool,
}

/// The context of a call, from options as they were typed.
pub(super) fn context(
    stage: Option<String>,
    product: Option<String>,
    competitor: Option<String>,
) -> Result<CallContext, UnknownWord> {
    Ok(CallContext { stage: Stage::named(&stage.unwrap_or_default())?, product, competitor })
}
