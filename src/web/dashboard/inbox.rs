//! The inbox: what reps recommend, by channel and benefit, and one of it to decide about.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::view::View;
use crate::feedback::{Mark, Status};
use crate::marketing::{Axis, Cell, Detail, Entry, InboxQuery, InboxView, Tab};
use crate::model::{Day, Timestamp};
use crate::web::layout::Layout;
use crate::web::problem::PageProblem;
use crate::web::visitor::Visitor;
use crate::web::{AppState, unrendered};

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    view: View,
    inbox: InboxView,
    tab: Tab,
    /// Said above the list, after a decision.
    noted: String,
    /// Whether the last decision can be taken back.
    undo: bool,
    key: String,
    token: String,
    layout: Layout,
}

pub(super) async fn inbox(
    State(services): AppState,
    visitor: Visitor,
    view: View,
) -> Result<Html<String>, PageProblem> {
    let tab = Tab::named(&view.tab).unwrap_or(Tab::Open);
    let query = InboxQuery {
        since: view.filter.since,
        until: view.filter.until,
        channels: view.filter.channels.iter().cloned().collect(),
        benefits: view.filter.benefits.iter().cloned().collect(),
        platforms: view.filter.platforms.iter().copied().collect(),
        tab,
        page: view.page,
        item: Some(view.item.as_str()).filter(|item| !item.is_empty()).map(Into::into),
    };
    let inbox = services.marketing.inbox(&query).await?;
    let page = InboxPage {
        undo: !view.noted.is_empty() && view.noted != "undone",
        noted: said(&view.noted),
        inbox,
        tab,
        key: services.journal.new_id(),
        token: visitor.token(&services),
        layout: Layout::now(&services),
        view,
    };
    page.render().map(Html).map_err(unrendered)
}

/// What is said after a decision: the address has only its name and a number.
fn said(noted: &str) -> String {
    let (what, count) = noted.split_once('-').unwrap_or((noted, "1"));
    let several = match count.parse::<u32>() {
        Ok(count) if count > 1 => format!("{count} recommendations are"),
        _ => "The recommendation is".to_owned(),
    };
    match what {
        "planned" => format!("{several} planned; the rep will be told."),
        "started" => format!("{several} started; the rep will be told."),
        "done" => format!("{several} done; the rep will be told."),
        "declined" => format!("{several} declined; the rep will read why."),
        "duplicate" => format!("{several} linked to another one; its words stay."),
        "snoozed" => format!("{several} snoozed."),
        "open" => format!("{several} open again."),
        "undone" => "Undone.".to_owned(),
        _ => String::new(),
    }
}

fn label(tab: Tab) -> &'static str {
    match tab {
        Tab::Open => "Open",
        Tab::Status(Status::Planned) => "Planned",
        Tab::Status(Status::Started) => "Started",
        Tab::Status(_) => "Snoozed",
        Tab::Closed => "Closed",
        Tab::All => "All",
    }
}

impl InboxPage {
    fn here(&self) -> &'static str {
        "/dashboard/inbox"
    }

    fn periods(&self) -> Vec<(String, &'static str, bool)> {
        super::overview::periods(&self.view)
    }

    fn subtitle(&self) -> String {
        let open = self.inbox.tabs.first().map_or(0, |(_, count)| *count);
        let waits = self.inbox.oldest_open.map(|at| match self.view.today.days_since(at.day()) {
            ..=0 => "; the oldest came today".to_owned(),
            1 => "; the oldest has waited a day".to_owned(),
            days => format!("; the oldest has waited {days} days"),
        });
        format!("What reps recommend. {open} open{}", waits.unwrap_or_default())
    }

    /// The finding of the heat table, as a sentence.
    fn finding(&self) -> String {
        let all = match self.all() {
            1 => "1 recommendation".to_owned(),
            all => format!("{all} recommendations"),
        };
        let named = |axes: &[Axis]| {
            let named = axes.iter().filter(|axis| axis.id != "none" && axis.id != "other");
            named.max_by_key(|axis| axis.count).filter(|axis| axis.count > 0).cloned()
        };
        match (named(&self.inbox.benefits), named(&self.inbox.channels)) {
            (Some(benefit), Some(channel)) => format!(
                "{all}. “{}” is named most often ({}); {} is the most frequent channel ({}).",
                benefit.name, benefit.count, channel.name, channel.count
            ),
            _ => format!("{all} in this period."),
        }
    }

    /// How many recommendations the period has.
    fn all(&self) -> usize {
        self.inbox.channels.iter().map(|axis| axis.count).sum()
    }

    fn rows(&self) -> Vec<(&Axis, Vec<(&Axis, Cell)>)> {
        let rows = self.inbox.channels.iter().zip(&self.inbox.cells);
        rows.map(|(channel, cells)| {
            (channel, self.inbox.benefits.iter().zip(cells.iter().copied()).collect())
        })
        .collect()
    }

    fn cell_link(&self, channel: Option<&Axis>, benefit: Option<&Axis>) -> String {
        let id = |axis: Option<&Axis>| axis.map(|axis| axis.id.clone());
        self.view.in_cell(id(channel).as_deref(), id(benefit).as_deref())
    }

    /// True if the list is that of this cell alone.
    fn is_cell(&self, channel: &Axis, benefit: &Axis) -> bool {
        let filter = &self.view.filter;
        filter.channels.len() == 1
            && filter.benefits.len() == 1
            && filter.channels.contains(&channel.id)
            && filter.benefits.contains(&benefit.id)
    }

    /// Each filter that is set: its words, the address without it.
    fn chips(&self) -> Vec<(String, String)> {
        let name = |axes: &[Axis], id: &str| {
            axes.iter().find(|axis| axis.id == id).map_or(id.to_owned(), |axis| axis.name.clone())
        };
        let chip = |(key, id): (&'static str, String)| {
            let words = match key {
                "channel" => name(&self.inbox.channels, &id),
                "benefit" => name(&self.inbox.benefits, &id),
                _ => id.clone(),
            };
            (words, self.view.without(key, &id))
        };
        self.view.values().into_iter().map(chip).collect()
    }

    fn tabs(&self) -> Vec<(String, &'static str, usize, bool)> {
        let tab = |(tab, count): &(Tab, usize)| {
            let name = if *tab == Tab::Open { "" } else { tab.name() };
            (self.view.in_tab(name), label(*tab), *count, *tab == self.tab)
        };
        self.inbox.tabs.iter().map(tab).collect()
    }

    fn item_link(&self, entry: &Entry) -> String {
        self.view.with_item(entry.id.as_str())
    }

    fn is_open(&self, entry: &Entry) -> bool {
        self.inbox.detail.as_ref().is_some_and(|detail| detail.entry.id == entry.id)
    }

    /// Icon and word of where a recommendation stands.
    fn state(&self, entry: &Entry) -> (&'static str, String) {
        let word = match (entry.status, entry.until) {
            (Status::Snoozed, Some(until)) => format!("Until {}", until.short()),
            (Status::Open, _) => "Open".to_owned(),
            (Status::Planned, _) => "Planned".to_owned(),
            (Status::Started, _) => "Started".to_owned(),
            (Status::Done, _) => "Done".to_owned(),
            (Status::Declined, _) => "Declined".to_owned(),
            (Status::Duplicate, _) => "Duplicate".to_owned(),
            (Status::Snoozed, None) => "Snoozed".to_owned(),
        };
        (entry.status.name(), word)
    }

    fn day(&self, at: &Timestamp) -> String {
        at.day().short()
    }

    fn went(&self, mark: &Option<Mark>) -> &'static str {
        match mark {
            Some(Mark::Worked) => ", which worked",
            Some(Mark::DidNotWork) => ", which did not work",
            Some(Mark::NotUsed) => ", which was not used",
            Some(Mark::Undone) | None => "",
        }
    }

    /// A week from now, for a day to come back on.
    fn next_week(&self) -> Day {
        self.view.today.plus_days(7)
    }

    fn tomorrow(&self) -> Day {
        self.view.today.plus_days(1)
    }

    fn target(&self, detail: &Detail) -> String {
        let target = detail.decision.as_ref().and_then(|found| found.target.as_ref());
        target.map(ToString::to_string).unwrap_or_default()
    }

    fn owner(&self, detail: &Detail) -> String {
        let owner = detail.decision.as_ref().and_then(|found| found.owner.as_ref());
        owner.map(ToString::to_string).unwrap_or_default()
    }

    fn page_link(&self, page: usize) -> String {
        self.view.on_page(page)
    }
}
