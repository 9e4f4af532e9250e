//! A price request between the grammar and the log.

use crate::feedback::{AskV1, BaseV1, PerV1, PriceShown, RequestV1};
use crate::model::{Cents, Percent};
use crate::nlu::{self, Asked, Base, Per, Request, Vocabulary};

/// A request as it is logged.
pub(super) fn store(request: &Request) -> RequestV1 {
    let Request { seats, more_seats, months, payment_days, free_months, on_top, .. } = *request;
    let Request { sku, currency, billing, services, clauses, .. } = request.clone();
    let ask = request.ask.as_ref().map(|ask| match ask {
        Asked::Percent { steps, up_to, base } => AskV1::Percent {
            steps: steps.iter().map(|Percent(points)| *points).collect(),
            up_to: up_to.map(|Percent(points)| points),
            base: match base {
                Base::Unsaid => BaseV1::Unsaid,
                Base::Programme => BaseV1::Programme,
                Base::List => BaseV1::List,
                Base::LastOffer => BaseV1::LastOffer,
            },
        },
        Asked::Amount { amount: Cents(cents), per, off } => AskV1::Amount {
            cents: *cents,
            per: match per {
                Per::Deal => PerV1::Deal,
                Per::Year => PerV1::Year,
                Per::Month => PerV1::Month,
                Per::SeatMonth => PerV1::SeatMonth,
                Per::SeatYear => PerV1::SeatYear,
            },
            off: *off,
        },
    });
    RequestV1 {
        seats,
        more_seats,
        sku,
        currency,
        months,
        billing,
        payment_days,
        ask,
        free_months,
        on_top,
        services,
        clauses,
    }
}

/// The request of a price that was logged. Logs from before 2026-12 hold it in words only, which
/// the grammar reads again.
pub(super) fn request(shown: &PriceShown, vocabulary: &Vocabulary) -> Request {
    let Some(stored) = shown.terms.clone() else {
        return nlu::read(&shown.request, vocabulary).request;
    };
    let RequestV1 { seats, more_seats, months, payment_days, free_months, on_top, .. } = stored;
    let RequestV1 { sku, currency, billing, services, clauses, .. } = stored;
    let ask = stored.ask.map(|ask| match ask {
        AskV1::Percent { steps, up_to, base } => Asked::Percent {
            steps: steps.into_iter().map(Percent).collect(),
            up_to: up_to.map(Percent),
            base: match base {
                BaseV1::Unsaid => Base::Unsaid,
                BaseV1::Programme => Base::Programme,
                BaseV1::List => Base::List,
                BaseV1::LastOffer => Base::LastOffer,
            },
        },
        AskV1::Amount { cents, per, off } => Asked::Amount {
            amount: Cents(cents),
            per: match per {
                PerV1::Deal => Per::Deal,
                PerV1::Year => Per::Year,
                PerV1::Month => Per::Month,
                PerV1::SeatMonth => Per::SeatMonth,
                PerV1::SeatYear => Per::SeatYear,
            },
            off,
        },
    });
    Request {
        seats,
        more_seats,
        sku,
        currency,
        months,
        billing,
        payment_days,
        ask,
        free_months,
        on_top,
        services,
        clauses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back_as_it_was() {
        let percent = |base| Asked::Percent {
            steps: vec![Percent(1_000), Percent(12_345)],
            up_to: Some(Percent(-1)),
            base,
        };
        let amount = |per| Asked::Amount { amount: Cents(i64::MAX), per, off: per == Per::Year };
        let asks = [Base::Unsaid, Base::Programme, Base::List, Base::LastOffer].map(percent);
        let pers = [Per::Deal, Per::Year, Per::Month, Per::SeatMonth, Per::SeatYear];
        for ask in asks.into_iter().chain(pers.map(amount)).map(Some).chain([None]) {
            let full = Request {
                seats: Some(-80),
                more_seats: Some(-2_000),
                sku: Some("team".into()),
                currency: Some("USD".into()),
                months: Some(36),
                billing: Some("prepay".to_owned()),
                payment_days: Some(60),
                ask,
                free_months: Some(2),
                on_top: Some(true),
                services: vec!["onboarding".to_owned()],
                clauses: vec!["mfn".to_owned()],
            };
            for request in [full.clone(), Request { ask: full.ask, ..Request::default() }] {
                let json = serde_json::to_string(&store(&request)).unwrap();
                let shown = PriceShown {
                    terms: Some(serde_json::from_str(&json).unwrap()),
                    request: "4 seats".to_owned(),
                    ..PriceShown::default()
                };
                assert_eq!(super::request(&shown, &Vocabulary::default()), request, "{json}");
            }
        }
    }

    #[test]
    fn without_terms_the_words_are_read() {
        let shown =
            PriceShown { request: "80 seats · 24 months".to_owned(), ..PriceShown::default() };
        let read = request(&shown, &Vocabulary::default());
        assert_eq!((read.seats, read.months), (Some(80), Some(24)));
    }
}
