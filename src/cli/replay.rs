//! `cornerman replay`: an answer again, from its receipt.

use clap::Args;

use super::answer::print;
use super::{Ending, progress, runtime};
use crate::app::{App, Places};
use crate::coach::Replay;
use crate::journal::UseCaseError;
use crate::model::Receipt;

/// Reprint an answer by its receipt
///
/// The words are the same as the first time. If a card has been edited since, it says which
/// content is gone, and the exit code is 1. The customer's words are not kept, so they are not
/// in the JSON either.
///
/// Example:
///   cornerman replay 01936000-0000-7000-8000-000000000002
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Print {
    /// The receipt of the answer, from its JSON or from the log
    receipt: Receipt,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Print {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let runtime = runtime()?;
        let app = runtime.block_on(App::open(places, true, &progress))?;
        let price = runtime.block_on(app.services.negotiation.replay_price(&self.receipt));
        let replayed = runtime.block_on(app.services.coach.replay(&self.receipt));
        runtime.block_on(app.close());
        match price {
            Ok(price) => {
                super::price::print(&price.card, false, self.json)?;
                return Ok(Ending::Done);
            }
            // It may be an answer with cards.
            Err(UseCaseError::UnknownReceipt(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let Replay { answer, gone, .. } = match replayed {
            Ok(replay) => replay,
            Err(error @ UseCaseError::UnknownReceipt(_)) => {
                eprintln!("error: {error}");
                return Ok(Ending::Failed);
            }
            Err(error) => return Err(error.into()),
        };
        if gone.is_empty() {
            print(&answer, self.json)?;
            return Ok(Ending::Done);
        }
        for shown in &gone {
            eprintln!(
                "error: the words of card `{}` as they were ({}:{}, content {}) are gone: the card \
                 was edited or removed; look for them in the history of your playbooks",
                shown.card_id, shown.file, shown.line, shown.hash
            );
        }
        Ok(Ending::Failed)
    }
}
