//! `cornerman test`: asks the golden questions and says which no longer bring their card.

use clap::Args;
use serde::Serialize;

use super::{Ending, progress, runtime, say};
use crate::app::{Places, open_generation};
use crate::coach::look;
use crate::coach::ports::Generation;
use crate::library;
use crate::model::{CardId, Outcome};
use crate::playbook::{Expectation, Question, read_questions, render_text};

/// Ask the golden questions of questions.toml; exit code 1 when one fails
///
/// A question with status = "open" is known to fail and does not count.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Test {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    passed: usize,
    failed: usize,
    cases: Vec<Case>,
}

#[derive(Serialize)]
struct Case {
    ask: String,
    expect: String,
    got: String,
    passed: bool,
    open: bool,
}

impl Test {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let generation = open_generation(places, true, &progress)?;
        let Some(file) = library::read(&places.playbooks)?.questions else {
            anyhow::bail!("there is no {}/questions.toml", places.playbooks.display());
        };
        let questions = match read_questions(&file, &generation.playbook) {
            Ok(questions) => questions,
            Err(found) => {
                let directory = places.playbooks.display().to_string();
                for diagnostic in found {
                    eprintln!("{}\n", render_text(&diagnostic, &file.text, &directory, false));
                }
                return Ok(Ending::Failed);
            }
        };
        let runtime = runtime()?;
        let mut cases = Vec::new();
        for question in &questions {
            let case = runtime.block_on(case(&generation, question))?;
            if !self.json && !case.passed {
                let mark = if case.open { "open  " } else { "FAILED" };
                say(format_args!(
                    "{mark} \"{}\"\n       expected {}, got {}",
                    case.ask, case.expect, case.got
                ))?;
            }
            cases.push(case);
        }
        let passed = cases.iter().filter(|case| case.passed).count();
        let failed = cases.iter().filter(|case| !case.passed && !case.open).count();
        let report = Report { passed, failed, cases };
        match self.json {
            true => say(serde_json::to_string(&report)?)?,
            false => say(format_args!("{passed} golden questions passed, {failed} failed"))?,
        }
        Ok(if report.failed == 0 { Ending::Done } else { Ending::Failed })
    }
}

async fn case(generation: &Generation, question: &Question) -> anyhow::Result<Case> {
    let judged = look(generation, &question.ask).await?.judged;
    let shown = judged.shown(&generation.finder.weights()).iter();
    let ids: Vec<&CardId> =
        shown.filter_map(|card| Some(&generation.playbook.cards.get(card.card)?.id)).collect();
    let first = ids.first();
    let met = match &question.expect {
        Expectation::Nothing => judged.outcome == Outcome::None,
        Expectation::Choice => judged.outcome == Outcome::Choice,
        Expectation::AnyOf(cards) => first.is_some_and(|first| cards.contains(first)),
    };
    let passed = met && !ids.iter().any(|id| question.not.contains(id));
    let names: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let got = match judged.outcome {
        Outcome::None => "none".to_owned(),
        Outcome::Card => names.concat(),
        Outcome::Choice => format!("a choice of {}", names.join(", ")),
    };
    Ok(Case {
        ask: question.ask.clone(),
        expect: question.expect.to_string(),
        got,
        passed,
        open: question.open,
    })
}
