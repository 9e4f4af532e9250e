//! PB001: the file cannot be read.
//!
//! What it does: refuses files that are not UTF-8 or larger than 256 KiB, and front matter or TOML that does not parse.
//!
//! Why: half of a file is worse than none; a card would silently miss its proof or its limits.
//!
//! Example: `owner: Sales: EMEA` (a colon inside a value).
//!
//! Write instead: `owner: "Sales: EMEA"`.
