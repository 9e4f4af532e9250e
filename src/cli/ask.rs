//! `cornerman ask`: one question from the command line, or one a line from standard input.

use std::io::{BufRead, IsTerminal};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::answer::print;
use super::{About, Ending, local, progress, runtime};
use crate::app::{App, Places};
use crate::card::Suggestion;
use crate::coach::{CallContext, Question};
use crate::journal::UseCaseError;
use crate::model::{Mode, Outcome};

/// Find the card for a question; without TEXT, read one per line from stdin
///
/// Exit code 0: a card or a choice was found. 3: nothing fits. 2: the text is empty.
///
/// Examples:
///   cornerman ask "they say Acme is half the price"
///   cornerman ask --stage closing "I have to run this past my boss"
///   cornerman ask --mode listening "we're based in Chicago"
///   cornerman ask --json < questions.txt
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Ask {
    /// What the customer said
    text: Option<String>,
    #[command(flatten)]
    about: About,
    /// typed: a rep wants a card; listening: something overheard, which seldom needs one
    #[arg(
        long,
        value_name = "MODE",
        default_value = "typed",
        value_parser = PossibleValuesParser::new(Mode::ALL.map(Mode::name)).map(|name| {
            if name == Mode::Listening.name() { Mode::Listening } else { Mode::Typed }
        }),
    )]
    mode: Mode,
    /// Print JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Do not log what was asked and answered
    #[arg(long)]
    no_log: bool,
}

impl Ask {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let runtime = runtime()?;
        let app = runtime.block_on(App::open(places, !self.no_log, &progress))?;
        let caller = local();
        let context = CallContext::from(self.about.clone());
        let ask = |text: &str| {
            let question = Question {
                text: text.to_owned(),
                context: context.clone(),
                mode: self.mode,
                ..Question::default()
            };
            runtime.block_on(app.services.coach.suggest(&caller, &question))
        };
        let ending = match &self.text {
            Some(text) => match ask(text) {
                Ok(answer) => {
                    print(&answer, self.json)?;
                    Ok(ending(&answer))
                }
                Err(UseCaseError::EmptyText) => {
                    eprintln!("error: {}", UseCaseError::EmptyText);
                    Ok(Ending::Usage)
                }
                Err(error) => Err(error.into()),
            },
            None => self.every_line(ask),
        };
        runtime.block_on(app.close());
        ending
    }

    /// One question a line; done when at least one of them brought a card.
    fn every_line(
        &self,
        ask: impl Fn(&str) -> Result<Suggestion, UseCaseError>,
    ) -> anyhow::Result<Ending> {
        if std::io::stdin().is_terminal() {
            eprintln!("Type what the customer said, one question a line. Ctrl-D ends.");
        }
        let mut best = Ending::Usage;
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            match ask(&String::from_utf8_lossy(&line)) {
                Ok(answer) => {
                    print(&answer, self.json)?;
                    if best != Ending::Done {
                        best = ending(&answer);
                    }
                }
                Err(UseCaseError::EmptyText) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if best == Ending::Usage {
            eprintln!(
                "error: there was no question; write one a line, or `cornerman ask \"TEXT\"`"
            );
        }
        Ok(best)
    }
}

fn ending(answer: &Suggestion) -> Ending {
    match answer.outcome {
        Outcome::Card | Outcome::Choice => Ending::Done,
        Outcome::None => Ending::Nothing,
    }
}
