//! PB010: a heading underlined with `---` or `===`.
//!
//! What it does: refuses the second way in which Markdown writes headings.
//!
//! Why: text right above a line of dashes silently becomes a card of its own.
//!
//! Example: `Talk to legal` with `---` on the next line.
//!
//! Write instead: `## Talk to legal`, or an empty line above the `---`.
