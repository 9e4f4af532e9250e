//! Figures of the log by day, beside the log.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};

use crate::feedback::Checkpoint;

/// The figures that were stored last.
pub(super) async fn load(
    connection: &mut SqliteConnection,
) -> Result<Option<Checkpoint>, sqlx::Error> {
    // One transaction: another process may be storing.
    let mut transaction = connection.begin().await?;
    let Some((version, last)) = up_to(&mut transaction).await? else { return Ok(None) };
    let rows = sqlx::query("SELECT name, body FROM rollups").fetch_all(&mut *transaction).await?;
    let part = |row: &sqlx::sqlite::SqliteRow| Ok((row.try_get("name")?, row.try_get("body")?));
    let parts = rows.iter().map(part).collect::<Result<_, sqlx::Error>>()?;
    Ok(Some(Checkpoint { version, last, parts }))
}

/// Stores figures, unless newer ones are there.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    checkpoint: Checkpoint,
) -> Result<(), sqlx::Error> {
    let Checkpoint { version, last, parts } = checkpoint;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let stored = up_to(&mut transaction).await?;
    if stored.is_some_and(|stored| stored >= (version, last)) {
        return Ok(());
    }
    if stored.is_some_and(|(old, _)| old != version) {
        sqlx::query("DELETE FROM rollups").execute(&mut *transaction).await?;
    }
    for (name, body) in parts {
        let put = sqlx::query("INSERT OR REPLACE INTO rollups (name, body) VALUES (?, ?)");
        put.bind(name).bind(body).execute(&mut *transaction).await?;
    }
    sqlx::query("DELETE FROM rollups_up_to").execute(&mut *transaction).await?;
    let put = sqlx::query("INSERT INTO rollups_up_to (version, last) VALUES (?, ?)");
    put.bind(version).bind(last).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// Version and last event of what is stored.
async fn up_to(connection: &mut SqliteConnection) -> Result<Option<(u32, i64)>, sqlx::Error> {
    let stored = sqlx::query("SELECT version, last FROM rollups_up_to");
    let stored = stored.fetch_optional(connection).await?;
    stored.map(|row| Ok((row.try_get("version")?, row.try_get("last")?))).transpose()
}
