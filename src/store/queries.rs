//! What use cases ask of the log, in SQL: each kind of event through an index, so that nothing takes
//! longer in a longer log.

use sqlx::{QueryBuilder, Sqlite};

use crate::ports::EventQuery;

/// The statement of a query: of each kind the first or last few, and of these the first or last.
pub(super) fn select(query: &EventQuery) -> QueryBuilder<Sqlite> {
    let EventQuery { kinds, newest_first, limit, .. } = query;
    let order =
        if *newest_first { " ORDER BY number DESC LIMIT " } else { " ORDER BY number LIMIT " };
    let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
    let mut sql = QueryBuilder::new("SELECT number, body FROM (");
    for (place, kind) in kinds.iter().enumerate() {
        let begin = if place == 0 { "" } else { " UNION ALL " };
        sql.push(begin).push("SELECT * FROM (SELECT number, body FROM events WHERE kind = ");
        sql.push_bind(*kind);
        for (column, wanted) in [
            (" AND actor = ", query.actor.clone()),
            (" AND conversation = ", query.conversation.clone()),
            (" AND receipt = ", query.receipt.clone().map(String::from)),
            (" AND text_hash = ", query.text_hash.clone()),
        ] {
            if let Some(wanted) = wanted {
                sql.push(column).push_bind(wanted);
            }
        }
        if let Some(since) = query.since {
            sql.push(" AND at >= ").push_bind(since.unix_micros());
        }
        sql.push(order).push_bind(limit).push(")");
    }
    sql.push(")").push(order).push_bind(limit);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::kind;
    use crate::model::{Receipt, Timestamp};
    use crate::store::SqliteStore;

    /// Only the few rows that were found are scanned, to put those of several kinds in order.
    #[tokio::test]
    async fn what_is_asked_while_a_rep_waits_goes_through_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        let some = || Some("x".to_owned());
        let asked = EventQuery::last(20, &[kind::ASKED, kind::ANSWERED, kind::PRICE_SHOWN]);
        let approvals = EventQuery::all(&[kind::APPROVAL_REQUESTED, kind::APPROVAL_RECORDED]);
        for (query, index) in [
            (EventQuery { actor: some(), ..asked.clone() }, "events_actor (actor=? AND kind=?)"),
            (
                EventQuery { conversation: some(), ..asked.clone() },
                "events_conversation (conversation=? AND kind=?)",
            ),
            (
                EventQuery { receipt: some().map(Receipt::from), ..asked.clone() },
                "events_receipt (receipt=? AND kind=?)",
            ),
            (
                EventQuery { text_hash: some(), actor: some(), ..asked },
                "events_text (text_hash=? AND actor=? AND kind=?)",
            ),
            (
                EventQuery { since: Some(Timestamp::from_unix_micros(1)), ..approvals },
                "events_kind (kind=? AND at>?)",
            ),
        ] {
            let steps = store.plan(select(&query)).await;
            let searches = steps.iter().filter(|step| step.contains(index)).count();
            assert_eq!(searches, query.kinds.len(), "{query:?}\n{steps:#?}");
            assert!(!steps.iter().any(|step| step.contains("SCAN events")), "{steps:#?}");
        }
    }
}
