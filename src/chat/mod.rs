//! Front ends on chat platforms. They translate; the use cases decide and the card has the words.

pub mod core;
pub mod discord;
