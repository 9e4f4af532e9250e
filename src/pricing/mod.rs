//! The price policy: what a team may offer. Pure rules over whole numbers.
#![deny(clippy::disallowed_methods, clippy::float_arithmetic)]

mod approval;
mod deal;
mod policy;
mod quote;
mod ratio;
mod terms;
mod trade;
mod variables;

pub use approval::{Granted, Reopened, Snapshot};
pub use deal::{Ask, Deal, FreeMonths};
pub use policy::{Approval, Policy, PolicyFault, Standard};
pub use quote::{Needs, Quote, Refusal};
pub use ratio::Ratio;
pub use terms::{Closed, PercentMeans};
pub use trade::{GiveKind, Given, Ledger, Trade};
pub use variables::PolicyVariable;
