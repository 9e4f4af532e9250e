//! An event as stored in a row.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::feedback::Event;

/// Number and event of a row; the number alone when what is stored there is damaged.
pub(super) fn readable(row: &SqliteRow) -> Result<(i64, Event), i64> {
    let number = row.try_get("number").unwrap_or_default();
    let damaged = |cause: &dyn std::fmt::Display| {
        tracing::warn!(number, %cause, "an event cannot be read and is left out");
        number
    };
    let body: &str = row.try_get("body").map_err(|error| damaged(&error))?;
    let event = serde_json::from_str(body).map_err(|error| damaged(&error))?;
    Ok((number, event))
}
