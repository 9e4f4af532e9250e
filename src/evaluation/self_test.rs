//! The self-test of phrasings: whether each brings its own card first.

use crate::coach::rank_each;
use crate::journal::UseCaseError;
use crate::model::{CardId, Outcome};
use crate::ports::Generation;

/// A phrasing whose own card lags behind another by no more than this ties with it.
const TIE: f32 = 0.03;

/// So many phrasings are looked up together.
const TOGETHER: usize = 16;

/// A phrasing that does not bring its own card first.
#[derive(Debug, Clone, PartialEq)]
pub struct MisroutedPhrasing {
    /// Index of its card in the playbook.
    pub card: usize,
    /// Index of the phrasing in the card.
    pub phrasing: usize,
    /// The card's own score for it; 0 when the card does not come at all.
    pub own: f32,
    /// The card that comes first instead, with its score.
    pub first: Option<(CardId, f32)>,
    /// Both cards are offered as a choice, the other one first.
    pub near_tie: bool,
}

/// Asks the phrasings of these cards, and of the cards that come next to them: an edit can take a
/// phrasing away from a neighbour that was not touched.
///
/// # Errors
/// [`UseCaseError`] when the search fails.
pub async fn self_test(
    generation: &Generation,
    cards: &[usize],
) -> Result<Vec<MisroutedPhrasing>, UseCaseError> {
    let mut strays = Vec::new();
    let mut pending = cards.to_vec();
    let touched = pending.len();
    let mut tested = 0;
    while let Some(&card) = pending.get(tested) {
        for neighbour in test(generation, card, &mut strays).await? {
            if tested < touched && !pending.contains(&neighbour) {
                pending.push(neighbour);
            }
        }
        tested += 1;
    }
    Ok(strays)
}

/// Tests one card, and says which other cards come first or second to its phrasings.
async fn test(
    generation: &Generation,
    card: usize,
    strays: &mut Vec<MisroutedPhrasing>,
) -> Result<Vec<usize>, UseCaseError> {
    let mut neighbours = Vec::new();
    let weights = generation.finder.weights();
    let phrasings = generation.playbook.cards.get(card).map(|card| card.phrasings.as_slice());
    let mut ranking = Vec::new();
    // Several together: reading all vectors takes longer than comparing with one more.
    for texts in phrasings.unwrap_or_default().chunks(TOGETHER) {
        ranking.extend(rank_each(generation, texts).await?);
    }
    for (phrasing, ranking) in ranking.into_iter().enumerate() {
        let next = ranking.ranked.iter().take(2).map(|ranked| ranked.card);
        neighbours.extend(next.filter(|next| *next != card));
        let shown = ranking.shown(&weights);
        if shown.first().is_some_and(|first| first.card == card) {
            continue;
        }
        let id = |index: usize| Some(generation.playbook.cards.get(index)?.id.clone());
        let own = ranking.ranked.iter().find(|ranked| ranked.card == card);
        strays.push(MisroutedPhrasing {
            card,
            phrasing,
            own: own.map_or(0.0, |own| own.score),
            first: shown.first().and_then(|first| Some((id(first.card)?, first.score))),
            near_tie: ranking.outcome == Outcome::Choice
                && own.zip(shown.first()).is_some_and(|(own, first)| first.score - own.score < TIE),
        });
    }
    Ok(neighbours)
}
