//! Keeps the log on disk.

mod health;
mod place;
mod salt;
mod sqlite;

pub use salt::salt;
pub use sqlite::SqliteStore;
