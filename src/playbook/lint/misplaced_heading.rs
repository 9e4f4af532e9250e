//! PB014: a heading in the wrong place, or a section twice.
//!
//! What it does: asks for `##` (card), `###` (section) and `####` (only under *If they push back*), each section once.
//!
//! Why: with two such sections it is unclear which comes first.
//!
//! Example: two `### Say` in one card.
//!
//! Write instead: one `### Say` with two bullets; for one stage only: `### Say (closing)`.
