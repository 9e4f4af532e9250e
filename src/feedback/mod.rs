//! The log: what was asked, answered, marked and recommended, and what is read out of it.
#![deny(clippy::disallowed_methods)]

mod approval;
mod event;
mod export;
mod fingerprint;
mod fold;
mod price;
mod summary;

pub use approval::{ApprovalRecorded, ApprovalReopened, ApprovalRequested, Decision};
pub use event::{Body, Event, Mark, Platform, RunnerUp, Shown};
pub use export::{csv, jsonl};
pub use fingerprint::Salt;
pub use fold::{CardUse, card_use};
pub use price::{GetRecord, GiveRecord, PriceShown, PriceStep};
pub use summary::{Summary, summary};
