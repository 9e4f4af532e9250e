//! The commands as Discord is told of them.

use serenity::all::{CommandOptionType, CommandType, CreateCommand, CreateCommandOption};

use crate::model::Stage;

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
        .add_option(part("test", "Which cards a sentence brings").add_sub_option(tested));
    let feedback = CreateCommand::new("feedback")
        .description("For marketers")
        .add_option(part("summary", "What the last seven days came to"));
    vec![objection, handle, call, playbook, feedback, help]
}

fn part(name: &str, description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::SubCommand, name, description)
}

fn stage() -> CreateCommandOption {
    let option = CreateCommandOption::new(
        CommandOptionType::String,
        "stage",
        "Where the deal stands; the card then has the words for it",
    );
    Stage::ALL
        .into_iter()
        .fold(option, |option, stage| option.add_string_choice(stage.name(), stage.name()))
}

fn word(name: &str, description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::String, name, description).max_length(100)
}
