//! What reps recommend: how much by channel and benefit, what is open, and one of it in full.

use std::collections::HashMap;

use super::Marketing;
use crate::feedback::{Body, Inbox, Item, Mark, Platform, Status, Triaged, kind};
use crate::journal::UseCaseError;
use crate::model::{Day, Receipt, Timestamp};
use crate::playbook::{Plan, Playbook};
use crate::ports::{EventQuery, Numbered};
use crate::redact::Redacted;

/// So many recommendations are on one page of the list.
const ON_A_PAGE: usize = 15;

/// So many others of the same channel and benefit are beside one.
const ALIKE: usize = 6;

/// The value of a channel or benefit that the plan does not know.
const OTHER: &str = "other";

/// The value for a recommendation that names none.
const NONE: &str = "none";

/// Which recommendations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What waits for a decision.
    Open,
    /// Those with this status.
    Status(Status),
    /// Done, declined or the same as another one.
    Closed,
    /// All of them.
    All,
}

impl Tab {
    /// Every tab, in the order in which they are shown.
    pub const EVERY: [Self; 6] = [
        Self::Open,
        Self::Status(Status::Planned),
        Self::Status(Status::Started),
        Self::Status(Status::Snoozed),
        Self::Closed,
        Self::All,
    ];

    /// Its name in an address.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Status(status) => status.name(),
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    /// The tab with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|tab| tab.name() == name)
    }

    fn holds(&self, status: Status) -> bool {
        match self {
            Self::Open => status == Status::Open,
            Self::Status(wanted) => status == *wanted,
            Self::Closed => status.is_closed(),
            Self::All => true,
        }
    }
}

/// What to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxQuery {
    /// Written from this moment on.
    pub since: Option<Timestamp>,
    /// Written before this moment.
    pub until: Option<Timestamp>,
    /// Only for one of these channels: ids of the plan, `other` or `none`. Empty for all.
    pub channels: Vec<String>,
    /// Only about one of these benefits, likewise.
    pub benefits: Vec<String>,
    /// Only written here. Empty for everywhere.
    pub platforms: Vec<Platform>,
    /// Which of these.
    pub tab: Tab,
    /// Which page of the list, from 1.
    pub page: usize,
    /// The recommendation that is open; otherwise the first of the list.
    pub item: Option<Receipt>,
}

/// A channel or benefit with how often it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Its id in the plan, `other` or `none`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// How many recommendations name it.
    pub count: usize,
}

/// Recommendations of one channel and one benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// How many.
    pub count: usize,
    /// How many compared with the fullest cell: 0 for none, 1 to 5.
    pub heat: u8,
}

/// One of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: Receipt,
    /// The rep's words.
    pub text: Redacted,
    /// Where it stands.
    pub status: Status,
    /// When it was written.
    pub at: Timestamp,
    /// When it comes back.
    pub until: Option<Day>,
    /// The channel in words, if it names one.
    pub channel: Option<String>,
    /// The benefit in words, if it names one.
    pub benefit: Option<String>,
}

/// Something that happened with a recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// What, for people.
    pub what: String,
    /// The words that came with it.
    pub words: Option<Redacted>,
    /// True if it was taken back.
    pub undone: bool,
}

/// A recommendation in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// As in the list.
    pub entry: Entry,
    /// Where it was written.
    pub platform: Platform,
    /// The answer it is about, with the title of its first card and how it went.
    pub about: Option<(Receipt, String, Option<Mark>)>,
    /// What happened with it, oldest first.
    pub steps: Vec<Step>,
    /// Others of the same channel and benefit, latest first.
    pub alike: Vec<Entry>,
    /// What was decided last and holds.
    pub decision: Option<Triaged>,
}

/// The inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxView {
    /// The channels: those of the plan, then others, then none.
    pub channels: Vec<Axis>,
    /// The benefits, likewise.
    pub benefits: Vec<Axis>,
    /// A row for each channel.
    pub cells: Vec<Vec<Cell>>,
    /// How many recommendations there are of each tab.
    pub tabs: Vec<(Tab, usize)>,
    /// One page of the list, latest first.
    pub entries: Vec<Entry>,
    /// How many pages it has.
    pub pages: usize,
    /// The one that is open.
    pub detail: Option<Detail>,
    /// When the one was written that has waited longest.
    pub oldest_open: Option<Timestamp>,
}

impl Marketing {
    /// What reps recommend.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn inbox(&self, query: &InboxQuery) -> Result<InboxView, UseCaseError> {
        let (today, generation) = (self.today(), self.library.current());
        let plan = generation.playbook.plan.clone();
        let reader = self.journal.reader()?;
        let wanted = query.clone();
        let sorted = reader.inbox(move |inbox| sort(inbox, &wanted, &plan, today)).await?;
        let plan = &generation.playbook.plan;
        let mut numbers: Vec<i64> = sorted.page.iter().map(|item| item.number).collect();
        if let Some(open) = &sorted.open {
            numbers.push(open.number);
            numbers.extend(open.decisions.iter().map(|decision| decision.number));
            numbers.extend(&open.replies);
            numbers.extend(sorted.alike.iter().map(|item| item.number));
        }
        let events = reader.events(numbers).await?;
        let entry = |item: &Item| entry(item, &events, plan, today);
        let detail = match &sorted.open {
            None => None,
            Some(open) => self.detail(open, &sorted.alike, &events, &generation.playbook).await?,
        };
        let entries = sorted.page.iter().filter_map(entry).collect();
        Ok(InboxView { entries, detail, ..sorted.view })
    }

    async fn detail(
        &self,
        item: &Item,
        alike: &[Item],
        events: &[Numbered],
        playbook: &Playbook,
    ) -> Result<Option<Detail>, UseCaseError> {
        let today = self.today();
        let shown = |item: &Item| entry(item, events, &playbook.plan, today);
        let Some(entry) = shown(item) else { return Ok(None) };
        let written = find(events, item.number).map(|event| &event.body);
        let about = match written {
            Some(Body::Recommended { receipt: Some(receipt), .. }) => {
                self.about(receipt, playbook).await?
            }
            _ => None,
        };
        let decided = |number: i64| match find(events, number).map(|event| &event.body) {
            Some(Body::Triaged(triaged)) => Some((**triaged).clone()),
            _ => None,
        };
        Ok(Some(Detail {
            entry,
            platform: item.platform,
            about,
            steps: steps(item, events),
            alike: alike.iter().filter_map(shown).collect(),
            decision: item.decision().and_then(|decision| decided(decision.number)),
        }))
    }

    /// The answer that a recommendation was written below.
    async fn about(
        &self,
        receipt: &Receipt,
        playbook: &Playbook,
    ) -> Result<Option<(Receipt, String, Option<Mark>)>, UseCaseError> {
        let Ok(answer) = self.journal.answer(receipt).await else { return Ok(None) };
        let Some(card) = answer.body.cards().first() else { return Ok(None) };
        let title = playbook.card(card).map_or(card.to_string(), |card| card.title.clone());
        let last = EventQuery::last(1, &[kind::MARKED]);
        let last = EventQuery { receipt: Some(receipt.clone()), ..last };
        let marks = self.journal.store()?.events(last).await?;
        let mark = marks.first().and_then(|(_, event)| event.body.mark());
        Ok(Some((receipt.clone(), title, mark)))
    }
}

/// What is known without the words.
struct Sorted {
    /// Without entries and detail.
    view: InboxView,
    page: Vec<Item>,
    open: Option<Item>,
    alike: Vec<Item>,
}

/// The value of a channel or benefit in an address.
fn value<'a>(named: Option<&Redacted>, known: impl Fn(&str) -> Option<&'a str>) -> &'a str {
    match named {
        None => NONE,
        Some(name) => known(name.as_str()).unwrap_or(OTHER),
    }
}

/// A recommendation with the values of its channel and benefit.
#[derive(Clone, Copy)]
struct Placed<'a> {
    item: &'a Item,
    channel: &'a str,
    benefit: &'a str,
}

/// The recommendations that are looked at, latest first, each name looked up once.
fn placed<'a>(inbox: &'a Inbox, query: &InboxQuery, plan: &'a Plan) -> Vec<Placed<'a>> {
    let (mut channels, mut benefits) = (HashMap::new(), HashMap::new());
    let within = |item: &&Item| {
        query.since.is_none_or(|since| item.at >= since)
            && query.until.is_none_or(|until| item.at < until)
            && (query.platforms.is_empty() || query.platforms.contains(&item.platform))
    };
    let place = |item: &'a Item| {
        let (channel, benefit) = (item.channel.as_ref(), item.benefit.as_ref());
        Placed {
            item,
            channel: channels
                .entry(channel.map(Redacted::as_str))
                .or_insert_with(|| value(channel, |name| plan.channel(name))),
            benefit: benefits
                .entry(benefit.map(Redacted::as_str))
                .or_insert_with(|| value(benefit, |name| plan.benefit(name))),
        }
    };
    inbox.items().rev().filter(within).map(place).collect()
}

/// The ids of the plan, then others and none where there are any, each with its count.
fn axis<'a>(ids: &[String], plan: &Plan, named: impl Iterator<Item = &'a str>) -> Vec<Axis> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    named.for_each(|id| *counts.entry(id).or_default() += 1);
    let count = |id: &str| counts.get(id).copied().unwrap_or(0);
    let of_plan = ids.iter().map(|id| (id.as_str(), plan.name(id)));
    let rest = [(OTHER, "Other"), (NONE, "None named")].into_iter();
    let rest = rest.filter(|(id, _)| count(id) > 0);
    let axis = |(id, name): (&str, &str)| Axis {
        id: id.to_owned(),
        name: name.to_owned(),
        count: count(id),
    };
    of_plan.chain(rest).map(axis).collect()
}

fn sort(inbox: &Inbox, query: &InboxQuery, plan: &Plan, today: Day) -> Sorted {
    let all = placed(inbox, query, plan);
    let channels = axis(&plan.channels, plan, all.iter().map(|placed| placed.channel));
    let benefits = axis(&plan.benefits, plan, all.iter().map(|placed| placed.benefit));
    let one_of = |wanted: &[String], id: &str| wanted.is_empty() || wanted.iter().any(|w| w == id);
    let chosen: Vec<(&Item, Status)> = all
        .iter()
        .filter(|placed| {
            one_of(&query.channels, placed.channel) && one_of(&query.benefits, placed.benefit)
        })
        .map(|placed| (placed.item, placed.item.status(today)))
        .collect();
    let listed = || chosen.iter().filter(|(_, status)| query.tab.holds(*status));
    let count = |tab: &Tab| chosen.iter().filter(|(_, status)| tab.holds(*status)).count();
    let skip = query.page.saturating_sub(1).saturating_mul(ON_A_PAGE);
    let page: Vec<Item> =
        listed().skip(skip).take(ON_A_PAGE).map(|(item, _)| (*item).clone()).collect();
    let open = query.item.as_ref().and_then(|id| inbox.item(id)).or(page.first());
    let place = open.and_then(|open| all.iter().find(|placed| placed.item.number == open.number));
    let alike = place.map(|open| {
        let same = all.iter().filter(|placed| {
            placed.item.number != open.item.number
                && (placed.channel, placed.benefit) == (open.channel, open.benefit)
        });
        same.take(ALIKE).map(|placed| placed.item.clone()).collect()
    });
    let waits = chosen.iter().filter(|(_, status)| *status == Status::Open);
    Sorted {
        view: InboxView {
            cells: cells(&all, &channels, &benefits),
            channels,
            benefits,
            tabs: Tab::EVERY.iter().map(|tab| (*tab, count(tab))).collect(),
            entries: Vec::new(),
            pages: listed().count().div_ceil(ON_A_PAGE).max(1),
            detail: None,
            oldest_open: waits.map(|(item, _)| item.at).min(),
        },
        open: open.cloned(),
        alike: alike.unwrap_or_default(),
        page,
    }
}

/// How many recommendations there are of each channel and benefit.
fn cells(all: &[Placed<'_>], channels: &[Axis], benefits: &[Axis]) -> Vec<Vec<Cell>> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for placed in all {
        *counts.entry((placed.channel, placed.benefit)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0).max(1);
    let heat = |count: usize| u8::try_from((count * 5).div_ceil(most)).unwrap_or(5);
    let cell = |channel: &Axis, benefit: &Axis| {
        let count = counts.get(&(channel.id.as_str(), benefit.id.as_str())).copied().unwrap_or(0);
        Cell { count, heat: heat(count) }
    };
    let row = |channel| benefits.iter().map(|benefit| cell(channel, benefit)).collect();
    channels.iter().map(row).collect()
}

fn find(events: &[Numbered], number: i64) -> Option<&crate::feedback::Event> {
    events.iter().find(|(found, _)| *found == number).map(|(_, event)| event)
}

/// A recommendation with its words; none when they cannot be read.
fn entry(item: &Item, events: &[Numbered], plan: &Plan, today: Day) -> Option<Entry> {
    let event = find(events, item.number)?;
    let Body::Recommended { text, channel, benefit, .. } = &event.body else { return None };
    let named = |named: &Option<Redacted>, id: Option<&str>| {
        Some(id.map_or(named.as_ref()?.as_str(), |id| plan.name(id)).to_owned())
    };
    let known = |of: &Option<Redacted>, known: &dyn Fn(&str) -> Option<String>| {
        of.as_ref().and_then(|name| known(name.as_str()))
    };
    let channel_id = known(channel, &|name| plan.channel(name).map(str::to_owned));
    let benefit_id = known(benefit, &|name| plan.benefit(name).map(str::to_owned));
    Some(Entry {
        id: event.id.as_str().into(),
        text: text.clone(),
        status: item.status(today),
        at: item.at,
        until: item.decision().and_then(|decision| decision.until),
        channel: named(channel, channel_id.as_deref()),
        benefit: named(benefit, benefit_id.as_deref()),
    })
}

/// What happened with a recommendation since it was written.
fn steps(item: &Item, events: &[Numbered]) -> Vec<Step> {
    let mut steps = vec![Step {
        at: item.at,
        what: format!("Written by a rep, {}", item.platform.name()),
        words: None,
        undone: false,
    }];
    for decision in &item.decisions {
        let triaged = find(events, decision.number).and_then(|event| match &event.body {
            Body::Triaged(triaged) => Some(triaged),
            _ => None,
        });
        let what =
            triaged.map_or_else(|| decision.status.name().to_owned(), |found| in_words(found));
        let words = triaged.and_then(|triaged| triaged.reply.clone());
        steps.push(Step { at: decision.at, what, words, undone: decision.undone });
        if decision.told {
            let what = "The rep has read it".to_owned();
            steps.push(Step { at: decision.at, what, words: None, undone: false });
        }
    }
    for number in &item.replies {
        if let Some(event) = find(events, *number)
            && let Body::Replied { text, .. } = &event.body
        {
            let (what, words) = ("The rep replied".to_owned(), Some(text.clone()));
            steps.push(Step { at: event.at, what, words, undone: false });
        }
    }
    steps.sort_by_key(|step| step.at);
    steps
}

/// A decision as a sentence: `Planned: December mailing, marketing`.
pub(super) fn in_words(triaged: &Triaged) -> String {
    let status = match triaged.status {
        Status::Open => "Reopened",
        Status::Planned => "Planned",
        Status::Started => "Started",
        Status::Done => "Done",
        Status::Declined => "Declined",
        Status::Duplicate => "Same as another one",
        Status::Snoozed => "Snoozed",
    };
    let more = [&triaged.target, &triaged.owner].into_iter().flatten();
    let mut more: Vec<String> = more.map(ToString::to_string).collect();
    more.extend(triaged.until.map(|until| format!("until {}", until.in_words())));
    if more.is_empty() { status.to_owned() } else { format!("{status}: {}", more.join(", ")) }
}
