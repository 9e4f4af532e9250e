//! Turns what Discord delivers into what a person did. No type of the platform goes further.

use serenity::all::{
    ActionRow, ActionRowComponent, CommandInteraction, CommandType, ComponentInteractionDataKind,
    Interaction, Member, Message, ResolvedOption, ResolvedValue, User,
};

use super::text::unquote;
use super::{PriceRole, Settings};
use crate::chat::core::{Act, Event, Mention, Person};
use crate::feedback::Platform;
use crate::journal::Role;

/// Which roles on Discord stand for which of ours.
#[derive(Debug, Clone)]
pub(super) struct Roles {
    leads: Vec<u64>,
    marketers: Vec<u64>,
    pricing: Vec<PriceRole>,
}

impl Roles {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            leads: settings.leads.clone(),
            marketers: settings.marketers.clone(),
            pricing: settings.price_roles.clone(),
        }
    }

    /// What a member with these roles may. Anyone who manages the server may what leads and marketers
    /// may; prices are another matter.
    fn of(&self, member: &[u64], manages: bool) -> Vec<Role> {
        let has = |roles: &[u64]| manages || member.iter().any(|role| roles.contains(role));
        let pricing = self.pricing.iter().filter(|known| member.contains(&known.role));
        let mut roles: Vec<Role> = pricing.map(|known| Role::Pricing(known.name.clone())).collect();
        roles.extend(has(&self.leads).then_some(Role::Lead));
        roles.extend(has(&self.marketers).then_some(Role::Marketer));
        roles
    }

    /// What someone did.
    pub(super) fn event(&self, interaction: &Interaction) -> Event {
        let id = interaction.id().to_string();
        let event = |user: &User, member: Option<&Member>, act, quote| Event {
            id: id.clone(),
            person: self.person(user, member),
            act,
            quote,
        };
        match interaction {
            Interaction::Command(command) => {
                event(&command.user, command.member.as_deref(), act(command), String::new())
            }
            Interaction::Autocomplete(command) => {
                let typed = command.data.autocomplete().map(|field| field.value.to_owned());
                let act = Act::Complete(typed.unwrap_or_default());
                event(&command.user, command.member.as_deref(), act, String::new())
            }
            Interaction::Component(component) => {
                let picked = match &component.data.kind {
                    ComponentInteractionDataKind::StringSelect { values } => {
                        values.first().cloned()
                    }
                    _ => None,
                };
                let act = Act::Press { id: component.data.custom_id.clone(), picked };
                let quote = quoted(&component.message.content);
                event(&component.user, component.member.as_ref(), act, quote)
            }
            Interaction::Modal(modal) => {
                let fields = fields(&modal.data.components);
                let act = Act::Submit { id: modal.data.custom_id.clone(), fields };
                let quote = modal.message.as_ref().map(|message| quoted(&message.content));
                event(&modal.user, modal.member.as_ref(), act, quote.unwrap_or_default())
            }
            _ => event(&User::default(), None, Act::Unknown, String::new()),
        }
    }

    /// What was said to the bot; `None` when it was not spoken to, or by another bot.
    pub(super) fn mention(&self, message: &Message, bot: u64) -> Option<Mention> {
        if message.author.bot || message.webhook_id.is_some() || bot == 0 {
            return None;
        }
        let private = message.guild_id.is_none();
        // A mention in so many words; a reply to the bot's message does not count, nor @everyone.
        let names = [format!("<@{bot}>"), format!("<@!{bot}>")];
        let named = names.iter().any(|name| message.content.contains(name.as_str()));
        if !private && !named {
            return None;
        }
        let text = names.iter().fold(message.content.clone(), |text, name| text.replace(name, " "));
        let member = message.member.as_ref();
        let roles: Vec<u64> =
            member.iter().flat_map(|member| &member.roles).map(|role| role.get()).collect();
        let person = Person {
            platform: Platform::Discord,
            team: message.guild_id.map(|guild| guild.to_string()),
            user: message.author.id.to_string(),
            roles: self.of(&roles, false),
        };
        let (id, channel) = (message.id.to_string(), message.channel_id.to_string());
        Some(Mention { id, person, channel, text: text.trim().to_owned(), private })
    }

    fn person(&self, user: &User, member: Option<&Member>) -> Person {
        let permissions = member.and_then(|member| member.permissions);
        let manages = permissions.is_some_and(|all| all.manage_guild() || all.administrator());
        let roles: Vec<u64> =
            member.iter().flat_map(|member| &member.roles).map(|role| role.get()).collect();
        Person {
            platform: Platform::Discord,
            team: member.map(|member| member.guild_id.to_string()),
            user: user.id.to_string(),
            roles: self.of(&roles, manages),
        }
    }
}

/// The customer's words in a message of ours.
fn quoted(content: &str) -> String {
    let line = content.lines().next().filter(|line| line.starts_with("> "));
    line.map(unquote).unwrap_or_default()
}

/// The text fields of a form that was sent, by name.
fn fields(rows: &[ActionRow]) -> Vec<(String, String)> {
    let inputs = rows.iter().flat_map(|row| &row.components).filter_map(|part| match part {
        ActionRowComponent::InputText(input) => {
            Some((input.custom_id.clone(), input.value.clone().unwrap_or_default()))
        }
        _ => None,
    });
    inputs.collect()
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
    let option = |wanted: &str| {
        let found = options.iter().find(|(name, _)| name == wanted);
        found.map(|(_, text)| text.clone())
    };
    Act::command(&name, option)
}
