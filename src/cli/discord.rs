//! The settings of Discord, from the environment: a token on a command line would be seen by
//! everyone on the machine.

use anyhow::Context;
use clap::Args;

use crate::app::Places;
use crate::chat::discord::{PriceRole, PublicKey, Settings, Token};

/// How to join Discord.
#[derive(Args)]
#[command(next_help_heading = "Discord (with DISCORD_TOKEN or DISCORD_TOKEN_FILE)")]
pub(super) struct Discord {
    /// The application's public key: Discord then calls /discord/interactions over HTTPS, instead
    /// of a gateway connection, so that several processes can answer behind a balancer
    #[arg(long, value_name = "KEY", env = "DISCORD_PUBLIC_KEY", value_parser = PublicKey::parse)]
    discord_public_key: Option<PublicKey>,
    /// The server that the bot works for: it answers nowhere else, and the commands appear there
    /// at once. Needed when the bot is on several servers
    #[arg(long, value_name = "SERVER", env = "CORNERMAN_DISCORD_GUILD")]
    discord_guild: Option<u64>,
    /// Roles of team leads, with commas between; server managers are always included
    #[arg(long, value_name = "ROLE", value_delimiter = ',', env = "CORNERMAN_DISCORD_LEADS")]
    discord_leads: Vec<u64>,
    /// Roles of marketers, with commas between; server managers are always included
    #[arg(long, value_name = "ROLE", value_delimiter = ',', env = "CORNERMAN_DISCORD_MARKETERS")]
    discord_marketers: Vec<u64>,
    /// The channel to which exceptions from the price policy go, to be approved or declined there
    #[arg(long, value_name = "CHANNEL", env = "CORNERMAN_DISCORD_APPROVERS")]
    discord_approvers: Option<u64>,
    /// Who has which role of the price policy: manager=ROLE,director=ROLE,legal=ROLE; everybody else
    /// has its lowest
    #[arg(
        long,
        value_name = "NAME=ROLE",
        value_delimiter = ',',
        env = "CORNERMAN_DISCORD_PRICE_ROLES",
        value_parser = PriceRole::parse
    )]
    discord_price_roles: Vec<PriceRole>,
    /// End with exit code 1 when Discord refuses the bot, instead of serving without it
    #[arg(long, env = "CORNERMAN_DISCORD_REQUIRED")]
    discord_required: bool,
    /// Multiplies every wait of the connection
    #[arg(long, hide = true, default_value_t = 1.0, env = "CORNERMAN_DISCORD_PATIENCE")]
    discord_patience: f32,
    /// A proxy that keeps Discord's rate limits, such as http://127.0.0.1:3000
    #[arg(long, value_name = "URL", env = "CORNERMAN_DISCORD_API")]
    discord_api: Option<String>,
}

impl Discord {
    /// The roles of the price policy that Discord roles stand for.
    pub(super) fn price_role_names(&self) -> impl Iterator<Item = &str> {
        self.discord_price_roles.iter().map(|known| known.name.as_str())
    }

    /// Whether exceptions from the price policy can be asked for.
    pub(super) fn approves(&self) -> bool {
        self.discord_approvers.is_some()
    }

    /// The settings; `None` when there is no token.
    pub(super) fn settings(&self, places: &Places) -> anyhow::Result<Option<Settings>> {
        let (name, text) = match (read("DISCORD_TOKEN")?, read("DISCORD_TOKEN_FILE")?) {
            (Some(token), _) => ("DISCORD_TOKEN", token),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read DISCORD_TOKEN_FILE `{path}`"))?;
                ("DISCORD_TOKEN_FILE", text)
            }
            (None, None) => return Ok(None),
        };
        let token =
            Token::parse(&text).with_context(|| format!("{name} is not a valid bot token"))?;
        Ok(Some(Settings {
            token,
            api: self.discord_api.clone(),
            public_key: self.discord_public_key,
            guild: self.discord_guild,
            leads: self.discord_leads.clone(),
            marketers: self.discord_marketers.clone(),
            approvers: self.discord_approvers,
            price_roles: self.discord_price_roles.clone(),
            state: std::sync::Arc::new(places.state()),
            patience: self.discord_patience.clamp(0.001, 10.0),
            required: self.discord_required,
        }))
    }
}

fn read(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => anyhow::bail!("{name} is not text"),
    }
}
