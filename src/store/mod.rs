//! Keeps the log on disk.

mod health;
mod place;
mod queries;
mod renew;
mod row;
mod salt;
mod sqlite;

pub use salt::{key, salt};
pub use sqlite::SqliteStore;
