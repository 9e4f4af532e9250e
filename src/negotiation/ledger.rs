//! What the log knows of a deal: what was understood last, what was offered, agreed and written.

use super::cases::{Case, cases};
use super::stored;
use crate::feedback::{Body, Event, GetRecord, GiveRecord};
use crate::model::{Percent, Receipt};
use crate::nlu::{Request, Vocabulary};
use crate::pricing::{GiveKind, Given, Ledger, Ratio, Trade};

/// What is known of a deal from before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// What was understood last.
    pub request: Option<Request>,
    /// What was offered; `None` when it cannot be read.
    pub ledger: Option<Ledger>,
    /// What the customer agreed to and is not on paper yet.
    pub unwritten: Vec<Unwritten>,
    /// The exceptions that were asked for in this deal.
    pub cases: Vec<Case>,
    /// Those of all deals in the last quarter.
    pub exceptions: Vec<Case>,
}

/// Something the customer agreed to that is not on paper yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritten {
    /// The price card with the trade that asks for it.
    pub receipt: Receipt,
    /// What it is.
    pub get: GetRecord,
}

impl History {
    /// Reads the events of one deal, oldest first. A give that cannot be read makes the whole
    /// ledger unreadable: forgotten, it would be offered again.
    pub(super) fn of(events: &[Event], vocabulary: &Vocabulary) -> Self {
        let shown = |receipt: &Receipt| {
            events.iter().find(|event| event.id == receipt.as_str()).and_then(|event| match &event
                .body
            {
                Body::PriceShown(shown) => Some(shown.as_ref()),
                _ => None,
            })
        };
        let trade = |receipt: &Receipt| shown(receipt).and_then(|shown| shown.trade.as_ref());
        let mut history = Self {
            request: Self::latest(events, vocabulary),
            ledger: Some(Ledger::default()),
            cases: cases(events),
            ..Self::default()
        };
        let mut receipts: Vec<&str> = Vec::new();
        for event in events {
            match &event.body {
                Body::GiveOffered(step) => {
                    let given = trade(&step.receipt).and_then(given);
                    match (given, history.ledger.as_mut()) {
                        (Some(given), Some(ledger)) => {
                            ledger.given.push(given);
                            receipts.push(step.receipt.as_str());
                        }
                        _ => history.ledger = None,
                    }
                }
                Body::GiveWithdrawn(step) => {
                    let place =
                        receipts.iter().position(|receipt| *receipt == step.receipt.as_str());
                    let given = history.ledger.as_mut().zip(place);
                    if let Some(given) =
                        given.and_then(|(ledger, place)| ledger.given.get_mut(place))
                    {
                        given.withdrawn = true;
                    }
                    history.forget(trade(&step.receipt));
                }
                Body::GetAgreed(step) => {
                    for get in trade(&step.receipt).into_iter().flat_map(|trade| &trade.gets) {
                        if !history.unwritten.iter().any(|known| known.get == *get) {
                            let (receipt, get) = (step.receipt.clone(), get.clone());
                            history.unwritten.push(Unwritten { receipt, get });
                        }
                    }
                }
                Body::GetWritten(step) => history.forget(trade(&step.receipt)),
                _ => {}
            }
        }
        history
    }

    /// Only as many requests are read as have to be: a long deal holds many.
    fn latest(events: &[Event], vocabulary: &Vocabulary) -> Option<Request> {
        events.iter().rev().find_map(|event| match &event.body {
            Body::PriceShown(shown) => {
                let request = stored::request(shown, vocabulary);
                request.seats.is_some().then_some(request)
            }
            _ => None,
        })
    }

    /// What a trade asked for is settled.
    fn forget(&mut self, trade: Option<&GiveRecord>) {
        let settled = |get: &GetRecord| trade.is_some_and(|trade| trade.gets.contains(get));
        self.unwritten.retain(|unwritten| !settled(&unwritten.get));
    }
}

/// A trade as it is logged.
pub(super) fn record(trade: &Trade) -> GiveRecord {
    let Given { kind, step, discount, free_months, payment_days, services, .. } = &trade.given;
    let get = |(id, _, written): &(String, String, String)| GetRecord {
        id: id.clone(),
        written: written.clone(),
    };
    GiveRecord {
        give: kind.name().to_owned(),
        step: step.to_string(),
        discount: *discount,
        free_months: *free_months,
        payment_days: *payment_days,
        services: services.clone(),
        gets: trade.gets.iter().map(get).collect(),
    }
}

/// A give as it was logged.
fn given(record: &GiveRecord) -> Option<Given> {
    Some(Given {
        kind: GiveKind::ALL.into_iter().find(|kind| kind.name() == record.give)?,
        step: Ratio::parse(&record.step)?,
        discount: Percent(record.discount.0),
        free_months: record.free_months,
        payment_days: record.payment_days,
        services: record.services.clone(),
        gets: record.gets.iter().map(|get| get.id.clone()).collect(),
        withdrawn: false,
    })
}
