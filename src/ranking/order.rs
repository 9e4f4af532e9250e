//! The hybrid score of a card, and what is made of the best ones.

use crate::model::{Mode, Outcome, Reason};

/// What the search found out about one card for one question.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Evidence {
    /// Index of the card in its generation.
    pub card: usize,
    /// Cosine to the nearest phrasing, −1 to 1; 0 when there is no encoder.
    pub nearest: f32,
    /// Index of that phrasing in the card.
    pub phrasing: usize,
    /// Cosine to the mean of the phrasings, −1 to 1; 0 when there is no encoder.
    pub centroid: f32,
    /// How likely the card is, from what the question may be about, 0 to 1; 0 when the encoder was
    /// taught no intents.
    pub intent: f32,
    /// BM25 of title and phrasings, 0 and up.
    pub lexical: f32,
    /// Cosine to the nearest look-alike that must not bring the card; 0 when it has none.
    pub against: f32,
    /// The push-back of the card that is nearest; none when it has none.
    pub pushback: Option<Near>,
    /// What the call speaks for it: added to its score when it is near enough by itself.
    pub boost: f32,
}

/// How near a question is to what the cards are about, and to what needs none. Each is the mean
/// over a few neighbours: a single one may be near by chance.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nearness {
    /// To the phrasings of all cards: the mean of the cosine to the nearest and of the mean of the
    /// three nearest; 0 when there is no encoder.
    pub phrasings: f32,
    /// To the nearest of these phrasings.
    pub nearest: f32,
    /// To the lines that need no card, such as small talk: the mean of the three nearest; 0 when
    /// there is no encoder.
    pub negatives: f32,
    /// To the nearest of these lines.
    pub nearest_negative: f32,
    /// The logarithm of the odds that the question needs a card, from what it may be about; 0 when
    /// the encoder was taught no intents.
    pub need: f32,
}

/// Something that is near a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Its place in its list.
    pub index: usize,
    /// The cosine to the nearest of its phrasings.
    pub cosine: f32,
}

impl Evidence {
    /// The mean of both cosines.
    pub(super) fn meaning(&self) -> f32 {
        f32::midpoint(self.nearest, self.centroid)
    }

    /// Whether a look-alike that must not bring the card is nearer than all that may.
    pub(super) fn is_kept_away(&self) -> bool {
        self.against > self.nearest
    }
}

/// How the parts of a score are mixed and where answering begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Share of the cosines; the rest is BM25 divided by the question's best. 0 means BM25 alone.
    pub meaning: f32,
    /// What the logarithm of how likely a card is by its intents adds to its score in a playbook
    /// with two phrasings a card.
    pub intent: f32,
    /// Below this mean cosine of the best card nothing fits.
    pub floor: f32,
    /// Below this [score](Self::in_domain_score) nothing fits what a rep types…
    pub in_domain_typed: f32,
    /// …and below this one nothing fits what is overheard.
    pub in_domain_overheard: f32,
    /// The share of the nearness to negatives that is taken off the nearness to phrasings.
    pub negative_share: f32,
    /// By so much the logarithm of the odds that a card is needed is added to it.
    pub need_weight: f32,
    /// Two cards whose scores lie closer than this are offered as a choice.
    pub choice_gap: f32,
    /// A choice offers what is closer than this to the first.
    pub choice_width: f32,
    /// From this mean cosine on a part of a message is an objection of its own.
    pub part_floor: f32,
    /// From this confidence on its card is shown: below, a part would be answered with a guess.
    pub part_confidence: f32,
    /// Of a message that needs no card as a whole, a part must have this [score](Self::in_domain_score).
    pub part_in_domain: f32,
    /// How sure one may be of a card.
    pub sure: Sure,
}

/// A logistic: the probability that a card is the right one, from what was found. Fitted to other
/// people's sentences and lines of calls, as `tests/bench/RETRIEVAL.md` says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sure {
    /// For the mean cosine of the card.
    pub meaning: f32,
    /// For the lead of its score over the next card, or its lag behind the first. A lead beyond a
    /// fifth says nothing more.
    pub lead: f32,
    /// For the logarithm of the odds that a card is needed at all.
    pub need: f32,
    /// For the logarithm of how likely the card is by its intents.
    pub intent: f32,
    /// What is added to all.
    pub start: f32,
    /// For the logarithm of how many phrasings a card has in the mean, from two to twenty.
    pub written: f32,
}

impl Sure {
    fn confidence(&self, card: &Evidence, lead: f32, need: f32) -> f32 {
        let logit = self.meaning * card.meaning()
            + self.lead * lead.min(0.2)
            + self.need * need
            + self.intent * (0.01 + card.intent).ln()
            + self.start;
        1.0 / (1.0 + (-logit).exp())
    }
}

impl Weights {
    /// For the encoder that is bundled, which was taught what needs a card.
    pub const TAUGHT: Self = Self {
        floor: 0.25,
        in_domain_typed: 0.62,
        in_domain_overheard: 1.03,
        negative_share: 0.0,
        need_weight: 0.15,
        part_in_domain: 0.95,
        part_confidence: 0.45,
        choice_gap: 0.075,
        sure: Sure { meaning: 5.0, lead: 9.5, need: 0.42, intent: 0.1, start: -4.6, written: 0.24 },
        ..Self::HYBRID
    };

    /// Sentence vectors with a little BM25: the mix measured best on other people's sentences
    /// (0.9 and 0.1; equal shares and rank fusion were worse).
    pub const HYBRID: Self = Self {
        meaning: 0.9,
        intent: 0.12,
        floor: 0.42,
        in_domain_typed: 0.14,
        in_domain_overheard: 0.14,
        negative_share: 0.8,
        need_weight: 0.0,
        choice_gap: 0.08,
        choice_width: 0.2,
        part_floor: 0.45,
        part_confidence: 0.4,
        part_in_domain: 0.0,
        sure: Sure { meaning: 4.7, lead: 11.0, need: 0.0, intent: 0.0, start: -3.0, written: 0.0 },
    };

    /// BM25 alone, to compare with. It has no scale of its own, so it never abstains unless not
    /// one word fits.
    pub const LEXICAL: Self = Self {
        meaning: 0.0,
        intent: 0.0,
        floor: 0.0,
        in_domain_typed: 0.0,
        in_domain_overheard: 0.0,
        negative_share: 0.0,
        need_weight: 0.0,
        choice_gap: 0.0,
        choice_width: 0.0,
        part_floor: f32::INFINITY,
        part_confidence: 0.0,
        part_in_domain: 0.0,
        sure: Self::HYBRID.sure,
    };

    /// These weights for a playbook with so many phrasings a card in the mean. The less is written,
    /// the more the encoder's own knowledge of intents is worth, and the less sure one
    /// may be.
    #[must_use]
    pub fn of_playbook(self, phrasings_a_card: f32) -> Self {
        let intent = self.intent * (2.0 / phrasings_a_card.max(2.0)).powf(0.7);
        let start = self.sure.start + self.sure.written * phrasings_a_card.clamp(2.0, 20.0).ln();
        Self { intent, sure: Sure { start, ..self.sure }, ..self }
    }

    /// The weights for a question that comes about in this way.
    #[must_use]
    pub fn in_mode(self, mode: Mode) -> Self {
        match mode {
            Mode::Typed => self,
            Mode::Listening => Self { in_domain_typed: self.in_domain_overheard, ..self },
        }
    }

    /// The score of a card by what it means, without the words it shares and without the call.
    #[must_use]
    pub fn by_meaning(&self, card: &Evidence) -> f32 {
        self.meaning * card.meaning() + self.general(card)
    }

    /// What speaks for a card beside its nearness: nothing at all is as good as very unlikely.
    fn general(&self, card: &Evidence) -> f32 {
        self.intent * (1.0 + card.intent / UNLIKELY).ln()
    }

    /// How much more a question is about what the cards are about than about what needs none; of what
    /// is no number nothing is known.
    #[must_use]
    pub fn in_domain_score(&self, nearness: Nearness) -> f32 {
        let in_domain_score = nearness.phrasings - self.negative_share * nearness.negatives
            + self.need_weight * nearness.need;
        if in_domain_score.is_nan() { f32::MIN } else { in_domain_score }
    }
}

/// A question this near to a phrasing is that phrasing, but for its punctuation.
pub const WORD_FOR_WORD: f32 = 0.97;

/// A card that is less likely than this by its intents is not told apart from others.
const UNLIKELY: f32 = 0.005;

/// A card in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Index of the card in its generation.
    pub card: usize,
    /// The mixed score; comparable within one question only.
    pub score: f32,
    /// The mean of the cosines to its nearest phrasing and to their mean, −1 to 1; comparable
    /// between questions.
    pub meaning: f32,
    /// Estimated probability that this card is the right one, 0 to 1.
    pub confidence: f32,
    /// Why; only of those that may be shown.
    pub reasons: Vec<Reason>,
}

/// The cards in order, best first, and the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The best hundred that have any evidence.
    pub ranked: Vec<Ranked>,
    /// What is made of them.
    pub outcome: Outcome,
    /// How far the question is [in the domain](Weights::in_domain_score) of the cards.
    pub in_domain_score: f32,
}

/// At most this many cards are offered as a choice.
const CHOICES: usize = 3;

/// This many cards are put in order. No one asks for the hundred-and-first, and ordering ten thousand
/// takes longer than comparing them.
const RANKED: usize = 100;

impl Ranking {
    /// The cards that are shown: one, up to three as a choice, or none.
    #[must_use]
    pub fn shown(&self, weights: &Weights) -> &[Ranked] {
        let count = match (self.outcome, self.ranked.first()) {
            (Outcome::None, _) | (_, None) => 0,
            (Outcome::Card, Some(_)) => 1,
            (Outcome::Choice, Some(best)) => {
                let near = |card: &&Ranked| best.score - card.score < weights.choice_width;
                self.ranked.iter().take(CHOICES).take_while(near).count()
            }
        };
        &self.ranked[..count]
    }
}

/// Orders the cards and decides. `evidence` holds at most one entry a card.
#[must_use]
pub fn rank(evidence: &[Evidence], nearness: Nearness, weights: &Weights) -> Ranking {
    let best_lexical = evidence.iter().map(|card| card.lexical).fold(0.0, f32::max);
    let lexical =
        |card: &Evidence| if best_lexical > 0.0 { card.lexical / best_lexical } else { 0.0 };
    let mut order: Vec<(f32, &Evidence)> = evidence
        .iter()
        .filter(|card| !card.is_kept_away() || weights.meaning == 0.0)
        .map(|card| {
            let found = weights.meaning * card.meaning() + (1.0 - weights.meaning) * lexical(card);
            let fits = card.meaning() >= weights.floor;
            let boost = if fits { card.boost } else { card.boost.min(0.0) };
            (found, boost, card)
        })
        .filter(|(found, ..)| *found > 0.0)
        .map(|(found, boost, card)| (found + boost + weights.general(card), card))
        .collect();
    // Equal scores keep the order of the playbook, so that an answer is the same every time.
    let ahead = |a: &(f32, &Evidence), b: &(f32, &Evidence)| {
        b.0.total_cmp(&a.0).then(a.1.card.cmp(&b.1.card))
    };
    if order.len() > RANKED {
        order.select_nth_unstable_by(RANKED, ahead);
        order.truncate(RANKED);
    }
    order.sort_unstable_by(ahead);

    let outcome = match order.as_slice() {
        [] => Outcome::None,
        [(_, best), ..] if abstains(best, nearness, weights) => Outcome::None,
        [(first, _), (second, _), ..] if first - second < weights.choice_gap => Outcome::Choice,
        [_, ..] => Outcome::Card,
    };
    let runner_up = order.get(1).map_or(0.0, |(score, _)| *score);
    let mut likeliest = 1.0_f32;
    let ranked = order
        .iter()
        .enumerate()
        .map(|(place, (score, card))| {
            let rival = if place == 0 { runner_up } else { order[0].0 };
            let mut reasons = Vec::new();
            if weights.meaning > 0.0 && place < CHOICES {
                reasons.push(Reason::Meaning { phrasing: card.phrasing, cosine: card.nearest });
            }
            if best_lexical > 0.0 && lexical(card) >= 1.0 && place < CHOICES {
                reasons.push(Reason::Words);
            }
            // A later card is never likelier than one before it.
            let confidence = weights.sure.confidence(card, *score - rival, nearness.need);
            likeliest = likeliest.min(confidence);
            Ranked {
                card: card.card,
                score: *score,
                meaning: card.meaning(),
                confidence: likeliest,
                reasons,
            }
        })
        .collect();
    Ranking { ranked, outcome, in_domain_score: weights.in_domain_score(nearness) }
}

/// Nothing fits what is foreign to all cards or nearer to a line that needs none, unless it is the
/// phrasing of one, and what is not near enough to the best of them.
fn abstains(best: &Evidence, nearness: Nearness, weights: &Weights) -> bool {
    let strange = weights.in_domain_score(nearness) < weights.in_domain_typed
        || nearness.nearest_negative > nearness.nearest;
    (strange && best.nearest < WORD_FOR_WORD) || best.meaning() < weights.floor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(card: usize, cosine: f32, lexical: f32) -> Evidence {
        Evidence { card, nearest: cosine, centroid: cosine, lexical, ..Evidence::default() }
    }

    fn near(phrasings: f32, negatives: f32) -> Nearness {
        Nearness {
            phrasings,
            negatives,
            nearest: phrasings,
            nearest_negative: negatives,
            need: 0.0,
        }
    }

    #[test]
    fn meaning_outweighs_shared_words() {
        let ranking =
            rank(&[card(0, 0.5, 9.0), card(1, 0.8, 0.0)], near(0.8, 0.1), &Weights::HYBRID);
        assert_eq!(ranking.outcome, Outcome::Card);
        assert_eq!(ranking.ranked[0].card, 1);
        assert!(ranking.ranked[0].confidence > ranking.ranked[1].confidence);
    }

    #[test]
    fn words_alone_decide_without_an_encoder() {
        let ranking =
            rank(&[card(0, 0.0, 1.0), card(1, 0.0, 2.0)], near(0.0, 0.0), &Weights::LEXICAL);
        assert_eq!(ranking.ranked[0].card, 1);
        let nothing = rank(&[card(0, 0.0, 0.0)], near(0.0, 0.0), &Weights::LEXICAL);
        assert_eq!((nothing.outcome, nothing.ranked.len()), (Outcome::None, 0));
    }

    #[test]
    fn far_away_or_nearer_to_small_talk_gets_nothing() {
        let outcome = |cosine: f32, nearness| {
            rank(&[card(0, cosine, 9.0)], nearness, &Weights::HYBRID).outcome
        };
        assert_eq!(outcome(0.6, near(0.6, 0.3)), Outcome::Card);
        assert_eq!(outcome(0.6, near(0.6, 0.9)), Outcome::None, "small talk");
        assert_eq!(outcome(0.2, near(0.6, 0.3)), Outcome::None, "no card is near");
        assert_eq!(outcome(0.6, near(0.1, 0.0)), Outcome::None, "near to one phrasing alone");
    }

    #[test]
    fn a_look_alike_keeps_its_card_away() {
        let mut first = card(0, 0.7, 1.0);
        first.against = 0.8;
        let ranking = rank(&[first, card(1, 0.5, 0.0)], near(0.7, 0.0), &Weights::HYBRID);
        assert_eq!((ranking.ranked.len(), ranking.ranked[0].card), (1, 1));
    }

    #[test]
    fn the_call_shifts_what_fits_and_nothing_else() {
        let boosted = |cosine| Evidence { boost: 0.12, ..card(1, cosine, 0.0) };
        let first = |cosine| {
            let ranking =
                rank(&[card(0, 0.6, 0.0), boosted(cosine)], near(0.6, 0.0), &Weights::HYBRID);
            ranking.ranked[0].card
        };
        assert_eq!((first(0.5), first(0.45), first(0.35)), (1, 0, 0));
        let foreign = rank(&[boosted(0.35)], near(0.6, 0.0), &Weights::HYBRID);
        assert_eq!(foreign.outcome, Outcome::None);
    }

    #[test]
    fn close_cards_are_a_choice_in_the_order_of_the_playbook() {
        let ranking =
            rank(&[card(1, 0.6, 0.0), card(0, 0.6, 0.0)], near(0.6, 0.0), &Weights::HYBRID);
        assert_eq!(ranking.outcome, Outcome::Choice);
        let shown: Vec<_> = ranking.shown(&Weights::HYBRID).iter().map(|r| r.card).collect();
        assert_eq!(shown, [0, 1]);
    }
}
