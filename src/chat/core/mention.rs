//! Mentions and direct messages: the bot is silent unless someone speaks to it.

use super::answer_message::only_for;
use super::chat::{Chat, explained};
use super::event::Mention;
use super::help::help;
use super::message::{Message, Reply};
use crate::card::notice;
use crate::coach::Question;
use crate::model::Mode;

impl Chat {
    /// What to write below a message; `None` to stay silent.
    pub async fn hear(&self, mention: Mention) -> Option<Message> {
        let Mention { id, person, channel, text, private } = mention;
        if !self.is_new(&id) || !self.is_channel_within_rate(&channel) {
            return None;
        }
        // In a channel others read along: no scolding there.
        if !self.is_within_rate(&person) {
            return private.then(|| Message::words(notice::SLOW_DOWN));
        }
        if let Some(why) = self.notifier.refuses(&person).await {
            return private.then(|| Message::words(why));
        }
        if text.is_empty() {
            return Some(if private {
                help(self.notifier.help())
            } else {
                Message::words(notice::SAY_IT_BEHIND_MY_NAME)
            });
        }
        let mode = if private { Mode::Typed } else { Mode::Listening };
        // The same message again has the same key, so it is recorded once.
        let key = Some(format!("{}-{id}", person.platform.name()));
        let asked = Question { text: text.clone(), mode, key, ..Question::default() };
        match self.suggest(&person, asked).await {
            Ok(found) if private => Some(self.shown(&text, &found)),
            // Whether there is a card, and which, is only for the person who asked.
            Ok(found) if found.logged => Some(only_for(&found.receipt)),
            Ok(_) => Some(Message::words(notice::ASK_IN_PRIVATE)),
            Err(error) => match explained(&error) {
                Reply::Show(message) => Some(message),
                _ => None,
            },
        }
    }
}
