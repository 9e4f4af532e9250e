//! Exceptions from the price policy: a rep asks, the request goes to those who decide, and their
//! answer comes back to the rep.

use super::answering::Pressed;
use super::button_id::ButtonId;
use super::chat::{Chat, Done};
use super::message::{Block, BlockKind, Button, Message, Reply, Row, Span, Style, Text};
use super::price_message::{about, price};
use crate::approvals::{Decided, Requested};
use crate::card::notice;
use crate::card::notice::price as words;
use crate::feedback::{Decision, PriceAnswerV1};
use crate::negotiation::{CaseState, PriceMark, PriceReplay};

impl Chat {
    /// A rep picked the reason for an exception.
    pub(super) async fn ask_approval(&self, pressed: Pressed<'_>, picked: Option<String>) -> Done {
        let Pressed { person, id, quote, .. } = pressed;
        if let Some(why) = self.notifier.no_approvers() {
            return Ok(Reply::words(why));
        }
        let reason = picked.unwrap_or_default();
        let asked = self.services.approvals.ask(&self.caller(person), &id.receipt, &reason).await?;
        let posted = self.notifier.post_to_approvers(request(&asked, &person.user)).await;
        let told = match posted {
            Ok(()) => words::asked(&asked.needs),
            Err(error) => {
                tracing::error!(%error, "the approvers' channel took no request");
                words::NOT_POSTED.to_owned()
            }
        };
        let PriceReplay { card, marks, .. } =
            self.services.negotiation.replay_price(&id.receipt).await?;
        Ok(Reply::Change(price(&card, &PriceMark::next(&marks), quote, &[&told])))
    }

    /// An approver decided.
    pub(super) async fn decide(
        &self,
        pressed: Pressed<'_>,
        decision: Decision,
        reason: Option<String>,
    ) -> Done {
        let Pressed { person, id, .. } = pressed;
        let Some(rep) = &id.user else { return Ok(Reply::words(notice::OLD_BUTTON)) };
        let caller = self.caller(person);
        let decided =
            self.services.approvals.decide(&caller, id.receipt.as_str(), decision, reason).await?;
        let state = state(&decided);
        let by =
            Text::from(format!("{state} (")).then(Span::Person(person.user.clone())).plain(")");
        let mut message = Message {
            blocks: vec![request_block(&decided.card, &decided.reason, rep, vec![by])],
            ..Message::default()
        };
        if matches!(decided.state, CaseState::Waiting(_)) {
            message.rows = buttons(id.receipt.as_str(), rep);
            return Ok(Reply::Change(message));
        }
        let told = self.notifier.direct_message(rep, outcome(&decided.card, &state)).await;
        if let Err(error) = told {
            tracing::warn!(%error, "a rep could not be told what became of their request");
            message.lines.push(words::NOT_TOLD.into());
        }
        Ok(Reply::Change(message))
    }
}

/// What became of a request, as a sentence.
fn state(decided: &Decided) -> String {
    let by = decided.roles.join(" + ");
    match &decided.state {
        CaseState::Waiting(missing) => {
            format!("Approved by {by}; {} has not answered yet.", missing.join(" + "))
        }
        CaseState::Approved(granted) => {
            format!("Approved by {} until {}.", granted.by.join(" + "), granted.until.day())
        }
        CaseState::Declined(reason) => format!("Declined by {by}: {reason}"),
    }
}

/// A request, as the approvers see it.
fn request(asked: &Requested, rep: &str) -> Message {
    let Requested { request, reason, card, needs, alike, often, .. } = asked;
    let needs = Text::default().strong("Needs").plain(format!(" {}", needs.join(" + ")));
    let precedents = (*alike > 0).then(|| {
        let often = if *often { *alike } else { usize::MAX };
        words::precedents(&[(reason.clone(), *alike)], often).into()
    });
    let lines = std::iter::once(needs).chain(precedents).collect();
    let blocks = vec![request_block(card, reason, rep, lines)];
    Message { blocks, rows: buttons(request, rep), ..Message::default() }
}

fn request_block(card: &PriceAnswerV1, reason: &str, rep: &str, lines: Vec<Text>) -> Block {
    let asks = Text(vec![Span::Person(rep.to_owned())]).plain(" asks for ").strong(reason);
    let working = card.working.iter().map(|line| Text::item(line));
    let lines = std::iter::once(asks).chain(lines).chain(working).collect();
    Block { lines, kind: BlockKind::Request, ..about(card) }
}

fn buttons(request: &str, rep: &str) -> Vec<Row> {
    let button = |decision, label: &str, style| Button {
        id: ButtonId::approval(decision, request, rep),
        label: label.to_owned(),
        style,
    };
    vec![Row::Buttons(vec![
        button(Decision::Approved, "Approve", Style::Positive),
        button(Decision::Declined, "Decline", Style::Danger),
    ])]
}

/// What became of a request, as the rep reads it.
fn outcome(card: &PriceAnswerV1, state: &str) -> Message {
    let asked = card.moves.iter().find(|found| !found.reasons.is_empty());
    let lines = asked.map(|found| Text::default().strong(found.price.as_str()));
    let block = Block { lines: lines.into_iter().collect(), kind: BlockKind::Note, ..about(card) };
    Message { blocks: vec![block], ..Message::words(state) }
}
