//! PB902 (warning): a suppression that suppresses nothing.
//!
//! What it does: reports `<!-- lint-disable … -->` on lines where that rule has nothing to report.
//!
//! Why: it would hide the next fault in that line.
//!
//! Example: a line whose price was taken out, with the old exception still behind it.
//!
//! Write instead: the line without the comment.
