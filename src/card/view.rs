//! An answer as a rep reads it. Page, terminal and chat lay out the same words in the same order.

use super::{AnswerAction, CardView, PushbackView, SourceView, Suggestion, notice};
use crate::model::{CardId, Day, Outcome, Receipt};

/// An answer, ready to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerView {
    /// Names the answer.
    pub receipt: Receipt,
    /// Whether it is in the log. If not, nothing can be done with it.
    pub logged: bool,
    /// Whether one of the cards is to be picked.
    pub choice: bool,
    /// Shown above the cards; none above a single one.
    pub heading: Option<&'static str>,
    /// The answer to a push-back on the card below, which was shown before.
    pub pushback: Option<PushbackBlock>,
    /// What to ask besides the questions of the cards.
    pub questions: Vec<Line>,
    /// The cards, best first.
    pub cards: Vec<CardBlock>,
    /// What can be done with it, in the order of the buttons; one [`AnswerAction::Pick`] stands for
    /// a button for each card.
    pub actions: Vec<AnswerAction>,
}

/// A card of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CardBlock {
    /// Its id.
    pub id: CardId,
    /// Its title.
    pub title: String,
    /// The name of its family.
    pub family: String,
    /// When its words were last checked.
    pub verified: Day,
    /// The team that answers for them.
    pub owner: String,
    /// The customer's words that it answers, where there are several cards.
    pub heard: Option<String>,
    /// Something to know before it is read.
    pub notice: Option<&'static str>,
    /// The summary, which is read in ten seconds.
    pub glance: Vec<Line>,
    /// Everything else, group by group.
    pub more: Vec<Group>,
    /// What the customer may say to it, and the answers.
    pub pushbacks: Vec<PushbackView>,
    /// Why this card; empty when it was looked up.
    pub because: String,
    /// Where it was read.
    pub source: SourceView,
}

/// The answer to a push-back.
#[derive(Debug, Clone, PartialEq)]
pub struct PushbackBlock {
    /// What they say, in short.
    pub title: String,
    /// What to answer, best first.
    pub lines: Vec<Line>,
}

/// A line with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What to do with it: "Say", for example.
    pub label: &'static str,
    /// Its words.
    pub text: String,
    /// It was shown before in this conversation.
    pub said_before: bool,
}

/// Some lines of a card beyond its summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its heading.
    pub title: &'static str,
    /// Whether it is for the rep alone and not to be said.
    pub internal: bool,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The label of a line that is to be said.
pub const SAY: &str = "Say";

impl AnswerView {
    /// The view of an answer. `priceable` when what the customer said could be priced.
    #[must_use]
    pub fn new(answer: &Suggestion, priceable: bool) -> Self {
        let several = answer.cards.len() > 1;
        let heading = match answer.outcome {
            Outcome::None => Some(notice::NOTHING_FITS),
            Outcome::Choice => Some(notice::TOO_CLOSE),
            Outcome::Card => several.then_some(notice::EACH),
        };
        let apart = answer.apart.iter().map(|text| Line::new(notice::NOT_SURE, text));
        let isolate = answer.isolate.iter().map(|text| Line::new(notice::THIRD_OBJECTION, text));
        let pushback = answer.pushback.as_ref().map(|pushback| {
            let lines = pushback.answers.iter().enumerate();
            let lines = lines.map(|(at, text)| Line::new(if at == 0 { SAY } else { "Or" }, text));
            PushbackBlock { title: pushback.title.clone(), lines: lines.collect() }
        });
        let cards = answer.cards.iter().map(|card| {
            let mut block = CardBlock::new(card);
            block.heard = answer.heard(&card.id).map(str::to_owned);
            // After a push-back the card is only a reminder.
            block.notice = block.notice.filter(|_| pushback.is_none());
            block
        });
        Self {
            receipt: answer.receipt.clone(),
            logged: answer.logged,
            choice: answer.outcome == Outcome::Choice,
            heading,
            questions: apart.chain(isolate).collect(),
            cards: cards.collect(),
            pushback,
            actions: if answer.logged { actions(answer, priceable) } else { Vec::new() },
        }
    }
}

fn actions(answer: &Suggestion, priceable: bool) -> Vec<AnswerAction> {
    use AnswerAction::{NoneOfThese, Pick, Price, TellMarketing};
    let mut actions = match (answer.outcome, answer.cards.len()) {
        (Outcome::None, _) | (_, 0) => Vec::new(),
        (Outcome::Choice, _) => vec![Pick, NoneOfThese],
        (Outcome::Card, 1) => AnswerAction::ON_A_CARD.to_vec(),
        (Outcome::Card, _) => vec![Pick],
    };
    actions.push(TellMarketing);
    actions.extend(priceable.then_some(Price));
    actions
}

impl CardBlock {
    /// The block of a single card.
    #[must_use]
    pub fn new(card: &CardView) -> Self {
        let line = |label, text: &String| Line {
            label,
            text: text.clone(),
            said_before: card.was_said(text),
        };
        let first = [
            Some(("Ack", &card.acknowledge)),
            card.ask.first().map(|text| ("Ask", text)),
            Some((SAY, &card.say)),
            card.proof.first().map(|text| ("Proof", text)),
        ];
        let glance = first.into_iter().flatten().filter(|(_, text)| !text.is_empty());
        let group = |title, internal, lines: &[String]| Group {
            title,
            internal,
            lines: lines.iter().map(|text| line(title, text)).collect(),
        };
        let rest = |lines| <[String]>::get(lines, 1..).unwrap_or_default();
        let mut more = vec![
            group("Ask", false, rest(&card.ask)),
            group(SAY, false, &card.say_also),
            group("Proof", false, rest(&card.proof)),
            group("Avoid", true, &card.avoid),
        ];
        more.extend(card.more.iter().map(|section| group(section.title, true, &section.lines)));
        more.retain(|group| !group.lines.is_empty());
        Self {
            id: card.id.clone(),
            title: card.title.clone(),
            family: card.family.words(),
            verified: card.verified,
            owner: card.owner.clone(),
            heard: None,
            notice: card.used_up.then_some(notice::USED_UP),
            glance: glance.map(|(label, text)| line(label, text)).collect(),
            more,
            pushbacks: card.pushbacks.clone(),
            because: card.because.join(" "),
            source: card.source.clone(),
        }
    }
}

impl Line {
    fn new(label: &'static str, text: &str) -> Self {
        Self { label, text: text.to_owned(), said_before: false }
    }
}
