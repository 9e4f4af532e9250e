//! Brings the playbook files from disk into one generation that can be asked.
//!
//! Playbooks are small and read at start, so this room reads files in the ordinary, blocking way.

mod build;
mod look;
mod published;
mod read;
mod shelf;
mod walk;

pub use build::{build, generation, policy};
pub use look::{Glimpse, glimpse};
pub use published::{note_passed, note_published, passed, published};
pub use read::{Files, Known, LibraryError, read};
pub use shelf::Shelf;
