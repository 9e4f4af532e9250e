//! What a marketer sees first: what changed, and what waits.

use super::Marketing;
use crate::analytics::{Overview, Parts, Period, Progress};
use crate::feedback::{Body, Event, Filter, Gap, kind};
use crate::journal::UseCaseError;
use crate::model::{CardId, Day, Timestamp};
use crate::playbook::Card;
use crate::ports::EventQuery;
use crate::redact::Redacted;

/// So many of each list are on the overview.
const FIRST_FEW: usize = 5;

/// The first page of marketing.
#[derive(Debug, Clone, PartialEq)]
pub struct Briefing {
    /// Figures, weeks and themes.
    pub overview: Overview,
    /// The targets of the plan.
    pub targets: Vec<Progress>,
    /// How many questions have no answer.
    pub open_gaps: usize,
    /// How often these were asked.
    pub gaps_asked: u64,
    /// The first of them, asked most first.
    pub gaps: Vec<Gap>,
    /// What reps recommended last.
    pub recommendations: Vec<Told>,
    /// Cards that are used and overdue for a check, the most urgent first.
    pub overdue: Vec<Overdue>,
    /// True if nothing was ever logged.
    pub is_empty: bool,
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The rep's words.
    pub text: Redacted,
    /// The channel, as the plan names it.
    pub channel: Option<String>,
    /// The benefit, as the plan names it.
    pub benefit: Option<String>,
    /// When it was.
    pub at: Timestamp,
}

/// A card that is used and was not checked in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The card.
    pub id: CardId,
    /// Its title.
    pub title: String,
    /// The team that answers for it.
    pub owner: String,
    /// For how many days the check has been due.
    pub days: i64,
    /// How often it was shown in the period.
    pub shown: u64,
}

impl Marketing {
    /// What a marketer sees first.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn briefing(
        &self,
        period: Period,
        filter: &Filter,
    ) -> Result<Briefing, UseCaseError> {
        let (today, generation) = (self.today(), self.library.current());
        let playbook = &generation.playbook;
        let parts = Parts::of(period, today);
        let reader = self.journal.reader()?;
        let counts = reader.figures(parts.filters(filter)).await?;
        let overview = Overview::new(parts, &counts, today, playbook);
        let Some(now) = counts.first() else { return Err(UseCaseError::NoLog) };
        let progress =
            |target| Progress::of(target, &overview.now, &now.gaps, &playbook.cards, today);
        let mut overdue: Vec<Overdue> = playbook
            .cards
            .iter()
            .filter_map(|card| overdue(card, now.cards.get(&card.id)?.shown, today))
            .collect();
        overdue.sort_by_key(|card| {
            std::cmp::Reverse((card.days * card.shown.cast_signed(), card.days))
        });
        Ok(Briefing {
            targets: playbook.plan.targets.iter().map(progress).collect(),
            open_gaps: now.gaps.len(),
            gaps_asked: now.gaps.iter().map(|gap| gap.asked).sum(),
            gaps: reader.gaps(now, FIRST_FEW).await?,
            recommendations: self.told_last().await?,
            is_empty: reader.is_empty(),
            overdue,
            overview,
        })
    }

    async fn told_last(&self) -> Result<Vec<Told>, UseCaseError> {
        let last = EventQuery::last(FIRST_FEW, &[kind::RECOMMENDED]);
        let events = self.journal.store()?.events(last).await?;
        Ok(events.into_iter().filter_map(|(_, event)| self.told(event)).collect())
    }

    fn told(&self, event: Event) -> Option<Told> {
        let Body::Recommended { text, channel, benefit, .. } = event.body else { return None };
        let plan = &self.library.current().playbook.plan;
        let named = |id: Option<Redacted>| Some(plan.name(id?.as_str()).to_owned());
        Some(Told { text, channel: named(channel), benefit: named(benefit), at: event.at })
    }
}

/// The card, if it was shown and its check is overdue.
fn overdue(card: &Card, shown: u64, today: Day) -> Option<Overdue> {
    let days = today.days_since(card.review_by);
    (days > 0 && shown > 0).then(|| Overdue {
        id: card.id.clone(),
        title: card.title.clone(),
        owner: card.owner.clone(),
        days,
        shown,
    })
}
