//! The overview: what changed, drawn week by week, with a sentence for every figure.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::chart::{self, Plot, Point, Weekly};
use super::view::View;
use crate::analytics::{Change, Period, Progress, Span, Standing, Theme, Week};
use crate::feedback::{ENOUGH, Rate};
use crate::marketing::Briefing;
use crate::model::Day;
use crate::playbook::Measure;
use crate::web::layout::Layout;
use crate::web::problem::PageProblem;
use crate::web::{AppState, unrendered};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    view: View,
    briefing: Briefing,
    show: Show,
    layout: Layout,
}

/// Which figure is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    Questions,
    Answered,
    Worked,
}

impl Show {
    fn named(name: &str) -> Self {
        match name {
            "questions" => Self::Questions,
            "worked" => Self::Worked,
            _ => Self::Answered,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Questions => "Questions, by week",
            Self::Answered => "Answered, by week",
            Self::Worked => "Cards that worked, by week",
        }
    }

    /// Its share in a week; none for a count.
    fn rate(self, week: &Week) -> Option<Rate> {
        match self {
            Self::Questions => None,
            Self::Answered => Some(week.figures.answered),
            Self::Worked => Some(week.figures.worked),
        }
    }

    fn measure(self) -> Option<Measure> {
        match self {
            Self::Questions => None,
            Self::Answered => Some(Measure::AnsweredShare),
            Self::Worked => Some(Measure::WinRate),
        }
    }
}

pub(super) async fn overview(
    State(services): AppState,
    view: View,
) -> Result<Html<String>, PageProblem> {
    let briefing = services.marketing.briefing(view.period, &view.filter).await?;
    let (show, layout) = (Show::named(&view.show), Layout::now(&services));
    let page = OverviewPage { show, briefing, layout, view };
    page.render().map(Html).map_err(unrendered)
}

/// The periods that can be chosen: address, label, and whether it is this one.
pub(super) fn periods(view: &View) -> Vec<(String, &'static str, bool)> {
    let choice = |(period, label)| (view.in_period(period), label, period == view.period);
    Period::CHOICES.into_iter().map(choice).collect()
}

/// `1,284`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The part of a rate in brackets, `(87–91), n = 1,284`; what is missing for too few cases.
fn range(rate: Rate) -> String {
    match rate.range() {
        Some((low, high)) => {
            format!("({:.0}–{:.0}), n = {}", low * 100.0, high * 100.0, thousands(rate.of))
        }
        None => format!("n = {}", thousands(rate.of)),
    }
}

impl OverviewPage {
    fn here(&self) -> &'static str {
        "/dashboard"
    }

    fn thousands(&self, number: &u64) -> String {
        thousands(*number)
    }

    fn periods(&self) -> Vec<(String, &'static str, bool)> {
        periods(&self.view)
    }

    /// The addresses of as many days earlier and later.
    fn neighbours(&self) -> (Option<String>, Option<String>) {
        let finished = self.briefing.overview.parts.span.finished(self.view.today);
        let custom =
            |span: Span| self.view.in_period(Period::Custom { from: span.from, to: span.last() });
        let later = finished.and_then(Span::after);
        let later = later.filter(|span| span.until.is_some_and(|until| until <= self.view.today));
        (finished.and_then(Span::before).map(custom), later.map(custom))
    }

    /// What period is looked at, and what it is compared with.
    fn subtitle(&self) -> String {
        let parts = &self.briefing.overview.parts;
        let open = parts.span.until.is_none_or(|until| until > self.view.today);
        match parts.compared {
            None => parts.span.in_words(),
            Some((finished, before)) => {
                let so_far = if open { " and today so far" } else { "" };
                format!("{}{so_far}, compared with {}", finished.in_words(), before.in_words())
            }
        }
    }

    fn percent(&self, rate: &Rate) -> String {
        if rate.of < ENOUGH { "–".to_owned() } else { format!("{:.0}%", rate.share() * 100.0) }
    }

    fn range(&self, rate: &Rate) -> String {
        range(*rate)
    }

    /// How many more questions there were, in days that are over.
    fn more_questions(&self) -> String {
        let Some((now, before)) = &self.briefing.overview.compared else {
            return "nothing to compare with yet".to_owned();
        };
        let days =
            self.briefing.overview.parts.compared.and_then(|(now, _)| now.days()).unwrap_or(0);
        let (now, before) = (now.questions, before.questions);
        let days =
            if days == 1 { "the day before".to_owned() } else { format!("the {days} days before") };
        match (now, before) {
            (_, 0) => format!("none in {days}"),
            (now, before) if now == before => format!("as many as in {days}"),
            (now, before) => {
                let percent = (now as f64 / before as f64 - 1.0) * 100.0;
                let more = if percent < 0.0 { "fewer" } else { "more" };
                format!("{:.0}% {more} than in {days} ({})", percent.abs(), thousands(before))
            }
        }
    }

    /// How a share changed, in days that are over.
    fn changed(&self, share: Show) -> String {
        let Some((now, before)) = &self.briefing.overview.compared else {
            return "nothing to compare with yet".to_owned();
        };
        let (now, before) = match share {
            Show::Worked => (now.worked, before.worked),
            _ => (now.answered, before.answered),
        };
        let was = format!("{:.0}% {}", before.share() * 100.0, range(before));
        let was = was.split(", n").next().unwrap_or_default();
        match Change::of(now, before) {
            Change::NotEnough => "not enough data to compare".to_owned(),
            Change::NotClear => format!("No clear change from {was}"),
            Change::Points(points) => {
                let word = if points < 0.0 { "lower" } else { "higher" };
                format!("{:.0} points {word} than {was}", points.abs())
            }
        }
    }

    fn before(&self, share: Show) -> Option<Rate> {
        self.briefing.overview.compared.as_ref().map(|(_, before)| match share {
            Show::Worked => before.worked,
            _ => before.answered,
        })
    }

    fn interval(&self, share: Show) -> String {
        let now = &self.briefing.overview.now;
        let rate = if share == Show::Worked { now.worked } else { now.answered };
        chart::interval(rate, self.before(share), self.goal(share))
    }

    fn columns(&self) -> String {
        let counts: Vec<u64> =
            self.briefing.overview.weeks.iter().map(|week| week.figures.questions).collect();
        chart::columns(&counts, self.window() + 1)
    }

    /// How many of the finished weeks lie in the period.
    fn window(&self) -> usize {
        let from = self.briefing.overview.parts.span.from;
        let within = |week: &&Week| {
            week.finished
                && week.span.from.is_none_or(|monday| from.is_none_or(|from| monday >= from))
        };
        self.briefing.overview.weeks.iter().filter(within).count()
    }

    /// The goal of the plan for a share.
    fn goal(&self, share: Show) -> Option<f64> {
        let measure = share.measure()?;
        let found = self.briefing.targets.iter().find(|goal| goal.target.measure == measure);
        found.map(|found| found.target.goal)
    }

    fn plot(&self) -> Plot {
        let point = |week: &Week| match self.show.rate(week) {
            None => {
                let value = week.figures.questions as f64;
                let words = format!("{}: {}", self.label(week), thousands(week.figures.questions));
                Point { value, range: (value, value), words, drawn: true }
            }
            Some(rate) => {
                let (low, high) = rate.interval().unwrap_or_default();
                let words = format!("{}: {rate}", self.label(week));
                let range = (low * 100.0, high * 100.0);
                Point { value: rate.share() * 100.0, range, words, drawn: rate.of >= ENOUGH }
            }
        };
        let points: Vec<Point> = self.briefing.overview.weeks.iter().map(point).collect();
        let goal = self.goal(self.show).map(|goal| goal * 100.0);
        let (percent, window) = (self.show != Show::Questions, self.window());
        chart::weekly(&points, Weekly { goal, percent, window, title: self.show.title() })
    }

    /// The finding of the chart, as a sentence.
    fn finding(&self) -> String {
        let weeks: Vec<&Week> =
            self.briefing.overview.weeks.iter().filter(|week| week.finished).collect();
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return String::new() };
        match (self.show.rate(first), self.show.rate(last)) {
            (Some(then), Some(now)) => {
                let what = if self.show == Show::Worked { "worked" } else { "were answered" };
                if now.of < ENOUGH {
                    return format!("Last week is too short of data to say (n = {}).", now.of);
                }
                let was = if then.of < ENOUGH {
                    String::new()
                } else {
                    format!("; thirteen weeks ago it was {}", short(then))
                };
                format!("Last week {} {what}{was}. {}", short(now), self.against_goal(now))
            }
            _ => {
                let asked = |week: &Week| thousands(week.figures.questions);
                format!("{} questions last week, {} thirteen weeks ago.", asked(last), asked(first))
            }
        }
    }

    fn against_goal(&self, now: Rate) -> String {
        let Some(goal) = self.goal(self.show) else { return String::new() };
        let (low, high) = now.interval().unwrap_or_default();
        let where_to = if low >= goal {
            "below this range"
        } else if high < goal {
            "above this range"
        } else {
            "within this range"
        };
        format!("The goal, {:.0}%, is {where_to}.", goal * 100.0)
    }

    fn monday(&self, week: &Week) -> String {
        week.span.from.map(Day::short).unwrap_or_default()
    }

    fn label(&self, week: &Week) -> String {
        let monday = self.monday(week);
        if week.finished { monday } else { format!("{monday}, so far") }
    }

    /// The weeks for the table below the chart: label, questions, the figure.
    fn rows(&self) -> Vec<(String, String, String)> {
        let row = |week: &Week| {
            let rate = self.show.rate(week).map(|rate| rate.to_string()).unwrap_or_default();
            (self.label(week), thousands(week.figures.questions), rate)
        };
        self.briefing.overview.weeks.iter().map(row).collect()
    }

    fn theme_chart(&self, theme: &Theme) -> String {
        let most = self.briefing.overview.themes.iter().map(|theme| theme.points().abs());
        let clear = theme.change().is_some_and(Change::is_clear);
        chart::diverging(theme.points(), most.fold(0.0, f64::max), clear)
    }

    fn sparkline(&self, theme: &Theme) -> String {
        chart::sparkline(theme.weeks.split_last().map_or(&[], |(_, finished)| finished), 88)
    }

    fn target_chart(&self, goal: &Progress) -> String {
        goal.rate
            .map(|rate| chart::interval(rate, None, Some(goal.target.goal)))
            .unwrap_or_default()
    }

    /// What is wanted, until when and by whom.
    fn wanted(&self, goal: &Progress) -> String {
        let target = &goal.target;
        let goal = match target.measure {
            Measure::GapAgeDays => format!("at most {:.0} days", target.goal),
            _ => format!("at least {:.0}%", target.goal * 100.0),
        };
        format!("{goal} by {} · {}", target.by.with_year(), target.owners.join(" and "))
    }

    /// What is measured, in words.
    fn measured(&self, goal: &Progress) -> String {
        match (goal.rate, goal.days) {
            (Some(rate), _) if goal.target.measure == Measure::VerifiedShare => {
                format!("{} of {} cards", rate.hits, rate.of)
            }
            (Some(rate), _) => rate.to_string(),
            (None, Some(days)) => format!("half of them are open for {days} days or longer"),
            (None, None) => "none is open".to_owned(),
        }
    }

    /// The class and icon of a standing.
    fn badge(&self, goal: &Progress) -> (&'static str, &'static str) {
        match goal.standing {
            Standing::Reached => ("good", "check"),
            Standing::WithinReach => ("info", "clock"),
            Standing::Behind => ("warn", "alert"),
            Standing::NotEnough => ("none", "clock"),
        }
    }

    /// The name of a target for people: its id with spaces.
    fn target_name(&self, goal: &Progress) -> String {
        let name = goal.target.id.replace('-', " ");
        let mut letters = name.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    }
}

/// `91% (88–94)`.
fn short(rate: Rate) -> String {
    let text = format!("{:.0}% {}", rate.share() * 100.0, range(rate));
    text.split(", n").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_never_bare() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(short(Rate { hits: 35, of: 57 }), "61% (48–73)");
        assert_eq!(range(Rate { hits: 1, of: 2 }), "n = 2");
    }
}
