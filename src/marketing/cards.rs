//! How the cards fare, and one of them in full.

use std::collections::BTreeMap;

use super::Marketing;
use crate::analytics::{CardFigures, Figures, Parts, Period, Sort, cards, sort};
use crate::feedback::{Body, Filter, Mark, VersionUse};
use crate::journal::UseCaseError;
use crate::model::{CardId, Family, Timestamp};
use crate::ports::Numbered;
use crate::redact::Redacted;

/// So many of the latest marks of a card are read for their reasons and notes.
const MARKS_READ: usize = 1_000;

/// So many notes are shown.
const NOTES: usize = 8;

/// Which cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Those that were shown in the period.
    Used,
    /// Those whose check is overdue.
    Overdue,
    /// Those with too few outcomes to say how they fare.
    FewOutcomes,
    /// Those that were not shown.
    NotUsed,
    /// All of them.
    All,
}

impl Pick {
    /// Every choice, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Used, Self::Overdue, Self::FewOutcomes, Self::NotUsed, Self::All];

    /// Its name in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Overdue => "overdue",
            Self::FewOutcomes => "few",
            Self::NotUsed => "unused",
            Self::All => "all",
        }
    }

    /// The choice with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pick| pick.name() == name)
    }
}

/// The cards.
#[derive(Debug, Clone, PartialEq)]
pub struct CardsView {
    /// The period.
    pub parts: Parts,
    /// All cards together.
    pub all: Figures,
    /// How many cards each choice has.
    pub picks: Vec<(Pick, usize)>,
    /// Those that were chosen, in order.
    pub cards: Vec<CardFigures>,
}

/// A card in full.
#[derive(Debug, Clone, PartialEq)]
pub struct CardPage {
    /// The period.
    pub parts: Parts,
    /// How it fared in the period.
    pub figures: CardFigures,
    /// Its weeks: how often it was shown, and how that went.
    pub weeks: Vec<Figures>,
    /// Every version that was shown, oldest first.
    pub versions: Vec<VersionUse>,
    /// Why it did not work or was not used, most frequent first.
    pub reasons: Vec<(String, usize)>,
    /// What reps noted, latest first.
    pub notes: Vec<(Timestamp, Mark, Redacted)>,
    /// The team that answers for it; none for a card that is gone.
    pub owner: Option<String>,
    /// Where it stands: file and line.
    pub source: Option<(String, usize)>,
}

impl Marketing {
    /// The cards of a period, of one family or of all.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn cards(
        &self,
        period: Period,
        filter: &Filter,
        family: Option<Family>,
        (pick, order): (Pick, Sort),
    ) -> Result<CardsView, UseCaseError> {
        let (today, generation) = (self.today(), self.library.current());
        let parts = Parts::of(period, today);
        let counts = self.journal.reader()?.figures(parts.filters(filter)).await?;
        let mut found = cards(&parts, &counts, &generation.playbook);
        found.retain(|card| family.is_none() || card.family == family);
        let holds = |card: &CardFigures, pick: Pick| match pick {
            Pick::Used => card.used.shown > 0,
            Pick::Overdue => card.overdue(today).is_some(),
            Pick::FewOutcomes => card.used.shown > 0 && card.low().is_none(),
            Pick::NotUsed => card.used.shown == 0,
            Pick::All => true,
        };
        let count = |pick| (pick, found.iter().filter(|card| holds(card, pick)).count());
        let picks = Pick::ALL.map(count).into();
        found.retain(|card| holds(card, pick));
        sort(&mut found, order, today);
        let all = counts.first().map(Figures::of).unwrap_or_default();
        Ok(CardsView { parts, all, picks, cards: found })
    }

    /// One card; none when neither playbooks nor log know it.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn card(
        &self,
        id: &CardId,
        period: Period,
        filter: &Filter,
    ) -> Result<Option<CardPage>, UseCaseError> {
        let generation = self.library.current();
        let parts = Parts::of(period, self.today());
        let filter = Filter { cards: [id.clone()].into(), ..filter.clone() };
        let reader = self.journal.reader()?;
        let counts = reader.figures(parts.filters(&filter)).await?;
        // Others were shown beside it: they are not looked at here.
        let only = |mut counts: crate::feedback::Counts| {
            counts.cards.retain(|card, _| card == id);
            counts
        };
        let counts: Vec<_> = counts.into_iter().map(only).collect();
        let found = cards(&parts, &counts, &generation.playbook);
        let Some(figures) = found.into_iter().find(|card| card.id == *id) else {
            return Ok(None);
        };
        let weeks = parts.weeks(&counts).iter().map(Figures::of).collect();
        let marked = Filter {
            marks: [Mark::Worked, Mark::DidNotWork, Mark::NotUsed].into(),
            ..parts.span.of(&filter)
        };
        let marks = reader.last(marked, MARKS_READ).await?;
        let card = generation.playbook.card(id);
        Ok(Some(CardPage {
            weeks,
            versions: reader.versions(id.clone()).await?,
            reasons: reasons(&marks),
            notes: notes(&marks),
            owner: card.map(|card| card.owner.clone()),
            source: card.map(|card| (card.source.file.clone(), card.source.line)),
            figures,
            parts,
        }))
    }
}

/// Why a card did not work or was not used.
fn reasons(marks: &[Numbered]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, event) in marks {
        if let Body::Marked { reason: Some(reason), .. } = &event.body {
            *counts.entry(reason.to_string()).or_default() += 1;
        }
    }
    let mut reasons: Vec<(String, usize)> = counts.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    reasons
}

fn notes(marks: &[Numbered]) -> Vec<(Timestamp, Mark, Redacted)> {
    let note = |(_, event): &Numbered| match &event.body {
        Body::Marked { note: Some(note), mark, .. } => Some((event.at, *mark, note.clone())),
        _ => None,
    };
    marks.iter().filter_map(note).take(NOTES).collect()
}
