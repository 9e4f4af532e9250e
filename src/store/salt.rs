//! The secrets of this installation: files in the data directory that only its owner can read.

use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::feedback::Salt;
use crate::ports::StoreError;

/// A key that someone chose has at least so many characters.
const SHORTEST_KEY: usize = 24;

/// Reads the salt, or makes one when there is none yet.
///
/// # Errors
/// [`StoreError`] when the file cannot be read or written, or is damaged.
pub fn salt(directory: &Path) -> Result<Salt, StoreError> {
    let bytes = secret(directory, "salt", |random| random.to_vec())?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| {
        StoreError(format!(
            "`{}` is damaged: it has to hold 32 bytes; restore it from a backup, or delete it and \
             lose the link between equal questions before and after",
            directory.join("salt").display()
        ))
    })?;
    Ok(Salt::new(bytes))
}

/// Reads the key that opens the pages of this installation, or makes one when there is none.
///
/// # Errors
/// [`StoreError`] when the file cannot be read or written, or holds no key.
pub fn key(directory: &Path) -> Result<String, StoreError> {
    let hex =
        |random: [u8; 32]| -> Vec<u8> { format!("{}\n", hex::encode(&random[..16])).into_bytes() };
    let bytes = secret(directory, "key", hex)?;
    let key = String::from_utf8(bytes).unwrap_or_default().trim().to_owned();
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if key.len() >= SHORTEST_KEY && key.chars().all(fit) {
        Ok(key)
    } else {
        Err(StoreError(format!(
            "`{}` holds no key: at least {SHORTEST_KEY} letters, digits, - and _ on one line; \
         delete it, and a new one is made",
            directory.join("key").display()
        )))
    }
}

/// Reads a secret, or makes one of 32 random bytes when there is none yet.
fn secret(
    directory: &Path,
    name: &str,
    make: impl FnOnce([u8; 32]) -> Vec<u8>,
) -> Result<Vec<u8>, StoreError> {
    let file = directory.join(name);
    let failed = |error: std::io::Error| StoreError(format!("`{}`: {error}", file.display()));
    // Written whole under another name and linked: of two processes that start at once, one wins,
    // and no one ever reads half a secret.
    let draft = directory.join(format!("{name}.{}.tmp", std::process::id()));
    if !file.exists() {
        let mut fresh = [0_u8; 32];
        getrandom::fill(&mut fresh).map_err(|error| StoreError(error.to_string()))?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&draft).map_err(failed)?;
        out.write_all(&make(fresh)).and_then(|()| out.sync_all()).map_err(failed)?;
        let linked = std::fs::hard_link(&draft, &file);
        let _ = std::fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
    }
    std::fs::read(&file).map_err(failed)
}
