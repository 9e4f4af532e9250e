//! Commands for team leads and marketers: is the library sound, what would come, what came back.

use super::bot::{Bot, Done, show};
use super::inbound::Who;
use super::text::{cut, plain};
use crate::coach::retrieve;
use crate::feedback::{Filter, Report};
use crate::journal::Role;
use crate::model::Outcome;

/// What is listed at most.
const LISTED: usize = 5;

/// The summary looks back so many days.
const DAYS: i64 = 7;

/// Leaves room for the lines around a list, below Discord's 2,000.
const LONGEST: usize = 1_900;

impl Bot {
    /// `/playbook status`.
    pub(super) fn playbook_status(&self, who: &Who) -> Done {
        self.caller(who).require(Role::Lead)?;
        let (generation, problems) =
            (self.services.coach.generation(), self.services.coach.problems());
        let cards = &generation.playbook.cards;
        let today = self.services.journal.now().day();
        let overdue: Vec<&str> = cards
            .iter()
            .filter(|card| card.review_by < today)
            .map(|card| card.id.as_str())
            .collect();
        let mut lines =
            vec![format!("{} cards are live, generation {}.", cards.len(), generation.id)];
        if !overdue.is_empty() {
            let first = overdue[..overdue.len().min(LISTED)].join(", ");
            lines.push(format!("{} are due for a check: {}", overdue.len(), plain(&first)));
        }
        match problems.len() {
            0 => lines.push("All saved changes are live.".to_owned()),
            count => {
                lines.push(format!("Saved changes are **not** live; {count} problems:"));
                lines.extend(problems.iter().take(LISTED).map(|p| format!("• {}", plain(p))));
            }
        }
        Ok(show(&cut(&lines.join("\n"), LONGEST)))
    }

    /// `/playbook test`: which cards a sentence would bring. It is not logged.
    pub(super) async fn playbook_test(&self, who: &Who, text: &str) -> Done {
        self.caller(who).require(Role::Lead)?;
        let generation = self.services.coach.generation();
        let retrieval = retrieve(&generation, &text.into()).await?;
        let outcome = match retrieval.outcome() {
            Outcome::Card if retrieval.parts.len() > 1 => {
                "It matches one card for each objection in it."
            }
            Outcome::Card => "It matches one card.",
            Outcome::Choice => "It is a close call: reps choose.",
            Outcome::None => "**Nothing fits.** These came nearest:",
        };
        let first: Vec<_> = match retrieval.parts.as_slice() {
            [] => retrieval.ranking.ranked.iter().collect(),
            parts => parts.iter().map(|part| &part.best).collect(),
        };
        let cards = first.into_iter().take(LISTED).filter_map(|ranked| {
            let card = generation.playbook.cards.get(ranked.card)?;
            let title = plain(&card.title);
            Some(format!("• {:.2} {title} (`{}`, {})", ranked.score, card.id, card.source.file))
        });
        let lines: Vec<String> = std::iter::once(outcome.to_owned()).chain(cards).collect();
        Ok(show(&cut(&lines.join("\n"), LONGEST)))
    }

    /// `/feedback summary`: the last seven days.
    pub(super) async fn feedback_summary(&self, who: &Who) -> Done {
        self.caller(who).require(Role::Marketer)?;
        let since = Some(self.services.journal.now().plus_days(-DAYS));
        let week = Filter { since, ..Filter::default() };
        let view = self.services.journal.reader()?.view(week, 0, (1, 0)).await?;
        Ok(show(&cut(&written(&view.report), LONGEST)))
    }
}

fn written(report: &Report) -> String {
    let questions = report.answered.of;
    let unanswered = questions - report.answered.hits;
    let recommendations: u64 = report.recommendations.iter().map(|found| found.count).sum();
    if questions + recommendations == 0 {
        return format!("Nothing in the last {DAYS} days.");
    }
    let mut lines = vec![format!(
        "**Last {DAYS} days:** questions {questions}, without a card {unanswered}, \
         recommendations {recommendations}."
    )];
    for card in report.cards.iter().take(LISTED) {
        let (id, fate) = (&card.card_id, &card.fate);
        let (shown, worked, failed) = (fate.shown, fate.worked, fate.did_not_work);
        lines.push(format!("• `{id}`: shown {shown}, worked {worked}, didn't {failed}"));
    }
    for (what, counts) in [("Channels", report.channels()), ("Benefits", report.benefits())] {
        let named = counts.iter().filter(|(name, _)| !name.is_empty()).take(LISTED);
        let named: Vec<String> =
            named.map(|(name, count)| format!("{} {count}", plain(name))).collect();
        if !named.is_empty() {
            lines.push(format!("{what}: {}", named.join(", ")));
        }
    }
    lines.push("Everything is on the web page, under Log.".to_owned());
    lines.join("\n")
}
