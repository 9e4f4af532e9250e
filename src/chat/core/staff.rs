//! Commands for team leads and marketers: is the library sound, what would come, what came back.

use super::chat::{Chat, Done};
use super::event::Person;
use super::message::{Message, Reply, Text};
use crate::coach::retrieve;
use crate::feedback::{Filter, Report};
use crate::journal::Role;
use crate::model::Outcome;

/// What is listed at most.
const LISTED: usize = 5;

/// The summary looks back so many days.
const DAYS: i64 = 7;

impl Chat {
    pub(super) fn playbook_status(&self, person: &Person) -> Done {
        self.caller(person).require(Role::Lead)?;
        let (generation, problems) =
            (self.services.coach.generation(), self.services.coach.problems());
        let cards = &generation.playbook.cards;
        let today = self.services.journal.now().day();
        let overdue: Vec<&str> = cards
            .iter()
            .filter(|card| card.review_by < today)
            .map(|card| card.id.as_str())
            .collect();
        let mut lines: Vec<Text> =
            vec![format!("{} cards are live, generation {}.", cards.len(), generation.id).into()];
        if !overdue.is_empty() {
            let first = overdue[..overdue.len().min(LISTED)].join(", ");
            lines.push(format!("{} are due for a check: {first}", overdue.len()).into());
        }
        match problems.len() {
            0 => lines.push("All saved changes are live.".into()),
            count => {
                let not = Text::from("Saved changes are ").strong("not");
                lines.push(not.plain(format!(" live; {count} problems:")));
                lines.extend(problems.iter().take(LISTED).map(|problem| Text::item(problem)));
            }
        }
        Ok(Reply::Show(Message { lines, ..Message::default() }))
    }

    /// Which cards a sentence would bring. It is not logged.
    pub(super) async fn playbook_test(&self, person: &Person, text: &str) -> Done {
        self.caller(person).require(Role::Lead)?;
        let generation = self.services.coach.generation();
        let retrieval = retrieve(&generation, &text.into()).await?;
        let outcome = match retrieval.outcome() {
            Outcome::Card if retrieval.parts.len() > 1 => {
                "It matches one card for each objection in it.".into()
            }
            Outcome::Card => "It matches one card.".into(),
            Outcome::Choice => "It is a close call: reps choose.".into(),
            Outcome::None => Text::default().strong("Nothing fits.").plain(" These came nearest:"),
        };
        let first: Vec<_> = match retrieval.parts.as_slice() {
            [] => retrieval.ranking.ranked.iter().collect(),
            parts => parts.iter().map(|part| &part.best).collect(),
        };
        let cards = first.into_iter().take(LISTED).filter_map(|ranked| {
            let card = generation.playbook.cards.get(ranked.card)?;
            let line = Text::item(&format!("{:.2} {} (", ranked.score, card.title));
            Some(line.code(card.id.as_str()).plain(format!(", {})", card.source.file)))
        });
        let lines = std::iter::once(outcome).chain(cards).collect();
        Ok(Reply::Show(Message { lines, ..Message::default() }))
    }

    /// The last seven days.
    pub(super) async fn feedback_summary(&self, person: &Person) -> Done {
        self.caller(person).require(Role::Marketer)?;
        let since = Some(self.services.journal.now().last_days(DAYS));
        let week = Filter { since, ..Filter::default() };
        let view = self.services.journal.reader()?.view(week, 0, (1, 0)).await?;
        Ok(Reply::Show(Message { lines: summary(&view.report), ..Message::default() }))
    }
}

fn summary(report: &Report) -> Vec<Text> {
    let questions = report.answered.of;
    let unanswered = questions - report.answered.hits;
    let recommendations: u64 = report.recommendations.iter().map(|found| found.count).sum();
    if questions + recommendations == 0 {
        return vec![format!("Nothing in the last {DAYS} days.").into()];
    }
    let head = Text::default().strong(format!("Last {DAYS} days:"));
    let mut lines = vec![head.plain(format!(
        " questions {questions}, without a card {unanswered}, recommendations {recommendations}."
    ))];
    for card in report.cards.iter().take(LISTED) {
        let fate = &card.fate;
        let (shown, worked, failed) = (fate.shown, fate.worked, fate.did_not_work);
        let line = Text::from("• ").code(card.card_id.as_str());
        lines.push(line.plain(format!(": shown {shown}, worked {worked}, didn't {failed}")));
    }
    for (what, counts) in [("Channels", report.channels()), ("Benefits", report.benefits())] {
        let named = counts.iter().filter(|(name, _)| !name.is_empty()).take(LISTED);
        let named: Vec<String> = named.map(|(name, count)| format!("{name} {count}")).collect();
        if !named.is_empty() {
            lines.push(format!("{what}: {}", named.join(", ")).into());
        }
    }
    lines.push("Everything is on the web page, under Log.".into());
    lines
}
