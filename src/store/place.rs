//! The data directory: for its owner only, with a log that is never silently begun again.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::ports::StoreError;

/// The log's file under the data directory.
const FILE: &str = "cornerman.db";

/// Files that are only there where a log has been before.
const BESIDE: [&str; 3] = ["salt", "published", "passed"];

/// Where the log lies, and which file it was when it was opened.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    identity: std::sync::OnceLock<Identity>,
}

impl Place {
    /// Makes the directory if it is missing, and closes it to everyone else.
    ///
    /// # Errors
    /// [`StoreError`] when the directory cannot be made, or when the log that was there is gone.
    pub(super) fn in_directory(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(FILE);
        make_private(directory).map_err(|error| {
            StoreError(format!("cannot open `{}`: {error}", directory.display()))
        })?;
        let remedy = |what: &str| {
            Err(StoreError(format!(
                "`{}` {what}; put it back from a backup, or, to begin with an empty log, delete `{}` \
                 first",
                path.display(),
                directory.display()
            )))
        };
        match std::fs::metadata(&path) {
            Ok(file) if file.is_file() && file.len() == 0 => remedy("is empty (0 bytes)"),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                match BESIDE.into_iter().find(|name| directory.join(name).exists()) {
                    Some(name) => {
                        remedy(&format!("is missing, but there was a log beside `{name}`"))
                    }
                    None => Ok(Self { path, identity: Default::default() }),
                }
            }
            _ => Ok(Self { path, identity: Default::default() }),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Notes which file was opened, and closes it and its companions to everyone else.
    pub(super) fn opened(&self) -> std::io::Result<()> {
        let _ = self.identity.set(Identity::of(&self.path)?); // it is opened once
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            match owner_only(Path::new(&name), 0o600) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the file that was opened is still the one that the next start would open.
    ///
    /// # Errors
    /// [`StoreError`] when it was removed, renamed or replaced: what is written now would be lost.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let path = self.path.display();
        match (Identity::of(&self.path), self.identity.get()) {
            (Ok(found), Some(opened)) if found != *opened => Err(StoreError(format!(
                "`{path}` was replaced by another file while it was open; restart to use that one"
            ))),
            (Err(error), _) => Err(StoreError(format!(
                "`{path}` was moved or deleted while it was open ({error}); put it back"
            ))),
            _ => Ok(()),
        }
    }
}

/// Which file it is, whatever it is called. Where the system has no such number a file that is open
/// can be neither renamed nor removed.
#[derive(Debug, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    fn of(path: &Path) -> std::io::Result<Self> {
        let about = std::fs::metadata(path)?;
        #[cfg(unix)]
        return Ok(Self(
            std::os::unix::fs::MetadataExt::dev(&about),
            std::os::unix::fs::MetadataExt::ino(&about),
        ));
        #[cfg(not(unix))]
        return Ok(Self(0, u64::from(about.is_file())));
    }
}

/// Makes a directory that only its owner can enter; one that is there already is closed to others.
fn make_private(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    owner_only(directory, 0o700)
}

/// Takes every right from group and others.
fn owner_only(path: &Path, mode: u32) -> std::io::Result<()> {
    let about = std::fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if about.permissions().mode() & 0o077 == 0 {
            return Ok(());
        }
        let closed = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
        // Someone else's directory, as a volume may be, is theirs to close.
        match closed {
            Err(error) if error.kind() != ErrorKind::PermissionDenied => return Err(error),
            Err(_) => {
                tracing::warn!(path = %path.display(), "others on this machine can read the log");
            }
            Ok(()) => {}
        }
    }
    let _ = (about, mode);
    Ok(())
}
