//! The log: what was asked, answered, marked and recommended, and what is read out of it.
#![deny(clippy::disallowed_methods)]

mod approval;
mod counts;
mod event;
mod export;
mod filter;
mod fold;
mod inbox;
mod mark;
mod platform;
mod price;
mod price_answer;
mod price_request;
mod rate;
mod report;
mod rollups;
mod secret;
mod thread_id;
mod triage;

pub use approval::{ApprovalRecorded, ApprovalReopened, ApprovalRequested, Decision};
pub use counts::{CardUse, Counts, OpenGap, VersionUse};
pub use event::{Body, Event, RunnerUp, Shown, kind};
pub use export::{csv, jsonl};
pub use filter::Filter;
pub use inbox::{Decision as TriageDecision, Inbox, Item};
pub use mark::Mark;
pub use platform::Platform;
pub use price::{GetRecord, GiveRecord, PriceShown, PriceStep};
pub use price_answer::{
    AsAsked, AskView, MoveKind, Owed, PolicyView, PriceAnswerV1, PriceMove, PriceOutcome,
    PriceQuestion, Understood,
};
pub use price_request::{AskV1, BaseV1, PerV1, RequestV1};
pub use rate::{ENOUGH, Rate};
pub use report::{CardLine, Gap, Recommended, Report};
pub use rollups::{Checkpoint, LinkedEvents, Rollups};
pub use secret::{Purpose, Salt};
pub use thread_id::ThreadId;
pub use triage::{Status, Triaged};
