//! Negotiating on the twins of the ports, with the shipped policy.

use super::*;
use crate::feedback::{MoveKind, Platform, Salt};
use crate::journal::StoreText;
use crate::model::{DealName, Timestamp};
use crate::ports::FeedbackStore;
use crate::ports::memory::{MemoryClock, MemoryLibrary, MemoryStore};

/// 2026-11-23 12:00 UTC, within the policy's time.
const NOW: i64 = 1_795_435_200_000_000;

struct Desk {
    negotiation: Negotiation,
    store: Arc<MemoryStore>,
}

fn desk() -> Desk {
    let policy = Policy::read(include_str!("../../playbooks/pricing.toml")).unwrap();
    let (store, clock): (Arc<MemoryStore>, Arc<MemoryClock>) = Default::default();
    clock.set(Timestamp::from_unix_micros(NOW));
    let log = Arc::<MemoryStore>::clone(&store) as Arc<dyn FeedbackStore>;
    let journal = Journal::new(Some(log), clock, Salt::new([7; 32]), StoreText::None);
    let library = Arc::new(MemoryLibrary::of_policy(policy));
    Desk { negotiation: Negotiation::new(library, Arc::new(journal)), store }
}

fn person(name: &str) -> Principal {
    Principal::rep(name.to_owned(), Platform::Web)
}

impl Desk {
    async fn price(&self, text: &str) -> PriceAnswerV1 {
        let deal = Some(DealName::from("example-com"));
        let asked = PriceRequest { text: text.to_owned(), deal, ..PriceRequest::default() };
        self.negotiation.price(&person("jo"), &asked).await.unwrap()
    }

    async fn mark(&self, card: &PriceAnswerV1, mark: PriceMark) -> Result<(), UseCaseError> {
        let marked = self.negotiation.mark_price(&person("jo"), &card.receipt, mark).await;
        marked.map(drop)
    }
}

fn trade(card: &PriceAnswerV1) -> Option<&str> {
    let found = card.moves.iter().find(|found| found.kind == MoveKind::Trade);
    found.map(|found| found.net.as_str())
}

#[tokio::test]
async fn steps_shrink_and_what_is_overtaken_is_refused() {
    let desk = desk();
    let first = desk.price("80 seats, they want 15%").await;
    let beside = desk.price("80 seats, they want 15%").await;
    assert_eq!(trade(&first), Some("32640.00"));
    assert_eq!(desk.mark(&first, PriceMark::Withdrawn).await, Err(UseCaseError::NotOffered));
    desk.mark(&first, PriceMark::Said).await.unwrap();
    desk.mark(&first, PriceMark::Said).await.unwrap(); // a double click
    assert_eq!(desk.mark(&beside, PriceMark::Said).await, Err(UseCaseError::Overtaken));
    let second = desk.price("15%").await;
    assert_eq!(trade(&second), Some("31488.00"), "a smaller step");
    let other = person("sam");
    let theirs = desk.negotiation.mark_price(&other, &second.receipt, PriceMark::Said).await;
    assert_eq!(theirs, Err(UseCaseError::NotYours));
    let replay = desk.negotiation.replay_price(&first.receipt).await.unwrap();
    assert_eq!(
        (replay.marks, replay.deal.as_ref().map(DealName::as_str)),
        (vec![PriceMark::Said], Some("example-com"))
    );
}

/// What was offered and cannot be read would be offered again.
#[tokio::test]
async fn without_its_history_a_deal_gets_no_trade() {
    let desk = desk();
    let card = desk.price("80 seats, they want 15%").await;
    desk.mark(&card, PriceMark::Said).await.unwrap();
    desk.store.fail(Some("the disk is full"));
    let blind = desk.price("80 seats, they want 15%").await;
    assert_eq!((trade(&blind), blind.logged), (None, false));
    desk.store.fail(None);
    let step = |number: i64| {
        let conversation = Some("deal:example-com".to_owned());
        let body = Body::GetAgreed(PriceStep { receipt: card.receipt.clone(), conversation });
        let at = Timestamp::from_unix_micros(number);
        Event::new(format!("step {number}"), at, "jo", Platform::Web, body)
    };
    let most = i64::try_from(MOST_STEPS).unwrap();
    desk.store.append((1..most).map(step).collect(), None).await.unwrap();
    assert_eq!(trade(&desk.price("15%").await), None, "more happened than is read");
}
