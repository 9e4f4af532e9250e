//! The secrets of this installation: random, made once, the same in every process.

use crate::feedback::Salt;
use crate::ports::{StateStore, StoreError};

/// A key that someone chose has at least so many characters.
const SHORTEST_KEY: usize = 24;

/// Reads the salt, or makes one when there is none yet.
///
/// # Errors
/// [`StoreError`] when it cannot be read or written, or is damaged.
pub(super) fn salt(state: &dyn StateStore) -> Result<Salt, StoreError> {
    let bytes = state.get_or_put("salt", &random()?)?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| {
        StoreError(format!(
            "`{}` is damaged: it has to hold 32 bytes; restore it from a backup, or delete it and \
             lose the link between equal questions before and after",
            state.place("salt")
        ))
    })?;
    Ok(Salt::new(bytes))
}

/// Reads the key that opens the pages of this installation, or makes one when there is none.
///
/// # Errors
/// [`StoreError`] when it cannot be read or written, or is no key.
pub(super) fn key(state: &dyn StateStore) -> Result<String, StoreError> {
    let fresh = format!("{}\n", hex::encode(&random()?[..16]));
    let key = state.get_or_put("key", fresh.as_bytes())?;
    let key = String::from_utf8(key).unwrap_or_default().trim().to_owned();
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if key.len() >= SHORTEST_KEY && key.chars().all(fit) {
        Ok(key)
    } else {
        Err(StoreError(format!(
            "`{}` holds no key: at least {SHORTEST_KEY} letters, digits, - and _ on one line; \
             delete it, and a new one is made",
            state.place("key")
        )))
    }
}

fn random() -> Result<[u8; 32], StoreError> {
    let mut fresh = [0_u8; 32];
    getrandom::fill(&mut fresh).map_err(|error| StoreError(error.to_string()))?;
    Ok(fresh)
}
