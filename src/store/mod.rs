//! Keeps the log on disk, and what else outlives a restart.

mod about;
mod checkpoint;
mod health;
mod list;
mod place;
mod queries;
mod renew;
mod row;
mod sqlite;
mod state;

pub use sqlite::SqliteStore;
pub use state::FileState;
