//! PB011 (warning): an unknown section.
//!
//! What it does: reports `###` headings that this kind of file does not have, with the nearest name.
//!
//! Why: its text is never shown, so the author believes that reps can read it.
//!
//! Example: `### Prof`.
//!
//! Write instead: `### Proof`.
