//! An answer as a message: a block for each card, and the buttons below.

use super::button_id::ButtonId;
use super::message::{Block, Button, Message, Row, Select, Span, Style, Text};
use crate::card::{
    AnswerAction, AnswerView, CardBlock, Line, PushbackBlock, PushbackView, REASONS, notice,
};
use crate::model::Receipt;

/// So much of the customer's words is shown above a card, in characters.
const QUOTED: usize = 200;

/// How much of a card is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// What is read in ten seconds.
    Glance,
    /// All of it.
    Whole,
}

/// An answer as a message: one card of it, or all. The notes come below the customer's words.
pub(super) fn answer(
    view: &AnswerView,
    place: Option<usize>,
    detail: Detail,
    quote: &str,
    notes: &[&str],
) -> Message {
    let alone = place.or((view.cards.len() == 1 && !view.choice).then_some(0));
    let alone = alone.and_then(|place| Some((place, view.cards.get(place)?)));
    let unlogged = if view.logged { "" } else { notice::NOT_LOGGED };
    let notes = notes.iter().copied().chain([unlogged]).filter(|note| !note.is_empty());
    let mut lines: Vec<Text> = notes.map(Text::from).collect();
    if alone.is_none() {
        lines.extend(view.heading.map(Text::from));
    }
    lines.extend(view.questions.iter().map(|line| Text::labelled(line.label, &line.text)));
    let blocks = match alone {
        Some((_, card)) => vec![block(card, view.pushback.as_ref(), detail)],
        // What is to be picked is not read before.
        None if view.choice => Vec::new(),
        None => view.cards.iter().map(|card| block(card, None, detail)).collect(),
    };
    let rows = rows(view, alone.map(|(place, _)| place), detail);
    Message { quote: shortened(quote), lines, blocks, rows }
}

/// That there is no card besides those that were shown, with what marketing could know.
pub(super) fn nothing_else(receipt: &Receipt, quote: &str) -> Message {
    let tell = button(AnswerAction::TellMarketing, receipt, 0);
    Message {
        quote: shortened(quote),
        rows: vec![Row::Buttons(vec![tell])],
        ..Message::words(notice::NO_NEXT)
    }
}

/// Below a message that others read: the answer comes at the press of a button, for one alone.
pub(super) fn only_for(receipt: &Receipt) -> Message {
    let show = button(AnswerAction::Show, receipt, 0);
    let rows = vec![Row::Buttons(vec![Button { style: Style::Primary, ..show }])];
    Message { rows, ..Message::words(notice::ONLY_FOR_YOU) }
}

/// The question why a card did not work, below the card.
pub(super) fn with_reasons(mut message: Message, receipt: &Receipt, place: usize) -> Message {
    message.rows.push(Row::Select(Select {
        id: ButtonId::answer(AnswerAction::Why, receipt, place),
        label: AnswerAction::Why.label().to_owned(),
        options: REASONS.map(str::to_owned).to_vec(),
    }));
    message
}

/// The customer's words on one line, cut to what is shown above a card.
fn shortened(quote: &str) -> String {
    let line = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

fn block(card: &CardBlock, pushback: Option<&PushbackBlock>, detail: Detail) -> Block {
    let lines = match pushback {
        Some(pushback) => {
            let head = Text::default().strong(capitalised(notice::THEY_PUSH_BACK) + ":");
            let head = head.plain(format!(" {}", pushback.title));
            std::iter::once(head).chain(pushback.lines.iter().map(labelled)).collect()
        }
        None => {
            let notice = card.notice.map(|notice| [notice.into(), Text::default()]);
            let lines = card.glance.iter().map(labelled);
            notice.into_iter().flatten().chain(lines).collect()
        }
    };
    Block {
        title: card.title.clone(),
        quote: card.heard.clone().unwrap_or_default(),
        lines,
        fields: if detail == Detail::Whole { fields(card) } else { Vec::new() },
        footer: format!("{} · checked {} by {}", card.family, card.verified, card.owner),
        ..Block::default()
    }
}

/// A line behind its label. What shows the customer that the rep has listened needs none: it is said
/// first, as it stands.
fn labelled(line: &Line) -> Text {
    let text = match line.label {
        ACKNOWLEDGE => line.text.as_str().into(),
        label => Text::labelled(label, &line.text),
    };
    said_before(text, line)
}

/// The label of the first line of a card.
const ACKNOWLEDGE: &str = "Ack";

fn said_before(text: Text, line: &Line) -> Text {
    if line.said_before {
        text.plain(" ").then(Span::Emphasis(format!("({})", notice::SAID_BEFORE)))
    } else {
        text
    }
}

fn fields(card: &CardBlock) -> Vec<(String, Vec<Text>)> {
    let groups = card.more.iter().map(|group| {
        let title = if group.internal { " (internal)" } else { "" };
        let lines = group.lines.iter().map(|line| said_before(Text::item(&line.text), line));
        (format!("{}{title}", group.title), lines.collect())
    });
    let pushbacks = card.pushbacks.iter().map(pushback_line).collect();
    let because = vec![Text::item(&card.because)];
    let mut fields: Vec<(String, Vec<Text>)> = groups.collect();
    fields.push(("They may push back".to_owned(), pushbacks));
    if !card.because.is_empty() {
        fields.push(("Why this card".to_owned(), because));
    }
    fields.retain(|(_, lines)| !lines.is_empty());
    fields
}

fn pushback_line(pushback: &PushbackView) -> Text {
    let answer = pushback.answers.first().map_or("", String::as_str);
    Text::item(&format!("{}: {answer}", pushback.title))
}

fn rows(view: &AnswerView, alone: Option<usize>, detail: Detail) -> Vec<Row> {
    if !view.logged {
        return Vec::new(); // what is not in the log cannot be gone on with
    }
    let receipt = &view.receipt;
    let first: Vec<Button> = match alone {
        Some(place) => {
            let own = AnswerAction::ON_A_CARD.map(|action| match (action, detail) {
                (AnswerAction::More, Detail::Whole) => AnswerAction::Less,
                (action, _) => action,
            });
            own.into_iter().map(|action| button(action, receipt, place)).collect()
        }
        None => {
            let cards = view.cards.iter().enumerate();
            let picks = cards.map(|(place, card)| {
                let pick = button(AnswerAction::Pick, receipt, place);
                Button { label: card.title.clone(), ..pick }
            });
            let none = view.choice.then(|| button(AnswerAction::NoneOfThese, receipt, 0));
            picks.chain(none).collect()
        }
    };
    let last = [AnswerAction::TellMarketing, AnswerAction::Price].into_iter();
    let last = last.filter(|action| view.actions.contains(action));
    let last: Vec<Button> = last.map(|action| button(action, receipt, 0)).collect();
    [first, last].into_iter().filter(|row| !row.is_empty()).map(Row::Buttons).collect()
}

fn button(action: AnswerAction, receipt: &Receipt, place: usize) -> Button {
    let style = match action {
        AnswerAction::TheySaid | AnswerAction::Pick | AnswerAction::Price => Style::Primary,
        AnswerAction::Worked => Style::Positive,
        _ => Style::Plain,
    };
    let id = ButtonId::answer(action, receipt, place);
    Button { id, label: action.label().to_owned(), style }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
