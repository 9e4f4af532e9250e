//! A cheap look at the playbook files: whether anything was saved since the last one.
//!
//! Looking at size and time of a few dozen files takes less than a millisecond, needs no events
//! from the system (which get lost on network drives, in containers, and in several of the ways
//! in which editors save), and sees every way of saving alike.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::walk::walk;

/// What the files look like from outside: of each where it lies, its size and its time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSnapshot(BTreeMap<PathBuf, (PathBuf, u64, Option<SystemTime>)>);

/// Looks at every file below the directory. What cannot be looked at is as good as not there.
#[must_use]
pub fn scan_files(directory: &Path) -> FileSnapshot {
    let found = walk(directory).unwrap_or_default().files.into_iter();
    let look = |found: super::walk::Found| {
        (found.path, (found.target, found.about.len(), found.about.modified().ok()))
    };
    FileSnapshot(found.map(look).collect())
}
