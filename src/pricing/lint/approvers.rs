//! PP020: a higher role with a lower limit.
//!
//! What it does: compares authority and floors along the ladder.
//!
//! Why: an approver must be able to give at least as much as the rep who asks.
//!
//! Example: `authority = { rep = "10%", manager = "5%" }`
//!
//! Write instead: authority that rises along the ladder, and floors that fall.

use super::Found;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    for pair in written.ladder.windows(2) {
        let [lower, higher] = pair else { continue };
        let authority = |role: &String| written.authority.get(role).copied();
        if let (Some(less), Some(more)) = (authority(lower), authority(higher))
            && more < less
        {
            let message = format!("{higher} may give {more}, and {lower} already {less}");
            let help = format!("give {higher} at least {less}");
            found.error("PP020", &format!("authority/{higher}"), message, help);
        }
        for (at, sku) in written.sku.iter().enumerate() {
            let floor = |role: &String| sku.floors.get(role).copied();
            if let (Some(less), Some(more)) = (floor(lower), floor(higher))
                && more > less
            {
                let message = format!("the floor of {higher} is {more}, and of {lower} {less}");
                let help = format!("let {higher} go at least as low as {less}");
                found.error("PP020", &format!("sku/{at}/floors/{higher}"), message, help);
            }
        }
    }
}
