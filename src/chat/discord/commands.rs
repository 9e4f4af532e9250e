//! The commands as Discord is told of them.

use std::time::Duration;

use serenity::all::{
    ApplicationId, Command, CommandOptionType, CommandType, CreateCommand, CreateCommandOption,
    GuildId, Http,
};

use super::Settings;
use crate::model::{ContentHash, Stage};

/// The name of the note of what is registered.
const REGISTERED: &str = "discord-commands";

/// How often a registration is tried.
const TRIES: u32 = 3;

/// Tells Discord of the commands, unless it knows these already: there is a limit of 200 a day.
/// That it could not be told does not keep the bot from answering.
pub(super) async fn register(http: &Http, settings: &Settings, application: ApplicationId) {
    let commands = commands();
    let set = serde_json::to_string(&commands).unwrap_or_default();
    let hash = ContentHash::of([application.to_string(), place(settings), set]).to_string();
    if settings.state.get(REGISTERED).is_ok_and(|known| known.as_ref() == Some(&hash)) {
        return;
    }
    for number in 1..=TRIES {
        let told = match settings.guild {
            Some(guild) => GuildId::new(guild).set_commands(http, commands.clone()).await,
            None => Command::set_global_commands(http, commands.clone()).await,
        };
        match told {
            Ok(told) => {
                tracing::info!(commands = told.len(), "commands are registered");
                if let Err(error) = settings.state.put(REGISTERED, &hash) {
                    tracing::warn!(%error, "that the commands are registered could not be noted");
                }
                return;
            }
            Err(error) => tracing::error!(%error, "the commands could not be registered"),
        }
        tokio::time::sleep(Duration::from_secs(5 * u64::from(number)).mul_f32(settings.patience))
            .await;
    }
}

/// Where the commands belong.
pub(super) fn place(settings: &Settings) -> String {
    settings.guild.map_or_else(|| "every server".to_owned(), |guild| format!("server {guild}"))
}

/// The names of all commands.
pub(super) fn names() -> Vec<String> {
    let name = |command| serde_json::to_value(command).ok()?["name"].as_str().map(str::to_owned);
    commands().into_iter().filter_map(name).collect()
}

/// Every command.
pub(super) fn commands() -> Vec<CreateCommand> {
    let text = CreateCommandOption::new(
        CommandOptionType::String,
        "text",
        "What the customer just said, in their words",
    )
    .required(true)
    .set_autocomplete(true)
    .max_length(4_000);
    let objection = CreateCommand::new("objection")
        .description("What to say to what the customer just said; only you see it")
        .add_option(text)
        .add_option(stage())
        .add_option(word("product", "The product it is about"))
        .add_option(word("competitor", "The competitor they mentioned"));
    let request = CreateCommandOption::new(
        CommandOptionType::String,
        "text",
        "Seats, product, term, and what they want: 80 seats, 2 years, they want 15%",
    )
    .required(true)
    .max_length(1_000);
    let deal = word("deal", "The deal, so that what you offered in it is known").max_length(64);
    let price = CreateCommand::new("price")
        .description("What you may say to a price, and what to ask for in return; only you see it")
        .add_option(request)
        .add_option(deal)
        .add_option(stage());
    let help = CreateCommand::new("help").description("How Cornerman is used");
    let handle = CreateCommand::new("Handle this objection").kind(CommandType::Message);
    let call = CreateCommand::new("call")
        .description("Say once what a call is about; it holds for the questions that follow")
        .add_option(
            part("start", "The call begins")
                .add_sub_option(stage())
                .add_sub_option(word("product", "The product it is about"))
                .add_sub_option(word("competitor", "The competitor in it")),
        )
        .add_option(part("end", "The call is over"))
        .add_option(part("status", "What is known of the call"));
    let tested = word("text", "What a customer could say").required(true);
    let playbook = CreateCommand::new("playbook")
        .description("For team leads")
        .add_option(part("status", "How many cards are live, and what is wrong"))
        .add_option(part("test", "Which cards a sentence matches").add_sub_option(tested));
    let feedback = CreateCommand::new("feedback")
        .description("For marketers")
        .add_option(part("summary", "Summary of the last 7 days"));
    vec![objection, handle, price, call, playbook, feedback, help]
}

fn part(name: &str, description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::SubCommand, name, description)
}

fn stage() -> CreateCommandOption {
    let option = CreateCommandOption::new(
        CommandOptionType::String,
        "stage",
        "Deal stage; the card is worded for it",
    );
    Stage::ALL
        .into_iter()
        .fold(option, |option, stage| option.add_string_choice(stage.name(), stage.name()))
}

fn word(name: &str, description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::String, name, description).max_length(100)
}
