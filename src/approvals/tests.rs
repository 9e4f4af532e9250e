//! Exceptions on the twins of the ports, with the shipped policy.

use super::*;
use crate::feedback::{Platform, PriceOutcome, Salt};
use crate::journal::{Role, StoreText};
use crate::negotiation::PriceRequest;
use crate::ports::memory::{MemoryClock, MemoryLibrary, MemoryStore};

/// 2026-11-23 12:00 UTC, within the policy's time.
const NOW: i64 = 1_795_435_200_000_000;

fn person(name: &str, roles: &[&str]) -> Principal {
    let roles = roles.iter().map(|role| Role::Pricing((*role).to_owned())).collect();
    let rep = Principal::rep(name.to_owned(), Platform::Discord);
    rep.signed_in(format!("person {name}"), roles)
}

#[tokio::test]
async fn an_exception_takes_somebody_else_of_the_role_while_the_policy_holds() {
    let policy = Policy::read(include_str!("../../playbooks/pricing.toml")).unwrap();
    let (store, clock): (Arc<MemoryStore>, Arc<MemoryClock>) = Default::default();
    clock.set(Timestamp::from_unix_micros(NOW));
    let time = Arc::<MemoryClock>::clone(&clock);
    let journal = Journal::new(Some(store), time, Salt::new([7; 32]), StoreText::None);
    let journal = Arc::new(journal);
    let library = Arc::new(MemoryLibrary::of_policy(policy));
    let negotiation = Arc::new(Negotiation::new(library, Arc::clone(&journal)));
    let approvals = Approvals::new(Arc::clone(&negotiation), journal);
    let price = async || {
        let (text, deal) = ("80 seats, 15%".to_owned(), Some("example-com".into()));
        let asked = PriceRequest { text, deal, ..PriceRequest::default() };
        negotiation.price(&person("jo", &[]), &asked).await.unwrap()
    };
    let card = price().await;
    assert_eq!(card.outcome, PriceOutcome::NeedsApproval);
    let jo = person("jo", &["manager"]);
    let unknown = approvals.ask(&jo, &card.receipt, "because").await;
    assert!(matches!(unknown, Err(UseCaseError::Approval(NoApproval::UnknownReason { .. }))));
    let asked = approvals.ask(&jo, &card.receipt, "competitive").await.unwrap();
    assert_eq!(asked.needs, ["manager"]);
    let decide = |who: Principal| {
        let (approvals, request) = (&approvals, &asked.request);
        async move { approvals.decide(&who, request, Decision::Approved, None).await }
    };
    let refused = |why: NoApproval| Err(UseCaseError::Approval(why));
    assert_eq!(decide(jo).await, refused(NoApproval::OwnRequest));
    let needs = "manager".to_owned();
    assert_eq!(decide(person("lee", &["rep"])).await, refused(NoApproval::NotTheirRole { needs }));
    clock.set(Timestamp::from_unix_micros(NOW).plus_days(900));
    let late = decide(person("sam", &["manager"])).await;
    assert!(matches!(late, Err(UseCaseError::Approval(NoApproval::Closed(_)))), "{late:?}");
    clock.set(Timestamp::from_unix_micros(NOW));
    let decided = decide(person("sam", &["director"])).await.unwrap();
    assert!(matches!(decided.state, CaseState::Approved(_)), "a higher role may as well");
    let again = decide(person("sam", &["manager"])).await;
    assert_eq!(again, refused(NoApproval::DecidedAlready));
    assert_eq!(price().await.outcome, PriceOutcome::Offer);
}
