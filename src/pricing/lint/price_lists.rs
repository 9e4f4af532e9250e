//! PP003: a product without a whole price list.
//!
//! What it does: asks every product for a list price and a floor for every role of the ladder, in a currency that is known, each product and currency once.
//!
//! Why: nothing is ever converted, and a role without a floor could go to nothing.
//!
//! Example: `{ id = "team", currency = "US$", list = "40.00", floors = { rep = "26.00" } }`
//!
//! Write instead: `currency = "USD"`, and a floor for each role: `floors = { rep = "26.00", manager = "24.80" }`

use super::Found;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    if written.sku.is_empty() {
        found.error("PP003", "sku", "there is no product", "write one with its price list");
    }
    let currency = |text: &str| text.len() == 3 && text.bytes().all(|c| c.is_ascii_uppercase());
    let unknown = |found: &mut Found<'_>, path: String, text: &str| {
        if !currency(text) {
            let message = format!("`{text}` is no currency");
            found.error("PP003", &path, message, "write its three letters, for example USD");
        }
    };
    for (at, sku) in written.sku.iter().enumerate() {
        unknown(found, format!("sku/{at}/currency"), &sku.currency);
        let same = |other: &&crate::pricing::policy::Sku| {
            other.id == sku.id && other.currency == sku.currency
        };
        if written.sku.iter().take(at).any(|other| same(&other)) {
            let message = format!("`{}` in {} stands twice", sku.id, sku.currency);
            found.error("PP003", &format!("sku/{at}/id"), message, "keep one of the two");
        }
        for role in written.ladder.iter().filter(|role| !sku.floors.contains_key(*role)) {
            let message = format!("`{}` has no floor for `{role}`", sku.id);
            let help = format!("write the lowest price of a seat and month: {role} = \"24.00\"");
            found.error("PP003", &format!("sku/{at}/floors"), message, help);
        }
    }
    for (at, service) in written.service.iter().enumerate() {
        unknown(found, format!("service/{at}/currency"), &service.currency);
    }
    if let Some(dollar) = &written.dollar {
        unknown(found, "dollar".to_owned(), dollar);
    }
}
