//! `cornerman test`: asks the golden questions and says which no longer bring their card.

use clap::Args;
use serde::Serialize;

use super::{Ending, progress, runtime, say};
use crate::app::{Places, open_generation};
use crate::coach::ports::Generation;
use crate::coach::{Verdict, golden};
use crate::library;
use crate::playbook::{Question, read_questions, render_text};

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
    let Verdict { got, passed } = golden(generation, question).await?;
    let expect = question.expect.to_string();
    Ok(Case { ask: question.ask.clone(), expect, got, passed, open: question.open })
}
