//! The answer to a price request: what was understood, the moves, the working. It is what the rep is
//! shown, what the API returns, and what the log keeps to show it again. It holds nothing beyond what
//! the rep's own role may know.

use serde::{Deserialize, Serialize};

use crate::model::{Currency, Receipt, Sku};

/// How a price request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceOutcome {
    /// The rep may say it.
    Offer,
    /// Someone has to approve what is asked for.
    NeedsApproval,
    /// Something has to be asked back first.
    AskBack,
    /// There is no price, for a reason.
    Refused,
    /// What is asked for is more than anyone may give.
    OutsidePolicy,
}

impl PriceOutcome {
    /// The name used in JSON and the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::NeedsApproval => "needs_approval",
            Self::AskBack => "ask_back",
            Self::Refused => "refused",
            Self::OutsidePolicy => "outside_policy",
        }
    }
}

/// The answer to a price request, version 1. Logs are full of it: a field may be added with a default,
/// and none may be renamed, removed or change its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceAnswerV1 {
    /// How it ended.
    pub outcome: PriceOutcome,
    /// What was understood.
    pub understood: Understood,
    /// What was understood, as a line to read; it is read back as the same request.
    pub read: String,
    /// Words of the request that were not used.
    #[serde(default)]
    pub not_used: Vec<String>,
    /// What is asked back.
    pub question: Option<PriceQuestion>,
    /// The price as it was asked for.
    pub as_asked: Option<AsAsked>,
    /// What the rep can do, at most three; one of them is marked.
    pub moves: Vec<PriceMove>,
    /// What is worth knowing: a get that is not on paper yet, a cheaper number of seats.
    pub notes: Vec<String>,
    /// What the customer agreed to in this deal and is not on paper yet.
    #[serde(default)]
    pub owed: Vec<Owed>,
    /// The arithmetic, line by line.
    pub working: Vec<String>,
    /// The rules that were used, by id.
    pub rules: Vec<String>,
    /// The policy; `None` when there is none.
    pub policy: Option<PolicyView>,
    /// Names the answer, also for `cornerman replay`.
    pub receipt: Receipt,
    /// Whether it is in the log, so that it can be marked.
    pub logged: bool,
    /// Why there is no price.
    pub reason: Option<String>,
}

/// What a trade asked for that is not on paper yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The price card with the trade: what is marked once it is on paper.
    pub receipt: Receipt,
    /// What must exist on paper.
    pub written: Vec<String>,
}

impl Owed {
    /// The label of its button.
    #[must_use]
    pub fn label(&self) -> String {
        format!("On paper: {}", self.written.join("; "))
    }
}

/// A deal as it was understood; what was not said is filled in with the policy's standard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Seats.
    pub seats: Option<i64>,
    /// The product, by id.
    pub sku: Sku,
    /// The currency, as its three letters.
    pub currency: Currency,
    /// The term in months.
    pub term_months: i64,
    /// How it is billed.
    pub billing: String,
    /// Days until an invoice is due.
    pub payment_days: i64,
    /// The concession that is asked for.
    pub ask: Option<AskView>,
    /// Months without pay.
    pub free_months: i64,
    /// Services that are thrown in, by id.
    pub services: Vec<String>,
    /// Clauses, by id.
    pub clauses: Vec<String>,
}

/// A concession as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskView {
    /// `percent`, `total`, `unit` or `free_months`.
    pub kind: String,
    /// For example `15%`.
    pub value: String,
}

/// Something that has to be asked back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceQuestion {
    /// The question.
    pub text: String,
    /// The labels of the buttons; none when it has to be typed.
    pub choices: Vec<String>,
    /// For each choice the whole request with that answer in its place.
    pub requests: Vec<String>,
}

/// A price as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsAsked {
    /// List value of everything that is delivered.
    pub list: String,
    /// The same at the programme price.
    pub programme: String,
    /// What the customer would pay.
    pub net: String,
    /// Everything that is conceded, as a share of list, rounded up.
    pub effective_discount: String,
    /// The highest role that is needed, and sign-offs besides.
    pub needs: Vec<String>,
}

/// Something a rep can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceMove {
    /// What it is.
    pub kind: MoveKind,
    /// The one to start with.
    pub start_here: bool,
    /// What the customer pays.
    pub net: String,
    /// The same, as it is read out.
    pub price: String,
    /// What it is, in a few words.
    pub about: String,
    /// What is given, for example `5%`; empty for a hold.
    pub give: String,
    /// What is asked for in return, by id.
    pub gets: Vec<String>,
    /// What to say.
    pub say: String,
    /// What must exist on paper.
    pub write_down: Vec<String>,
    /// Who is needed, highest role first.
    pub needs: Vec<String>,
    /// Reasons to choose from when someone is asked.
    pub reasons: Vec<String>,
}

/// The kinds of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// Stay with the price on the table.
    Hold,
    /// Give something for something.
    Trade,
    /// Ask someone who may.
    Escalate,
}

impl MoveKind {
    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Hold => "Hold",
            Self::Trade => "Trade",
            Self::Escalate => "Escalate",
        }
    }
}

/// The policy that a price comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyView {
    /// Its name.
    pub id: String,
    /// Hash of its figures and rules.
    pub hash: String,
    /// The day on which its figures were looked at.
    pub verified: String,
    /// The last day of use.
    pub expires: String,
}
