//! Lays an answer out as a Discord message: an embed for each objection, two rows of buttons, nobody pinged.

use serenity::all::{
    ActionRowComponent, ButtonStyle, CreateActionRow, CreateAllowedMentions,
    CreateAutocompleteResponse, CreateButton, CreateEmbed, CreateEmbedFooter, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage,
    CreateMessage, CreateModal, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
    EditInteractionResponse, InputTextStyle, Message,
};

use super::custom_id::{CustomId, Verb};
use super::text::{cut, label, plain, quote};
use crate::card::{CardView, PushbackView, Suggestion, notice};
use crate::model::Outcome;

/// Discord's limits, in characters.
pub(super) const TITLE: usize = 256;
pub(super) const DESCRIPTION: usize = 4_096;
const FIELD: usize = 1_024;
const CONTENT: usize = 2_000;
pub(super) const BUTTON: usize = 80;
/// All texts of an embed together may have 6,000; the rest is for title and footer.
const FIELDS_IN_SUM: usize = 3_000;
/// The glance layer is short; a team's long lines are cut so that the sum stays within 6,000.
const GLANCE: usize = 1_500;
/// The longest choice of an autocompletion.
pub(super) const CHOICE: usize = 100;

/// Why a card did not work, to choose from.
pub(super) const REASONS: [&str; 5] =
    ["wrong card", "too long", "not how I talk", "customer had heard it", "something else"];

/// What the person sees.
#[derive(Debug)]
pub(super) enum Reply {
    /// A new message that only they see.
    Show(Page),
    /// The message whose button was pressed, changed.
    Change(Page),
    /// A form.
    Open(Form),
    /// What could be meant by what is typed so far.
    Choices(Vec<(String, String)>),
}

/// The content of a message.
#[derive(Debug, Default, Clone)]
pub(super) struct Page {
    pub content: String,
    pub(super) embeds: Vec<CreateEmbed>,
    pub(super) rows: Vec<CreateActionRow>,
}

/// A form with text fields.
#[derive(Debug)]
pub(super) struct Form {
    pub id: CustomId,
    pub title: &'static str,
    pub fields: Vec<Field>,
}

/// A text field of a form.
#[derive(Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: String,
    pub long: bool,
    pub required: bool,
    pub most: u16,
}

impl Page {
    /// Words alone.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self { content: text.into(), ..Self::default() }
    }

    /// When there is no card: what is to be said, and what marketing could know.
    pub(super) fn nothing(receipt: &str, lines: &[&str]) -> Self {
        let lines: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
        Self { content: lines.join("\n"), embeds: Vec::new(), rows: vec![tell_row(receipt)] }
    }

    /// With a button that asks for a price.
    pub(super) fn with_price(mut self, receipt: &str) -> Self {
        let price = button(Verb::Price, receipt, 0, "Price this", ButtonStyle::Primary);
        match self.rows.last_mut() {
            Some(CreateActionRow::Buttons(last)) if last.len() < 5 => last.push(price),
            _ => self.rows.push(CreateActionRow::Buttons(vec![price])),
        }
        self
    }

    fn message(self, private: bool) -> CreateInteractionResponseMessage {
        let rows = self.rows.clone();
        CreateInteractionResponseMessage::new()
            .content(cut(&self.content, CONTENT))
            .embeds(self.embeds)
            .components(rows)
            .ephemeral(private)
            .allowed_mentions(CreateAllowedMentions::new())
    }

    /// As a message of its own that only they see, after a button's answer was promised.
    pub(super) fn follow_up(self) -> CreateInteractionResponseFollowup {
        let (content, rows) = (cut(&self.content, CONTENT), self.rows.clone());
        CreateInteractionResponseFollowup::new()
            .content(content)
            .embeds(self.embeds)
            .components(rows)
            .ephemeral(true)
            .allowed_mentions(CreateAllowedMentions::new())
    }

    /// As a message below another one.
    pub(super) fn below(self, message: &Message) -> CreateMessage {
        let (content, rows) = (cut(&self.content, CONTENT), self.rows.clone());
        CreateMessage::new()
            .content(content)
            .embeds(self.embeds)
            .components(rows)
            .reference_message(message)
            .allowed_mentions(CreateAllowedMentions::new().replied_user(false))
    }

    /// As a message of its own in a channel.
    pub(super) fn post(self) -> CreateMessage {
        let (content, rows) = (cut(&self.content, CONTENT), self.rows.clone());
        CreateMessage::new()
            .content(content)
            .embeds(self.embeds)
            .components(rows)
            .allowed_mentions(CreateAllowedMentions::new())
    }

    /// As the edit of an answer that was promised.
    pub(super) fn edit(self) -> EditInteractionResponse {
        let (content, rows) = (cut(&self.content, CONTENT), self.rows.clone());
        EditInteractionResponse::new()
            .content(content)
            .embeds(self.embeds)
            .components(rows)
            .allowed_mentions(CreateAllowedMentions::new())
    }
}

impl Reply {
    /// As the first answer to an interaction.
    pub(super) fn respond(self) -> CreateInteractionResponse {
        match self {
            Self::Show(page) => CreateInteractionResponse::Message(page.message(true)),
            Self::Change(page) => CreateInteractionResponse::UpdateMessage(page.message(false)),
            Self::Open(form) => CreateInteractionResponse::Modal(form.modal()),
            Self::Choices(choices) => {
                let response = choices.into_iter().take(25).fold(
                    CreateAutocompleteResponse::new(),
                    |response, (name, value)| {
                        response.add_string_choice(cut(&label(&name), CHOICE), value)
                    },
                );
                CreateInteractionResponse::Autocomplete(response)
            }
        }
    }
}

impl Form {
    fn modal(self) -> CreateModal {
        let rows = self.fields.into_iter().map(|field| {
            let style = if field.long { InputTextStyle::Paragraph } else { InputTextStyle::Short };
            let input = CreateInputText::new(style, field.label, field.name)
                .required(field.required)
                .max_length(field.most)
                .placeholder(cut(&label(&field.hint), 100));
            CreateActionRow::InputText(input)
        });
        CreateModal::new(self.id.to_string(), self.title).components(rows.collect())
    }
}

/// An answer: the card at a glance or whole, a choice, or that nothing fits. Lines that stand
/// above it go first; empty ones are left out.
pub(super) fn answer(
    answer: &Suggestion,
    place: Option<usize>,
    whole: bool,
    above: &[&str],
) -> Page {
    let receipt = answer.receipt.as_str();
    let several = answer.cards.len() > 1;
    let one = place.or((answer.outcome == Outcome::Card && !several).then_some(0));
    let page = match one.and_then(|place| Some((place, answer.cards.get(place)?))) {
        Some((place, card)) => {
            let embed = if whole { whole_card(answer, card) } else { glance(answer, card) };
            let rows = if answer.logged { card_rows(receipt, place, whole) } else { Vec::new() };
            Page { content: String::new(), embeds: vec![embed], rows }
        }
        None if several => {
            let buttons = answer.cards.iter().enumerate().map(|(place, card)| {
                let title = cut(&label(&card.title), BUTTON);
                button(Verb::Pick, receipt, place, &title, ButtonStyle::Primary)
            });
            let mut buttons: Vec<CreateButton> = buttons.collect();
            if answer.outcome == Outcome::Choice {
                let none = (Verb::None, "None of these", ButtonStyle::Secondary);
                buttons.push(button(none.0, receipt, 0, none.1, none.2));
            }
            let rows = vec![CreateActionRow::Buttons(buttons), tell_row(receipt)];
            let (mut content, embeds) = match answer.outcome {
                Outcome::Choice => (notice::TOO_CLOSE.to_owned(), Vec::new()),
                _ => {
                    let embeds = answer.cards.iter().map(|card| glance(answer, card));
                    (notice::EACH.to_owned(), embeds.collect())
                }
            };
            if let Some(question) = &answer.apart {
                content += &format!("\n**Not sure? Ask:** {}", plain(question));
            }
            Page { content, embeds, rows }
        }
        None => Page {
            content: notice::NOTHING_FITS.to_owned(),
            embeds: Vec::new(),
            rows: if answer.logged { vec![tell_row(receipt)] } else { Vec::new() },
        },
    };
    let lines = above.iter().copied().chain([page.content.as_str()]);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    Page { content: lines.join("\n"), ..page }
}

/// Below a message that others read: the answer comes at the press of a button, for one alone.
pub(super) fn only_for(id: &CustomId) -> Page {
    let button = CreateButton::new(id.to_string()).label("Show me").style(ButtonStyle::Primary);
    let rows = vec![CreateActionRow::Buttons(vec![button])];
    Page { content: notice::ONLY_FOR_YOU.to_owned(), embeds: Vec::new(), rows }
}

/// The question why a card did not work, below the card.
pub(super) fn with_reasons(mut page: Page, receipt: &str, place: usize) -> Page {
    let options = REASONS.map(|reason| CreateSelectMenuOption::new(reason, reason)).to_vec();
    let id = CustomId::new(Verb::Why, receipt, place).to_string();
    let menu = CreateSelectMenu::new(id, CreateSelectMenuKind::String { options })
        .placeholder("What was wrong? (optional)");
    page.rows.push(CreateActionRow::SelectMenu(menu));
    page
}

fn glance(answer: &Suggestion, card: &CardView) -> CreateEmbed {
    let heard = answer.heard(&card.id).map(|words| format!("> {}", quote(words)));
    let mut lines: Vec<String> = heard.into_iter().collect();
    let mut part = |name: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("**{name}** {}", plain(text)));
        }
    };
    if let Some(pushback) = &answer.pushback {
        part("They push back:", &pushback.title);
        part("Say:", pushback.answers.first().map_or("", String::as_str));
        for other in pushback.answers.iter().skip(1) {
            part("Or:", other);
        }
    } else {
        if card.used_up {
            lines.push(format!("{}\n", notice::USED_UP));
        }
        if !card.acknowledge.is_empty() {
            lines.push(plain(&card.acknowledge));
        }
        let ask = card.ask.first().map_or("", String::as_str);
        let proof = card.proof.first().map_or("", String::as_str);
        for (name, text) in [("Ask:", ask), ("Say:", &card.say), ("Proof:", proof)] {
            if !text.is_empty() {
                lines.push(format!("**{name}** {}{}", plain(text), before(card, text)));
            }
        }
    }
    if let Some(isolate) = &answer.isolate {
        lines.push(format!("**Third objection. Ask:** {}", plain(isolate)));
    }
    embed(card, cut(&lines.join("\n"), GLANCE))
}

/// What stands after a line that was shown before.
fn before(card: &CardView, line: &str) -> String {
    let said = card.was_said(line);
    if said { format!(" *({})*", notice::SAID_BEFORE) } else { String::new() }
}

fn whole_card(answer: &Suggestion, card: &CardView) -> CreateEmbed {
    let mut embed = glance(answer, card);
    let rest = |lines: &[String]| lines.iter().skip(1).cloned().collect::<Vec<_>>();
    let mut fields = vec![
        ("Ask as well".to_owned(), rest(&card.ask)),
        ("Or say".to_owned(), card.say_also.clone()),
        ("More proof".to_owned(), rest(&card.proof)),
        ("They may push back".to_owned(), card.pushbacks.iter().map(pushback_line).collect()),
        ("Not to be said".to_owned(), card.avoid.clone()),
    ];
    fields.extend(card.more.iter().map(|more| (more.title.to_owned(), more.lines.clone())));
    fields.push(("Why this card".to_owned(), card.because.clone()));
    let mut left = FIELDS_IN_SUM;
    let mut cut_off = false;
    for (name, lines) in fields.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        let line = |line: &String| format!("• {}{}", plain(line), before(card, line));
        let text = lines.iter().map(line).collect::<Vec<_>>();
        let text = cut(&text.join("\n"), FIELD);
        let length = text.encode_utf16().count() + name.encode_utf16().count();
        if length <= left {
            left -= length;
            embed = embed.field(name, text, false);
        } else {
            cut_off = true
        }
    }
    if cut_off {
        embed = embed.field("There is more", "The whole card is on the web page.", false);
    }
    embed
}

fn pushback_line(pushback: &PushbackView) -> String {
    let answer = pushback.answers.first().map_or("", String::as_str);
    format!("{}: {answer}", pushback.title)
}

fn embed(card: &CardView, description: String) -> CreateEmbed {
    let footer = format!("{} · checked {} by {}", card.family.words(), card.verified, card.owner);
    CreateEmbed::new()
        .title(cut(&plain(&card.title), TITLE))
        .description(cut(&description, DESCRIPTION))
        .footer(CreateEmbedFooter::new(cut(&label(&footer), 200)))
        .colour(0x2b_6c_b0)
}

fn card_rows(receipt: &str, place: usize, whole: bool) -> Vec<CreateActionRow> {
    let plain = ButtonStyle::Secondary;
    let more = if whole { (Verb::Less, "Less") } else { (Verb::More, "More") };
    let first = vec![
        button(Verb::Said, receipt, place, "They said…", ButtonStyle::Primary),
        button(Verb::Worked, receipt, place, "Worked", ButtonStyle::Success),
        button(Verb::Failed, receipt, place, "Didn't", plain),
        button(Verb::Next, receipt, place, "Next", plain),
        button(more.0, receipt, place, more.1, plain),
    ];
    vec![CreateActionRow::Buttons(first), tell_row(receipt)]
}

fn tell_row(receipt: &str) -> CreateActionRow {
    let tell = button(Verb::Tell, receipt, 0, "Tell marketing", ButtonStyle::Secondary);
    CreateActionRow::Buttons(vec![tell])
}

pub(super) fn button(
    verb: Verb,
    receipt: &str,
    place: usize,
    label: &str,
    style: ButtonStyle,
) -> CreateButton {
    CreateButton::new(CustomId::new(verb, receipt, place).to_string()).label(label).style(style)
}

/// The text fields of a form that was sent, by name.
pub(super) fn fields(rows: &[serenity::all::ActionRow]) -> Vec<(String, String)> {
    let inputs = rows.iter().flat_map(|row| &row.components).filter_map(|part| match part {
        ActionRowComponent::InputText(input) => {
            Some((input.custom_id.clone(), input.value.clone().unwrap_or_default()))
        }
        _ => None,
    });
    inputs.collect()
}
