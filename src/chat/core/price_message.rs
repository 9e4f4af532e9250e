//! A price as a message: the moves in one block, and what can be done next below.

use super::button_id::{ButtonId, PriceAction};
use super::message::{Block, BlockKind, Button, Message, Row, Select, Style, Text};
use crate::feedback::{MoveKind, PriceAnswerV1, PriceMove};
use crate::model::Receipt;
use crate::negotiation::PriceMark;

/// Every platform takes so many buttons in a row.
const IN_A_ROW: usize = 5;
/// So much that was not used is named: the answer below it must not be cut off.
const NOT_USED: usize = 5;
/// Every platform takes so many options of a select.
const OPTIONS: usize = 25;

/// A price with its moves. `next` is what can be said of its trade; the notes come below what the
/// customer asked for, empty ones are left out.
pub(super) fn price(
    card: &PriceAnswerV1,
    next: &[PriceMark],
    quote: &str,
    notes: &[&str],
) -> Message {
    let notes = notes.iter().filter(|note| !note.is_empty());
    let mut lines: Vec<Text> = notes.map(|note| Text::from(*note)).collect();
    let not_used = card.not_used.iter().take(NOT_USED);
    lines.extend(not_used.map(|words| Text::from(format!("not used: {words}"))));
    let reason = card.reason.iter().chain(card.question.iter().map(|question| &question.text));
    lines.extend(reason.map(|reason| Text::from(reason.as_str())));
    let blocks = if card.moves.is_empty() { Vec::new() } else { vec![moves(card)] };
    Message { quote: quote.to_owned(), lines, blocks, rows: rows(card, next) }
}

/// How a price came about.
pub(super) fn working(card: &PriceAnswerV1) -> Message {
    let mut lines: Vec<Text> = card.working.iter().map(|line| Text::item(line)).collect();
    if lines.is_empty() {
        lines.extend(card.reason.as_deref().map(Text::from));
    }
    lines.push(format!("Rules: {}. Receipt {}.", card.rules.join(", "), card.receipt).into());
    let block = Block { lines, kind: BlockKind::Note, ..about(card) };
    Message { blocks: vec![block], ..Message::default() }
}

/// A block about this price, still without lines.
pub(super) fn about(card: &PriceAnswerV1) -> Block {
    let policy = card.policy.as_ref().map(|policy| {
        format!("policy {} · verified {} · valid to {}", policy.id, policy.verified, policy.expires)
    });
    Block { title: card.read.clone(), footer: policy.unwrap_or_default(), ..Block::default() }
}

fn moves(card: &PriceAnswerV1) -> Block {
    let mut paragraphs: Vec<Vec<Text>> = card.moves.iter().map(one_move).collect();
    paragraphs.extend(card.notes.iter().map(|note| vec![note.as_str().into()]));
    let lines = paragraphs.join(&Text::default());
    Block { lines, ..about(card) }
}

fn one_move(found: &PriceMove) -> Vec<Text> {
    let (mark, here) = if found.start_here { ("▸ ", " · start here") } else { ("", "") };
    let head = Text::from(mark).strong(found.kind.title());
    let mut lines = vec![head.plain(format!(" {} · {}{here}", found.price, found.about))];
    let say = if found.kind == MoveKind::Hold { "Ask" } else { "Say" };
    let parts = [
        (say, found.say.clone()),
        ("Write down", found.write_down.join("; ")),
        ("Reasons", found.reasons.join(" · ")),
    ];
    let parts = parts.iter().filter(|(_, text)| !text.is_empty());
    lines.extend(parts.map(|(label, text)| Text::labelled(label, text)));
    lines
}

fn rows(card: &PriceAnswerV1, next: &[PriceMark]) -> Vec<Row> {
    if !card.logged {
        return Vec::new(); // what is not in the log cannot be gone on with
    }
    let receipt = &card.receipt;
    let choices = card.question.iter().flat_map(|question| &question.choices).enumerate();
    let choices = choices.take(IN_A_ROW).map(|(place, choice)| Button {
        id: ButtonId::price(PriceAction::Choose, receipt, place),
        label: choice.clone(),
        style: Style::Primary,
    });
    let mut buttons = vec![button(PriceAction::TheyAsk, receipt)];
    if card.moves.iter().any(|found| found.kind == MoveKind::Trade) {
        buttons.extend(next.iter().map(|mark| button(PriceAction::Mark(*mark), receipt)));
    }
    buttons.extend((!card.working.is_empty()).then(|| button(PriceAction::Working, receipt)));
    let owed = card.owed.iter().take(IN_A_ROW).map(|owed| {
        let written = button(PriceAction::Mark(PriceMark::Written), &owed.receipt);
        Button { label: owed.label(), ..written }
    });
    let rows = [choices.collect(), buttons, owed.collect()];
    let rows = rows.into_iter().filter(|row: &Vec<Button>| !row.is_empty()).map(Row::Buttons);
    let reasons = card.moves.iter().flat_map(|found| &found.reasons).take(OPTIONS);
    let options: Vec<String> = reasons.cloned().collect();
    let exception = (!options.is_empty()).then(|| {
        let id = ButtonId::price(PriceAction::Exception, receipt, 0);
        Row::Select(Select { id, label: PriceAction::Exception.label().to_owned(), options })
    });
    rows.chain(exception).collect()
}

fn button(action: PriceAction, receipt: &Receipt) -> Button {
    let style = match action {
        PriceAction::TheyAsk => Style::Primary,
        PriceAction::Mark(PriceMark::Said | PriceMark::Agreed | PriceMark::Written) => {
            Style::Positive
        }
        _ => Style::Plain,
    };
    Button { id: ButtonId::price(action, receipt, 0), label: action.label().to_owned(), style }
}
