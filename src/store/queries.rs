//! What a rep's pages ask of the log: each through an index, so that none takes longer in a longer
//! log.

/// The last call that a rep began or ended.
pub(super) const LAST_CALL: &str = "SELECT number, body FROM events
     WHERE kind IN ('call_started', 'call_ended')
     AND json_extract(body, '$.actor') = ? ORDER BY number DESC LIMIT 1";

/// What a rep asked, and what came of it, latest first.
pub(super) const RECENT: &str = "SELECT number, body FROM events
     WHERE kind IN ('asked', 'answered', 'price_shown')
     AND json_extract(body, '$.actor') = ? ORDER BY number DESC LIMIT ?";

/// The questions of a rep that a card was wished for and that were not asked again since.
pub(super) const OPEN_WISHES: &str = "SELECT asked.number, asked.body
     FROM (SELECT number, json_extract(body, '$.receipt') AS receipt FROM events
         WHERE kind = 'wished' AND json_valid(body)
         AND json_extract(body, '$.actor') = ?1 ORDER BY number DESC LIMIT ?3) wish
     JOIN events answer ON answer.id = wish.receipt AND json_valid(answer.body)
     JOIN events asked ON asked.id = json_extract(answer.body, '$.question')
         AND json_valid(asked.body) AND json_extract(asked.body, '$.text') IS NOT NULL
     WHERE NOT EXISTS (SELECT 1 FROM events again WHERE again.kind = 'asked'
         AND json_extract(again.body, '$.text_hash') =
             json_extract(asked.body, '$.text_hash')
         AND again.number > wish.number
         AND CASE WHEN json_valid(again.body) THEN
             json_extract(again.body, '$.actor') END = ?1)
     ORDER BY wish.number DESC LIMIT ?2";

/// Whether somebody waits for a card for an answer.
pub(super) const IS_WISHED: &str = "SELECT number FROM events
     WHERE kind = 'wished' AND json_extract(body, '$.receipt') = ? LIMIT 1";

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;
    use crate::store::SqliteStore;

    /// Scanned is only the handful of a rep's own wishes, never the log.
    #[tokio::test]
    async fn what_a_page_of_a_rep_asks_goes_through_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        for query in [LAST_CALL, RECENT, OPEN_WISHES, IS_WISHED] {
            let plan = format!("EXPLAIN QUERY PLAN {query}");
            let rows = store.rows(sqlx::query(sqlx::AssertSqlSafe(plan))).await.unwrap();
            let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            let scans = |step: &String| step.starts_with("SCAN") && !step.ends_with("wish");
            assert!(!steps.iter().any(scans), "{query}\n{steps:#?}");
        }
    }
}
