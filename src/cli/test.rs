//! `cornerman test`: asks the golden questions and says which no longer bring their card.

use clap::Args;
use serde::Serialize;

use super::{Ending, Places, open, runtime};
use crate::coach::ports::Generation;
use crate::coach::{Question, Suggestion, suggest};
use crate::library;
use crate::playbook::{Expectation, render_text};
use crate::playbook::{Question as Golden, read_questions};
use crate::ranking::Verdict;

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
        let generation = open(places, true)?;
        let Some(file) = library::read(&places.playbooks)?.questions else {
            anyhow::bail!("there is no {}/questions.toml", places.playbooks.display());
        };
        let questions = match read_questions(&file, &generation.playbook) {
            Ok(questions) => questions,
            Err(found) => {
                let directory = places.playbooks.display().to_string();
                for diagnostic in found {
                    eprintln!(
                        "{}\n",
                        render_text(&diagnostic, &file.text, &directory, false)
                    );
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
                println!(
                    "{mark} \"{}\"\n       expected {}, got {}",
                    case.ask, case.expect, case.got
                );
            }
            cases.push(case);
        }
        let passed = cases.iter().filter(|case| case.passed).count();
        let failed = cases
            .iter()
            .filter(|case| !case.passed && !case.open)
            .count();
        let report = Report {
            passed,
            failed,
            cases,
        };
        match self.json {
            true => println!("{}", serde_json::to_string(&report)?),
            false => println!("{passed} golden questions passed, {failed} failed"),
        }
        Ok(if report.failed == 0 {
            Ending::Done
        } else {
            Ending::Failed
        })
    }
}

async fn case(generation: &Generation, golden: &Golden) -> anyhow::Result<Case> {
    let question = Question {
        text: golden.ask.clone(),
        stage: golden.stage,
    };
    let answer = suggest(generation, &question, String::new()).await?;
    Ok(Case {
        ask: golden.ask.clone(),
        expect: golden.expect.to_string(),
        got: got(&answer),
        passed: meets(&golden.expect, &answer),
        open: golden.open,
    })
}

fn meets(expect: &Expectation, answer: &Suggestion) -> bool {
    match expect {
        Expectation::Nothing => answer.outcome == Verdict::None,
        Expectation::Choice => answer.outcome == Verdict::Choice,
        Expectation::AnyOf(ids) => answer
            .cards
            .first()
            .is_some_and(|card| ids.contains(&card.id)),
    }
}

fn got(answer: &Suggestion) -> String {
    let ids: Vec<&str> = answer.cards.iter().map(|card| card.id.as_str()).collect();
    match answer.outcome {
        Verdict::None => "none".to_owned(),
        Verdict::Card => ids.concat(),
        Verdict::Choice => format!("a choice of {}", ids.join(", ")),
    }
}
