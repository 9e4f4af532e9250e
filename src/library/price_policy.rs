//! The price policy among the files.

use crate::playbook::{Diagnostic, SourceFile};
use crate::pricing::{Policy, PolicyFault};

/// Reads a price policy.
///
/// # Errors
/// What is wrong in it, and where.
pub fn policy(file: &SourceFile) -> Result<Policy, Vec<Diagnostic>> {
    let diagnostics = |faults: Vec<PolicyFault>| {
        faults.into_iter().map(|fault| diagnostic(file, fault)).collect()
    };
    Policy::read(&file.text).map_err(diagnostics)
}

/// What was found in a price policy, as it is shown.
pub(super) fn diagnostic(file: &SourceFile, fault: PolicyFault) -> Diagnostic {
    let PolicyFault { code, severity, span, message, help } = fault;
    Diagnostic::error(code, file, span, message, help).weighing(severity)
}
