//! Discord: reps ask with a command and have a card that only they see.

mod commands;
mod endpoint;
mod home;
mod inbound;
mod inspect;
mod notifier;
mod outbound;
mod respond;
mod session;
mod status;
mod supervisor;
mod text;

pub use endpoint::{Call, Endpoint, PublicKey};
pub use inspect::{Inspection, inspect};
pub use status::{State, Status};
pub use supervisor::{Refused, keep_connected};

use crate::ports::StateStore;

/// How to reach Discord, and who may do what there.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The bot's token.
    pub token: Token,
    /// Where Discord's API is, when a proxy keeps its rate limits; none for Discord itself.
    pub api: Option<String>,
    /// With it Discord calls us over HTTP; without it we connect to its gateway.
    pub public_key: Option<PublicKey>,
    /// The server that the bot works for: it answers nowhere else, and the commands are registered
    /// there only, where they appear at once. Without it the only server that the bot is on.
    pub guild: Option<u64>,
    /// Roles whose members are team leads, besides everyone who may manage the server.
    pub leads: Vec<u64>,
    /// Roles whose members are marketers, besides everyone who may manage the server.
    pub marketers: Vec<u64>,
    /// The channel to which exceptions from the price policy go.
    pub approvers: Option<u64>,
    /// Which role of the price policy the members of a role have.
    pub price_roles: Vec<PriceRole>,
    /// Where it is noted what has to outlive a restart.
    pub state: std::sync::Arc<dyn StateStore>,
    /// Multiplies every wait of the connection; 1, and less where tests wait for it.
    pub patience: f32,
    /// Without Discord the whole program ends.
    pub required: bool,
}

/// A role on Discord that stands for one of the price policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRole {
    /// The name in the policy: a role of its ladder, or a sign-off.
    pub name: String,
    /// The number on Discord.
    pub role: u64,
}

impl PriceRole {
    /// Takes `manager=400000000000000001`.
    ///
    /// # Errors
    /// What it should look like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, role) = text.split_once('=').unwrap_or_default();
        let (name, role) = (name.trim(), role.trim().parse().ok().filter(|role| *role > 0));
        role.filter(|_| !name.is_empty())
            .map(|role| Self { name: name.to_owned(), role })
            .ok_or_else(|| {
                "write a role of the price policy, = and the number of the role on Discord, for \
                 example manager=400000000000000001"
                    .to_owned()
            })
    }
}

/// A bot token. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a token as it was configured.
    ///
    /// # Errors
    /// [`BadToken`] when it cannot be one; the message never holds it.
    pub fn parse(text: &str) -> Result<Self, BadToken> {
        let token = text.trim().trim_matches(['"', '\'']).trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        if token.is_empty() {
            return Err(BadToken::Empty);
        }
        if token.starts_with("xoxb-") || token.starts_with("xapp-") {
            return Err(BadToken::Slack);
        }
        let part =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
        if token.split('.').count() == 3 && token.split('.').all(part) {
            Ok(Self(token.to_owned()))
        } else {
            Err(BadToken::Shape)
        }
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why a text cannot be a bot token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It belongs to Slack.
    #[error("it is a token of Slack")]
    Slack,
    /// It is made otherwise.
    #[error(
        "a bot token has three parts with dots between; it is under Bot, Reset Token in the developer portal, and is not the public key or the client secret"
    )]
    Shape,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_trimmed_explained_and_never_printed() {
        let token = Token::parse(" \"Bot MTE.fake.token\"\n").unwrap();
        assert_eq!(token, Token::parse("MTE.fake.token").unwrap());
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(Token::parse(" \n"), Err(BadToken::Empty));
        assert_eq!(Token::parse("xoxb-1-2"), Err(BadToken::Slack));
        for wrong in ["abc", "a.b", "a..c", "a.b c.d", "a.b.c.d"] {
            assert_eq!(Token::parse(wrong), Err(BadToken::Shape), "{wrong}");
        }
    }
}
