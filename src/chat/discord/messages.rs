//! Mentions and direct messages: the bot is silent unless somebody speaks to it.

use serenity::all::Message;

use super::bot::Bot;
use super::custom_id::{CustomId, Verb};
use super::inbound::{Asked, Who};
use super::outbound::{Page, Reply, only_for};
use crate::card::notice;
use crate::model::Mode;

/// A message that is meant for the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    pub who: Who,
    pub text: String,
    /// Nobody else reads the channel.
    pub private: bool,
}

impl Spoken {
    /// What was said to the bot; `None` when it was not spoken to, or by another bot.
    pub(super) fn of(message: &Message, bot: u64) -> Option<Self> {
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
        let guild = message.guild_id.map(|guild| guild.get());
        let roles =
            message.member.as_ref().map(|m| m.roles.iter().map(|role| role.get()).collect());
        let who = Who {
            guild,
            key: format!("discord {} {}", guild.unwrap_or(0), message.author.id),
            user: message.author.id.get(),
            roles: roles.unwrap_or_default(),
            manages: false,
        };
        Some(Self { who, text: text.trim().to_owned(), private })
    }
}

impl Bot {
    /// What to write below a message; `None` to stay silent.
    pub(super) async fn hear(&self, spoken: Spoken) -> Option<Page> {
        let Spoken { who, text, private } = spoken;
        // In a channel others read along: no scolding there.
        if !self.is_within_rate(&who) {
            return private.then(|| Page::words(notice::SLOW_DOWN));
        }
        if let Some(why) = self.home.refuses(&self.http, &who).await {
            return private.then(|| Page::words(why));
        }
        if text.is_empty() {
            let words = if private { notice::DISCORD_HELP } else { notice::SAY_IT_BEHIND_MY_NAME };
            return Some(Page::words(words));
        }
        let mode = if private { Mode::Typed } else { Mode::Listening };
        let asked = Asked { text, mode, ..Asked::default() };
        match self.suggest(&who, asked).await {
            Ok((said, found)) if private => Some(self.shown(&said, &found)),
            // Whether there is a card, and which, is only for the person who asked.
            Ok((_, found)) if found.logged => {
                Some(only_for(&CustomId::new(Verb::Show, &found.receipt, 0)))
            }
            Ok(_) => Some(Page::words(notice::ASK_IN_PRIVATE)),
            Err(error) => match self.explained(&error) {
                Reply::Show(page) => Some(page),
                _ => None,
            },
        }
    }
}
