//! Keeps the log on disk.

mod salt;
mod sqlite;

pub use salt::salt;
pub use sqlite::SqliteStore;
