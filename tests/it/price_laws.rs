//! What must hold for every price card and every policy, whatever is typed and whatever they say.

use std::sync::LazyLock;

use cornerman::feedback::PriceAnswerV1;
use cornerman::model::{Day, Percent, Timestamp};
use cornerman::negotiation::{History, PriceRequest, negotiate};
use cornerman::nlu::{self, Asked, Base};
use cornerman::pricing::{Ask, Deal, FreeMonths, Ledger, Policy, Refusal};
use proptest::prelude::*;

use crate::negotiation::{shipped, vocabulary};
use crate::root;

const LOCALES: [&str; 6] = ["en-US", "en-GB", "en-IN", "de-DE", "de-CH", "fr-FR"];

fn small() -> String {
    std::fs::read_to_string(root().join("tests/negotiation/policies/small.toml")).unwrap()
}

static SHIPPED: LazyLock<Policy> = LazyLock::new(|| Policy::read(&shipped()).unwrap());

/// The shipped policy, with other figures for everybody above the rep.
static OTHERS: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    let change = |changes: &[(&str, &str)]| {
        let changed = changes.iter().fold(shipped(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        Policy::read(&changed).unwrap()
    };
    vec![
        change(&[("manager = \"20%\"", "manager = \"12%\"")]),
        change(&[("manager = \"20%\"", "manager = \"28.5%\"")]),
        change(&[("director = \"30%\"", "director = \"20%\""), ("cfo = \"40%\"", "cfo = \"65%\"")]),
        change(&[("manager = \"24.80\"", "manager = \"25.99\"")]),
        change(&[("manager = \"31.50\"", "manager = \"30.01\"")]),
    ]
});

/// Basis points as somebody in this locale types them.
fn percent(locale: &str, points: i64, form: u8) -> String {
    let comma = matches!(locale, "de-DE" | "fr-FR");
    let (whole, rest) = (points / 100, points % 100);
    let mark = if comma { ',' } else { '.' };
    let number = match (rest, form % 2) {
        (0, 0) => whole.to_string(),
        (rest, 0) if rest % 10 == 0 => format!("{whole}{mark}{}", rest / 10),
        _ => format!("{whole}{mark}{rest:02}"),
    };
    let sign = ["%", " %", "\u{A0}%", "\u{202F}%", " percent"];
    number + sign[usize::from(form / 2) % sign.len()]
}

/// What stands around the percentages.
fn around() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        ", ",
        " ",
        " off ",
        " off list ",
        " then ",
        " another ",
        " + ",
        " to ",
        " - ",
        "-",
        " 80 seats ",
        " 12 seats, ",
        " plus ",
        " for 24 months ",
        " net 60 ",
        " $30k a year ",
        " 2 months free ",
        " discount ",
        " per seat ",
        " on the programme ",
        " more ",
        " fewer ",
        " between ",
        " and ",
        " 1,200 ",
        " 1.200 ",
        " / ",
        " they said ",
        "(",
        ")",
        " of ",
    ])
}

/// The largest discount that may have been read, in basis points.
fn largest(asked: Option<&Asked>) -> i64 {
    let Some(Asked::Percent { steps, up_to, .. }) = asked else { return 0 };
    steps.iter().map(|step| step.0).sum::<i64>().max(up_to.map_or(0, |upper| upper.0))
}

/// Whether the discount goes by what was written: on top of something only where that was said, and
/// off list where one of the steps says so.
fn goes_by_what_was_written(
    text: &str,
    listed: bool,
    written: usize,
    asked: Option<&Asked>,
) -> bool {
    let Some(Asked::Percent { steps, up_to, base }) = asked else { return true };
    let (all, programme) = (steps.len() + usize::from(up_to.is_some()), text.contains("programme"));
    match base {
        Base::Programme => programme,
        Base::LastOffer => text.contains("another") || text.contains("more") || text.contains('+'),
        Base::Unsaid => !listed || programme || all < written,
        Base::List => text.contains("list") || text.contains(" of "),
    }
}

fn card(policy: &Policy, now: &str, text: &str) -> PriceAnswerV1 {
    let asked = PriceRequest { text: text.to_owned(), ..PriceRequest::default() };
    let history = History { ledger: Some(Ledger::default()), ..History::default() };
    let now: Timestamp = now.parse().unwrap();
    negotiate(Some(policy), now, &asked, &history).unwrap().card
}

/// A request in plain words.
fn request() -> impl Strategy<Value = String> {
    let goods = (1_u32..700, prop::sample::select(vec!["team", "plus"]));
    let terms = (1_u16..48, prop::sample::select(vec!["annual", "prepay"]));
    // Odd basis points: exactly at somebody's limit a price may go up by a cent, whoever asks.
    let ask = (0_u32..3_500).prop_map(|half| half * 2 + 1);
    let asks = (ask, 0_u16..4, prop::sample::select(vec![30_u16, 45, 90]));
    (goods, terms, asks, any::<[bool; 2]>()).prop_map(
        |((seats, sku), (months, billing), (ask, free, days), [onboarding, clause])| {
            let mut text = format!("{seats} seats {sku}, {months} months, {billing}, net {days}");
            text += &format!(", {}.{:02}%", ask / 100, ask % 100);
            text += &if free > 0 { format!(", {free} months free") } else { String::new() };
            text += if onboarding { ", free onboarding" } else { "" };
            text + if clause { ", clause mfn" } else { "" }
        },
    )
}

fn deal(sku: &str, seats: u32, months: u16) -> Deal {
    Deal {
        sku: sku.into(),
        currency: "USD".into(),
        seats,
        months,
        billing: "annual".to_owned(),
        payment_days: 30,
        ask: Ask::Nothing,
        free_months: 0,
        free: FreeMonths::Inside,
        services: Vec::new(),
        clauses: Vec::new(),
    }
}

/// The small policy with these tiers: seats from where on, and what they get off, in hundredths of a
/// percent.
fn tiered(mode: &str, tiers: &[(u32, u32)]) -> String {
    let mut rows = vec![
        "  { from = 1, discount = \"0%\", target = \"0%\", ceiling = \"60%\", deals = 9 },"
            .to_owned(),
    ];
    rows.extend(tiers.iter().map(|(from, off)| {
        let off = Percent(i64::from(*off));
        format!("  {{ from = {from}, discount = \"{off}\", target = \"{off}\", ceiling = \"80%\", deals = 9 }},")
    }));
    let text = small();
    let (before, rest) = text.split_once("tier = [\n").unwrap();
    let (_, after) = rest.split_once("\n]\n").unwrap();
    let before = before
        .replace("graduated", mode)
        .replace("rep = \"26.00\", manager = \"24.00\"", "rep = \"1.00\", manager = \"1.00\"");
    format!("{before}tier = [\n{}\n]\n{after}", rows.join("\n"))
}

proptest! {
    /// Whatever stands around it, no discount is read that is larger than what was written.
    #[test]
    fn no_larger_discount_is_read_than_was_written(
        locale in prop::sample::select(LOCALES.to_vec()),
        parts in prop::collection::vec((0_i64..=10_000, any::<u8>(), around(), around()), 1..4),
    ) {
        let (mut text, mut written, mut listed) = (String::new(), 0, false);
        let count = parts.len();
        for (points, form, before, after) in parts {
            text += &format!("{before}{}{after}", percent(locale, points, form));
            written += points;
            listed |= after == " off list ";
        }
        let reading = nlu::read(&text, &vocabulary(locale));
        let asked = reading.request.ask.as_ref();
        prop_assert!(largest(asked) <= written, "{:?} {:?}", text, reading);
        // Ten per cent on the programme is a larger discount than ten per cent off list.
        prop_assert!(goes_by_what_was_written(&text, listed, count, asked), "{:?} {:?}", text, reading);
        // Nor by answering what is asked back.
        for choice in reading.question.into_iter().flat_map(|question| question.choices) {
            let again = nlu::read(&choice.request, &vocabulary(locale));
            prop_assert!(largest(again.request.ask.as_ref()) <= written, "{:?} {:?}", text, choice);
        }
    }

    /// What others may give cannot be told from what a rep is shown: with other figures for them the
    /// card is the same, byte for byte, as long as the same people have to be asked by the same rules.
    #[test]
    fn the_figures_of_others_leave_no_trace(text in request(), other in 0_usize..5) {
        let now = "2026-11-25";
        let (mut one, mut two) = (card(&SHIPPED, now, &text), card(&OTHERS[other], now, &text));
        let needs = |card: &PriceAnswerV1| {
            (card.as_asked.as_ref().map(|asked| asked.needs.clone()), card.rules.clone())
        };
        if needs(&one) != needs(&two) {
            return Ok(()); // one in eighty; not rejected, or a long run would end early
        }
        (one.policy, two.policy) = (None, None);
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    }

    #[test]
    fn the_same_request_gives_the_same_bytes(text in request()) {
        let policy = Policy::read(&shipped()).unwrap();
        let bytes = |policy: &Policy| serde_json::to_string(&card(policy, "2026-11-25", &text)).unwrap();
        prop_assert_eq!(bytes(&policy), bytes(&SHIPPED));
    }

    /// Past its last day, and before anybody has looked at it, a policy gives no amount.
    #[test]
    fn a_closed_policy_gives_no_amount(text in request(), late in any::<bool>(), days in 0_i64..4_000) {
        let day: Day = if late { "2028-01-01" } else { "2026-10-01" }.parse().unwrap();
        let day = day.plus_days(if late { days } else { -days });
        let mut card = card(&SHIPPED, &day.to_string(), &text);
        prop_assert_eq!((&card.moves, &card.working, &card.as_asked), (&vec![], &vec![], &None));
        // Its name, its fingerprint and its days are no amounts.
        card.policy = None;
        let mut shown = serde_json::to_value(&card).unwrap();
        shown.as_object_mut().unwrap().remove("understood");
        let shown = shown.to_string().replace("2027-12-31", "").replace("2026-10-05", "");
        prop_assert!(!shown.contains(|c: char| c.is_ascii_digit() || "$€£".contains(c)), "{}", shown);
    }

    /// A deal that is too large is refused; what is priced is exact.
    #[test]
    fn what_is_too_large_is_refused_and_never_wraps(
        seats in any::<u32>(),
        months in any::<u16>(),
        list in 1_i64..=99_999_999_999_999,
    ) {
        let price = format!("list = \"{}.{:02}\"", list / 100, list % 100);
        let text = small().replace("list = \"40.00\"", &price)
            .replace("rep = \"26.00\", manager = \"24.00\"", "rep = \"0.01\", manager = \"0.01\"");
        let Ok(policy) = Policy::read(&text) else { return Ok(()) };
        let exact = i128::from(list) * i128::from(seats) * i128::from(months);
        match policy.quote(&deal("team", seats, months)) {
            Ok(quote) => {
                prop_assert_eq!(quote.list.to_string(), exact.to_string());
                prop_assert!(i128::from(quote.net.0) <= exact && quote.net.0 >= 0);
            }
            Err(Refusal::OutOfBounds { what, .. }) => prop_assert!(
                (what == "seats" && (seats == 0 || seats > 10_000_000))
                    || (what == "months" && (months == 0 || months > 120))
            ),
            Err(refusal) => prop_assert!(exact > i128::from(i64::MAX) / 100, "{}: {}", refusal, exact),
        }
    }

    /// One more seat never makes the whole cheaper, or the linter says so; and it says so only of a tier
    /// that does. Two neighbouring numbers of seats a case: anywhere, or at a tier's own beginning.
    #[test]
    fn totals_rise_with_the_seats_or_the_linter_says_so(
        graduated in any::<bool>(),
        steps in prop::collection::vec((1_u32..400, 0_u32..130), 0..5),
        anywhere in 1_u32..3_000,
    ) {
        let (mut from, mut off, mut tiers) = (1, 0, Vec::new());
        for (seats, more) in steps {
            // A hundred is where the cliff begins at the standard terms.
            from += seats;
            off += (more * 100 / from).min(1_200);
            tiers.push((from, off));
        }
        let text = tiered(if graduated { "graduated" } else { "volume" }, &tiers);
        let policy = Policy::read(&text).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        let advice = policy.advice(&text, "2026-11-25".parse().unwrap());
        let said = |at: usize| advice.iter().any(|fault| fault.code == "PP012" && fault.span.start == at);
        let falls_after = |seats: u32| {
            [(12, "annual"), (24, "prepay"), (36, "prepay")].iter().any(|(months, billing)| {
                let deal = |seats| Deal { billing: (*billing).to_owned(), ..deal("team", seats, *months) };
                let total = |seats| policy.quote(&deal(seats)).unwrap().net;
                total(seats + 1) < total(seats)
            })
        };
        for (from, _) in &tiers {
            let tier = format!("{{ from = {from},");
            let at = text.find(&tier).unwrap() + "{ from = ".len();
            prop_assert_eq!(falls_after(from - 1), said(at), "{} of {:?}", from, tiers);
        }
        if falls_after(anywhere) {
            prop_assert!(tiers.iter().any(|(from, _)| anywhere + 1 == *from), "{} of {:?}", anywhere, tiers);
            prop_assert!(!graduated);
        }
    }
}
