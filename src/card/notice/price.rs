//! The words around a price. The customer's lines in it come from the policy file.

use crate::model::Percent;

/// What to ask while the price stays.
pub const HOLD: &str = "What would have to change for the price to be the easy part?";
/// The price on the table when nothing was offered yet.
pub const PROGRAMME: &str = "programme price";
/// The price on the table when something was offered.
pub const LAST_OFFER: &str = "your last offer";
/// There is no policy.
pub const NO_POLICY: &str =
    "There is no price policy: the cards work, prices do not. Add playbooks/pricing.toml.";
/// The ledger cannot be read.
pub const NO_LEDGER: &str = "What was offered in this deal cannot be read now, so no trade is suggested: it might be offered twice.";
/// More than anybody may give.
pub const OUTSIDE: &str = "That is outside the policy: nobody may give it.";

/// What the customer agreed to and nobody has on paper.
#[must_use]
pub fn not_on_paper(written: &[&str]) -> String {
    format!("Not on paper yet: {}.", written.join("; "))
}

/// The last step was taken.
pub const LAST_STEP: &str = "That was the last step: what you offered is your limit.";

/// `2 months free`.
#[must_use]
pub fn months_free(months: u16) -> String {
    match months {
        1 => "1 month free".to_owned(),
        months => format!("{months} months free"),
    }
}

/// `60 days to pay`.
#[must_use]
pub fn days(days: u16) -> String {
    format!("{days} days to pay")
}

/// The give of a trade; `more` when something was given before.
#[must_use]
pub fn give(give: &str, more: bool) -> String {
    let another = if more { "another " } else { "" };
    format!("give {another}{give}")
}

/// What to say in a trade.
#[must_use]
pub fn trade(gets: &[&str], give: &str, more: bool) -> String {
    let another = if more { "another " } else { "" };
    format!("If you {}, I can do {another}{give}.", gets.join(" and "))
}

/// Who is needed, and how long it takes.
#[must_use]
pub fn escalate(needs: &[String], less: Option<&str>, hours: u16) -> String {
    let less = less.map_or_else(String::new, |less| format!("{less} less, "));
    let needs = needs.join(" + ");
    match hours {
        0 => format!("{less}needs {needs}"),
        hours => format!("{less}needs {needs}; usual answer within {hours} h"),
    }
}

/// How much is conceded, and how much may be.
#[must_use]
pub fn effective(effective: Percent, limit: Option<Percent>) -> String {
    let limit = limit.map_or_else(String::new, |limit| format!("; your limit {}", limit.in_full()));
    format!("effective {} of list{limit}", effective.in_full())
}

/// Late payment is a concession as well.
#[must_use]
pub fn late(days: u16, standard: u16) -> String {
    format!("payment after {days} days instead of {standard} counts as a concession too")
}

/// More seats would cost less.
#[must_use]
pub fn cliff(seats: u32, price: &str) -> String {
    format!("{seats} seats cost less: {price}")
}
