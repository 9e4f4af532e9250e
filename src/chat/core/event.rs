//! What a person did in a chat, in terms that every platform shares.

use crate::coach::{CallContext, Question};
use crate::feedback::Platform;
use crate::journal::Role;
use crate::model::{DealName, Stage, UnknownWord};
use crate::negotiation::PriceRequest;

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
    /// Typed a command with an option that is not one of those there are.
    Mistyped(UnknownWord),
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

/// A command with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What to say to a customer.
    Objection(Question),
    /// What may be said to a price.
    Price(PriceRequest),
    /// How all this is used.
    Help,
    /// What a call is about, once for all its questions.
    CallStart(CallContext),
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

impl Act {
    /// The command with this name, `call start` for example; `option` gives what was typed for an
    /// option.
    pub fn command(name: &str, mut option: impl FnMut(&str) -> Option<String>) -> Self {
        let command = match name {
            "objection" => context(&mut option).map(|context| {
                let text = option("text").unwrap_or_default();
                Command::Objection(Question { text, context, ..Question::default() })
            }),
            "price" => context(&mut option).map(|context| {
                let text = option("text").unwrap_or_default();
                let (deal, stage) = (option("deal").map(DealName::from), context.stage);
                Command::Price(PriceRequest { text, deal, stage, ..PriceRequest::default() })
            }),
            "help" => Ok(Command::Help),
            "call start" => context(&mut option).map(Command::CallStart),
            "call end" => Ok(Command::CallEnd),
            "call status" => Ok(Command::CallStatus),
            "playbook status" => Ok(Command::PlaybookStatus),
            "playbook test" => Ok(Command::PlaybookTest(option("text").unwrap_or_default())),
            "feedback summary" => Ok(Command::FeedbackSummary),
            _ => return Self::Unknown,
        };
        command.map_or_else(Self::Mistyped, Self::Command)
    }
}

/// What is said of a call in the options of a command.
fn context(option: &mut impl FnMut(&str) -> Option<String>) -> Result<CallContext, UnknownWord> {
    let stage = Stage::named(&option("stage").unwrap_or_default())?;
    Ok(CallContext { stage, product: option("product"), competitor: option("competitor") })
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
