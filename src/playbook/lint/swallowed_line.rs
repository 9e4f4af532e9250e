//! PB022: a line without `>` right after a quote, or a quote among the lines of a section.
//!
//! What it does: reports lines that Markdown silently joins to the quote above, and quotes where
//! nothing reads them.
//!
//! Why: the customer would be made to say what the author meant for the rep; and what stands in a
//! quote under `### Say` would be lost.
//!
//! Example: `> - too dear` followed by `Ask why.` on the next line; `> - Ask why.` under `### Say`.
//!
//! Write instead: an empty line between them; `- Ask why.`
