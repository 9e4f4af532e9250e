//! Small things that outlive a restart, as files in the data directory.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

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
        let draft = self.directory.join(format!("{name}.{}.tmp", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options
            .open(&draft)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .and_then(|()| std::fs::rename(&draft, self.directory.join(name)));
        written.map_err(|error| self.failed(name, &error))
    }

    fn place(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }
}
