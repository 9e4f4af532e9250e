//! Which server the bot works for. Anyone may add a public bot to a server of theirs; cards, prices
//! and figures are for one team.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serenity::all::{GuildId, Http, StatusCode, UserId};

use crate::card::notice;
use crate::chat::core::Person;

/// What Discord said of someone, or of our servers, holds for so long.
const HOLDS: Duration = Duration::from_secs(600);

/// This many people who write direct messages are remembered.
const REMEMBERED: usize = 10_000;

/// The server that the bot works for, and who of those that write direct messages is on it.
pub(super) struct Home {
    /// As it was configured.
    guild: Option<u64>,
    /// The only server that the bot is on, as Discord said, when none is configured.
    only: Mutex<Option<(Option<u64>, Instant)>>,
    members: Mutex<HashMap<u64, (bool, Instant)>>,
}

impl Home {
    pub(super) fn new(guild: Option<u64>) -> Self {
        Self { guild, only: Mutex::default(), members: Mutex::default() }
    }

    /// Why someone gets nothing here; `None` when they may ask.
    pub(super) async fn refuses(&self, http: &Http, person: &Person) -> Option<&'static str> {
        let Some(home) = self.guild(http).await else { return Some(notice::NO_SERVER) };
        let user = person.user.parse().unwrap_or_default();
        match &person.team {
            Some(guild) if *guild == home.to_string() => None,
            Some(_) => Some(notice::OTHER_SERVER),
            None if self.is_member(http, home, user).await => None,
            None => Some(notice::STRANGER),
        }
    }

    async fn guild(&self, http: &Http) -> Option<u64> {
        if self.guild.is_some() {
            return self.guild;
        }
        let known = *self.only.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((guild, at)) = known
            && at.elapsed() < HOLDS
        {
            return guild;
        }
        let only = match http.get_guilds(None, Some(2)).await {
            Ok(guilds) => match guilds.as_slice() {
                [guild] => Some(guild.id.get()),
                _ => None,
            },
            Err(error) => {
                tracing::warn!(%error, "Discord did not say on which servers the bot is");
                return None;
            }
        };
        if only.is_none() {
            tracing::warn!("say which server the bot works for: CORNERMAN_DISCORD_GUILD");
        }
        *self.only.lock().unwrap_or_else(PoisonError::into_inner) = Some((only, Instant::now()));
        only
    }

    async fn is_member(&self, http: &Http, home: u64, user: u64) -> bool {
        let known = self.members.lock().unwrap_or_else(PoisonError::into_inner).get(&user).copied();
        if let Some((member, at)) = known
            && at.elapsed() < HOLDS
        {
            return member;
        }
        let found = http.get_member(GuildId::new(home.max(1)), UserId::new(user.max(1))).await;
        let member = match found {
            Ok(_) => true,
            Err(serenity::Error::Http(error))
                if error.status_code() == Some(StatusCode::NOT_FOUND) =>
            {
                false
            }
            Err(error) => {
                tracing::warn!(%error, "Discord did not say whether someone is on the server");
                return false;
            }
        };
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        if members.len() >= REMEMBERED {
            members.retain(|_, (_, at)| at.elapsed() < HOLDS);
        }
        if members.len() < REMEMBERED {
            members.insert(user, (member, Instant::now()));
        }
        member
    }
}
