//! Brings the playbook files from disk into one generation that can be asked.
//!
//! Playbooks are small and read at start, so this room reads files in the ordinary, blocking way.

mod build;
mod read;

pub use build::{Shelf, build, generation};
pub use read::{Files, LibraryError, read};
