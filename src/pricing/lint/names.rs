//! PP001: a name that stands for nothing.
//!
//! What it does: looks up every key, and every role, sign-off, product and get that one part of the policy names and another part must have.
//!
//! Why: a rule with a misspelled role would never ask anyone for approval. A trigger on the discounted total is rejected too: a larger discount would bring the total under the limit.
//!
//! Example: `{ id = "slow-pay", payment_days_over = 30, needs = "manger" }`
//!
//! Write instead: `needs = "manager"`

use super::{Found, did_you_mean};
use crate::pricing::policy::Gets;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    let mut known = |path: String, name: &str, what: &str, there: &[String]| {
        if !there.iter().any(|known| known == name) {
            let message = format!("`{name}` is not a {what} of this policy");
            let help = did_you_mean(name, there.iter().map(String::as_str));
            found.error("PP001", &path, message, help);
        }
    };
    for role in written.authority.keys() {
        known(format!("authority/{role}="), role, "role on the ladder", &written.ladder);
    }
    for (at, sku) in written.sku.iter().enumerate() {
        for role in sku.floors.keys() {
            let path = format!("sku/{at}/floors/{role}=");
            known(path, role, "role on the ladder", &written.ladder);
        }
    }
    let skus: Vec<String> = policy.skus().iter().map(ToString::to_string).collect();
    known("standard/sku".to_owned(), written.standard.sku.as_str(), "product", &skus);
    for (at, trigger) in written.trigger.iter().enumerate() {
        let path = format!("trigger/{at}/needs");
        known(path, &trigger.needs, "role on the ladder", &written.ladder);
        for (place, also) in trigger.also.iter().enumerate() {
            known(format!("trigger/{at}/also/{place}"), also, "sign-off", &written.sign_off);
        }
    }
    let gets: Vec<String> = written.get.iter().map(|get| get.id.clone()).collect();
    for (at, give) in written.give.iter().enumerate() {
        if let Gets::These(ids) = &give.gets {
            for (place, id) in ids.iter().enumerate() {
                known(format!("give/{at}/gets/{place}"), id, "get", &gets);
            }
        }
    }
    twice(found, "ladder", &written.ladder, |at| format!("ladder/{at}"));
    twice(found, "sign_off", &written.sign_off, |at| format!("sign_off/{at}"));
    twice(found, "get", &gets, |at| format!("get/{at}/id"));
    let gives: Vec<String> = written.give.iter().map(|give| give.id.name().to_owned()).collect();
    twice(found, "give", &gives, |at| format!("give/{at}/id"));
    let triggers: Vec<String> = written.trigger.iter().map(|trigger| trigger.id.clone()).collect();
    twice(found, "trigger", &triggers, |at| format!("trigger/{at}/id"));
}

fn twice(found: &mut Found<'_>, what: &str, names: &[String], path: impl Fn(usize) -> String) {
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|earlier| earlier == name) {
            let message = format!("`{name}` appears twice under `{what}`");
            found.error("PP001", &path(at), message, "give it another name, or take it out");
        }
    }
}
