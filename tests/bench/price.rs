//! How long a price takes in process, from the words to the card: with the log on disk as in
//! production, without it, and the arithmetic alone. `cargo bench --bench price`
#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::path::{Path, PathBuf};

use cornerman::app::{App, Places};
use cornerman::feedback::Platform;
use cornerman::journal::{Principal, StoreText};
use cornerman::model::Percent;
use cornerman::negotiation::PriceRequest;
use cornerman::pricing::{Ask, Deal, FreeMonths, Policy, Ratio};
use divan::Bencher;
use tokio::runtime::Runtime;

/// Plain, with everything at once, in another language, asked back, refused.
const TEXTS: [&str; 5] = [
    "80 seats, they want 15%",
    "500 users Plus, 36 months prepaid, 25% off list, net 60, 2 months free, onboarding",
    "150 Plätze, 7,5 % Rabatt, monatlich",
    "80 seats 15",
    "80 seats at €30 a seat",
];

fn main() {
    divan::main();
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks")
}

fn request(text: &str, deal: Option<&str>) -> PriceRequest {
    PriceRequest { text: text.to_owned(), deal: deal.map(Into::into), ..PriceRequest::default() }
}

fn through_the_coach(bencher: Bencher, text: &str, log: bool, deal: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let places = Places {
        playbooks: shipped(),
        index: data.path().join("index"),
        data: data.path().join("data"),
        encoder: None,
        store_text: StoreText::None,
    };
    let runtime = Runtime::new().unwrap();
    let app = runtime.block_on(App::for_prices(&places, None, log, None)).unwrap();
    let caller = Principal::operator(Platform::Terminal);
    let request = request(text, deal);
    bencher.bench_local(|| {
        runtime.block_on(app.services.negotiation.price(&caller, &request)).unwrap()
    });
    runtime.block_on(app.close());
}

#[divan::bench(args = TEXTS)]
fn with_the_log(bencher: Bencher, text: &str) {
    through_the_coach(bencher, text, true, None);
}

/// The deal's history grows with each round, up to the 200 events that are read.
#[divan::bench(sample_count = 400, sample_size = 1)]
fn with_a_long_deal(bencher: Bencher) {
    through_the_coach(bencher, TEXTS[0], true, Some("north"));
}

#[divan::bench(args = TEXTS)]
fn without_the_log(bencher: Bencher, text: &str) {
    through_the_coach(bencher, text, false, None);
}

#[divan::bench]
fn the_arithmetic_alone(bencher: Bencher) {
    let text = std::fs::read_to_string(shipped().join("pricing.toml")).unwrap();
    let policy = Policy::read(&text).unwrap();
    let deal = Deal {
        sku: "team".into(),
        currency: "USD".into(),
        seats: 80,
        months: 12,
        billing: "annual".to_owned(),
        payment_days: 30,
        ask: Ask::OnProgramme(Ratio::of(Percent(1_500))),
        free_months: 0,
        free: FreeMonths::Inside,
        services: Vec::new(),
        clauses: Vec::new(),
    };
    bencher.bench_local(|| policy.quote(&deal).unwrap());
}
