//! Front ends on chat platforms. They translate; the coach decides and the card has the words.

pub mod discord;
