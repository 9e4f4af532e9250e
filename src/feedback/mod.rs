//! The log: what was asked, answered, marked and recommended, and what is read out of it.
#![deny(clippy::disallowed_methods)]

mod approval;
mod event;
mod export;
mod filter;
mod fingerprint;
mod fold;
mod gaps;
mod price;
mod rate;
mod report;
mod summary;

pub use approval::{ApprovalRecorded, ApprovalReopened, ApprovalRequested, Decision};
pub use event::{Body, Event, Mark, Platform, RunnerUp, Shown};
pub use export::{csv, jsonl};
pub use filter::Filter;
pub use fingerprint::Salt;
pub use fold::{CardUse, card_use};
pub use gaps::{Gap, channel_by_benefit, gaps};
pub use price::{GetRecord, GiveRecord, PriceShown, PriceStep};
pub use rate::{ENOUGH, Rate};
pub use report::{CardLine, Recommended, Report};
pub use summary::{Summary, summary};
