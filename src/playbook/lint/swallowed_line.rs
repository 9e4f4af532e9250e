//! PB022: a line without `>` right after a quote.
//!
//! What it does: reports lines that Markdown silently joins to the quote above.
//!
//! Why: the customer would be made to say what the author meant for the rep.
//!
//! Example: `> - too dear` followed by `Ask why.` on the next line.
//!
//! Write instead: an empty line between them.
