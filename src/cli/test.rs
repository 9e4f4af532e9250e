//! `cornerman test`: asks the golden questions and says which no longer bring their card.

use std::io::IsTerminal;

use clap::Args;
use serde::Serialize;

use super::{Ending, progress, runtime, say};
use crate::app::{Places, open_generation, stray_phrasings};
use crate::evaluation::{Verdict, golden_questions};
use crate::library;
use crate::model::Severity;
use crate::playbook::{Diagnostic, SourceFile, read_questions, render_text};

/// Ask the golden questions, and every phrasing of every card
///
/// The questions are those of questions.toml. One with status = "open" is known to fail and does
/// not count. A phrasing that ties with another card is a warning.
///
/// Exit code 1: a question or a phrasing brings another card than its own.
///
/// Examples:
///   cornerman test
///   cornerman test --playbooks ../our-playbooks --json
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
    phrasings: usize,
    strays: Vec<Diagnostic>,
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
        let files = library::read(&places.playbooks)?;
        let Some(file) = &files.questions else {
            anyhow::bail!("there is no {}/questions.toml", places.playbooks.display());
        };
        let questions = match read_questions(file, &generation.playbook) {
            Ok(questions) => questions,
            Err(found) => {
                for diagnostic in found {
                    eprintln!("{}\n", shown(&diagnostic, file, places));
                }
                return Ok(Ending::Failed);
            }
        };
        let runtime = runtime()?;
        let verdicts = runtime.block_on(golden_questions(&generation, &questions));
        let mut cases = Vec::new();
        for (question, Verdict { got, passed }) in questions.iter().zip(verdicts) {
            let (ask, expect) = (question.ask.clone(), question.expect.to_string());
            let case = Case { ask, expect, got, passed, open: question.open };
            if !self.json && !case.passed {
                let mark = if case.open { "open  " } else { "FAILED" };
                say(format_args!(
                    "{mark} \"{}\"\n       expected {}, got {}",
                    case.ask, case.expect, case.got
                ))?;
            }
            cases.push(case);
        }
        let cards: Vec<usize> = (0..generation.playbook.cards.len()).collect();
        let strays = runtime.block_on(stray_phrasings(&files, &generation, &cards))?;
        let passed = cases.iter().filter(|case| case.passed).count();
        let failed = cases.iter().filter(|case| !case.passed && !case.open).count();
        let phrasings = generation.playbook.cards.iter().map(|card| card.phrasings.len()).sum();
        let errors = strays.iter().filter(|stray| stray.severity == Severity::Error).count();
        let report = Report { passed, failed, cases, phrasings, strays };
        if self.json {
            say(serde_json::to_string(&report)?)?;
        } else {
            for stray in &report.strays {
                let file = files.sources().find(|file| file.path == stray.file).unwrap_or(file);
                say(format_args!("{}\n", shown(stray, file, places)))?;
            }
            say(format_args!("{passed} golden questions passed, {failed} failed"))?;
            let ties = report.strays.len() - errors;
            say(format_args!("{phrasings} phrases: {errors} match another card, {ties} tie"))?;
        }
        Ok(if failed + errors == 0 { Ending::Done } else { Ending::Failed })
    }
}

fn shown(diagnostic: &Diagnostic, file: &SourceFile, places: &Places) -> String {
    let colour = std::io::stdout().is_terminal();
    render_text(diagnostic, &file.text, &places.playbooks.display().to_string(), colour)
}
