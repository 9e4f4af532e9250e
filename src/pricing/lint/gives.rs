//! PP030: a concession without a commitment, or an incomplete commitment.
//!
//! What it does: asks every give for gets that may be asked in return, and every get for the words to say and for what must exist on paper.
//!
//! Why: concessions are traded, never given away, and what is not in writing was not agreed.
//!
//! Example: `give = [{ id = "discount", gets = [] }]`
//!
//! Write instead: `gets = "any"`, or the ids of gets: `gets = ["case-study", "sign-by"]`

use super::Found;
use crate::pricing::policy::Gets;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    for (at, give) in written.give.iter().enumerate() {
        let none = match &give.gets {
            Gets::Any(_) => written.get.is_empty(),
            Gets::These(ids) => ids.is_empty(),
        };
        if none {
            let message = format!("nothing can be asked in return for `{}`", give.id.name());
            let help = "write gets = \"any\" and at least one get, or take the give out";
            found.error("PP030", &format!("give/{at}/gets"), message, help);
        }
    }
    for (at, get) in written.get.iter().enumerate() {
        for (key, text) in [("words", &get.words), ("written", &get.written)] {
            if text.trim().is_empty() {
                let message = format!("`{}` has no `{key}`", get.id);
                let help = match key {
                    "words" => "write what the rep says after \"If you …\"",
                    _ => "write what must exist on paper, for example \"date on the quote\"",
                };
                found.error("PP030", &format!("get/{at}/{key}"), message, help);
            }
        }
    }
}
