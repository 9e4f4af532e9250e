//! The words around a price. The customer's lines in it come from the policy file.

use crate::model::{Percent, Timestamp};

/// What to ask while the price stays.
pub const HOLD: &str = "What would need to be true for this price to work?";
/// The price on the table when nothing was offered yet.
pub const PROGRAMME: &str = "programme price";
/// The price on the table when something was offered.
pub const LAST_OFFER: &str = "your last offer";
/// There is no policy.
pub const NO_POLICY: &str =
    "There is no price policy: the cards work, prices do not. Add playbooks/pricing.toml.";
/// The ledger cannot be read.
pub const NO_LEDGER: &str = "What was offered in this deal cannot be read now, so no trade is suggested: it might be offered twice.";
/// More than anyone may give.
pub const OUTSIDE: &str = "Outside the policy: no role can approve this.";

/// What the customer agreed to and no one has on paper.
#[must_use]
pub fn not_on_paper(written: &[&str]) -> String {
    format!("Not on paper yet: {}.", written.join("; "))
}

/// The last step was taken.
pub const LAST_STEP: &str = "That was the last step: what you offered is your limit.";

/// The policy has no steps.
pub const NO_STEPS: &str = "The policy has no steps, so no trade is suggested.";

/// They ask for more, and no trade is left.
pub const NO_TRADE: &str =
    "No trade fits: your room in this deal is used up, or nothing is left to ask for in return.";

/// The trade lies half-way between what was offered and what is asked.
pub const HALF_WAY: &str = "This lands half-way between your last offer and their ask. Name what you get for it, or they will split the rest too.";

/// The trade was said.
pub const NOTED_SAID: &str = "Noted: you offered it. The next step will be smaller.";
/// It was taken back.
pub const NOTED_WITHDRAWN: &str = "Noted: you took it back.";
/// The customer agreed to what was asked for in return.
pub const NOTED_AGREED: &str = "Noted: they agreed. Get it on paper.";
/// It is on paper.
pub const NOTED_WRITTEN: &str = "Noted: it is on paper.";

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

/// A discount that is counted in points of list: anyone who computes it from the price on the card
/// comes to another figure, so that it says of what it is one.
#[must_use]
pub fn of_list(discount: Percent) -> String {
    format!("{discount} off the list price")
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
    format!("total discount {} off list{limit}", effective.in_full())
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

/// The price could not be logged.
pub const NOT_LOGGED: &str =
    "The log is not reachable, so what you offer is not remembered and nothing can be marked.";

/// Someone approved it.
#[must_use]
pub fn approved(by: &[String], until: Timestamp) -> String {
    format!("approved by {} until {}: you may say it", by.join(" + "), until.day())
}

/// Someone approved something else.
#[must_use]
pub fn reopened(price: &str, worse: &[impl std::fmt::Display]) -> String {
    let worse: Vec<String> = worse.iter().map(ToString::to_string).collect();
    format!("The approval of {price} does not hold for this: {}.", worse.join("; "))
}

/// No one has answered yet.
#[must_use]
pub fn waiting(needs: &[String]) -> String {
    format!("Asked; {} has not answered yet.", needs.join(" + "))
}

/// It was declined.
#[must_use]
pub fn declined(reason: &str) -> String {
    format!("This was declined: {reason}")
}

/// How many like it were approved, for which reasons; so many are worth a look at the policy.
#[must_use]
pub fn precedents(counts: &[(String, usize)], often: usize) -> String {
    let each = counts.iter().map(|(reason, count)| {
        if *count >= often {
            format!("{count} for {reason} (often: is the policy right?)")
        } else {
            format!("{count} for {reason}")
        }
    });
    let each: Vec<String> = each.collect();
    format!("Approved like this in the last 92 days: {}.", each.join(", "))
}

/// A request for an exception is on its way.
#[must_use]
pub fn asked(needs: &[String]) -> String {
    format!("Asked: {} decides, and you get the answer as a direct message.", needs.join(" + "))
}

/// The request is in the log, and not in the channel.
pub const NOT_POSTED: &str = "Saved, but the approvers' channel rejected the message, so no one has seen it. Pick the reason again in a moment, or tell an approver.";

/// The answer is in the log, and did not reach the rep.
pub const NOT_TOLD: &str =
    "I can't message the rep: please tell them. It stands on their next price too.";
