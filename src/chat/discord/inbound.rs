//! Turns what Discord delivers into what a person did. No type of the platform goes further.

use serenity::all::{
    CommandInteraction, CommandType, ComponentInteraction, ComponentInteractionDataKind,
    Interaction, Member, ModalInteraction, ResolvedOption, ResolvedValue, User,
};

use super::custom_id::CustomId;
use super::outbound::fields;
use crate::model::Mode;

/// What somebody did, and who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    /// Discord's number of it; the same again is the same again.
    pub id: u64,
    pub who: Who,
    pub act: Act,
    /// The customer's words as they stand above the card whose button was pressed.
    pub said: String,
}

/// Who it was, as far as the bot may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Who {
    /// The server on which they are; `None` in a direct message.
    pub guild: Option<u64>,
    /// Server and user, from which the pseudonym of the log is made.
    pub key: String,
    /// Their number on Discord, to bring them an answer.
    pub user: u64,
    /// Their roles on the server.
    pub roles: Vec<u64>,
    /// Whether they may change the server's settings.
    pub manages: bool,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// `/objection`.
    Ask(Asked),
    /// Types in a field that is completed; nothing else has been chosen yet.
    Complete(String),
    /// "Handle this objection" on a message.
    Handle(String),
    /// Another command, `playbook status` for example, with its options.
    Command { name: String, options: Vec<(String, String)> },
    /// Pressed a button, or picked from a select.
    Press { id: String, picked: Option<String> },
    /// Sent a form.
    Submit { id: String, fields: Vec<(String, String)> },
    /// Something that is not known here.
    Unknown,
}

/// What a rep asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub text: String,
    pub stage: Option<String>,
    pub product: Option<String>,
    pub competitor: Option<String>,
    pub mode: Mode,
}

impl Heard {
    pub(super) fn of(interaction: &Interaction) -> Self {
        let id = interaction.id().get();
        match interaction {
            Interaction::Command(command) => {
                let who = who(&command.user, command.member.as_deref());
                Self { id, who, act: act(command), said: String::new() }
            }
            Interaction::Autocomplete(command) => {
                let typed = command.data.autocomplete().map(|field| field.value.to_owned());
                let act = Act::Complete(typed.unwrap_or_default());
                let who = who(&command.user, command.member.as_deref());
                Self { id, who, act, said: String::new() }
            }
            Interaction::Component(component) => Self::press(id, component),
            Interaction::Modal(modal) => Self::submit(id, modal),
            _ => Self { id, who: Who::default(), act: Act::Unknown, said: String::new() },
        }
    }

    fn press(id: u64, component: &ComponentInteraction) -> Self {
        let picked = match &component.data.kind {
            ComponentInteractionDataKind::StringSelect { values } => values.first().cloned(),
            _ => None,
        };
        let act = Act::Press { id: component.data.custom_id.clone(), picked };
        let said = said(&component.message.content);
        Self { id, who: who(&component.user, component.member.as_ref()), act, said }
    }

    fn submit(id: u64, modal: &ModalInteraction) -> Self {
        let fields = fields(&modal.data.components);
        let act = Act::Submit { id: modal.data.custom_id.clone(), fields };
        let said = modal.message.as_ref().map(|message| said(&message.content));
        let who = who(&modal.user, modal.member.as_ref());
        Self { id, who, act, said: said.unwrap_or_default() }
    }

    /// The id of the button or form, when it is one of ours.
    pub(super) fn custom_id(&self) -> Option<CustomId> {
        match &self.act {
            Act::Press { id, .. } | Act::Submit { id, .. } => CustomId::parse(id),
            _ => None,
        }
    }
}

/// The line of a message of ours that quotes the customer.
fn said(content: &str) -> String {
    content.lines().next().filter(|line| line.starts_with("> ")).unwrap_or_default().to_owned()
}

fn who(user: &User, member: Option<&Member>) -> Who {
    let guild = member.map(|member| member.guild_id.get());
    let manages = member.and_then(|member| member.permissions);
    Who {
        guild,
        key: format!("discord {} {}", guild.unwrap_or(0), user.id),
        user: user.id.get(),
        roles: member.map(|m| m.roles.iter().map(|role| role.get()).collect()).unwrap_or_default(),
        manages: manages.is_some_and(|all| all.manage_guild() || all.administrator()),
    }
}

fn act(command: &CommandInteraction) -> Act {
    let data = &command.data;
    if data.kind == CommandType::Message {
        let message = data.resolved.messages.values().next();
        return Act::Handle(message.map(|message| message.content.clone()).unwrap_or_default());
    }
    let mut name = data.name.clone();
    let mut options = Vec::new();
    let mut pending = data.options();
    while let Some(ResolvedOption { name: option, value, .. }) = pending.pop() {
        match value {
            ResolvedValue::SubCommand(inner) | ResolvedValue::SubCommandGroup(inner) => {
                name = format!("{name} {option}");
                pending = inner;
            }
            ResolvedValue::String(text) => options.push((option.to_owned(), text.to_owned())),
            _ => {}
        }
    }
    let mut take = |wanted: &str| {
        let found = options.iter().position(|(name, _)| name == wanted)?;
        Some(options.remove(found).1)
    };
    match name.as_str() {
        "objection" => Act::Ask(Asked {
            text: take("text").unwrap_or_default(),
            stage: take("stage"),
            product: take("product"),
            competitor: take("competitor"),
            mode: Mode::Typed,
        }),
        _ => Act::Command { name, options },
    }
}
