//! PB013: `{#id}` on a heading.
//!
//! What it does: refuses the notation of other tools for ids.
//!
//! Why: GitHub and Obsidian show it to the reader, and two notations for one thing drift apart.
//!
//! Example: `## Too dear {#too-dear}`.
//!
//! Write instead: `<!-- id: too-dear -->` on the line below the heading.
