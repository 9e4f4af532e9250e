//! The log in one SQLite file: write-ahead, synced at every commit, safe to retry.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{Connection, QueryBuilder, Row};

use super::health::Health;
use super::list;
use super::place::Place;
use super::queries::select;
use super::renew::renew;
use super::row::readable;
use super::{about, checkpoint};
use crate::feedback::{Checkpoint, Event, Mark, Salt};
use crate::model::{Receipt, Timestamp};
use crate::ports::{
    Appended, Cursor, EventQuery, FeedbackStore, IdempotencyKey, ListQuery, Listed, Numbered, Page,
    PortFuture, Selection, StoreError,
};

/// No one waits longer for the log: a rep in a call gets the card without it.
const DEADLINE: Duration = Duration::from_secs(2);

/// How often a log that could not be written is tried, and the file is looked for.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// Events in an SQLite file. Several processes may use one file at once.
pub struct SqliteStore {
    log: Arc<Log>,
}

/// What writing needs, also for a caller who has gone.
struct Log {
    /// One connection: writers wait here for each other instead of failing in SQLite.
    writer: SqlitePool,
    /// SQLite reads while someone writes, so that readers never wait for a writer.
    readers: SqlitePool,
    place: Place,
    health: Health,
}

impl SqliteStore {
    /// Opens the file in this directory, makes it when there was none, and brings it up to date.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, was made by a newer version, or is missing or empty
    /// where there has been a log before.
    pub async fn open(directory: &Path) -> Result<Self, StoreError> {
        let place = Place::in_directory(directory)?;
        let failed = |error: &dyn std::fmt::Display| {
            StoreError(format!("cannot open `{}`: {error}", place.path().display()))
        };
        let options = SqliteConnectOptions::new()
            .filename(place.path())
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(DEADLINE);
        let pool = |connections| {
            SqlitePoolOptions::new().max_connections(connections).acquire_timeout(DEADLINE)
        };
        let making = options.clone().create_if_missing(true);
        let writer = pool(1).connect_with(making).await.map_err(|error| failed(&error))?;
        let migrations = sqlx::migrate!("src/store/migrations/sqlite");
        migrations.run(&writer).await.map_err(|error| failed(&error))?;
        let readers = pool(4).connect_lazy_with(options);
        place.opened().map_err(|error| failed(&error))?;
        let log = Arc::new(Log { writer, readers, place, health: Health::default() });
        tokio::spawn(watch(Arc::downgrade(&log)));
        Ok(Self { log })
    }

    /// Turns the hashes in a log of before 2026-11-30 into those of today, once, all or none.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be written.
    pub async fn renew(&self, salt: &Salt) -> Result<(), StoreError> {
        let mut connection = self.log.writer.acquire().await.map_err(failed)?;
        let renewed = renew(&mut connection, salt).await;
        if renewed.is_err() {
            connection.close_on_drop();
        }
        renewed.map_err(failed)
    }

    async fn rows(&self, query: Prepared<'_>) -> Result<Vec<SqliteRow>, StoreError> {
        within(query.fetch_all(&self.log.readers)).await
    }

    /// The steps in which SQLite would answer a query.
    #[cfg(test)]
    pub(super) async fn plan(&self, query: QueryBuilder<sqlx::Sqlite>) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {}", query.sql().as_str());
        let rows = self.rows(sqlx::query(sqlx::AssertSqlSafe(sql))).await.unwrap();
        rows.iter().map(|row| row.get("detail")).collect()
    }

    /// The events of these rows; those that cannot be read are left out, and named in the
    /// operator's log.
    async fn numbered(&self, query: Prepared<'_>) -> Result<Vec<Numbered>, StoreError> {
        let rows = self.rows(query).await?;
        Ok(rows.iter().filter_map(|row| readable(row).ok()).collect())
    }

    async fn selected(&self, selection: Selection) -> Result<Page, StoreError> {
        let Selection { after, newest_first, limit } = selection;
        let query = if newest_first {
            "SELECT number, body FROM events WHERE number < ? ORDER BY number DESC LIMIT ?"
        } else {
            "SELECT number, body FROM events WHERE number > ? ORDER BY number LIMIT ?"
        };
        let from = after.unwrap_or(if newest_first { i64::MAX } else { i64::MIN });
        self.page(sqlx::query(query).bind(from).bind(limit)).await
    }

    async fn listed(&self, query: ListQuery) -> Result<Listed, StoreError> {
        let rows = self.rows(list::select(&query).build()).await?;
        let events = rows.iter().filter_map(|row| readable(row).ok()).collect();
        let last = rows.last().map(|row| {
            let at = Timestamp::from_unix_micros(row.try_get("at")?);
            Ok(Cursor { at, number: row.try_get("number")? })
        });
        Ok(Listed { events, last: last.transpose().map_err(failed)? })
    }

    async fn page(&self, query: Prepared<'_>) -> Result<Page, StoreError> {
        let mut page = Page::default();
        for row in self.rows(query).await? {
            match readable(&row) {
                Ok((number, event)) => {
                    page.last = Some(number);
                    page.events.push((number, event));
                }
                Err(number) => {
                    page.last = Some(number);
                    page.unreadable.push(number);
                }
            }
        }
        Ok(page)
    }
}

type Prepared<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

impl Log {
    async fn write(
        &self,
        events: Vec<Event>,
        once: Option<IdempotencyKey>,
    ) -> Result<Appended, StoreError> {
        self.place.check()?;
        let mut connection = self.writer.acquire().await.map_err(failed)?;
        let written = add(&mut connection, events, once).await;
        if written.is_err() {
            // When the disk is full or broken, SQLite has rolled back by itself, and sqlx goes on
            // waiting for it: only a new connection is sure to have no transaction in progress.
            connection.close_on_drop();
        }
        // The person who moved the file meanwhile has the event in it, but no one knows where.
        self.place.check()?;
        written.map_err(failed)
    }

    /// Writes something that changes nothing: a disk that is full or broken refuses it.
    async fn probe(&self) -> Result<(), StoreError> {
        self.place.check()?;
        let mut connection = self.writer.acquire().await.map_err(failed)?;
        let probed = sqlx::query("PRAGMA application_id = 0").execute(&mut *connection).await;
        if probed.is_err() {
            connection.close_on_drop();
        }
        probed.map(drop).map_err(failed)
    }
}

/// Looks after a log that cannot be written until it can, as long as it is open.
async fn watch(log: Weak<Log>) {
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        let Some(log) = log.upgrade().filter(|log| !log.writer.is_closed()) else { return };
        let found = match log.health.trouble() {
            None => log.place.check(),
            Some(_) => log.probe().await,
        };
        let failure = found.err().map(|error| error.to_string());
        if !log.writer.is_closed() {
            log.health.note(failure.as_deref());
        }
    }
}

async fn add(
    connection: &mut SqliteConnection,
    events: Vec<Event>,
    once: Option<IdempotencyKey>,
) -> Result<Appended, sqlx::Error> {
    // Immediate: another process that began by reading would otherwise fail us, or we it.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    if let Some(once) = &once {
        let earlier =
            sqlx::query("SELECT number, body, once_request FROM events WHERE once_key = ?")
                .bind(&once.key)
                .fetch_optional(&mut *transaction)
                .await?;
        if let Some(earlier) = earlier {
            let same = earlier.try_get::<&str, _>("once_request")? == once.request;
            let number =
                |number| sqlx::Error::Protocol(format!("the event number {number} cannot be read"));
            return if same {
                Ok(Appended::Repeated(Box::new(readable(&earlier).map_err(number)?.1)))
            } else {
                Ok(Appended::KeyReused)
            };
        }
    }
    let mut once = once; // belongs to the first event
    for event in events {
        let (key, request) = once.take().map(|once| (once.key, once.request)).unzip();
        let body =
            serde_json::to_string(&event).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let inserted = sqlx::query(
            "INSERT INTO events (id, at, kind, body, actor, conversation, receipt, text_hash,
                 platform, mark, channel, benefit, once_key, once_request)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&event.id)
        .bind(event.at.unix_micros())
        .bind(event.body.kind())
        .bind(body)
        .bind(&event.actor)
        .bind(event.body.conversation())
        .bind(event.body.receipt().map(Receipt::as_str))
        .bind(event.body.text_hash())
        .bind(event.platform.name())
        .bind(event.body.mark().map(Mark::name))
        .bind(event.body.named().0.map(|name| name.as_str()))
        .bind(event.body.named().1.map(|name| name.as_str()))
        .bind(key)
        .bind(request)
        .execute(&mut *transaction)
        .await?;
        about::add(&mut transaction, inserted.last_insert_rowid(), &event).await?;
    }
    transaction.commit().await?;
    Ok(Appended::New)
}

fn failed(error: sqlx::Error) -> StoreError {
    StoreError(error.to_string())
}

fn late() -> StoreError {
    StoreError(format!("no answer within {} s", DEADLINE.as_secs()))
}

async fn within<T>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, StoreError> {
    tokio::time::timeout(DEADLINE, work).await.map_err(|_| late())?.map_err(failed)
}

/// A task of its own: a caller who stops waiting leaves no half transaction behind.
async fn finished<T: Send + 'static>(
    write: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    let written = tokio::time::timeout(DEADLINE, tokio::spawn(write)).await;
    written.map_err(|_| late())?.map_err(|error| StoreError(error.to_string()))?
}

impl FeedbackStore for SqliteStore {
    fn append(
        &self,
        events: Vec<Event>,
        once: Option<IdempotencyKey>,
    ) -> PortFuture<'_, Result<Appended, StoreError>> {
        let log = Arc::clone(&self.log);
        Box::pin(finished(async move {
            let written = log.write(events, once).await;
            let failure = written.as_ref().err().map(ToString::to_string);
            log.health.note(failure.as_deref());
            written
        }))
    }

    fn list(&self, query: ListQuery) -> PortFuture<'_, Result<Listed, StoreError>> {
        Box::pin(self.listed(query))
    }

    fn checkpoint(&self) -> PortFuture<'_, Result<Option<Checkpoint>, StoreError>> {
        Box::pin(within(async {
            let mut connection = self.log.readers.acquire().await?;
            checkpoint::load(&mut connection).await
        }))
    }

    fn save_checkpoint(&self, new: Checkpoint) -> PortFuture<'_, Result<(), StoreError>> {
        let log = Arc::clone(&self.log);
        Box::pin(finished(async move {
            log.place.check()?;
            let mut connection = log.writer.acquire().await.map_err(failed)?;
            let saved = checkpoint::save(&mut connection, new).await;
            if saved.is_err() {
                connection.close_on_drop();
            }
            saved.map_err(failed)
        }))
    }

    fn trouble(&self) -> Option<String> {
        self.log.health.trouble()
    }

    /// Writes everything back into the one file and lets it go.
    fn close(&self) -> PortFuture<'_, ()> {
        Box::pin(async {
            self.log.readers.close().await;
            self.log.writer.close().await;
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Event>, StoreError>> {
        let query = sqlx::query("SELECT number, body FROM events WHERE id = ?").bind(id);
        Box::pin(async { Ok(self.numbered(query).await?.pop().map(|(_, event)| event)) })
    }

    fn find_all(&self, ids: Vec<String>) -> PortFuture<'_, Result<Vec<Numbered>, StoreError>> {
        Box::pin(async move {
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let mut query = QueryBuilder::new("SELECT number, body FROM events WHERE id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id);
            }
            query.push(") ORDER BY number");
            self.numbered(query.build()).await
        })
    }

    fn events(&self, query: EventQuery) -> PortFuture<'_, Result<Vec<Numbered>, StoreError>> {
        Box::pin(async move { self.numbered(select(&query).build()).await })
    }

    fn read(&self, selection: Selection) -> PortFuture<'_, Result<Page, StoreError>> {
        Box::pin(self.selected(selection))
    }

    fn at(&self, numbers: Vec<i64>) -> PortFuture<'_, Result<Page, StoreError>> {
        Box::pin(async move {
            let mut query = QueryBuilder::new("SELECT number, body FROM events WHERE number IN (");
            let mut list = query.separated(", ");
            for number in numbers {
                list.push_bind(number);
            }
            query.push(") ORDER BY number");
            self.page(query.build()).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recommended(id: &str) -> Event {
        let text = include_str!("../../tests/events/v1/recommended.json");
        let mut event: Event = serde_json::from_str(text).unwrap();
        event.id = id.to_owned();
        event
    }

    fn once(key: &str, request: &str) -> Option<IdempotencyKey> {
        Some(IdempotencyKey { key: key.to_owned(), request: request.to_owned() })
    }

    /// A log of before 2026-11-30 is turned into one of today, once.
    #[tokio::test]
    async fn an_older_log_is_renewed_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        let salt = Salt::new([7; 32]);
        let old = |id: &str| Event { actor: "00112233445566aa".to_owned(), ..recommended(id) };
        store.append(vec![old("a")], once(&"ab".repeat(32), "r")).await.unwrap();
        store.append(vec![recommended("b")], once("wish:1", "r")).await.unwrap();
        store.renew(&salt).await.unwrap();
        let mut expected = old("a");
        salt.renew(&mut expected);
        assert_ne!(expected, old("a"));
        assert_eq!(store.find("a").await, Ok(Some(expected.clone())));
        assert_eq!(store.find("b").await, Ok(Some(recommended("b"))));
        let renewed = salt.renewed_once(&"ab".repeat(32)).unwrap();
        let again = store.append(vec![old("c")], once(&renewed, "r")).await;
        assert_eq!(again, Ok(Appended::Repeated(Box::new(expected.clone()))));
        let again = store.append(vec![old("c")], once("wish:1", "r")).await;
        assert_eq!(again, Ok(Appended::Repeated(Box::new(recommended("b")))));
        store.renew(&salt).await.unwrap();
        assert_eq!(store.find("a").await, Ok(Some(expected)), "not twice");
    }
}
