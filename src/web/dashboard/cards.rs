//! How the cards fare, and one of them in full.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;

use super::chart::{self, Plot, Point, Weekly};
use super::overview::{periods, thousands};
use super::view::View;
use crate::analytics::{CardFigures, Change, Figures, Sort, comparable};
use crate::feedback::{ENOUGH, Rate, VersionUse};
use crate::marketing::{CardPage, CardsView, Pick};
use crate::model::{CardId, Day, Family, Timestamp};
use crate::web::layout::Layout;
use crate::web::problem::{PageProblem, Problem};
use crate::web::{AppState, unrendered};

#[derive(Template)]
#[template(path = "cards.html")]
struct CardsPage {
    view: View,
    cards: CardsView,
    pick: Pick,
    sort: Sort,
    layout: Layout,
}

pub(super) async fn cards(
    State(services): AppState,
    view: View,
) -> Result<Html<String>, PageProblem> {
    let pick = Pick::named(&view.tab).unwrap_or(Pick::Used);
    let sort = Sort::named(&view.sort).unwrap_or(Sort::Worked);
    let wanted = (pick, sort);
    let cards = services.marketing.cards(view.period, &view.filter, view.family, wanted).await?;
    let page = CardsPage { cards, pick, sort, layout: Layout::now(&services), view };
    page.render().map(Html).map_err(unrendered)
}

impl CardsPage {
    fn here(&self) -> &'static str {
        "/dashboard/cards"
    }

    fn periods(&self) -> Vec<(String, &'static str, bool)> {
        periods(&self.view)
    }

    fn thousands(&self, number: &u64) -> String {
        thousands(*number)
    }

    fn picks(&self) -> Vec<(String, &'static str, usize, bool)> {
        let label = |pick| match pick {
            Pick::Used => "Used",
            Pick::Overdue => "Overdue for review",
            Pick::FewOutcomes => "Too few outcomes",
            Pick::NotUsed => "Not used",
            Pick::All => "All",
        };
        let tab = |(pick, count): &(Pick, usize)| {
            let name = if *pick == Pick::Used { "" } else { pick.name() };
            (self.view.in_tab(name), label(*pick), *count, *pick == self.pick)
        };
        self.cards.picks.iter().map(tab).collect()
    }

    /// Families that have a card here: address, name, and whether it is chosen.
    fn families(&self) -> Vec<(String, String, bool)> {
        let chosen = |family: Family| self.view.family == Some(family);
        let family = |family: Family| {
            let to = if chosen(family) { None } else { Some(family) };
            (self.view.of_family(to), family.words(), chosen(family))
        };
        Family::ALL.into_iter().map(family).collect()
    }

    /// The heads that sort: address, words, class, and whether the list is in this order.
    fn heads(&self) -> Vec<(Option<String>, &'static str, &'static str, bool)> {
        let head = |sort: Option<Sort>, words, class| {
            let name = sort.map(|sort| if sort == Sort::Worked { "" } else { sort.name() });
            (name.map(|name| self.view.sorted(name)), words, class, sort == Some(self.sort))
        };
        vec![
            head(Some(Sort::Title), "Card", ""),
            head(Some(Sort::Shown), "Shown", "r"),
            head(None, "13 weeks", "drop"),
            head(Some(Sort::Worked), "Worked, by the lower end", ""),
            head(Some(Sort::Pushbacks), "Push-backs", "r drop"),
            head(None, "Not used", "r drop"),
            head(Some(Sort::Due), "Reviewed", ""),
        ]
    }

    fn sparkline(&self, card: &CardFigures) -> String {
        chart::sparkline(&card.weeks, 88)
    }

    fn interval(&self, card: &CardFigures) -> String {
        chart::interval(card.used.won(), None, None)
    }

    /// How a card fares; of one with too few outcomes, what its family says.
    fn worked(&self, card: &CardFigures) -> (String, Option<String>) {
        let own = card.used.won();
        let family = card.family_worked;
        let pooled =
            (own.of < ENOUGH && family.of >= ENOUGH).then(|| format!("its family {family}"));
        (own.to_string(), pooled)
    }

    fn overdue(&self, card: &CardFigures) -> Option<i64> {
        card.overdue(self.view.today)
    }

    fn checked(&self, card: &CardFigures) -> String {
        card.checked.map(|(verified, _)| verified.short()).unwrap_or_default()
    }

    fn link(&self, card: &CardFigures) -> String {
        format!("/dashboard/cards/{}{}", card.id, self.view.plain())
    }

    fn family(&self, card: &CardFigures) -> String {
        card.family.map_or_else(|| "no longer in the playbooks".to_owned(), Family::words)
    }
}

#[derive(Template)]
#[template(path = "card.html")]
struct OneCardPage {
    view: View,
    id: CardId,
    card: CardPage,
    layout: Layout,
}

pub(super) async fn card(
    State(services): AppState,
    Path(id): Path<String>,
    view: View,
) -> Result<Html<String>, PageProblem> {
    let unknown = || {
        let hint = "choose one from the list at /dashboard/cards";
        let id: String = id.chars().take(60).collect();
        let message = format!("there is no card `{id}`");
        Problem::new(axum::http::StatusCode::NOT_FOUND, "unknown_card", message, hint)
    };
    let Some(known) = CardId::parse(&id) else { return Err(unknown().into()) };
    let found = services.marketing.card(&known, view.period, &view.filter).await?;
    let card = found.ok_or_else(unknown)?;
    let page = OneCardPage { id: known, card, layout: Layout::now(&services), view };
    page.render().map(Html).map_err(unrendered)
}

/// Two versions side by side.
struct Compared {
    /// When the later one was first shown.
    since: Day,
    /// What it is called, how it fared, where that lies.
    rows: Vec<(&'static str, String, Rate)>,
    /// What may be said of the difference.
    change: Change,
}

impl OneCardPage {
    fn here(&self) -> &'static str {
        "/dashboard/cards"
    }

    fn periods(&self) -> Vec<(String, &'static str, bool)> {
        periods(&self.view)
    }

    fn known(&self) -> Rate {
        let used = &self.card.figures.used;
        Rate { hits: used.won().of, of: used.shown.max(used.won().of) }
    }

    fn overdue(&self) -> Option<i64> {
        self.card.figures.overdue(self.view.today)
    }

    /// The last two versions that can be compared.
    fn compared(&self) -> Option<Compared> {
        let versions = comparable(&self.card.versions);
        let [.., before, after] = versions.as_slice() else { return None };
        let days = |version: &VersionUse| {
            format!("{} to {}", version.first.in_words(), version.last.with_year())
        };
        let (old, new) = (before.fate.won(), after.fate.won());
        Some(Compared {
            since: after.first,
            rows: vec![("Before", days(before), old), ("After", days(after), new)],
            change: Change::of(new, old),
        })
    }

    fn interval(&self, rate: &Rate) -> String {
        chart::interval(*rate, None, None)
    }

    /// What the comparison says, as a sentence.
    fn verdict(&self, change: &Change) -> (&'static str, &'static str, &'static str) {
        match change {
            Change::Points(points) if *points > 0.0 => {
                ("good", "Higher since the edit", "The two ranges do not touch.")
            }
            Change::Points(_) => ("warn", "Lower since the edit", "The two ranges do not touch."),
            Change::NotClear => ("info", "No clear change", "The two ranges overlap."),
            Change::NotEnough => {
                ("none", "Not enough data yet", "One of the two has under 20 outcomes.")
            }
        }
    }

    fn plot(&self) -> Plot {
        let weeks = self.card.parts.weeks.iter().zip(&self.card.weeks);
        let point = |(span, figures): (&crate::analytics::Span, &Figures)| {
            let monday = span.from.map(Day::short).unwrap_or_default();
            let shown = figures.known.of;
            let words = format!("{monday}: shown {shown} times");
            Point { value: shown as f64, range: (shown as f64, shown as f64), words, drawn: true }
        };
        let points: Vec<Point> = weeks.map(point).collect();
        let title = "How often the card was shown, by week";
        chart::weekly(&points, Weekly { goal: None, percent: false, window: 0, title })
    }

    /// The finding of the chart, as a sentence.
    fn finding(&self) -> String {
        let Some((_, finished)) = self.card.weeks.split_last() else { return String::new() };
        let shown = |weeks: &[Figures]| weeks.iter().map(|week| week.known.of).sum::<u64>();
        let last = finished.last().map_or(0, |week| week.known.of);
        format!("Shown {last} times last week, {} times in thirteen weeks.", shown(finished))
    }

    fn mondays(&self) -> Vec<String> {
        let weeks = self.card.parts.weeks.iter();
        weeks.map(|span| span.from.map(Day::short).unwrap_or_default()).collect()
    }

    /// The weeks for the table: label, shown, worked.
    fn rows(&self) -> Vec<(String, String, String)> {
        let weeks = self.mondays().into_iter().zip(&self.card.weeks);
        weeks
            .map(|(monday, figures)| {
                (monday, thousands(figures.known.of), figures.worked.to_string())
            })
            .collect()
    }

    /// The reasons with the width of their bars, in percent.
    fn reasons(&self) -> Vec<(&String, usize, String)> {
        let most = self.card.reasons.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let reasons = self.card.reasons.iter();
        reasons
            .map(|(reason, count)| (reason, *count, chart::bar(*count as f64 / most as f64)))
            .collect()
    }

    fn day(&self, at: &Timestamp) -> String {
        at.day().in_words()
    }

    fn versions(&self) -> impl Iterator<Item = (&VersionUse, String)> {
        let live = self.card.versions.len();
        let name = move |at: usize| match at {
            0 if live == 1 => "The only version".to_owned(),
            0 => "First version".to_owned(),
            at => format!("Version {}", at + 1),
        };
        self.card.versions.iter().enumerate().rev().map(move |(at, version)| (version, name(at)))
    }

    fn family(&self) -> String {
        let family = self.card.figures.family;
        family.map_or_else(|| "no longer in the playbooks".to_owned(), Family::words)
    }

    /// The events about this card.
    fn events(&self) -> String {
        self.view.with("card", self.id.as_str())
    }
}
