//! The port to small things that outlive a restart and that every process of an installation shares:
//! which cards were live, until when a platform is paused, the installation's secrets.

use super::StoreError;

/// Keeps short texts and secrets by name. It is asked at starts and at long intervals, never while a rep waits,
/// and may block its thread.
pub trait StateStore: Send + Sync + std::fmt::Debug {
    /// The text with this name; none when there is none yet.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn get(&self, name: &str) -> Result<Option<String>, StoreError>;

    /// Puts a text in the place of the one with this name, all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    fn put(&self, name: &str, text: &str) -> Result<(), StoreError>;

    /// The bytes with this name; `fresh` is put there first when there are none. Of several processes
    /// that do so at once one wins, and all get its bytes.
    ///
    /// # Errors
    /// [`StoreError`] when they can neither be read nor written.
    fn get_or_put(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError>;

    /// Where the text is kept, for someone who has to delete it by hand.
    fn place(&self, name: &str) -> String;
}
