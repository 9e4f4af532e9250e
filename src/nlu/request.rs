//! What a request comes to: the deal as far as it was said, what was left over, and what has to be
//! asked back.

use std::fmt::{Display, Formatter};

use crate::model::{Cents, Currency, Percent, Sku};

/// A deal in a rep's words; what was not said is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Seats, as typed: also none, or fewer than none.
    pub seats: Option<i64>,
    /// Seats more or, below zero, fewer than before, in basis points.
    pub more_seats: Option<i64>,
    /// The product, by id.
    pub sku: Option<Sku>,
    /// The currency, as its three letters.
    pub currency: Option<Currency>,
    /// The term in months.
    pub months: Option<i64>,
    /// How it is billed, by the policy's word.
    pub billing: Option<String>,
    /// Days until an invoice is due.
    pub payment_days: Option<i64>,
    /// The concession.
    pub ask: Option<Asked>,
    /// Months without pay.
    pub free_months: Option<i64>,
    /// Whether they come on top of the term, when that was said.
    pub on_top: Option<bool>,
    /// Services that are thrown in, by id.
    pub services: Vec<String>,
    /// Clauses, by id.
    pub clauses: Vec<String>,
}

/// The concession that is asked for, as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A discount.
    Percent {
        /// One after another: `10% then another 10%`.
        steps: Vec<Percent>,
        /// The upper end of a range, whose lower end is the step.
        up_to: Option<Percent>,
        /// What it is a share of.
        base: Base,
    },
    /// A price, or an amount less.
    Amount {
        /// The amount.
        amount: Cents,
        /// What it is for.
        per: Per,
        /// Whether it comes off the price, and is not the price.
        off: bool,
    },
}

/// What a percentage goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// It was not said; the policy knows.
    Unsaid,
    /// On top of the programme.
    Programme,
    /// From list, the programme contained.
    List,
    /// On top of what was offered last.
    LastOffer,
}

/// What an amount of money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// The whole contract.
    Deal,
    /// All seats, a year.
    Year,
    /// All seats, a month.
    Month,
    /// A seat and month.
    SeatMonth,
    /// A seat and year.
    SeatYear,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What is certain; the rest of a request is kept while something is asked back.
    pub request: Request,
    /// The customer's words that were not used, in their order.
    pub not_used: Vec<String>,
    /// What has to be asked back first.
    pub question: Option<Question>,
}

/// Something that could mean two things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The answers; none when it has to be typed again.
    pub choices: Vec<Choice>,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The label of the button.
    pub label: String,
    /// The whole request, with that answer in its place.
    pub request: String,
}

impl Display for Request {
    /// In words that are read back as the same request.
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let counted = |count: i64, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        let mut parts = Vec::new();
        parts.extend(self.seats.map(|seats| counted(seats, "seat")));
        parts.extend(self.more_seats.map(|points| {
            if points < 0 {
                format!("{} fewer seats", Percent(-points))
            } else {
                format!("{} more seats", Percent(points))
            }
        }));
        parts.extend(self.sku.iter().map(|sku| format!("{sku} plan")));
        parts.extend(self.months.map(|months| counted(months, "month")));
        parts.extend(self.billing.clone());
        let named = matches!(self.ask, Some(Asked::Amount { .. }));
        parts.extend(self.currency.iter().filter(|_| !named).map(|code| format!("in {code}")));
        parts.extend(self.ask.as_ref().map(|ask| match (ask, &self.currency) {
            (Asked::Amount { amount, .. }, Some(currency)) => {
                ask.to_string().replacen(&amount.to_string(), &format!("{amount} {currency}"), 1)
            }
            _ => ask.to_string(),
        }));
        let free = match self.on_top {
            None => "",
            Some(true) => " on top",
            Some(false) => " inside",
        };
        let free = |months| format!("{} free{free}", counted(months, "month"));
        parts.extend(self.free_months.map(free));
        parts.extend(self.services.iter().map(|service| format!("free {service}")));
        let net = |days: i64| format!("net {days}{}", if days > 365 { " days" } else { "" });
        parts.extend(self.payment_days.map(net));
        parts.extend(self.clauses.iter().map(|clause| format!("clause {clause}")));
        f.write_str(&parts.join(" · "))
    }
}

impl Display for Asked {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Percent { steps, up_to, base } => {
                let steps: Vec<String> = steps.iter().map(Percent::to_string).collect();
                let mut text = steps.join(" then ");
                if let Some(up_to) = up_to {
                    text = format!("{text} to {up_to}");
                }
                match base {
                    Base::Unsaid => f.write_str(&text),
                    Base::Programme => write!(f, "{text} on the programme"),
                    Base::List => write!(f, "{text} off list"),
                    Base::LastOffer => write!(f, "another {text}"),
                }
            }
            Self::Amount { amount, per, off } => {
                let off = if *off { " off" } else { "" };
                let per = match per {
                    Per::Deal => "in total",
                    Per::Year => "a year",
                    Per::Month => "a month",
                    Per::SeatMonth => "a seat",
                    Per::SeatYear => "a seat a year",
                };
                write!(f, "{amount}{off} {per}")
            }
        }
    }
}
