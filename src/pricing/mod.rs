//! The price policy: what a team may offer. Pure rules over whole numbers.
#![deny(clippy::disallowed_methods, clippy::float_arithmetic)]

mod deal;
mod policy;
mod quote;
mod ratio;
mod variables;

pub use deal::{Ask, Deal, FreeMonths};
pub use policy::{Policy, PolicyFault};
pub use quote::{Needs, Quote, Refusal};
pub use ratio::Ratio;
pub use variables::PolicyVariable;
