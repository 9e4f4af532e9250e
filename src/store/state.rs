//! Small things that outlive a restart, as files in the data directory.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::ports::{StateStore, StoreError};

/// Texts in files of a directory, for its owner only.
#[derive(Debug, Clone)]
pub struct FileState {
    directory: PathBuf,
}

impl FileState {
    /// In this directory, which need not be there to read.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    /// A file beside the one with this name, for its owner only; it vanishes unless it takes its place.
    fn draft(&self, name: &str, content: &[u8]) -> std::io::Result<NamedTempFile> {
        let named = format!("{name}.");
        let mut draft = tempfile::Builder::new().prefix(&named).tempfile_in(&self.directory)?;
        draft.write_all(content)?;
        draft.as_file().sync_all()?;
        Ok(draft)
    }

    fn failed(&self, name: &str, error: &std::io::Error) -> StoreError {
        StoreError(format!("`{}`: {error}", self.place(name)))
    }
}

impl StateStore for FileState {
    fn get(&self, name: &str) -> Result<Option<String>, StoreError> {
        match std::fs::read_to_string(self.directory.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(name, &error)),
        }
    }

    /// Written whole under another name and renamed.
    fn put(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let draft = self.draft(name, text.as_bytes());
        let put =
            draft.and_then(|draft| draft.persist(self.directory.join(name)).map_err(Into::into));
        put.map(drop).map_err(|error| self.failed(name, &error))
    }

    /// Written whole under another name and linked: no one ever reads half a secret.
    fn get_or_put(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let file = self.directory.join(name);
        let found = match std::fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let made = self
                    .draft(name, fresh)
                    .and_then(|draft| draft.persist_noclobber(&file).map_err(Into::into));
                match made {
                    Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
                    _ => std::fs::read(&file),
                }
            }
            found => found,
        };
        found.map_err(|error| self.failed(name, &error))
    }

    fn place(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }
}
