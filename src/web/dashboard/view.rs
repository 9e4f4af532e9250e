//! What a marketer looks at, as written in the address: the same address shows the same again.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use crate::analytics::Period;
use crate::feedback::Filter;
use crate::model::{CardId, Day, Family, Timestamp};
use crate::services::Services;
use crate::web::problem::{PageProblem, Problem};

/// So many values of one key are read.
const MOST: usize = 50;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    /// The day on which it is looked at.
    pub today: Day,
    pub period: Period,
    pub filter: Filter,
    /// Which of the page's figures is drawn; empty for the usual one.
    pub show: String,
    /// Which tab of a list; empty for the first.
    pub tab: String,
    /// By what a list is put in order; empty for the usual order.
    pub sort: String,
    /// Only cards of this family.
    pub family: Option<Family>,
    /// What of a list is open; empty for the first.
    pub item: String,
    /// What was done just now; no part of the address of anything else.
    pub noted: String,
    /// Which page of a list, from 1.
    pub page: usize,
    /// Keys of the address that mean nothing.
    pub unknown: Vec<String>,
    /// True if the URL is not canonical.
    pub untidy: bool,
}

/// What the address of a page asks for. One with a field that was left empty, which is no filter, leads
/// to the address without it.
impl FromRequestParts<Arc<Services>> for View {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        services: &Arc<Services>,
    ) -> Result<Self, Response> {
        let problem = |problem: Problem| PageProblem(problem).into_response();
        let pairs = Query::<Pairs>::from_request_parts(parts, services).await;
        let Query(pairs) = pairs.map_err(|rejection| problem(rejection.into()))?;
        let view = Self::read(&pairs, services.marketing.today()).map_err(problem)?;
        if view.untidy {
            let tidy = format!("{}{}", parts.uri.path(), view.query());
            return Err(Redirect::to(&tidy).into_response());
        }
        Ok(view)
    }
}

/// The pairs of an address, in the order in which they are written.
pub(super) type Pairs = Vec<(String, String)>;

impl View {
    /// Reads an address.
    pub(super) fn read(pairs: &Pairs, today: Day) -> Result<Self, Problem> {
        let all = |key: &'static str| {
            pairs.iter().filter(move |(name, value)| name == key && !value.trim().is_empty())
        };
        let last = |key| all(key).next_back().map(|(_, value)| value.trim());
        let (from, to) = (day("from", last("from"))?, day("to", last("to"))?);
        let period = match last("period") {
            // A day that is filled in is meant, whatever the other field still says.
            _ if from.is_some() || to.is_some() => Period::Custom { from, to },
            None => Period::default(),
            Some("custom") => Period::Custom { from, to },
            Some(name) => Period::named(name).ok_or_else(|| {
                wrong("period", name, "7d, 28d, 90d, month, quarter, all or custom")
            })?,
        };
        let text = |key| all(key).take(MOST).map(|(_, value)| value.trim().to_owned());
        let filter = Filter {
            cards: each("card", text("card"), CardId::parse, "the id of a card")?,
            marks: each("mark", text("mark"), |word| word.parse().ok(), "a mark")?,
            platforms: each("platform", text("platform"), |word| word.parse().ok(), "a platform")?,
            channels: text("channel").collect(),
            benefits: text("benefit").collect(),
            ..Filter::default()
        };
        let filter = period.span(today).of(&filter);
        let word = |key, most| last(key).unwrap_or_default().chars().take(most).collect();
        let (show, tab, item) = (word("show", 20), word("tab", 20), word("item", 64));
        let (sort, noted) = (word("sort", 20), word("noted", 40));
        let family = match last("family") {
            None => None,
            Some(name) => Some(
                Family::ALL
                    .into_iter()
                    .find(|family| family.name() == name)
                    .ok_or_else(|| wrong("family", name, "a family"))?,
            ),
        };
        let page = page(last("page"))?;
        let known = |name: &str| KEYS.contains(&name);
        let unknown = pairs.iter().map(|(name, _)| name.as_str()).filter(|name| !known(name));
        let unknown = unknown.map(|name| name.chars().take(40).collect()).take(MOST).collect();
        let untidy = pairs.iter().any(|(name, value)| known(name) && value.trim().is_empty());
        Ok(Self {
            today,
            period,
            filter,
            show,
            tab,
            sort,
            family,
            item,
            noted,
            page,
            unknown,
            untidy,
        })
    }

    /// How long ago something was, in days.
    pub(super) fn ago(&self, at: &Timestamp) -> String {
        match self.today.days_since(at.day()) {
            ..=0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            days => format!("{days} days ago"),
        }
    }

    /// The filters, one by one: key, value.
    pub(super) fn values(&self) -> Vec<(&'static str, String)> {
        fn some<'a, T: Display + 'a>(
            key: &'static str,
            values: impl IntoIterator<Item = T> + 'a,
        ) -> impl Iterator<Item = (&'static str, String)> + 'a {
            values.into_iter().map(move |value| (key, value.to_string()))
        }
        let Filter { cards, marks, platforms, channels, benefits, .. } = &self.filter;
        some("channel", channels)
            .chain(some("benefit", benefits))
            .chain(some("card", cards))
            .chain(some("mark", marks.iter().map(|mark| mark.name())))
            .chain(some("platform", platforms.iter().map(|platform| platform.name())))
            .collect()
    }

    /// The address of this view, after its path: in one order, without what goes without saying.
    pub(super) fn query(&self) -> String {
        let mut pairs = self.period_pairs();
        pairs.extend(self.values());
        pairs.extend(self.family.map(|family| ("family", family.name().to_owned())));
        let words =
            [("show", &self.show), ("tab", &self.tab), ("sort", &self.sort), ("item", &self.item)];
        for (key, word) in words {
            pairs.extend((!word.is_empty()).then(|| (key, word.clone())));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        joined(&pairs)
    }

    /// The address with one filter more, on its first page.
    pub(super) fn with(&self, key: &'static str, value: &str) -> String {
        let mut pairs = [self.period_pairs(), self.values()].concat();
        if !pairs.iter().any(|(name, old)| *name == key && old == value) {
            pairs.push((key, value.to_owned()));
        }
        joined(&pairs)
    }

    /// The address without one of the filters, on its first page.
    pub(super) fn without(&self, key: &str, value: &str) -> String {
        let mut pairs = [self.period_pairs(), self.values()].concat();
        pairs.retain(|(name, old)| !(*name == key && old == value));
        joined(&pairs)
    }

    /// The address of another page of the same.
    pub(super) fn on_page(&self, page: usize) -> String {
        Self { page, ..self.clone() }.query()
    }

    /// The address of all events of this view, for an export: without a filter that would be the
    /// whole log, so that the period is always said.
    pub(super) fn whole(&self) -> String {
        let mut pairs = self.period_pairs();
        if pairs.is_empty() {
            pairs.push(("period", self.period.name()));
        }
        pairs.extend(self.values());
        joined(&pairs)
    }

    /// The address of the same, of another period.
    pub(super) fn in_period(&self, period: Period) -> String {
        Self { period, page: 1, ..self.clone() }.query()
    }

    /// The address of the same, of the usual period.
    pub(super) fn usual_period(&self) -> String {
        self.in_period(Period::default())
    }

    /// The address of the same, of another tab.
    pub(super) fn in_tab(&self, tab: &str) -> String {
        let (tab, item) = (tab.to_owned(), String::new());
        Self { tab, item, page: 1, ..self.clone() }.query()
    }

    /// The address of the same, in another order.
    pub(super) fn sorted(&self, sort: &str) -> String {
        Self { sort: sort.to_owned(), page: 1, ..self.clone() }.query()
    }

    /// The address of the same, of one family or of all.
    pub(super) fn of_family(&self, family: Option<Family>) -> String {
        Self { family, page: 1, ..self.clone() }.query()
    }

    /// The address of the period and its filters alone.
    pub(super) fn plain(&self) -> String {
        joined(&[self.period_pairs(), self.values()].concat())
    }

    /// The address of the same, with this one of the list open.
    pub(super) fn with_item(&self, item: &str) -> String {
        Self { item: item.to_owned(), ..self.clone() }.query()
    }

    /// The address of the same, for these channels and benefits alone.
    pub(super) fn in_cell(&self, channel: Option<&str>, benefit: Option<&str>) -> String {
        let mut view = Self { item: String::new(), page: 1, ..self.clone() };
        view.filter.channels = channel.map(str::to_owned).into_iter().collect();
        view.filter.benefits = benefit.map(str::to_owned).into_iter().collect();
        view.query()
    }

    /// The address of the same, with another figure drawn.
    pub(super) fn showing(&self, show: &str) -> String {
        Self { show: show.to_owned(), ..self.clone() }.query()
    }

    fn period_pairs(&self) -> Vec<(&'static str, String)> {
        match &self.period {
            period if *period == Period::default() => Vec::new(),
            Period::Custom { from, to } => {
                let ends = [("from", from), ("to", to)].into_iter();
                let ends = ends.filter_map(|(key, day)| Some((key, day.as_ref()?.to_string())));
                std::iter::once(("period", "custom".to_owned())).chain(ends).collect()
            }
            period => vec![("period", period.name())],
        }
    }
}

const KEYS: [&str; 15] = [
    "period", "from", "to", "card", "mark", "platform", "channel", "benefit", "family", "show",
    "tab", "sort", "item", "page", "noted",
];

/// The number of a page, from 1.
fn page(text: Option<&str>) -> Result<usize, Problem> {
    let Some(text) = text else { return Ok(1) };
    let page = text.parse::<u32>().ok().filter(|page| *page > 0);
    let page = page.and_then(|page| usize::try_from(page).ok());
    page.ok_or_else(|| wrong("page", text, "a number from 1"))
}

fn day(key: &'static str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    let read =
        |text: &str| Day::from_str(text).map_err(|_| wrong(key, text, "a day like 2026-11-24"));
    text.map(read).transpose()
}

fn each<T: Ord>(
    key: &'static str,
    values: impl Iterator<Item = String>,
    read: impl Fn(&str) -> Option<T>,
    what: &'static str,
) -> Result<BTreeSet<T>, Problem> {
    values.map(|value| read(&value).ok_or_else(|| wrong(key, &value, what))).collect()
}

fn wrong(key: &str, value: &str, what: &str) -> Problem {
    let value: String = value.chars().take(60).collect();
    let message = format!("`{key}={value}` is not {what}");
    let hint = "follow the links of the page, or take the part out of the address";
    Problem::new(StatusCode::BAD_REQUEST, "invalid_query", message, hint)
}

/// As in an address.
fn joined(pairs: &[(&'static str, String)]) -> String {
    let encode = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<View, Problem> {
        let pairs = query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        View::read(&pairs.collect(), "2027-01-15".parse().unwrap())
    }

    #[test]
    fn an_address_has_one_form() {
        let query = |pairs: &[(&str, &str)]| read(pairs).unwrap().query();
        assert_eq!(query(&[]), "");
        assert_eq!(query(&[("period", "28d"), ("page", "1"), ("card", "")]), "");
        let pairs = [
            ("mark", "worked"),
            ("card", "b"),
            ("channel", "a & b"),
            ("card", "a"),
            ("page", "3"),
            ("period", "7d"),
            ("card", "a"),
        ];
        let expected = "?period=7d&channel=a%20%26%20b&card=a&card=b&mark=worked&page=3";
        assert_eq!(query(&pairs), expected);
        let custom = [("period", "7d"), ("to", "2026-11-30")];
        assert_eq!(query(&custom), "?period=custom&to=2026-11-30");
        let view = read(&pairs).unwrap();
        assert_eq!(view.without("card", "a"), "?period=7d&channel=a%20%26%20b&card=b&mark=worked");
        assert_eq!(read(&[]).unwrap().with("card", "x"), "?card=x");
        assert_eq!(read(&[("card", "x")]).unwrap().whole(), "?period=28d&card=x");
        assert!(read(&[("card", "")]).unwrap().untidy);
        assert_eq!(read(&[("utm", "1")]).unwrap().unknown, ["utm"]);
    }

    #[test]
    fn a_value_that_means_nothing_is_named() {
        for (key, value) in [
            ("period", "2w"),
            ("from", "2025-02-30"),
            ("to", "yesterday"),
            ("page", "-1"),
            ("page", "0"),
            ("page", "1000000000000000000"),
            ("mark", ";drop"),
            ("card", "A b"),
            ("platform", "fax"),
        ] {
            let custom = [("period", "custom"), (key, value)];
            let problem = match key {
                "period" => read(&[(key, value)]),
                _ => read(&custom),
            };
            let problem = format!("{:?}", problem.unwrap_err());
            assert!(problem.contains(&format!("{key}={value}")), "{problem}");
        }
    }
}
