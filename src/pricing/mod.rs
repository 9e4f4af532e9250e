//! The price policy: what a team may offer. Pure rules over whole numbers.
#![deny(clippy::disallowed_methods, clippy::float_arithmetic)]

mod approval;
mod deal;
mod lint;
mod policy;
mod quote;
mod ratio;
mod read;
mod terms;
mod trade;
mod variables;

pub use approval::{Granted, Reopened, Snapshot};
pub use deal::{Ask, Deal, FreeMonths};
pub use lint::{POLICY_RULES, PolicyFault};
pub use policy::{Approval, GiveKind, PercentMeans, Policy, Standard};
pub use quote::{Limit, Needs, Quote, Refusal};
pub use ratio::Ratio;
pub use terms::Closed;
pub use trade::{Given, Ledger, Trade};
pub use variables::PolicyVariable;
