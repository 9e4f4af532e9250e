//! Makes a ranked card ready to be shown: the shape that every front end and the JSON share.

use serde::Serialize;

use crate::model::{CardId, ContentHash, Day, Family, Reason, Stage};
use crate::playbook::Card;

/// A card as it is shown. The first line of each list belongs to the glance layer, which is read
/// in ten seconds; the others come with *More*.
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
    /// What not to say; for the rep only.
    pub avoid: Vec<String>,
    /// What the customer may say next. Empty until playbooks can hold push-backs.
    pub pushbacks: Vec<String>,
    /// The team that answers for it.
    pub owner: String,
    /// When somebody last checked it.
    pub verified: Day,
    /// When it is due to be checked again.
    pub review_by: Day,
    /// Why this card, in words.
    pub because: Vec<String>,
}

/// Where a shown card stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// Path below the playbook directory.
    pub file: String,
    /// Line of its heading.
    pub line: usize,
    /// Hash of its content.
    pub hash: ContentHash,
}

/// Makes a card ready to be shown. `confidence` is 1 and `reasons` are none when it is looked up
/// by its name and not searched.
#[must_use]
pub fn compose(card: &Card, confidence: f32, reasons: &[Reason]) -> CardView {
    let because = reasons.iter().map(|reason| match reason {
        Reason::Meaning { phrasing, cosine } => {
            let phrasing = card.phrasings.get(*phrasing).map_or("", String::as_str);
            format!("Close to \"{phrasing}\" ({:.0} %).", cosine * 100.0)
        }
        Reason::Words => "Shares the most telling words.".to_owned(),
    });
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
        acknowledge: card.acknowledge.first().cloned().unwrap_or_default(),
        ask: card.ask.clone(),
        say: card.say.first().cloned().unwrap_or_default(),
        say_also: card.say.iter().skip(1).cloned().collect(),
        proof: card.proof.clone(),
        avoid: card.avoid.clone(),
        pushbacks: Vec::new(),
        owner: card.owner.clone(),
        verified: card.verified,
        review_by: card.review_by,
        because: because.collect(),
    }
}

/// More decimals would promise a precision that the estimate does not have.
fn two_decimals(share: f32) -> f64 {
    (f64::from(share) * 100.0).round() / 100.0
}
