//! The tables of `tests/negotiation/`: each deal is priced, and every figure must be exact.

use cornerman::model::Cents;
use cornerman::pricing::{Ask, Deal, FreeMonths, Policy, Refusal};

use crate::root;

fn shipped() -> String {
    std::fs::read_to_string(root().join("playbooks/pricing.toml")).unwrap()
}

/// `80 team, 24 months prepay, ask 5%, net 60` and the like.
fn deal(text: &str) -> Deal {
    let (goods, rest) = text.split_once(", ").unwrap_or((text, ""));
    let (seats, sku) = goods.split_once(' ').unwrap();
    let mut deal = Deal {
        sku: sku.to_owned(),
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
            ["ask", percent] => deal.ask = Ask::OnProgramme(percent.parse().unwrap()),
            ["off", "list", percent] => deal.ask = Ask::OffList(percent.parse().unwrap()),
            ["total", amount] => deal.ask = Ask::Total(amount.parse().unwrap()),
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
fn found(policy: &Policy, deal: &Deal) -> [String; 6] {
    let quote = policy.quote(deal).unwrap();
    let cents = |ratio: cornerman::pricing::Ratio| Cents(ratio.half_even().unwrap()).to_string();
    let role = quote.needs.role.unwrap_or_else(|| "nobody".to_owned());
    let needs = std::iter::once(role).chain(quote.needs.sign_offs).collect::<Vec<_>>().join(" + ");
    let (effective, beyond) = (quote.effective.to_string(), quote.beyond.to_string());
    [cents(quote.list), cents(quote.programme), quote.net.to_string(), effective, beyond, needs]
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
            let (from, to) = change.split_once(" becomes ").unwrap();
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
    assert!(rows >= 35, "{rows} rows");
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
    // The largest deal there is can be priced.
    assert!(policy.quote(&deal("10000000 team, 120 months prepay, ask 40%, net 365")).is_ok());
}
