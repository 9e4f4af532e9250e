//! Which cards an event is about, in a table of its own.

use sqlx::sqlite::SqliteConnection;

use super::row::readable;
use crate::feedback::{Body, Event};

/// Notes the cards of an event that was added with this number. An answer's question, if it was
/// added just before, is about them as well.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    number: i64,
    event: &Event,
) -> Result<(), sqlx::Error> {
    let answer = match event.body.inherits_cards_of() {
        Some(receipt) => {
            let answer =
                sqlx::query("SELECT number, body FROM events WHERE id = ?").bind(receipt.as_str());
            let row = answer.fetch_optional(&mut *connection).await?;
            row.and_then(|row| readable(&row).ok()).map(|(_, answer)| answer)
        }
        None => None,
    };
    let question = match &event.body {
        Body::Answered { question, .. } => Some(question.as_str()),
        _ => None,
    };
    for card in answer.as_ref().unwrap_or(event).body.cards() {
        sqlx::query(
            "INSERT OR IGNORE INTO event_cards (card_id, at, number)
             SELECT ?, at, number FROM events WHERE number = ? OR (number = ? AND id = ?)",
        )
        .bind(card.as_str())
        .bind(number)
        .bind(number - 1)
        .bind(question)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
