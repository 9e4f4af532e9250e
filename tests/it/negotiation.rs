//! The tables of `tests/negotiation/`: each deal is priced, and every figure must be exact.

use std::collections::BTreeMap;

use cornerman::feedback::{MoveKind, PriceAnswerV1, PriceMove};
use cornerman::model::{Cents, Percent, Timestamp};
use cornerman::negotiation::{History, PriceRequest, negotiate};
use cornerman::nlu::{self, Reading, Vocabulary};
use cornerman::pricing::{
    Ask, Deal, FreeMonths, Granted, Ledger, Policy, Ratio, Refusal, Snapshot,
};

use crate::root;

pub fn shipped() -> String {
    std::fs::read_to_string(root().join("playbooks/pricing.toml")).unwrap()
}

fn share(percent: &str) -> Ratio {
    Ratio::of(percent.parse().unwrap())
}

/// `80 team, 24 months prepay, ask 5%, net 60` and the like.
fn deal(text: &str) -> Deal {
    let (goods, rest) = text.split_once(", ").unwrap_or((text, ""));
    let (seats, sku) = goods.split_once(' ').unwrap();
    let mut deal = Deal {
        sku: sku.into(),
        currency: "USD".into(),
        seats: seats.parse().unwrap(),
        months: 12,
        billing: "annual".to_owned(),
        payment_days: 30,
        ask: Ask::Nothing,
        free_months: 0,
        free: FreeMonths::Inside,
        services: Vec::new(),
        clauses: Vec::new(),
    };
    for part in rest.split(", ").filter(|part| !part.is_empty()) {
        let words: Vec<&str> = part.split(' ').collect();
        match words.as_slice() {
            [months, "months"] => deal.months = months.parse().unwrap(),
            [months, "months", billing] => {
                (deal.months, deal.billing) = (months.parse().unwrap(), (*billing).to_owned());
            }
            ["ask", percent] => deal.ask = Ask::OnProgramme(share(percent)),
            ["off", "list", percent] => deal.ask = Ask::OffList(share(percent)),
            ["total", amount] => deal.ask = Ask::Total(amount.parse().unwrap()),
            [currency] => deal.currency = (*currency).into(),
            ["net", days] => deal.payment_days = days.parse().unwrap(),
            [months, "free", "inside"] => deal.free_months = months.parse().unwrap(),
            [months, "free", "on", "top"] => {
                (deal.free_months, deal.free) = (months.parse().unwrap(), FreeMonths::OnTop);
            }
            ["service", id] => deal.services.push((*id).to_owned()),
            ["clause", id] => deal.clauses.push((*id).to_owned()),
            _ => panic!("{part}"),
        }
    }
    deal
}

/// What the engine says, in the words of the table.
fn found(policy: &Policy, deal: &Deal) -> [String; 7] {
    let quote = policy.quote(deal).unwrap();
    let cents = |ratio: Ratio| Cents(ratio.half_even().unwrap()).to_string();
    let role = quote.needs.role.unwrap_or_else(|| "nobody".to_owned());
    let needs = std::iter::once(role).chain(quote.needs.sign_offs).collect::<Vec<_>>().join(" + ");
    let (effective, beyond) = (quote.effective.to_string(), quote.beyond.to_string());
    let (list, programme) = (cents(quote.list), cents(quote.programme));
    let because = quote.needs.because.join(" + ");
    [list, programme, quote.net.to_string(), effective, beyond, needs, because]
}

#[test]
fn every_row_of_the_tables_is_exact() {
    let text = std::fs::read_to_string(root().join("tests/negotiation/prices.md")).unwrap();
    let (mut rows, mut wrong) = (0, Vec::new());
    let mut policy = Policy::read(&shipped()).unwrap();
    for line in text.lines() {
        if line.starts_with("## ") {
            policy = Policy::read(&shipped()).unwrap();
        } else if let Some(change) = line.strip_prefix("policy: ") {
            let Some((from, to)) = change.split_once(" becomes ") else {
                let file = root().join("tests/negotiation").join(change.trim_matches('`'));
                policy = Policy::read(&std::fs::read_to_string(file).unwrap()).unwrap();
                continue;
            };
            let (from, to) = (from.trim_matches('`'), to.trim_matches('`'));
            assert!(shipped().contains(from), "{from}");
            policy = Policy::read(&shipped().replacen(from, to, 1)).unwrap();
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, asked, expected @ .., _] = cells.as_slice() else { continue };
        if *asked == "deal" || asked.starts_with('-') {
            continue;
        }
        rows += 1;
        for (expected, found) in expected.iter().zip(found(&policy, &deal(asked))) {
            if !expected.is_empty() && *expected != found {
                wrong.push(format!("{asked}: {found}, not {expected}"));
            }
        }
    }
    assert!(rows >= 54, "{rows} rows");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn what_cannot_be_priced_is_refused_with_the_reason() {
    let policy = Policy::read(&shipped()).unwrap();
    let refused = |text: &str| policy.quote(&deal(text)).unwrap_err();
    assert!(matches!(refused("80 teem"), Refusal::UnknownSku(_, known) if known == "team, plus"));
    assert!(matches!(refused("0 team"), Refusal::OutOfBounds { what: "seats", .. }));
    assert!(matches!(refused("10000001 team"), Refusal::OutOfBounds { .. }));
    assert!(matches!(refused("8 team, 121 months"), Refusal::OutOfBounds { what: "months", .. }));
    assert_eq!(refused("8 team, 12 free inside"), Refusal::NothingToBill(12));
    assert_eq!(refused("8 team, service training"), Refusal::UnknownService("training".into()));
    assert_eq!(refused("80 team, total 99999.00"), Refusal::NothingAsked);
    assert_eq!(refused("80 team, off list 5%"), Refusal::NothingAsked);
    assert_eq!(policy.limit(&deal("80 team"), "boss"), Ok(None));
    // The largest deal there is can be priced.
    assert!(policy.quote(&deal("10000000 team, 120 months prepay, ask 40%, net 365")).is_ok());
}

/// From the day on which it was verified to the end of its last day, where the team works.
#[test]
fn a_policy_is_open_from_its_first_to_its_last_second() {
    let policy = Policy::read(&shipped()).unwrap();
    let open = |now: &str| policy.open(now.parse().unwrap()).is_ok();
    assert_eq!([open("2026-10-04T21:59:59Z"), open("2026-10-04T22:00:00Z")], [false, true]);
    assert_eq!([open("2027-12-31T22:59:59Z"), open("2027-12-31T23:00:00Z")], [true, false]);
}

fn snapshot(policy: &Policy, asked: &str, gets: &str) -> Snapshot {
    let deal = deal(asked);
    policy.snapshot(&deal, &policy.quote(&deal).unwrap(), joined(gets)).unwrap()
}

fn joined(names: &str) -> Vec<String> {
    names.split(" + ").filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn an_approval_holds_for_what_was_approved() {
    let text = std::fs::read_to_string(root().join("tests/negotiation/approvals.md")).unwrap();
    let policy = Policy::read(&shipped()).unwrap();
    let now: Timestamp = "2026-11-02".parse().unwrap();
    let (mut granted, mut rows, mut wrong) = (None, 0, Vec::new());
    for line in text.lines() {
        if let Some(approved) = line.strip_prefix("## ") {
            let (asked, rest) = approved.split_once("; by ").unwrap();
            let (by, gets) = rest.split_once("; gets").unwrap();
            let snapshot = snapshot(&policy, asked, gets.trim());
            granted = Some(Granted { snapshot, by: joined(by), until: policy.valid_until(now) });
        }
        let row: Vec<&str> = line.split('|').map(str::trim).collect();
        let (Some(granted), [_, asked, gets, days, expected, _]) = (&granted, row.as_slice())
        else {
            continue;
        };
        let Ok(days) = days.parse() else { continue };
        rows += 1;
        let asked_now = snapshot(&policy, asked, gets);
        let reopened = policy.reopened(granted, &asked_now, now.plus_days(days));
        let mut fields: Vec<&str> = reopened.iter().map(|what| what.field()).collect();
        fields.dedup();
        if fields.join(" + ") != *expected {
            wrong.push(format!("{asked}: {reopened:?}, not {expected}"));
        }
        let text = serde_json::to_string(&asked_now).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), asked_now);
    }
    assert_eq!(wrong, [""; 0]);
    assert!(rows >= 29, "{rows} rows");
}

#[test]
fn who_is_asked_and_what_is_alike_is_as_the_tables_say() {
    let text = std::fs::read_to_string(root().join("tests/negotiation/approvals.md")).unwrap();
    let policy = Policy::read(&shipped()).unwrap();
    let (mut rows, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        let row: Vec<&str> = line.split('|').map(str::trim).collect();
        let found = match row.as_slice() {
            [_, asked, given, _, person, _, _] if asked.starts_with(char::is_numeric) => {
                let missing = policy.missing(&snapshot(&policy, asked, ""), &joined(given));
                let gives = policy.may_give(&missing, &joined(person)).join(" + ");
                format!("| {asked} | {given} | {} | {person} | {gives} |", missing.join(" + "))
            }
            [_, one, other, _, _] if one.starts_with(char::is_numeric) => {
                let both = [one, other].map(|asked| snapshot(&policy, asked, ""));
                let alike = if policy.alike(&both[0], &both[1]) { "yes" } else { "no" };
                format!("| {one} | {other} | {alike} |")
            }
            _ => continue,
        };
        rows += 1;
        if found.replace("|  |", "| |") != line.replace("|  |", "| |") {
            wrong.push(found);
        }
    }
    assert!(wrong.is_empty(), "otherwise:\n{}", wrong.join("\n"));
    assert_eq!(rows, 18);
}

/// Words and comments of the policy may change; a figure may not.
#[test]
fn an_approval_holds_while_the_figures_of_the_policy_stay() {
    let at = |text: &str| Policy::read(text).unwrap();
    let now: Timestamp = "2026-11-02".parse().unwrap();
    let first = at(&shipped());
    let snapshot = snapshot(&first, "80 team, ask 15%", "");
    let until = first.valid_until(now);
    let granted = Granted { snapshot, by: vec!["manager".to_owned()], until };
    for (from, to, fields) in [
        ("# What a rep may offer", "# What anybody may offer", vec![]),
        ("do a case study with us", "tell your story", vec![]),
        ("count = 3 }", "count = 3, allow = \"PP031: a get for each\" }", vec![]),
        ("shrink = \"60%\"", "shrink = \"50%\"", vec!["policy"]),
    ] {
        assert!(shipped().contains(from), "{from}");
        let policy = at(&shipped().replace(from, to));
        let deal = deal("80 team, ask 15%");
        let now_asked = policy.snapshot(&deal, &policy.quote(&deal).unwrap(), Vec::new()).unwrap();
        let reopened = policy.reopened(&granted, &now_asked, now);
        assert_eq!(reopened.iter().map(|what| what.field()).collect::<Vec<_>>(), fields, "{to}");
    }
}

pub fn vocabulary(locale: &str) -> Vocabulary {
    fn ids<'a, T: From<&'a str>>(text: &'a str) -> Vec<T> {
        text.split(' ').map(T::from).collect()
    }
    Vocabulary {
        skus: ids("team plus"),
        services: ids("onboarding"),
        clauses: ids("mfn unlimited-liability termination-for-convenience"),
        billings: ids("annual prepay"),
        currencies: ids("USD EUR SGD"),
        dollar: Some("USD".into()),
        locale: serde_json::from_value(locale.into()).unwrap(),
    }
}

/// What was read, in the cells of the table.
fn cells(reading: &Reading) -> [String; 3] {
    let question = reading.question.as_ref().map_or_else(String::new, |question| {
        let choices: Vec<&str> = question.choices.iter().map(|choice| &*choice.label).collect();
        format!("{} [{}]", question.text, choices.join("; "))
    });
    [reading.request.to_string(), question, reading.not_used.join("; ")]
}

#[test]
fn every_request_is_read_as_the_table_says() {
    let text = std::fs::read_to_string(root().join("tests/negotiation/requests.md")).unwrap();
    let (mut rows, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        let row: Vec<&str> = line.split(" |").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [locale, typed, expected @ .., _] = row.as_slice() else { continue };
        if !line.starts_with("| ") || *locale == "locale" {
            continue;
        }
        rows += 1;
        let spaces = typed.replace("<U+00A0>", "\u{A0}").replace("<U+202F>", "\u{202F}");
        let reading = nlu::read(&spaces, &vocabulary(locale));
        let found = cells(&reading);
        if found != *expected {
            wrong.push(format!("| {locale} | {typed} | {} |", found.join(" | ")));
        }
        let again = nlu::read(&reading.request.to_string(), &vocabulary(locale));
        assert_eq!(again.request, reading.request, "{typed}: {}", reading.request);
        assert_eq!(again.question, None, "{typed}: {}", reading.request);
    }
    assert!(wrong.is_empty(), "read otherwise:\n{}", wrong.join("\n"));
    assert!(rows >= 120, "{rows} rows");
}

/// Pieces that requests are made of, in any order.
fn pieces() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let word = prop::sample::select(
        "80 15 1,200 1.200 12½ 30k 5m -10 % percent off list another more fewer then plus and to - \
         seats users Plätze postes team plus $ € USD 32 a seat year in total months free on top net \
         days 60 2-year prepay annual onboarding mfn clause half price discount of at 85 . , + / ² \
         ٣ ３０％ between two twenty $30k 10%"
            .split_whitespace()
            .collect::<Vec<_>>(),
    );
    let piece = prop_oneof![8 => word.prop_map(str::to_owned), 1 => "\\PC{0,3}"];
    let gap = prop::sample::select(vec![" ", " ", " ", "", "\u{A0}", ", "]);
    prop::collection::vec((piece, gap), 0..12).prop_map(|pieces| {
        pieces.into_iter().flat_map(|(piece, gap)| [piece, gap.into()]).collect()
    })
}

proptest::proptest! {
    /// What was read is read again from its own words, whatever was typed, in every locale.
    #[test]
    fn a_request_in_its_own_words_is_the_same(text in pieces()) {
        for locale in ["en-US", "en-GB", "en-IN", "de-DE", "de-CH", "fr-FR"] {
            let vocabulary = vocabulary(locale);
            let reading = nlu::read(&text, &vocabulary);
            let again = nlu::read(&reading.request.to_string(), &vocabulary);
            proptest::prop_assert_eq!(&again.request, &reading.request);
            proptest::prop_assert_eq!(again.question, None);
            for choice in reading.question.into_iter().flat_map(|question| question.choices) {
                proptest::prop_assert_ne!(&choice.request, &text, "a choice that changes nothing");
            }
        }
    }

    /// Nothing that is typed makes it fall over.
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        let reading = nlu::read(&text, &vocabulary("en-US"));
        proptest::prop_assert!(reading.not_used.concat().len() <= text.len());
    }
}

/// What a card offers, in the cells of the table.
fn offered(card: &PriceAnswerV1) -> [String; 5] {
    let find = |kind| card.moves.iter().find(|found| found.kind == kind);
    let text = |kind, show: &dyn Fn(&PriceMove) -> String| find(kind).map_or(String::new(), show);
    let start = card.moves.iter().filter(|found| found.start_here);
    let kinds: Vec<_> = start.map(|found| serde_json::to_value(found.kind).unwrap()).collect();
    assert_eq!(kinds.len(), 1, "one move to start with");
    [
        text(MoveKind::Hold, &|hold| hold.net.clone()),
        text(MoveKind::Trade, &|trade| {
            format!("{} for {}: {}", trade.give, trade.gets.join(" + "), trade.net)
        }),
        text(MoveKind::Escalate, &|up| format!("{} needs {}", up.net, up.needs.join(" + "))),
        kinds[0].as_str().unwrap().to_owned(),
        card.notes.join(" "),
    ]
}

#[test]
fn every_move_is_as_the_table_says() {
    let text = std::fs::read_to_string(root().join("tests/negotiation/moves.md")).unwrap();
    let policy = Policy::read(&shipped()).unwrap();
    let now = "2026-11-25".parse().unwrap();
    let (mut ledgers, mut wrong) = (BTreeMap::<String, Ledger>::new(), Vec::new());
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| deal")) {
        let row: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [deal, typed, stage, expected @ ..] = row.as_slice() else { panic!("{line}") };
        let stage = (!stage.is_empty()).then(|| stage.parse().unwrap());
        let asked = PriceRequest { text: (*typed).to_owned(), stage, ..PriceRequest::default() };
        let ledger = ledgers.entry((*deal).to_owned()).or_default();
        let history = History { ledger: Some(ledger.clone()), ..History::default() };
        let answer = negotiate(Some(&policy), now, &asked, &history).unwrap();
        let found = offered(&answer.card);
        if found != *expected {
            let found = found.join(" | ");
            wrong.push(format!("| {deal} | {typed} | {} | {found} |", row[2]));
        }
        ledger.given.extend(answer.trade.map(|trade| trade.given));
    }
    assert!(wrong.is_empty(), "offered otherwise:\n{}", wrong.join("\n"));
}

/// The answer to the first request of a deal.
fn first(policy: &Policy, text: &str) -> PriceAnswerV1 {
    let asked = PriceRequest { text: text.to_owned(), ..PriceRequest::default() };
    let history = History { ledger: Some(Ledger::default()), ..History::default() };
    negotiate(Some(policy), "2026-11-25".parse().unwrap(), &asked, &history).unwrap().card
}

#[test]
fn a_policy_without_steps_offers_no_trade_and_says_so() {
    let text = shipped();
    let steps = text.lines().find(|line| line.starts_with("steps ")).unwrap();
    let policy = Policy::read(&text.replace(steps, "")).unwrap();
    let [_, trade, _, _, notes] = offered(&first(&policy, "80 seats, 15%"));
    assert_eq!((trade.as_str(), notes.contains("no steps")), ("", true), "{notes}");
}

/// In the shipped policy a manager is needed from the first late day on.
#[test]
fn days_to_pay_are_traded_where_a_rep_may_give_them() {
    let late = "payment_days_over = 30, needs = \"manager\"";
    let policy = Policy::read(&shipped().replace(late, &late.replace("30", "45"))).unwrap();
    let [_, trade, ..] = offered(&first(&policy, "80 seats, net 45"));
    assert_eq!(trade, "45 days to pay for sign-by: 34560.00");
    assert_eq!(offered(&first(&policy, "80 seats, net 46"))[1], "");
}

/// A service costs what it costs in the currency of the deal.
#[test]
fn a_service_is_worth_its_own_price() {
    let pounds = "service = [{ id = \"onboarding\", list = \"2500.00\", currency = \"GBP\" }, ";
    let policy = Policy::read(&shipped().replace("service = [", pounds)).unwrap();
    let card = first(&policy, "80 seats, free onboarding");
    assert!(card.working.contains(&"onboarding is worth $3,000.00, and free".to_owned()));
    assert_eq!(card.as_asked.unwrap().list, "41400.00");
}

#[test]
fn what_was_taken_back_is_not_owed() {
    let policy = Policy::read(&shipped()).unwrap();
    let mut ledger = Ledger::default();
    for gets in [&["case-study", "named-volume"][..], &["reference-calls", "sign-by"]] {
        let trade = policy.trade(&deal("80 team, ask 15%"), "rep", &ledger).unwrap().unwrap();
        assert_eq!(trade.given.gets, gets);
        ledger.given.push(trade.given);
    }
    let all = ["case-study", "named-volume", "reference-calls", "sign-by"];
    assert_eq!(
        (ledger.gets().as_slice(), ledger.discount()),
        (&all.map(str::to_owned)[..], Percent(800))
    );
    ledger.given[0].withdrawn = true;
    assert_eq!(
        (ledger.gets().as_slice(), ledger.discount()),
        (&all.map(str::to_owned)[2..], Percent(300))
    );
}

/// A team's own way of writing numbers, and its own product, decide what an amount is.
#[test]
fn numbers_are_read_as_the_policy_says() {
    let asked = |policy: &Policy, text: &str| first(policy, text).as_asked.map(|asked| asked.net);
    let german = shipped().replacen("\"en-US\"", "\"de-DE\"", 1);
    let german = Policy::read(&german).unwrap();
    let text = "80 Plätze für 30.500 USD im Jahr";
    assert_eq!(asked(&german, text).as_deref(), Some("30500.00"));
    assert_eq!(asked(&Policy::read(&shipped()).unwrap(), text), None, "asked back");

    let off_list = shipped().replacen("\"on-programme\"", "\"off-list\"", 1);
    let off_list = Policy::read(&off_list).unwrap();
    assert_eq!(asked(&off_list, "80 seats, 25%").as_deref(), Some("28800.00"));
}
