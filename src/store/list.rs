//! A part of the log in order of time, in SQL: which rows is found out in an index, and only those of
//! the page are read.

use std::collections::BTreeSet;

use sqlx::{QueryBuilder, Sqlite};

use crate::ports::ListQuery;

/// The statement that lists a part: number, time and body.
pub(super) fn select(query: &ListQuery) -> QueryBuilder<Sqlite> {
    let order = if query.newest_first { "DESC" } else { "ASC" };
    let mut sql = QueryBuilder::new("SELECT number, at, body FROM events WHERE number IN (");
    numbers(&mut sql, query, order);
    sql.push(format!(") ORDER BY at {order}, number {order}"));
    sql
}

/// The numbers of the page. Cards have a table of their own, which has times as well.
fn numbers(sql: &mut QueryBuilder<Sqlite>, query: &ListQuery, order: &str) {
    let ListQuery { filter, newest_first, after, up_to, skip, limit } = query;
    let names = |names: &BTreeSet<String>| -> Vec<String> { names.iter().cloned().collect() };
    let marks = filter.marks.iter().map(|mark| mark.name().to_owned()).collect();
    let platforms: Vec<String> =
        filter.platforms.iter().map(|platform| platform.name().to_owned()).collect();
    let columns = [
        ("mark", marks),
        ("channel", names(&filter.channels)),
        ("benefit", names(&filter.benefits)),
    ];
    if filter.cards.is_empty() {
        sql.push("SELECT part.number FROM events AS part WHERE TRUE");
    } else {
        // One card has an event once; of several it may have some.
        let distinct = if filter.cards.len() > 1 { "DISTINCT " } else { "" };
        sql.push(format!("SELECT {distinct}part.number FROM event_cards AS part"));
        if columns.iter().any(|(_, wanted)| !wanted.is_empty()) || !platforms.is_empty() {
            sql.push(" JOIN events AS event ON event.number = part.number");
        }
        let cards = filter.cards.iter().map(|card| card.as_str().to_owned()).collect();
        one_of(sql.push(" WHERE TRUE"), "part.card_id", cards);
    }
    let table = if filter.cards.is_empty() { "part" } else { "event" };
    for (column, wanted) in columns {
        one_of(sql, &format!("{table}.{column}"), wanted);
    }
    one_of(sql, &format!("{table}.platform"), platforms);
    if let Some(since) = filter.since {
        sql.push(" AND part.at >= ").push_bind(since.unix_micros());
    }
    if let Some(until) = filter.until {
        sql.push(" AND part.at < ").push_bind(until.unix_micros());
    }
    if let Some(after) = after {
        let beyond = if *newest_first { "<" } else { ">" };
        sql.push(format!(" AND (part.at, part.number) {beyond} ("));
        sql.push_bind(after.at.unix_micros()).push(", ").push_bind(after.number).push(")");
    }
    if let Some(last) = up_to {
        sql.push(" AND part.number <= ").push_bind(*last);
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    sql.push(format!(" ORDER BY part.at {order}, part.number {order} LIMIT "));
    sql.push_bind(count(*limit)).push(" OFFSET ").push_bind(count(*skip));
}

/// Nothing where nothing is wanted.
fn one_of(sql: &mut QueryBuilder<Sqlite>, column: &str, wanted: Vec<String>) {
    if wanted.is_empty() {
        return;
    }
    sql.push(format!(" AND {column} IN ("));
    let mut list = sql.separated(", ");
    for wanted in wanted {
        list.push_bind(wanted);
    }
    sql.push(")");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Filter, Mark, Platform};
    use crate::model::{CardId, Timestamp};
    use crate::store::SqliteStore;

    /// Rows are found in an index in the order that is wanted, and nothing is sorted.
    #[tokio::test]
    async fn what_a_marketer_lists_goes_through_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        let all = Filter::default;
        let since = Some(Timestamp::from_unix_micros(1));
        let names = || ["x".to_owned()].into();
        let cards = || [CardId::parse("x").unwrap()].into();
        for (filter, index) in [
            (all(), "part USING COVERING INDEX events_at"),
            (Filter { since, ..all() }, "part USING COVERING INDEX events_at (at>?"),
            (
                Filter { since, platforms: [Platform::Web].into(), ..all() },
                "part USING COVERING INDEX events_at (at>?",
            ),
            (Filter { marks: [Mark::Worked].into(), ..all() }, "events_mark (mark=?"),
            (Filter { channels: names(), ..all() }, "events_channel (channel=?"),
            (Filter { benefits: names(), ..all() }, "events_benefit (benefit=?"),
            (Filter { cards: cards(), ..all() }, "part USING PRIMARY KEY (card_id=?"),
            (Filter { since, cards: cards(), ..all() }, "PRIMARY KEY (card_id=? AND at>?"),
        ] {
            let query = ListQuery { filter, newest_first: true, limit: 100, ..Default::default() };
            let steps = store.plan(select(&query)).await;
            assert!(steps.iter().any(|step| step.contains(index)), "{query:?}\n{steps:#?}");
            // The page itself, a hundred rows, may be.
            let sorted = steps.iter().filter(|step| step.contains("TEMP B-TREE"));
            assert!(sorted.count() <= 1, "{query:?}\n{steps:#?}");
        }
    }
}
