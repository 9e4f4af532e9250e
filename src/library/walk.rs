//! Finds the playbook files below a directory, the same for reading them and for looking whether any
//! has changed.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// A playbook file, by the name under which it was found.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it was found.
    pub path: PathBuf,
    /// Where it lies; another place than `path` when links lead there.
    pub target: PathBuf,
    /// Its size and times.
    pub about: Metadata,
}

/// What a walk came to.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The playbook files, by path.
    pub files: Vec<Found>,
    /// Paths that were passed over, each with the reason, by path.
    pub skipped: Vec<(PathBuf, &'static str)>,
}

/// Walks through a directory.
///
/// Links are followed as long as they stay below it: that is how Kubernetes mounts a `ConfigMap`,
/// whose files lie in a hidden folder. What is reached twice is taken once.
///
/// # Errors
/// When the directory itself cannot be read.
pub(super) fn walk(directory: &Path) -> std::io::Result<Walk> {
    let root = directory.canonicalize()?;
    let mut walk = Walk::default();
    let mut seen = BTreeSet::from([root.clone()]);
    // Links come after everything else, so that a thing has its own name if it has one.
    let (mut pending, mut links) = (vec![directory.to_owned()], Vec::new());
    loop {
        let Some(folder) = pending.pop() else {
            let Some(link) = links.pop() else { break };
            follow(link, &root, &mut seen, &mut walk, &mut pending);
            continue;
        };
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if folder == directory => return Err(cause),
            Err(_) => {
                walk.skipped.push((folder, "the folder cannot be read"));
                continue;
            }
        };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else { continue };
            if name.starts_with('.') {
            } else if kind.is_symlink() {
                links.push(path);
            } else if kind.is_dir() {
                if let Ok(target) = path.canonicalize()
                    && seen.insert(target)
                {
                    pending.push(path);
                }
            } else if is_wanted(&name) {
                match entry.metadata() {
                    Ok(about) if kind.is_file() => {
                        let target = path.canonicalize().unwrap_or_else(|_| path.clone());
                        if seen.insert(target.clone()) {
                            walk.files.push(Found { path, target, about });
                        }
                    }
                    _ => walk.skipped.push((path, "not a regular file")),
                }
            }
        }
    }
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    walk.skipped.sort();
    Ok(walk)
}

/// Takes what a link leads to.
fn follow(
    link: PathBuf,
    root: &Path,
    seen: &mut BTreeSet<PathBuf>,
    walk: &mut Walk,
    pending: &mut Vec<PathBuf>,
) {
    let wanted = link.file_name().is_some_and(|name| is_wanted(&name.to_string_lossy()));
    let found = link.canonicalize().and_then(|target| Ok((target.metadata()?, target)));
    let (about, target) = match found {
        Ok((about, target)) if about.is_dir() || wanted => (about, target),
        Err(_) if wanted => {
            return walk.skipped.push((link, "it is a link that leads nowhere"));
        }
        _ => return,
    };
    if !target.starts_with(root) {
        walk.skipped.push((link, "it is a link that leads out of the playbook directory"));
    } else if !seen.insert(target.clone()) {
        walk.skipped.push((link, "it is a link to what is read already"));
    } else if about.is_dir() {
        pending.push(link);
    } else if about.is_file() {
        walk.files.push(Found { path: link, target, about });
    } else {
        walk.skipped.push((link, "not a regular file"));
    }
}

/// Whether a file is a playbook, by its name; editors' temporary files are not.
fn is_wanted(name: &str) -> bool {
    let known = matches!(name, "questions.toml" | "plan.toml" | "pricing.toml");
    (name.ends_with(".md") || known) && !name.starts_with(['.', '#', '~'])
}
