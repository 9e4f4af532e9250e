//! Makes a ranked card ready to be shown: the shape that every front end and the JSON share.

use serde::Serialize;

use crate::model::{CardId, ContentHash, Day, Family, Reason, Stage};
use crate::playbook::{Card, Line, Pushback, Section};

/// A card as it is shown. The first line of each list belongs to the glance layer, which is read
/// in ten seconds; *More* shows the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CardView {
    /// Its id.
    pub id: CardId,
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub family: Family,
    /// Where it applies; empty means everywhere.
    pub stage: Vec<Stage>,
    /// Estimated probability that it is the right card, 0 to 1, two decimals.
    pub confidence: f64,
    /// Where it was read.
    pub source: SourceView,
    /// Shows the customer that the rep has listened; empty when the author wrote none.
    pub acknowledge: String,
    /// Questions, best first.
    pub ask: Vec<String>,
    /// The sentence to say; empty when the author wrote none.
    pub say: String,
    /// Other ways to say it.
    pub say_also: Vec<String>,
    /// What backs it.
    pub proof: Vec<String>,
    /// Everything it has to say or to ask was shown before in this conversation.
    pub used_up: bool,
    /// Lines of this card that were to be said or asked when it was shown before. They come after
    /// the others.
    pub said_before: Vec<String>,
    /// What not to say; for the rep only.
    pub avoid: Vec<String>,
    /// What the customer may say next.
    pub pushbacks: Vec<PushbackView>,
    /// The other sections, for the rep only.
    pub more: Vec<SectionView>,
    /// The team that answers for it.
    pub owner: String,
    /// When someone last checked it.
    pub verified: Day,
    /// When it is due to be checked again.
    pub review_by: Day,
    /// Why this card, in words.
    pub because: Vec<String>,
}

/// What the customer may say next, and what to say then.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PushbackView {
    /// Its id within the card.
    pub id: CardId,
    /// What they say, in short.
    pub title: String,
    /// What they say, in their words.
    pub phrasings: Vec<String>,
    /// What to answer, best first.
    pub answers: Vec<String>,
    /// The card that goes on from here.
    pub see: Option<CardId>,
}

/// A section of which no line is to be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionView {
    /// Its heading.
    pub title: &'static str,
    /// Its lines.
    pub lines: Vec<String>,
}

/// Where a shown card was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// Path below the playbook directory.
    pub file: String,
    /// Line of its heading.
    pub line: usize,
    /// Hash of its content.
    pub hash: ContentHash,
}

impl CardView {
    /// Whether a line of it was to be said or asked when it was shown before.
    #[must_use]
    pub fn was_said(&self, line: &str) -> bool {
        self.said_before.iter().any(|said| said == line)
    }
}

/// Makes a card ready to be shown. `turn` is how often it was shown before in the conversation:
/// what was first then comes last, until every line was first once. `confidence` is 1 and `reasons`
/// are none when the card is looked up by its name and not searched.
#[must_use]
pub fn compose(
    card: &Card,
    stage: Option<Stage>,
    turn: usize,
    confidence: f32,
    reasons: &[Reason],
) -> CardView {
    let because = reasons.iter().map(|reason| match reason {
        Reason::Meaning { phrasing, cosine } => {
            let phrasing = card.phrasings.get(*phrasing).map_or("", String::as_str);
            format!("Close to \"{phrasing}\" ({:.0}%).", cosine * 100.0)
        }
        Reason::Words => "Shares the most telling words.".to_owned(),
    });
    // A call begins with its opening sentence where the author wrote one.
    let opening = match card.lines(Section::Open) {
        [] => card.lines(Section::Acknowledge),
        lines => lines,
    };
    let (say, ask) = (card.say(stage), card.lines(Section::Ask));
    let said = [opening, ask, say].into_iter().flat_map(|lines| lines.iter().take(turn));
    CardView {
        id: card.id.clone(),
        title: card.title.clone(),
        family: card.family,
        stage: card.stages.clone(),
        confidence: two_decimals(confidence),
        source: SourceView {
            file: card.source.file.clone(),
            line: card.source.line,
            hash: card.source.hash.clone(),
        },
        acknowledge: turned(opening, turn).into_iter().next().unwrap_or_default(),
        ask: turned(ask, turn),
        say: turned(say, turn).into_iter().next().unwrap_or_default(),
        say_also: turned(say, turn).into_iter().skip(1).collect(),
        proof: turned(card.lines(Section::Proof), turn),
        used_up: turn > 0 && turn >= say.len().max(ask.len()),
        said_before: said.map(Line::to_string).collect(),
        avoid: shown(card.lines(Section::Avoid)),
        pushbacks: card.pushbacks.iter().map(pushback).collect(),
        more: SHOWN_BELOW
            .into_iter()
            .map(|section| SectionView {
                title: section.heading(),
                lines: shown(card.lines(section)),
            })
            .filter(|section| !section.lines.is_empty())
            .collect(),
        owner: card.owner.clone(),
        verified: card.verified,
        review_by: card.review_by,
        because: because.collect(),
    }
}

/// Sections that have no place of their own on a card, in the order in which they read best.
const SHOWN_BELOW: [Section; 11] = [
    Section::Snapshot,
    Section::WeWin,
    Section::TheyWin,
    Section::PricingPosture,
    Section::Goal,
    Section::Confirm,
    Section::NextStep,
    Section::When,
    Section::Turn,
    Section::Slots,
    Section::Notes,
];

fn shown(lines: &[Line]) -> Vec<String> {
    lines.iter().map(Line::to_string).collect()
}

/// All lines, those that were first in an earlier turn at the end; in their own order once each of
/// them was.
fn turned(lines: &[Line], turn: usize) -> Vec<String> {
    let (said, fresh) = lines.split_at_checked(turn).unwrap_or((&[], lines));
    fresh.iter().chain(said).map(Line::to_string).collect()
}

/// Makes a push-back ready to be shown.
#[must_use]
pub fn pushback(pushback: &Pushback) -> PushbackView {
    PushbackView {
        id: pushback.id.clone(),
        title: pushback.title.clone(),
        phrasings: pushback.phrasings.clone(),
        answers: shown(&pushback.answers),
        see: pushback.answers.iter().find_map(|line| line.see.clone()),
    }
}

/// A share with two decimals: more would promise a precision that the estimate does not have.
#[must_use]
pub fn two_decimals(share: f32) -> f64 {
    (f64::from(share) * 100.0).round() / 100.0
}
