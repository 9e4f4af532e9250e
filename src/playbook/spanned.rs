//! A value with its place in the file.

use std::ops::Range;

/// A value and the bytes of the file it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spanned<T> {
    pub value: T,
    pub at: Range<usize>,
}

impl<T> Spanned<T> {
    pub(super) fn new(value: T, at: Range<usize>) -> Self {
        Self { value, at }
    }
}
