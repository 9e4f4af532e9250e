//! How a question comes about.

/// How a question comes about: it decides how sure one must be that it needs a card at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A rep types it and wants a card: there is an answer unless it plainly needs none.
    #[default]
    Typed,
    /// It is overheard where much is said that needs no card: there is none unless it plainly needs
    /// one.
    Listening,
}
