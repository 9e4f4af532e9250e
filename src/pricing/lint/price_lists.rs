//! PP003: a product without a whole price list.
//!
//! What it does: asks every product for a list price and a floor for every role of the ladder, in a currency that is known; and that no product or service has two prices in one currency.
//!
//! Why: nothing is ever converted, and a role without a floor could go to nothing.
//!
//! Example: `{ id = "team", currency = "US$", list = "40.00", floors = { rep = "26.00" } }`
//!
//! Write instead: `currency = "USD"`, and a floor for each role: `floors = { rep = "26.00", manager = "24.80" }`

use super::Found;
use crate::model::Currency;
use crate::pricing::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found<'_>) {
    let written = &policy.written;
    if written.sku.is_empty() {
        found.error("PP003", "sku", "there is no product", "write one with its price list");
    }
    let unknown = |found: &mut Found<'_>, path: String, currency: &Currency| {
        if !currency.is_code() {
            let message = format!("`{currency}` is not a currency");
            found.error("PP003", &path, message, "write its three letters, for example USD");
        }
    };
    for (at, sku) in written.sku.iter().enumerate() {
        unknown(found, format!("sku/{at}/currency"), &sku.currency);
        let earlier = written.sku.iter().take(at);
        let earlier = earlier.map(|other| (other.id.as_str(), &other.currency));
        twice(found, format!("sku/{at}/id"), (sku.id.as_str(), &sku.currency), earlier);
        for role in written.ladder.iter().filter(|role| !sku.floors.contains_key(*role)) {
            let message = format!("`{}` has no floor for `{role}`", sku.id);
            let help = format!("write the lowest price of a seat and month: {role} = \"24.00\"");
            found.error("PP003", &format!("sku/{at}/floors"), message, help);
        }
    }
    for (at, service) in written.service.iter().enumerate() {
        unknown(found, format!("service/{at}/currency"), &service.currency);
        let earlier = written.service.iter().take(at);
        let earlier = earlier.map(|other| (other.id.as_str(), &other.currency));
        twice(found, format!("service/{at}/id"), (service.id.as_str(), &service.currency), earlier);
    }
    if let Some(dollar) = &written.dollar {
        unknown(found, "dollar".to_owned(), dollar);
    }
}

/// Of two prices only the first would ever be used.
fn twice<'a>(
    found: &mut Found<'_>,
    path: String,
    (id, currency): (&'a str, &'a Currency),
    mut earlier: impl Iterator<Item = (&'a str, &'a Currency)>,
) {
    if earlier.any(|other| other == (id, currency)) {
        let message = format!("`{id}` in {currency} appears twice");
        found.error("PP003", &path, message, "keep one of the two");
    }
}
