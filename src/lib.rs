//! Cornerman whispers the right answer to sales reps while the customer is talking.

pub mod cli;
