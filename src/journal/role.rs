//! What not everyone may do.

/// Something that not everyone may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Looks into the library: which version is live, what a sentence would match.
    Lead,
    /// Reads what the event log adds up to.
    Marketer,
    /// Acts for every rep: anyone at the command line, or a program with the key.
    Operator,
    /// A role of the price policy: one of its approval chain, or a sign-off.
    Pricing(String),
}
