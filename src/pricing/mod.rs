//! The price policy: what a team may offer. Pure rules over whole numbers.
#![deny(clippy::disallowed_methods, clippy::float_arithmetic)]

mod policy;
mod variables;

pub use policy::{Policy, PolicyFault};
pub use variables::PolicyVariable;
