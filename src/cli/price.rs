//! `cornerman price`: what may be said about a price, from the command line.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::answer::{hanging, width};
use super::{Ending, local, runtime, say};
use crate::app::{App, Places};
use crate::feedback::{MoveKind, PriceAnswerV1, PriceMove, PriceOutcome};
use crate::journal::{Recorded, UseCaseError};
use crate::model::{DealName, Stage, Timestamp};
use crate::negotiation::{PriceMark, PriceRequest};

/// Price a request within the team's policy, and say what to trade for it
///
/// Write what the customer wants: seats, product, term, payment, and what they ask for. Missing
/// details use the policy's defaults; what could mean two things is asked back.
///
/// With --deal what was offered is remembered once you say so (--mark): the next step is smaller,
/// and what they agreed to is listed on every later quote until it is in writing.
///
/// Exit code 0: you may say it. 3: refused or asked back. 4: it needs approval.
///
/// Examples:
///   cornerman price "80 seats, they want 15%"
///   cornerman price "500 users Plus, 36 months prepaid, 25% off list"
///   cornerman price "80 seats for $30k a year, net 60" --json
///   cornerman price "80 seats, they want 15%" --deal example-com
///   cornerman price --mark said 01a21f46-7dd4-759a-9093-624a7370a5e0
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Price {
    /// What the customer wants; with --mark the receipt of the price
    text: String,
    /// What happened with a price that was shown: its trade was said or withdrawn, or what it asks
    /// for in return is agreed or written
    #[arg(
        long,
        value_name = "WHAT",
        value_parser = PossibleValuesParser::new(PriceMark::ALL.map(PriceMark::name)),
        conflicts_with_all = ["policy", "role", "stage", "deal", "now", "no_log"]
    )]
    mark: Option<String>,
    /// Another policy file than playbooks/pricing.toml
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Your role in the approval chain [default: the lowest]
    #[arg(long)]
    role: Option<String>,
    /// Where the deal stands: prospecting, discovery, evaluation, proposal, negotiation, closing, renewal
    #[arg(long)]
    stage: Option<Stage>,
    /// The deal, so that what was offered in it is known
    #[arg(long)]
    deal: Option<DealName>,
    /// Answer as at another time, for example 2026-12-31T22:59:59Z; nothing is logged
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Do not log what was asked and answered
    #[arg(long)]
    no_log: bool,
}

impl Price {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let runtime = runtime()?;
        let opened = App::for_prices(places, self.policy.as_deref(), !self.no_log, self.now);
        let app = runtime.block_on(opened)?;
        let caller = local();
        let mark =
            PriceMark::ALL.into_iter().find(|mark| self.mark.as_deref() == Some(mark.name()));
        if let Some(mark) = mark {
            let recorded = runtime.block_on(app.services.negotiation.mark_price(
                &caller,
                &self.text.trim().into(),
                mark,
            ));
            runtime.block_on(app.close());
            return noted(&recorded?, mark, self.json);
        }
        let request = PriceRequest {
            text: self.text,
            role: self.role,
            stage: self.stage,
            deal: self.deal,
            ..PriceRequest::default()
        };
        let answer = runtime.block_on(app.services.negotiation.price(&caller, &request));
        runtime.block_on(app.close());
        match answer {
            Ok(card) => {
                print(&card, request.deal.is_some(), self.json)?;
                Ok(ending(card.outcome))
            }
            Err(error @ (UseCaseError::EmptyText | UseCaseError::TooLong { .. })) => usage(&error),
            Err(error @ UseCaseError::UnknownRole { .. }) => usage(&error),
            Err(error) => Err(error.into()),
        }
    }
}

/// Says that it is recorded.
fn noted(recorded: &Recorded, mark: PriceMark, json: bool) -> anyhow::Result<Ending> {
    if json {
        say(serde_json::to_string(&recorded.event)?)?
    } else {
        say(mark.noted())?
    }
    Ok(Ending::Done)
}

fn usage(error: &UseCaseError) -> anyhow::Result<Ending> {
    eprintln!("error: {error}");
    Ok(Ending::Usage)
}

fn ending(outcome: PriceOutcome) -> Ending {
    match outcome {
        PriceOutcome::Offer => Ending::Done,
        PriceOutcome::NeedsApproval => Ending::Approval,
        PriceOutcome::AskBack | PriceOutcome::Refused | PriceOutcome::OutsidePolicy => {
            Ending::Nothing
        }
    }
}

/// Prints a price on standard output, with colours only on a terminal; of one that is remembered
/// also how to say what happened with it.
pub(super) fn print(card: &PriceAnswerV1, remembered: bool, json: bool) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, card)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(());
    }
    for (line, indent) in lines(card, remembered) {
        writeln!(out, "{}", hanging(&line, indent, width()))?;
    }
    out.flush()?;
    Ok(())
}

/// The lines of a price, each with the indentation of what does not fit into it.
fn lines(card: &PriceAnswerV1, remembered: bool) -> Vec<(String, usize)> {
    let (bold, dim) = (anstyle::Style::new().bold(), anstyle::Style::new().dimmed());
    let mut lines = Vec::new();
    let mut add = |line: String, indent: usize| lines.push((line, indent));
    if !card.read.is_empty() {
        add(format!("Understood: {}", card.read), 8);
    }
    for words in &card.not_used {
        add(format!("{dim}not used: {words}{dim:#}"), 10);
    }
    if let Some(reason) = &card.reason {
        add(format!("{bold}{reason}{bold:#}"), 0);
    }
    if let Some(question) = &card.question {
        add(format!("{bold}{}{bold:#}", question.text), 0);
        for (choice, request) in question.choices.iter().zip(&question.requests) {
            add(format!("  {choice:<20} {dim}cornerman price \"{request}\"{dim:#}"), 4);
        }
    }
    for found in &card.moves {
        show(&mut add, found);
    }
    for note in &card.notes {
        add(format!("{dim}Note: {note}{dim:#}"), 6);
    }
    let marks = card.owed.iter().map(|owed| (owed.label(), "written", &owed.receipt));
    let trade = card.moves.iter().any(|found| found.kind == MoveKind::Trade);
    let said = trade.then(|| ("Once you said it".to_owned(), "said", &card.receipt));
    for (what, mark, receipt) in marks.chain(said).filter(|_| card.logged && remembered) {
        add(format!("{dim}{what}: cornerman price --mark {mark} {receipt}{dim:#}"), 2);
    }
    if !card.working.is_empty() {
        add(format!("\n{dim}Working{dim:#}"), 0);
    }
    for line in &card.working {
        add(format!("  {dim}{line}{dim:#}"), 4);
    }
    if let Some(policy) = &card.policy {
        let rules = if card.rules.is_empty() {
            String::new()
        } else {
            format!(" · rules {}", card.rules.join(", "))
        };
        let (id, verified, expires) = (&policy.id, &policy.verified, &policy.expires);
        let head = format!("Policy {id} · verified {verified} · valid to {expires}{rules}");
        add(format!("{dim}{head}{dim:#}"), 0);
    }
    lines
}

fn show(add: &mut impl FnMut(String, usize), found: &PriceMove) {
    let (bold, dim) = (anstyle::Style::new().bold(), anstyle::Style::new().dimmed());
    let (label, said) = match found.kind {
        MoveKind::Hold => ("HOLD", "ASK"),
        MoveKind::Trade => ("TRADE", "SAY"),
        MoveKind::Escalate => ("ESCALATE", "SAY"),
    };
    let (mark, here) = if found.start_here { ("▸", "   <- start here") } else { (" ", "") };
    let price = &found.price;
    add(format!("{label:<9}{mark} {bold}{price:>14}{bold:#}   {}{here}", found.about), 12);
    let indent = " ".repeat(12);
    if !found.say.is_empty() {
        add(format!("{indent}{said}: {bold}\"{}\"{bold:#}", found.say), 12);
    }
    if !found.write_down.is_empty() {
        let written = found.write_down.join("; ");
        add(format!("{indent}{dim}WRITE DOWN: {written}.{dim:#}"), 12);
    }
    if !found.reasons.is_empty() {
        let reasons = found.reasons.join(" · ");
        add(format!("{indent}{dim}Pick a reason: {reasons}{dim:#}"), 12);
    }
}
