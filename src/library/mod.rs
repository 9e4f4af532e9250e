//! Brings the playbook files from disk into one generation that can be asked.
//!
//! Playbooks are small and read at start, so this room reads files in the ordinary, blocking way.

mod build;
mod current;
mod price_policy;
mod published;
mod read;
mod snapshot;
mod walk;

pub use build::{build, generation};
pub use current::CurrentGeneration;
pub use price_policy::policy;
pub use published::{note_passed, note_published, passed, published};
pub use read::{Files, Known, LibraryError, read};
pub use snapshot::{FileSnapshot, scan_files};
