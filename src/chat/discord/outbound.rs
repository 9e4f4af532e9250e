//! Lays a message out for Discord: embeds, rows of buttons, no one pinged, every limit kept.

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton,
    CreateEmbed, CreateEmbedFooter, CreateInputText, CreateInteractionResponse,
    CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage,
    CreateModal, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
    EditInteractionResponse, InputTextStyle, Message as DiscordMessage,
};

use super::text::{cut, label, markdown, plain, quote};
use crate::chat::core::{Block, BlockKind, Button, Form, Message, Reply, Row, Select, Style, Text};

/// Discord's limits, in characters.
const TITLE: usize = 256;
const DESCRIPTION: usize = 4_096;
const FIELD: usize = 1_024;
const CONTENT: usize = 2_000;
const BUTTON: usize = 80;
/// All texts of an embed together may have 6,000; the rest is for title and footer.
const FIELDS_IN_SUM: usize = 3_000;
/// The lines of one of several embeds, or of one with fields, are cut so that the sum stays within
/// 6,000.
const LINES: usize = 1_500;
/// The longest choice of an autocompletion, and the longest option of a select.
const CHOICE: usize = 100;
/// So much of the customer's words is shown above all else: room is left for the lines below.
const QUOTED: usize = 1_500;
/// A long line above the embeds leaves room for those after it.
const LINE: usize = 400;
const FOOTER: usize = 200;

/// As the first answer to an interaction.
pub(super) fn respond(reply: Reply) -> CreateInteractionResponse {
    match reply {
        Reply::Show(page) => CreateInteractionResponse::Message(message(&page, true)),
        Reply::Change(page) => CreateInteractionResponse::UpdateMessage(message(&page, false)),
        Reply::Open(form) => CreateInteractionResponse::Modal(modal(form)),
        Reply::Choices(choices) => {
            let choices = choices.into_iter().take(25);
            let response = choices.fold(CreateAutocompleteResponse::new(), |response, choice| {
                response.add_string_choice(cut(&label(&choice), CHOICE), choice)
            });
            CreateInteractionResponse::Autocomplete(response)
        }
    }
}

fn message(page: &Message, private: bool) -> CreateInteractionResponseMessage {
    CreateInteractionResponseMessage::new()
        .content(content(page))
        .embeds(embeds(page))
        .components(rows(page))
        .ephemeral(private)
        .allowed_mentions(CreateAllowedMentions::new())
}

/// As a message of its own that only they see, after a button's answer was promised.
pub(super) fn follow_up(page: &Message) -> CreateInteractionResponseFollowup {
    CreateInteractionResponseFollowup::new()
        .content(content(page))
        .embeds(embeds(page))
        .components(rows(page))
        .ephemeral(true)
        .allowed_mentions(CreateAllowedMentions::new())
}

/// As a message in a channel; below another one when there is one.
pub(super) fn post(page: &Message, below: Option<&DiscordMessage>) -> CreateMessage {
    let post = CreateMessage::new()
        .content(content(page))
        .embeds(embeds(page))
        .components(rows(page))
        .allowed_mentions(CreateAllowedMentions::new().replied_user(false));
    match below {
        Some(message) => post.reference_message(message),
        None => post,
    }
}

/// As the edit of an answer that was promised.
pub(super) fn edit(page: &Message) -> EditInteractionResponse {
    EditInteractionResponse::new()
        .content(content(page))
        .embeds(embeds(page))
        .components(rows(page))
        .allowed_mentions(CreateAllowedMentions::new())
}

fn content(page: &Message) -> String {
    let words = quote(&page.quote);
    let quoted = (!words.is_empty()).then(|| format!("> {}", cut(&words, QUOTED)));
    let lines = page.lines.iter().map(|line| cut(&markdown(line), LINE));
    let lines = lines.filter(|line| !line.is_empty());
    let lines: Vec<String> = quoted.into_iter().chain(lines).collect();
    cut(&lines.join("\n"), CONTENT)
}

fn embeds(page: &Message) -> Vec<CreateEmbed> {
    let alone = page.blocks.len() == 1;
    page.blocks.iter().map(|block| embed(block, alone)).collect()
}

fn embed(block: &Block, alone: bool) -> CreateEmbed {
    let quoted = (!block.quote.is_empty()).then(|| format!("> {}", quote(&block.quote)));
    let lines: Vec<String> = quoted.into_iter().chain(block.lines.iter().map(markdown)).collect();
    let most = if alone && block.fields.is_empty() { DESCRIPTION } else { LINES };
    let embed = CreateEmbed::new()
        .title(cut(&plain(&block.title), TITLE))
        .description(cut(&lines.join("\n"), most))
        .footer(CreateEmbedFooter::new(cut(&label(&block.footer), FOOTER)));
    let embed = match block.kind {
        BlockKind::Card => embed.colour(0x2b_6c_b0),
        BlockKind::Request => embed.colour(0xb7_79_1f),
        BlockKind::Note => embed,
    };
    with_fields(embed, &block.fields)
}

fn with_fields(mut embed: CreateEmbed, fields: &[(String, Vec<Text>)]) -> CreateEmbed {
    let mut left = FIELDS_IN_SUM;
    let mut cut_off = false;
    for (name, lines) in fields {
        let lines: Vec<String> = lines.iter().map(markdown).collect();
        let text = cut(&lines.join("\n"), FIELD);
        let length = text.encode_utf16().count() + name.encode_utf16().count();
        if length <= left {
            left -= length;
            embed = embed.field(name, text, false);
        } else {
            cut_off = true;
        }
    }
    if cut_off {
        embed = embed.field("There is more", "The whole card is on the web page.", false);
    }
    embed
}

fn rows(page: &Message) -> Vec<CreateActionRow> {
    let row = |row: &Row| match row {
        Row::Buttons(buttons) => {
            CreateActionRow::Buttons(buttons.iter().take(5).map(button).collect())
        }
        Row::Select(select) => CreateActionRow::SelectMenu(menu(select)),
    };
    page.rows.iter().take(5).map(row).collect()
}

fn button(button: &Button) -> CreateButton {
    let style = match button.style {
        Style::Primary => ButtonStyle::Primary,
        Style::Positive => ButtonStyle::Success,
        Style::Danger => ButtonStyle::Danger,
        Style::Plain => ButtonStyle::Secondary,
    };
    let words = cut(&label(&button.label), BUTTON);
    CreateButton::new(button.id.to_string()).label(words).style(style)
}

fn menu(select: &Select) -> CreateSelectMenu {
    let options = select.options.iter().take(25);
    let options =
        options.map(|option| CreateSelectMenuOption::new(cut(&label(option), CHOICE), option));
    let kind = CreateSelectMenuKind::String { options: options.collect() };
    CreateSelectMenu::new(select.id.to_string(), kind).placeholder(select.label.as_str())
}

/// Forms are made of rows of text fields: deprecated, still taken, and the only shape that the
/// library can read back.
fn modal(form: Form) -> CreateModal {
    let rows = form.fields.into_iter().map(|field| {
        let style = if field.long { InputTextStyle::Paragraph } else { InputTextStyle::Short };
        let input = CreateInputText::new(style, field.label, field.name)
            .required(field.required)
            .max_length(field.most)
            .placeholder(cut(&label(&field.hint), 100));
        CreateActionRow::InputText(input)
    });
    CreateModal::new(form.id.to_string(), form.title).components(rows.collect())
}
