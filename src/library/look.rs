//! A cheap look at the playbook files: whether anything was saved since the last one.
//!
//! Looking at size and time of a few dozen files takes less than a millisecond, needs no events
//! from the system (which get lost on network drives, in containers, and in several of the ways
//! in which editors save), and sees every way of saving alike.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What the files look like from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glimpse(BTreeMap<PathBuf, (u64, Option<SystemTime>)>);

/// Looks at every file below the directory. What cannot be looked at is as good as not there.
#[must_use]
pub fn glimpse(directory: &Path) -> Glimpse {
    let mut files = BTreeMap::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            let name = entry.file_name();
            let wanted = super::read::is_wanted(&name.to_string_lossy());
            if kind.is_dir() {
                pending.push(entry.path());
            } else if let (true, true, Ok(about)) = (wanted, kind.is_file(), entry.metadata()) {
                files.insert(entry.path(), (about.len(), about.modified().ok()));
            }
        }
    }
    Glimpse(files)
}
