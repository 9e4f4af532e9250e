//! Turns the hashes in a log of before 2026-11-30 into those of today, in one transaction.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection, QueryBuilder, Row};

use super::row::readable;
use crate::feedback::Salt;
use crate::model::Receipt;

/// Where `PRAGMA user_version` is this, hashes are those of today.
const RENEWED: i64 = 1;

/// This many events are renewed at once.
const RENEWED_AT_ONCE: i64 = 1_000;

/// Renews every event and the keys of requests.
pub(super) async fn renew(
    connection: &mut SqliteConnection,
    salt: &Salt,
) -> Result<(), sqlx::Error> {
    let version = "PRAGMA user_version";
    let done = |row: &SqliteRow| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(0)? >= RENEWED);
    if done(&sqlx::query(version).fetch_one(&mut *connection).await?)? {
        return Ok(());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    // Another process may have been faster.
    if done(&sqlx::query(version).fetch_one(&mut *transaction).await?)? {
        return Ok(());
    }
    let mut after = i64::MIN;
    loop {
        let rows = sqlx::query(
            "SELECT number, body, once_key FROM events WHERE number > ? ORDER BY number LIMIT ?",
        );
        let rows = rows.bind(after).bind(RENEWED_AT_ONCE).fetch_all(&mut *transaction).await?;
        let Some(last) = rows.last() else { break };
        if after == i64::MIN {
            tracing::info!("an older log is renewed; a million events take a minute");
        }
        after = last.try_get("number")?;
        let mut renewed = Vec::new();
        for row in &rows {
            let Ok((number, mut event)) = readable(row) else { continue };
            salt.renew(&mut event);
            let once: Option<&str> = row.try_get("once_key")?;
            let once = once.map(|once| salt.renewed_once(once).unwrap_or(once.to_owned()));
            let body =
                serde_json::to_string(&event).map_err(|error| sqlx::Error::Encode(error.into()))?;
            renewed.push((number, body, event, once));
        }
        if renewed.is_empty() {
            continue;
        }
        // Row by row it would take three times as long.
        let mut update = QueryBuilder::new(
            "WITH new (number, body, actor, conversation, receipt, \
             text_hash, once_key) AS (",
        );
        update.push_values(renewed, |mut row, (number, body, event, once)| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            row.push_bind(number).push_bind(body).push_bind(event.actor);
            row.push_bind(owned(event.body.conversation()))
                .push_bind(owned(event.body.receipt().map(Receipt::as_str)));
            row.push_bind(owned(event.body.text_hash())).push_bind(once);
        });
        update.push(
            ") UPDATE events SET body = new.body, actor = new.actor, \
             conversation = new.conversation, receipt = new.receipt, text_hash = new.text_hash, \
             once_key = new.once_key FROM new WHERE events.number = new.number",
        );
        update.build().execute(&mut *transaction).await?;
    }
    sqlx::query("PRAGMA user_version = 1").execute(&mut *transaction).await?;
    transaction.commit().await
}
