//! The log in one SQLite file: write-ahead, synced at every commit, safe to retry.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{QueryBuilder, Row};

use crate::coach::ports::{
    Appended, FeedbackStore, MOST_IN_CONVERSATION, Once, PortFuture, Selection, StoreError,
};
use crate::feedback::Event;
use crate::model::Timestamp;

/// The file under the data directory.
const FILE: &str = "cornerman.db";

/// Events in an SQLite file. Several processes may use one file at once.
pub struct SqliteStore {
    pool: SqlitePool,
}

impl SqliteStore {
    /// Opens the file in this directory, makes it when it is missing, and brings it up to date.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, or was made by a newer version.
    pub async fn open(directory: &Path) -> Result<Self, StoreError> {
        let file = directory.join(FILE);
        let failed = |error: &dyn std::fmt::Display| {
            StoreError(format!("cannot open `{}`: {error}", file.display()))
        };
        std::fs::create_dir_all(directory).map_err(|error| failed(&error))?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await;
        let pool = pool.map_err(|error| failed(&error))?;
        let migrations = sqlx::migrate!("src/store/migrations/sqlite");
        migrations.run(&pool).await.map_err(|error| failed(&error))?;
        Ok(Self { pool })
    }

    /// Writes everything back into the one file and lets it go.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn add(&self, events: Vec<Event>, once: Option<Once>) -> Result<Appended, sqlx::Error> {
        // Immediate: two writers that both began by reading would otherwise fail each other.
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(once) = &once {
            let earlier = sqlx::query("SELECT body, once_request FROM events WHERE once_key = ?")
                .bind(&once.key)
                .fetch_optional(&mut *transaction)
                .await?;
            if let Some(earlier) = earlier {
                let same = earlier.get::<&str, _>("once_request") == once.request;
                return match same {
                    true => Ok(Appended::Repeated(Box::new(event(earlier.get("body"))?))),
                    false => Ok(Appended::KeyReused),
                };
            }
        }
        let mut once = once; // belongs to the first event
        for event in events {
            let (key, request) = once.take().map(|once| (once.key, once.request)).unzip();
            let body = serde_json::to_string(&event).map_err(decode)?;
            sqlx::query(
                "INSERT INTO events (id, at, kind, body, conversation, once_key, once_request)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(&event.id)
            .bind(event.at.unix_micros())
            .bind(event.body.kind())
            .bind(body)
            .bind(event.body.conversation())
            .bind(key)
            .bind(request)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(Appended::New)
    }

    async fn select(&self, selection: Selection) -> Result<Vec<(i64, Event)>, sqlx::Error> {
        let mut query = QueryBuilder::new("SELECT number, body FROM events WHERE 1 = 1");
        if let Some(since) = selection.since {
            query.push(" AND at >= ").push_bind(since.unix_micros());
        }
        if let Some(until) = selection.until {
            query.push(" AND at < ").push_bind(until.unix_micros());
        }
        let (beyond, order) = match selection.newest_first {
            true => (" AND number < ", " ORDER BY number DESC LIMIT "),
            false => (" AND number > ", " ORDER BY number LIMIT "),
        };
        if let Some(after) = selection.after {
            query.push(beyond).push_bind(after);
        }
        query.push(order).push_bind(selection.limit);
        let rows = query.build().fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.get("number"), event(row.get("body"))?))).collect()
    }
}

fn event(body: &str) -> Result<Event, sqlx::Error> {
    serde_json::from_str(body).map_err(decode)
}

fn decode(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

fn failed(error: sqlx::Error) -> StoreError {
    StoreError(error.to_string())
}

impl FeedbackStore for SqliteStore {
    fn append(
        &self,
        events: Vec<Event>,
        once: Option<Once>,
    ) -> PortFuture<'_, Result<Appended, StoreError>> {
        Box::pin(async move { self.add(events, once).await.map_err(failed) })
    }

    fn find<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Event>, StoreError>> {
        Box::pin(async move {
            let row = sqlx::query("SELECT body FROM events WHERE id = ?").bind(id);
            let row = row.fetch_optional(&self.pool).await.map_err(failed)?;
            row.map(|row| event(row.get("body"))).transpose().map_err(failed)
        })
    }

    fn conversation<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Vec<Event>, StoreError>> {
        Box::pin(async move {
            let query = "SELECT body FROM events WHERE conversation = ? ORDER BY number LIMIT ?";
            let most = i64::try_from(MOST_IN_CONVERSATION).unwrap_or(i64::MAX);
            let rows = sqlx::query(query).bind(id).bind(most).fetch_all(&self.pool).await;
            let rows = rows.map_err(failed)?;
            rows.iter().map(|row| event(row.get("body")).map_err(failed)).collect()
        })
    }

    fn negotiation<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Vec<Event>, StoreError>> {
        Box::pin(async move {
            // Prices are asked for far more often than offered, and each of them is long.
            let query = "SELECT body FROM events WHERE conversation = ?1 AND (
                     kind IN ('give_offered', 'give_withdrawn', 'get_agreed', 'get_written',
                         'approval_requested', 'approval_recorded', 'approval_reopened')
                     OR id IN (SELECT json_extract(body, '$.receipt') FROM events
                         WHERE conversation = ?1 AND kind != 'price_shown')
                     OR number IN (SELECT number FROM events
                         WHERE conversation = ?1 AND kind = 'price_shown'
                         ORDER BY number DESC LIMIT 20)
                 ) ORDER BY number LIMIT ?2";
            let most = i64::try_from(MOST_IN_CONVERSATION).unwrap_or(i64::MAX);
            let rows = sqlx::query(query).bind(id).bind(most).fetch_all(&self.pool).await;
            let rows = rows.map_err(failed)?;
            rows.iter().map(|row| event(row.get("body")).map_err(failed)).collect()
        })
    }

    fn last_call<'a>(
        &'a self,
        actor: &'a str,
    ) -> PortFuture<'a, Result<Option<Event>, StoreError>> {
        Box::pin(async move {
            let query = "SELECT body FROM events
                 WHERE kind IN ('call_started', 'call_ended')
                 AND json_extract(body, '$.actor') = ? ORDER BY number DESC LIMIT 1";
            let row = sqlx::query(query).bind(actor).fetch_optional(&self.pool).await;
            row.map_err(failed)?.map(|row| event(row.get("body")).map_err(failed)).transpose()
        })
    }

    fn recent<'a>(
        &'a self,
        actor: &'a str,
        most: usize,
    ) -> PortFuture<'a, Result<Vec<Event>, StoreError>> {
        Box::pin(async move {
            let query = "SELECT body FROM events
                 WHERE kind IN ('asked', 'answered', 'price_shown')
                 AND json_extract(body, '$.actor') = ? ORDER BY number DESC LIMIT ?";
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let rows = sqlx::query(query).bind(actor).bind(most).fetch_all(&self.pool).await;
            let rows = rows.map_err(failed)?;
            rows.iter().map(|row| event(row.get("body")).map_err(failed)).collect()
        })
    }

    fn approvals(&self, since: Timestamp) -> PortFuture<'_, Result<Vec<Event>, StoreError>> {
        Box::pin(async move {
            let query = "SELECT body FROM events
                 WHERE kind IN ('approval_requested', 'approval_recorded', 'approval_reopened')
                 AND at >= ? ORDER BY number";
            let rows = sqlx::query(query).bind(since.unix_micros()).fetch_all(&self.pool).await;
            let rows = rows.map_err(failed)?;
            rows.iter().map(|row| event(row.get("body")).map_err(failed)).collect()
        })
    }

    fn read(&self, selection: Selection) -> PortFuture<'_, Result<Vec<(i64, Event)>, StoreError>> {
        Box::pin(async move { self.select(selection).await.map_err(failed) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn recommended(id: &str) -> Event {
        let text = include_str!("../../tests/events/v1/recommended.json");
        let mut event: Event = serde_json::from_str(text).unwrap();
        event.id = id.to_owned();
        event
    }

    fn once(key: &str, request: &str) -> Option<Once> {
        Some(Once { key: key.to_owned(), request: request.to_owned() })
    }

    const EVERYTHING: Selection =
        Selection { since: None, until: None, after: None, newest_first: false, limit: 1_000 };

    #[tokio::test]
    async fn a_repeated_request_adds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        let first = store.append(vec![recommended("a")], once("k", "r")).await;
        assert_eq!(first, Ok(Appended::New));
        let again = store.append(vec![recommended("b")], once("k", "r")).await;
        assert_eq!(again, Ok(Appended::Repeated(Box::new(recommended("a")))));
        let other = store.append(vec![recommended("c")], once("k", "other")).await;
        assert_eq!(other, Ok(Appended::KeyReused));
        store.append(vec![recommended("d"), recommended("e")], once("l", "r")).await.unwrap();
        store.close().await;

        let store = SqliteStore::open(folder.path()).await.unwrap();
        let all = store.read(EVERYTHING).await.unwrap();
        let ids: Vec<&str> = all.iter().map(|(_, event)| event.id.as_str()).collect();
        assert_eq!(ids, ["a", "d", "e"]);
        assert_eq!(store.find("d").await, Ok(Some(recommended("d"))));
        assert_eq!(store.find("b").await, Ok(None));
    }

    #[tokio::test]
    async fn many_at_once_with_one_key_add_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..20 {
            let store = Arc::clone(&store);
            tasks.spawn(async move {
                store.append(vec![recommended(&number.to_string())], once("k", "r")).await.unwrap()
            });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| **result == Appended::New).count(), 1);
        assert_eq!(store.read(EVERYTHING).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn all_events_of_a_call_are_added_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        store.append(vec![recommended("a")], None).await.unwrap();
        assert!(store.append(vec![recommended("b"), recommended("a")], None).await.is_err());
        assert_eq!(store.read(EVERYTHING).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn pages_follow_each_other_in_both_directions() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        for id in ["a", "b", "c"] {
            store.append(vec![recommended(id)], None).await.unwrap();
        }
        let page = async |selection| {
            let page: Vec<(i64, Event)> = store.read(selection).await.unwrap();
            page.into_iter().map(|(number, event)| (number, event.id)).collect::<Vec<_>>()
        };
        let two = page(Selection { limit: 2, ..EVERYTHING }).await;
        let rest = page(Selection { after: Some(two[1].0), ..EVERYTHING }).await;
        assert_eq!((two[0].1.as_str(), rest[0].1.as_str(), rest.len()), ("a", "c", 1));
        let newest = Selection { newest_first: true, limit: 2, ..EVERYTHING };
        let two = page(newest).await;
        let rest = page(Selection { after: Some(two[1].0), ..newest }).await;
        assert_eq!((two[0].1.as_str(), rest[0].1.as_str(), rest.len()), ("c", "a", 1));
        let at = recommended("a").at;
        assert_eq!(page(Selection { until: Some(at), ..EVERYTHING }).await, []);
        assert_eq!(page(Selection { since: Some(at), ..EVERYTHING }).await.len(), 3);
    }
}
