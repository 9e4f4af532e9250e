//! Lays a price out as a Discord message: the moves in one embed, and what can be done next below.

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateEmbed, CreateEmbedFooter, CreateSelectMenu,
    CreateSelectMenuKind, CreateSelectMenuOption,
};

use super::custom_id::{CustomId, Verb};
use super::outbound::{BUTTON, CHOICE, DESCRIPTION, Page, TITLE, button};
use super::text::{cut, label, plain};
use crate::feedback::{MoveKind, PriceAnswerV1, PriceMove};
use crate::negotiation::PriceMark;

/// Leaves room for the lines above a price, below Discord's 2,000.
const LONGEST: usize = 400;

/// A price with its moves. `next` is what can be said of its trade; lines that stand above it go
/// first, empty ones are left out.
pub(super) fn price(card: &PriceAnswerV1, next: &[PriceMark], above: &[&str]) -> Page {
    let mut content: Vec<String> =
        above.iter().filter(|line| !line.is_empty()).map(|line| (*line).to_owned()).collect();
    let not_used = card.not_used.iter().map(|words| format!("not used: {}", plain(words)));
    content.push(cut(&not_used.collect::<Vec<_>>().join("\n"), LONGEST));
    let reason = card.reason.iter().chain(card.question.iter().map(|question| &question.text));
    content.extend(reason.map(|reason| cut(&plain(reason), LONGEST)));
    content.retain(|line| !line.is_empty());
    let embeds = if card.moves.is_empty() { Vec::new() } else { vec![moves(card)] };
    Page { content: content.join("\n"), embeds, rows: rows(card, next) }
}

/// How a price came about.
pub(super) fn working(card: &PriceAnswerV1) -> Page {
    let mut lines: Vec<String> =
        card.working.iter().map(|line| format!("• {}", plain(line))).collect();
    if lines.is_empty() {
        lines.extend(card.reason.as_deref().map(plain));
    }
    lines.push(format!("Rules: {}. Receipt {}.", plain(&card.rules.join(", ")), card.receipt));
    let embed = CreateEmbed::new()
        .title(cut(&plain(&card.read), TITLE))
        .description(cut(&lines.join("\n"), DESCRIPTION))
        .footer(footer(card));
    Page { embeds: vec![embed], ..Page::default() }
}

fn moves(card: &PriceAnswerV1) -> CreateEmbed {
    let mut lines: Vec<String> = card.moves.iter().map(one_move).collect();
    lines.extend(card.notes.iter().map(|note| plain(note)));
    CreateEmbed::new()
        .title(cut(&plain(&card.read), TITLE))
        .description(cut(&lines.join("\n\n"), DESCRIPTION))
        .footer(footer(card))
        .colour(0x2b_6c_b0)
}

fn one_move(found: &PriceMove) -> String {
    let mark = if found.start_here { "▸ " } else { "" };
    let here = if found.start_here { " · start here" } else { "" };
    let (price, about) = (plain(&found.price), plain(&found.about));
    let mut lines = vec![format!("{mark}**{}** {price} · {about}{here}", found.kind.title())];
    let say = if found.kind == MoveKind::Hold { "Ask:" } else { "Say:" };
    let mut part = |name: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("**{name}** {}", plain(text)));
        }
    };
    part(say, &found.say);
    part("Write down:", &found.write_down.join("; "));
    part("Reasons:", &found.reasons.join(" · "));
    lines.join("\n")
}

pub(super) fn footer(card: &PriceAnswerV1) -> CreateEmbedFooter {
    let policy = card.policy.as_ref().map(|policy| {
        format!("policy {} · verified {} · valid to {}", policy.id, policy.verified, policy.expires)
    });
    CreateEmbedFooter::new(cut(&label(&policy.unwrap_or_default()), 200))
}

fn rows(card: &PriceAnswerV1, next: &[PriceMark]) -> Vec<CreateActionRow> {
    if !card.logged {
        return Vec::new(); // what is not in the log cannot be gone on with
    }
    let receipt = card.receipt.as_str();
    let secondary = |verb, label: &str| button(verb, receipt, 0, label, ButtonStyle::Secondary);
    let mut rows = Vec::new();
    let choices = card.question.iter().flat_map(|question| &question.choices).enumerate();
    let choices: Vec<CreateButton> = choices
        .map(|(place, choice)| {
            let choice = cut(&label(choice), BUTTON);
            button(Verb::Choose, receipt, place, &choice, ButtonStyle::Primary)
        })
        .take(5)
        .collect();
    if !choices.is_empty() {
        rows.push(CreateActionRow::Buttons(choices));
    }
    let mut buttons = vec![button(Verb::Asks, receipt, 0, "They ask…", ButtonStyle::Primary)];
    if card.moves.iter().any(|found| found.kind == MoveKind::Trade) {
        buttons.extend(next.iter().map(|mark| {
            let (verb, style) = match mark {
                PriceMark::Said => (Verb::Offered, ButtonStyle::Success),
                PriceMark::Withdrawn => (Verb::Back, ButtonStyle::Secondary),
                PriceMark::Agreed => (Verb::Agreed, ButtonStyle::Success),
                PriceMark::Written => (Verb::Written, ButtonStyle::Success),
            };
            button(verb, receipt, 0, mark.label(), style)
        }));
    }
    if !card.working.is_empty() {
        buttons.push(secondary(Verb::Working, "Why"));
    }
    rows.push(CreateActionRow::Buttons(buttons));
    let owed = card.owed.iter().take(5).map(|owed| {
        let label = cut(&label(&owed.label()), BUTTON);
        button(Verb::Written, &owed.receipt, 0, &label, ButtonStyle::Success)
    });
    let owed: Vec<CreateButton> = owed.collect();
    if !owed.is_empty() {
        rows.push(CreateActionRow::Buttons(owed));
    }
    let reasons = card.moves.iter().flat_map(|found| &found.reasons).take(25);
    let options: Vec<CreateSelectMenuOption> = reasons
        .map(|reason| CreateSelectMenuOption::new(cut(&label(reason), CHOICE), reason))
        .collect();
    if !options.is_empty() {
        let id = CustomId::new(Verb::Exception, receipt, 0).to_string();
        let menu = CreateSelectMenu::new(id, CreateSelectMenuKind::String { options })
            .placeholder("Ask for approval: pick the reason");
        rows.push(CreateActionRow::SelectMenu(menu));
    }
    rows
}
