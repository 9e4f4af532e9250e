//! What must hold for every deal: the price engine against a slow oracle of its own arithmetic, and
//! the laws that no policy may break.

use std::sync::LazyLock;

use cornerman::model::{Cents, Percent};
use cornerman::negotiation::{History, PriceRequest, negotiate};
use cornerman::pricing::{Ask, Deal, FreeMonths, Granted, Ledger, Policy, Quote, Ratio};
use proptest::prelude::*;

use crate::root;

const ROLES: [&str; 4] = ["rep", "manager", "director", "cfo"];

static ADDITIVE: LazyLock<Policy> = LazyLock::new(|| policy("additive"));
static MULTIPLICATIVE: LazyLock<Policy> = LazyLock::new(|| policy("multiplicative"));

fn policy(stacking: &str) -> Policy {
    let text = std::fs::read_to_string(root().join("playbooks/pricing.toml")).unwrap();
    Policy::read(&text.replace("\"additive\"", &format!("{stacking:?}"))).unwrap()
}

/// A deal in plain numbers; percentages in basis points.
#[derive(Debug, Clone, Copy)]
struct Plain {
    plus: bool,
    seats: u32,
    months: u16,
    prepay: bool,
    ask: i64,
    free_months: u16,
    days: u16,
    onboarding: bool,
    clause: bool,
}

fn plain() -> impl Strategy<Value = Plain> {
    let edges = prop::sample::select(vec![0_i64, 250, 750, 1_000, 2_000, 3_000]);
    let ask = prop_oneof![edges, 0_i64..=500, 0_i64..=4_000];
    let seats = prop_oneof![1_u32..=60, 1_u32..=600, 1_u32..=100_000];
    let parts = (seats, 1_u16..=60, any::<bool>(), ask, 0_u16..=4);
    let more = (
        any::<bool>(),
        prop::sample::select(vec![15_u16, 30, 31, 45, 60, 61, 90]),
        any::<bool>(),
        any::<bool>(),
    );
    (parts, more).prop_map(
        |((seats, months, prepay, ask, free), (plus, days, onboarding, clause))| {
            let free_months = free.min(months - 1);
            Plain { plus, seats, months, prepay, ask, free_months, days, onboarding, clause }
        },
    )
}

impl Plain {
    fn deal(self) -> Deal {
        let some = |wanted: bool, id: &str| wanted.then(|| id.to_owned()).into_iter().collect();
        Deal {
            sku: if self.plus { "plus" } else { "team" }.into(),
            currency: "USD".into(),
            seats: self.seats,
            months: self.months,
            billing: if self.prepay { "prepay" } else { "annual" }.to_owned(),
            payment_days: self.days,
            ask: Ask::OnProgramme(Ratio::of(Percent(self.ask))),
            free_months: self.free_months,
            free: FreeMonths::Inside,
            services: some(self.onboarding, "onboarding"),
            clauses: some(self.clause, "mfn"),
        }
    }

    /// The price in cents and the lowest role, by whole numbers over common denominators: nothing
    /// of the engine is used, and the shipped policy stands here once more.
    fn oracle(self) -> (i64, Option<usize>) {
        let (seats, months) = (i128::from(self.seats), i128::from(self.months));
        let (tier, ceiling) = match self.seats {
            1..50 => (0, 2_000),
            50..200 => (1_000, 3_000),
            200..500 => (1_800, 3_600),
            _ => (2_500, 4_000),
        };
        let term = match (self.prepay, self.months) {
            (true, 36..) => 800,
            (true, 24..) => 500,
            _ => 0,
        };
        let programme = tier + term;
        let (unit, floor) = if self.plus {
            (4_999, [3_300, 3_150, 3_000, 3_000])
        } else {
            (4_000, [2_600, 2_480, 2_400, 2_400])
        };
        let thrown_in = if self.onboarding { 300_000 } else { 0 };
        let list = unit * seats * months + thrown_in;
        // Hundredths of a percent: everything times 10,000.
        let size = unit * seats * months * (10_000 - programme) + thrown_in * 10_000;
        let billed = months - i128::from(self.free_months);
        let exact = unit * seats * billed * (10_000 - programme - i128::from(self.ask));
        let late = i128::from(self.days.saturating_sub(30));
        // What is kept of a price, times 10,000 · 10,000 · 365.
        let whole = 10_000 * 10_000 * 365;
        let kept = |price: i128| price * (10_000 * 365 - 800 * late);
        let authority = [1_000, 2_000, 3_000, 4_000];
        let within = |price: i128, role: usize| {
            let conceded = list * whole - kept(price);
            conceded
                <= list * whole - size * (whole / 10_000)
                    + authority[role] * list * (whole / 10_000)
                && conceded <= ceiling * list * (whole / 10_000)
                && conceded * unit <= list * whole * (unit - floor[role])
        };
        let lowest = |price: i128| (0..4).find(|role| within(price, *role));
        let (down, rest) = (exact / 10_000, exact % 10_000);
        let half_even = down + i128::from(rest > 5_000 || (rest == 5_000 && down % 2 == 1));
        let net = match lowest(exact) {
            Some(role) if !within(half_even * 10_000, role) => down + i128::from(rest > 0),
            _ => half_even,
        };
        let mut role = lowest(exact);
        let beyond = size * (whole / 10_000) - kept(exact);
        let large = size > 10_000_000 * 10_000 && beyond * 20 > list * whole;
        let triggers = [
            (large, 2),
            (self.months < 12, 1),
            (self.months > 36, 2),
            (self.days > 30, 1),
            (self.days > 60, 3),
            (self.clause, 2),
        ];
        for (_, needed) in triggers.into_iter().filter(|(fires, _)| *fires) {
            role = role.map(|role| role.max(needed));
        }
        (i64::try_from(net).unwrap(), role)
    }
}

fn rank(quote: &Quote) -> usize {
    let role = quote.needs.role.as_deref();
    role.map_or(ROLES.len(), |role| ROLES.iter().position(|known| *known == role).unwrap())
}

proptest! {
    #[test]
    fn the_engine_agrees_with_a_slow_oracle(plain in plain()) {
        let quote = ADDITIVE.quote(&plain.deal()).unwrap();
        let (net, role) = plain.oracle();
        prop_assert_eq!(quote.net, Cents(net));
        prop_assert_eq!(quote.needs.role.as_deref(), role.map(|role| ROLES[role]));
    }

    /// Giving more of anything never looks like giving less.
    #[test]
    fn a_larger_give_never_counts_for_less(plain in plain(), which in 0..5, by in 1_u16..300) {
        // Few seats, so that a cent can be compared exactly.
        let plain = Plain { seats: plain.seats % 300 + 1, ..plain };
        let mut more = plain;
        match which {
            0 => more.ask += i64::from(by),
            1 => more.free_months = (plain.free_months + by % 3).min(plain.months - 1),
            2 => more.onboarding = true,
            3 => more.days += by,
            _ => more.clause = true,
        }
        let (one, other) = (ADDITIVE.quote(&plain.deal()).unwrap(), ADDITIVE.quote(&more.deal()).unwrap());
        // A cent of rounding on a tiny deal is not a give.
        let cent = Ratio::new(1, 1).unwrap().over(one.list).unwrap();
        prop_assert!(one.effective.at_most(other.effective.plus(cent).unwrap()).unwrap());
        prop_assert!(one.beyond.at_most(other.beyond.plus(cent).unwrap()).unwrap());
        prop_assert!(rank(&one) <= rank(&other), "{:?} {:?}", one, other);
    }

    #[test]
    fn adding_up_never_concedes_less_than_multiplying(plain in plain()) {
        let plain = Plain { seats: plain.seats % 300 + 1, ..plain };
        let (sum, product) =
            (ADDITIVE.quote(&plain.deal()).unwrap(), MULTIPLICATIVE.quote(&plain.deal()).unwrap());
        let cent = Ratio::new(1, 1).unwrap().over(sum.list).unwrap();
        prop_assert!(product.effective.at_most(sum.effective.plus(cent).unwrap()).unwrap());
    }

    /// The lines that are shown add up to the price, to the cent.
    #[test]
    fn the_working_adds_up(plain in plain()) {
        let Plain { plus, seats, months, prepay, ask, free_months, days, onboarding, clause } = plain;
        let mut text = format!("{seats} seats {}, {months} months, {}, net {days}, {}",
            if plus { "plus" } else { "team" }, if prepay { "prepay" } else { "annual" }, Percent(ask));
        text += &format!(", {free_months} months free inside");
        text += if onboarding { ", free onboarding" } else { "" };
        text += if clause { ", clause mfn" } else { "" };
        let asked = PriceRequest { text, ..PriceRequest::default() };
        let history = History { ledger: Some(Ledger::default()), ..History::default() };
        let now = "2026-11-25".parse().unwrap();
        let card = negotiate(Some(&ADDITIVE), now, &asked, &history).unwrap().card;
        prop_assert_eq!(&card.question, &None);
        let amount = |line: &str| -> i64 {
            let text = line.split('$').next_back().unwrap().split(' ').next().unwrap();
            text.replace([',', '.'], "").parse().unwrap()
        };
        let mut left = amount(&card.working[0]);
        for line in &card.working {
            left += match line.chars().next() {
                Some('−') => -amount(line),
                Some('+') => amount(line),
                _ => 0,
            };
        }
        let net: Cents = card.as_asked.unwrap().net.parse().unwrap();
        prop_assert_eq!(left, net.0, "{:?}", card.working);
        prop_assert_eq!(net, ADDITIVE.quote(&plain.deal()).unwrap().net);
    }

    /// Whatever is asked, and however often: no trade goes beyond the rep's limit or needs anybody,
    /// steps shrink, and all of them together stay within the rep's authority.
    #[test]
    fn trades_stay_within_the_limit(plain in plain(), asks in prop::collection::vec(0_i64..4_000, 1..6)) {
        let (mut ledger, mut last) = (Ledger::default(), None::<Ratio>);
        for ask in asks {
            let deal = Plain { ask, ..plain }.deal();
            let Some(trade) = ADDITIVE.trade(&deal, "rep", &ledger).unwrap() else { continue };
            let limit = ADDITIVE.limit(&trade.deal, "rep").unwrap().unwrap().share;
            prop_assert!(trade.quote.effective.at_most(limit).unwrap());
            prop_assert_eq!(trade.quote.needs.role.as_deref(), Some("rep"));
            prop_assert!(trade.quote.needs.sign_offs.is_empty());
            let most = last.map_or(Ratio::of(Percent(500)), |last| {
                last.times(Ratio::new(3, 5).unwrap()).unwrap()
            });
            prop_assert!(trade.given.step.at_most(most).unwrap(), "{:?}", trade.given);
            prop_assert!((1..=2).contains(&trade.gets.len()));
            for (id, _, _) in &trade.gets {
                prop_assert!(!ledger.given.iter().any(|given| given.gets.contains(id)));
            }
            last = Some(trade.given.step);
            ledger.given.push(trade.given);
        }
        prop_assert!(ledger.given.len() <= 3);
        prop_assert!(ledger.discount() <= Percent(1_000));
    }

    /// An approval is reopened exactly when a term is worse: which ones are worse is known here
    /// from how the second deal was made out of the first.
    #[test]
    fn an_approval_reopens_exactly_when_a_term_is_worse(
        plain in plain(),
        changes in prop::collection::btree_map(0_u8..8, any::<bool>(), 0..5),
        late in any::<bool>(),
    ) {
        let plain = Plain { free_months: plain.free_months.min(2), ..plain };
        let (mut now, mut gets, mut expected) = (plain, vec!["case-study".to_owned()], Vec::new());
        for (which, worse) in changes {
            let field = match (which, worse) {
                (0, true) if now.seats > 1 => { now.seats -= 1; "seats" }
                (0, false) => { now.seats += 1; "" }
                (1, true) if now.months > now.free_months + 1 => { now.months -= 1; "term" }
                (1, false) => { now.months += 1; "" }
                (2, true) => { now.days += 1; "payment_days" }
                (2, false) => { now.days = now.days.saturating_sub(1); "" }
                (3, true) if now.months > now.free_months + 2 => { now.free_months += 1; "free_months" }
                (3, false) => { now.free_months = now.free_months.saturating_sub(1); "" }
                (4, true) if !now.onboarding => { now.onboarding = true; "services" }
                (4, false) => { now.onboarding = false; "" }
                (5, true) if !now.clause => { now.clause = true; "clauses" }
                (5, false) => { now.clause = false; "" }
                (6, true) => { gets.clear(); "gets" }
                (6, false) => { gets.push("sign-by".to_owned()); "" }
                (7, _) => { now.prepay = !now.prepay; "billing" }
                _ => "",
            };
            expected.extend((!field.is_empty()).then_some(field));
        }
        let quotes = (ADDITIVE.quote(&plain.deal()).unwrap(), ADDITIVE.quote(&now.deal()).unwrap());
        let owed = vec!["case-study".to_owned()];
        let was = ADDITIVE.snapshot(&plain.deal(), &quotes.0, owed);
        let Some((was, asked)) = was.zip(ADDITIVE.snapshot(&now.deal(), &quotes.1, gets)) else {
            return Ok(()); // nobody may give it
        };
        let by: Vec<String> = std::iter::once(was.role.clone()).chain(was.sign_offs.clone()).collect();
        let until = "2026-12-01".parse().unwrap();
        let granted = Granted { snapshot: was, by, until };
        let moment = until.plus_days(i64::from(late));
        expected.extend(late.then_some("valid_until"));
        expected.extend((quotes.0.effective.compare(quotes.1.effective).unwrap().is_lt()).then_some("effective"));
        let needs = (rank(&quotes.0), rank(&quotes.1));
        let signs = |quote: &Quote| quote.needs.sign_offs.len();
        expected.extend((needs.1 > needs.0).then_some("roles"));
        expected.extend((signs(&quotes.1) > signs(&quotes.0)).then_some("roles"));
        let reopened = ADDITIVE.reopened(&granted, &asked, moment);
        let mut found: Vec<&str> = reopened.iter().map(|what| what.field()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(found, expected);
    }

    /// What is owed in return never gets less when more is given.
    #[test]
    fn a_bigger_give_never_costs_a_smaller_get(plain in plain(), ask in 0_i64..500, more in 0_i64..200) {
        let worth = |ask: i64| {
            let deal = Plain { ask, free_months: 0, onboarding: false, clause: false, days: 30, ..plain }.deal();
            let trade = ADDITIVE.trade(&deal, "rep", &Ledger::default()).unwrap()?;
            let values = [("case-study", 200), ("reference-calls", 150), ("sign-by", 200),
                ("two-year-commit", 400), ("named-volume", 300), ("scope-cut", 250)];
            let value = |id: &String| values.iter().find(|(known, _)| known == id).unwrap().1;
            Some((trade.given.step, trade.given.gets.iter().map(value).sum::<i64>()))
        };
        if let Some((small, large)) = worth(ask).zip(worth(ask + more)) {
            prop_assert!(small.0.at_most(large.0).unwrap());
            prop_assert!(small.1 <= large.1, "{:?} {:?}", small, large);
        }
    }
}
