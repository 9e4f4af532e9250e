//! What the chat wants of Discord besides answers: who is of the team, a request in the approvers'
//! channel, a direct message.

use serenity::all::{ChannelId, Http, UserId};

use super::Settings;
use super::home::Home;
use super::outbound::post;
use super::session::http;
use crate::chat::core::{Message, NotSent, Notifier, Person, Span, Text};
use crate::ports::PortFuture;

/// No one can be asked.
const NO_APPROVERS: &str = "Exceptions cannot be asked for here yet. Your Cornerman admin can \
    name a channel for them: CORNERMAN_DISCORD_APPROVERS.";

/// Discord, as the chat needs it.
pub(super) struct DiscordNotifier {
    http: Http,
    home: Home,
    approvers: Option<ChannelId>,
}

impl DiscordNotifier {
    pub(super) fn new(settings: &Settings) -> Self {
        let approvers = settings.approvers.filter(|channel| *channel > 0).map(ChannelId::new);
        Self { http: http(settings), home: Home::new(settings.guild), approvers }
    }
}

impl Notifier for DiscordNotifier {
    fn refuses<'a>(&'a self, person: &'a Person) -> PortFuture<'a, Option<&'static str>> {
        Box::pin(self.home.refuses(&self.http, person))
    }

    fn no_approvers(&self) -> Option<&'static str> {
        self.approvers.is_none().then_some(NO_APPROVERS)
    }

    fn post_to_approvers(&self, message: Message) -> PortFuture<'_, Result<(), NotSent>> {
        Box::pin(async move {
            let channel = self.approvers.ok_or_else(|| NotSent(NO_APPROVERS.to_owned()))?;
            let sent = channel.send_message(&self.http, post(&message, None)).await;
            sent.map(drop).map_err(|error| NotSent(error.to_string()))
        })
    }

    fn direct_message<'a>(
        &'a self,
        user: &'a str,
        message: Message,
    ) -> PortFuture<'a, Result<(), NotSent>> {
        Box::pin(async move {
            let id = user.parse().ok().filter(|id| *id > 0);
            let id = id.ok_or_else(|| NotSent(format!("`{user}` is no user of Discord")))?;
            let not_sent = |error: serenity::Error| NotSent(error.to_string());
            let channel = UserId::new(id).create_dm_channel(&self.http).await.map_err(not_sent)?;
            let sent = channel.id.send_message(&self.http, post(&message, None)).await;
            sent.map(drop).map_err(not_sent)
        })
    }

    fn help(&self) -> Option<Text> {
        let apps = Text::default().strong("Right-click a message").plain(" → Apps → ");
        Some(
            apps.then(Span::Emphasis("Handle this objection".to_owned()))
                .plain(": the same for a message."),
        )
    }
}
