//! From what the customer said to the card, the choice, or the honest "nothing fits".

use std::time::Instant;

use super::apart::apart;
use super::conversation::Conversation;
use super::retrieve::{micros, retrieve_after};
use super::{Coach, Part, Question, Retrieval};
use crate::card::{
    CardView, Clause, LatencyMicros, PushbackView, Suggestion, compose, notice, pushback,
    two_decimals,
};
use crate::feedback::{Body, Event, RunnerUp, Shown};
use crate::journal::{Principal, UseCaseError};
use crate::model::{CardId, Outcome, Stage};
use crate::nlu::LONGEST;
use crate::playbook::{Playbook, Section};
use crate::ranking::Ranking;
use crate::redact::Redacted;

/// The longest name of a conversation, in code points.
const LONGEST_NAME: usize = 64;

/// So much is kept of the name of a product or competitor, in code points.
const LONGEST_WORD: usize = 100;

/// How many cards are kept that come after those that are shown.
const RUNNERS_UP: usize = 4;

/// The card that holds the isolating question.
const ISOLATING_CARD: &str = "isolate";

impl Coach {
    /// Answers a question and logs both. The rep gets the answer even when the log fails.
    ///
    /// # Errors
    /// [`UseCaseError`] when the text is empty or the search fails.
    pub async fn suggest(
        &self,
        caller: &Principal,
        question: &Question,
    ) -> Result<Suggestion, UseCaseError> {
        // One generation for the whole answer, so that hit and text belong together.
        let generation = self.generation();
        let playbook = &generation.playbook;
        let begun = Instant::now();
        let conversation =
            self.journal.name("conversation", question.conversation.clone(), LONGEST_NAME)?;
        let talk = self.talk(conversation.as_deref(), playbook).await;
        let stage = question.context.stage.or(talk.stage);
        let mut asked = question.clone();
        asked.context.stage = stage;
        let retrieval = retrieve_after(&generation, &asked, talk.shown(playbook)).await?;
        let composing = Instant::now();
        let (outcome, cards, pushback) = match answered(&talk, &retrieval, stage, playbook) {
            Some((card, pushback)) => (Outcome::Card, vec![card], Some(pushback)),
            None => {
                let shown = retrieval.shown(&generation.finder.weights()).into_iter();
                let cards = shown.filter_map(|ranked| {
                    let card = playbook.cards.get(ranked.card)?;
                    let turn = talk.turn(&card.id);
                    Some(compose(card, stage, turn, ranked.confidence, &ranked.reasons))
                });
                (retrieval.outcome(), cards.collect::<Vec<CardView>>(), None)
            }
        };
        let isolate = match cards.as_slice() {
            [card] if talk.isolates(&card.id, playbook) => Some(isolating(playbook)),
            _ => None,
        };
        let apart = apart(outcome, &cards, playbook);
        let clauses = match &pushback {
            Some(_) => {
                let card_ids = cards.iter().map(|card| card.id.clone()).collect();
                vec![Clause { text: retrieval.text.clone(), outcome, card_ids }]
            }
            None => clauses(&retrieval, &cards, playbook),
        };
        let (receipt, once) = self.journal.receipt(question.key.as_deref());
        let mut suggestion = Suggestion {
            outcome,
            clauses,
            cards,
            pushback,
            apart,
            isolate,
            conversation,
            generation: generation.id.clone(),
            receipt,
            logged: false,
            latency_us: LatencyMicros {
                compose: micros(composing.elapsed()),
                total: micros(begun.elapsed()),
                ..retrieval.latency
            },
        };
        let said = self.asked(question, &retrieval.text, outcome);
        let also = runners_up(&retrieval.ranking, &suggestion, playbook);
        let events = self.events(caller, said, &talk, &suggestion, also);
        suggestion.logged = self.journal.append_or_warn(events, once).await;
        Ok(suggestion)
    }

    /// What was shown in a conversation before. Without a log every question is the first.
    pub(super) async fn talk(
        &self,
        conversation: Option<&str>,
        playbook: &Playbook,
    ) -> Conversation {
        let Some(id) = conversation else { return Conversation::default() };
        match self.journal.answers_in(id).await {
            Ok(events) => Conversation::of(events.iter(), playbook),
            Err(UseCaseError::NoLog) => Conversation::default(),
            Err(error) => {
                tracing::error!(%error, "a conversation could not be read");
                Conversation::default()
            }
        }
    }

    /// What is kept of a question, of which `understood` was looked up.
    fn asked(&self, question: &Question, understood: &str, outcome: Outcome) -> Body {
        // All of it is looked through before it is shortened: half an address is not recognised.
        let words = |text: &str, most| Redacted::of(text.trim()).shortened(most);
        let name = |name: &Option<String>| {
            let name = name.as_deref().filter(|name| !name.trim().is_empty())?;
            Some(words(name, LONGEST_WORD))
        };
        let kept = self.journal.keeps_words(outcome);
        Body::Asked {
            text: kept.then(|| words(&question.text, LONGEST)),
            text_hash: self.journal.fingerprint(understood),
            characters: understood.chars().count(),
            stage: question.context.stage,
            product: name(&question.context.product),
            competitor: name(&question.context.competitor),
        }
    }

    /// Question and answer as they go into the log.
    fn events(
        &self,
        caller: &Principal,
        asked: Body,
        talk: &Conversation,
        answer: &Suggestion,
        also: Vec<RunnerUp>,
    ) -> Vec<Event> {
        let stage = match &asked {
            Body::Asked { stage, .. } => stage.or(talk.stage),
            _ => talk.stage,
        };
        let asked = self.journal.event(caller, asked);
        let answered = self.journal.named(
            answer.receipt.clone(),
            caller,
            Body::Answered {
                question: asked.id.clone(),
                outcome: answer.outcome,
                card_ids: answer.cards.iter().map(|card| card.id.clone()).collect(),
                confidence: answer.cards.first().map(|card| card.confidence),
                generation: answer.generation.clone(),
                conversation: answer.conversation.clone(),
                stage,
                pushback: answer.pushback.as_ref().map(|pushback| pushback.id.clone()),
                isolate: answer.isolate.clone(),
                shown: answer.cards.iter().map(|card| shown(card, answer, talk)).collect(),
                also,
            },
        );
        vec![asked, answered]
    }
}

/// The push-back that answers what was said, with its card as it was shown last; none when they do
/// not push back.
fn answered(
    talk: &Conversation,
    retrieval: &Retrieval,
    stage: Option<Stage>,
    playbook: &Playbook,
) -> Option<(CardView, PushbackView)> {
    let (card, index) = talk.pushback(&retrieval.evidence, playbook)?;
    let card = playbook.cards.get(card)?;
    let turn = talk.turn(&card.id).saturating_sub(1);
    let pushback = pushback(card.pushbacks.get(index)?);
    Some((compose(card, stage, turn, 1.0, &[]), pushback))
}

/// The parts of the question, each with what is shown for it.
fn clauses(retrieval: &Retrieval, cards: &[CardView], playbook: &Playbook) -> Vec<Clause> {
    let clause =
        |text: &String, outcome, card_ids| Clause { text: text.clone(), outcome, card_ids };
    match retrieval.parts.as_slice() {
        [] => {
            let shown = cards.iter().map(|card| card.id.clone());
            vec![clause(&retrieval.text, retrieval.ranking.outcome, shown.collect())]
        }
        parts => {
            let id = |card: usize| playbook.cards.get(card).map(|card| card.id.clone());
            let part = |part: &Part| {
                clause(&part.text, Outcome::Card, id(part.best.card).into_iter().collect())
            };
            parts.iter().map(part).collect()
        }
    }
}

/// The best cards that are not shown. When nothing fits, the next best does not fit either.
fn runners_up(ranking: &Ranking, answer: &Suggestion, playbook: &Playbook) -> Vec<RunnerUp> {
    if ranking.outcome == Outcome::None {
        return Vec::new();
    }
    let others = ranking.ranked.iter().filter_map(|ranked| {
        let card_id = playbook.cards.get(ranked.card)?.id.clone();
        let confidence = two_decimals(ranked.confidence);
        let shown = answer.cards.iter().any(|card| card.id == card_id);
        (!shown).then_some(RunnerUp { card_id, confidence })
    });
    others.take(RUNNERS_UP).collect()
}

/// A card as it goes into the receipt.
pub(super) fn shown(card: &CardView, answer: &Suggestion, talk: &Conversation) -> Shown {
    let before = usize::from(answer.pushback.is_some());
    Shown {
        card_id: card.id.clone(),
        file: card.source.file.clone(),
        line: card.source.line,
        hash: card.source.hash.clone(),
        turn: talk.turn(&card.id).saturating_sub(before),
        confidence: card.confidence,
        because: card.because.clone(),
    }
}

/// The question that brings out whether anything else stands in the way: the team's own words if
/// there is a card for it.
fn isolating(playbook: &Playbook) -> String {
    let card = CardId::parse(ISOLATING_CARD).and_then(|id| playbook.card(&id));
    let line = card.and_then(|card| card.lines(Section::Ask).first());
    line.map_or_else(|| notice::ISOLATE.to_owned(), |line| line.text.clone())
}
