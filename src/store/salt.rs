//! The secret of this installation, a file in the data directory.

use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::coach::ports::StoreError;
use crate::feedback::Salt;

/// Reads the salt, or makes one when there is none yet.
///
/// # Errors
/// [`StoreError`] when the file cannot be read or written, or is damaged.
pub fn salt(directory: &Path) -> Result<Salt, StoreError> {
    let file = directory.join("salt");
    let failed = |error: std::io::Error| StoreError(format!("`{}`: {error}", file.display()));
    std::fs::create_dir_all(directory).map_err(failed)?;
    let mut fresh = [0_u8; 32];
    getrandom::fill(&mut fresh).map_err(|error| StoreError(error.to_string()))?;
    // Written whole under another name and linked: of two processes that start at once, one wins,
    // and nobody ever reads half a salt.
    let draft = directory.join(format!("salt.{}.tmp", std::process::id()));
    if !file.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&draft).map_err(failed)?;
        out.write_all(&fresh).and_then(|()| out.sync_all()).map_err(failed)?;
        let linked = std::fs::hard_link(&draft, &file);
        let _ = std::fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
    }
    let bytes = std::fs::read(&file).map_err(failed)?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| {
        StoreError(format!(
            "`{}` is damaged: it has to hold 32 bytes; restore it from a backup, or delete it and \
             lose the link between equal questions before and after",
            file.display()
        ))
    })?;
    Ok(Salt::new(bytes))
}
