//! Looks at an installation of the bot from outside, for `cornerman doctor`. Changes nothing.

use std::time::Duration;

use serenity::all::{Command, GuildId, HttpError};

use super::Settings;
use super::commands::{names, place};
use super::session::http;
use super::supervisor::TOKEN_REFUSED;

/// Discord is given so long to answer.
const WITHIN: Duration = Duration::from_secs(10);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The application that the token belongs to.
    pub application: String,
    /// Connections that may still be begun today, of how many.
    pub starts: (u64, u64),
    /// Where the commands belong: a server, or everywhere.
    pub place: String,
    /// Commands that Discord knows.
    pub registered: usize,
    /// Commands that it does not know yet.
    pub missing: Vec<String>,
}

/// Asks Discord about the bot.
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub async fn inspect(settings: &Settings) -> Result<Inspection, String> {
    let asked = tokio::time::timeout(WITHIN, ask(settings)).await;
    match asked {
        Err(_) => Err("Discord does not answer; is this machine online?".to_owned()),
        Ok(Ok(inspection)) => Ok(inspection),
        Ok(Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(response))))
            if response.status_code == 401 =>
        {
            Err(TOKEN_REFUSED.to_owned())
        }
        Ok(Err(error)) => Err(format!("Discord cannot be asked: {error}")),
    }
}

async fn ask(settings: &Settings) -> serenity::Result<Inspection> {
    let http = http(settings);
    let application = http.get_current_application_info().await?;
    http.set_application_id(application.id);
    let limit = http.get_bot_gateway().await?.session_start_limit;
    let known = match settings.guild {
        Some(guild) => GuildId::new(guild).get_commands(&http).await?,
        None => Command::get_global_commands(&http).await?,
    };
    let missing = names().into_iter().filter(|name| !known.iter().any(|known| known.name == *name));
    Ok(Inspection {
        application: application.name,
        starts: (limit.remaining, limit.total),
        place: place(settings),
        registered: known.len(),
        missing: missing.collect(),
    })
}
