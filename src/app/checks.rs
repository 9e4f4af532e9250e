//! What is asked of a generation before it goes live: the golden questions, and the phrasings of
//! the cards that changed.

use std::collections::BTreeSet;

use super::Places;
use crate::evaluation::{self, MisroutedPhrasing, Verdict, self_test};
use crate::journal::UseCaseError;
use crate::library::{self, Files, Known};
use crate::model::{CardId, ContentHash};
use crate::playbook::{Diagnostic, Question, SourceFile, read_questions};
use crate::ports::Generation;
use crate::search::{Cache, IndexOptions, Place};

/// What asking the golden questions came to.
#[derive(Default)]
pub(super) struct Golden {
    /// Those that fail, at their places: errors if they have passed before, warnings if not.
    pub problems: Vec<Diagnostic>,
    /// Those that pass.
    pub passed: BTreeSet<ContentHash>,
}

/// Asks the golden questions. One that has never passed says what is still to be done and keeps no
/// other edit from going live.
pub(super) async fn golden_questions(
    files: &Files,
    generation: &Generation,
    known: &Known,
) -> Golden {
    let mut found = Golden::default();
    let Some(file) = &files.questions else {
        if !known.passed.is_empty() {
            let empty = SourceFile::of("questions.toml", "");
            let gone = known.passed.len();
            let message = format!("the file is gone, and with it {gone} golden questions");
            let help = "put it back; an empty file does without golden questions";
            found.problems.push(Diagnostic::error("PB307", &empty, 0..0, message, help));
        }
        return found;
    };
    let questions = match read_questions(file, &generation.playbook) {
        Ok(questions) => questions,
        Err(problems) => return Golden { problems, ..found },
    };
    let questions: Vec<Question> =
        questions.into_iter().filter(|question| !question.open).collect();
    let verdicts = evaluation::golden_questions(generation, &questions).await;
    for (question, Verdict { got, passed }) in questions.iter().zip(verdicts) {
        let key = ContentHash::of([question.ask.as_str(), &question.expect.to_string()]);
        if passed {
            found.passed.insert(key);
            continue;
        }
        let message = format!("\"{}\" must match {}, got {got}", question.ask, question.expect);
        let help = "see `cornerman test`";
        let problem = Diagnostic::error("PB307", file, question.at.clone(), message, help);
        let passed_once = known.passed.contains(&key);
        found.problems.push(if passed_once { problem } else { problem.warning() });
    }
    found
}

/// What keeps playbooks that can be read from going live where they were live before: golden
/// questions, and phrasings that bring another card. Nothing where nothing has been live yet.
///
/// # Errors
/// When the index cannot be made or the search fails.
pub async fn live_problems(places: &Places, files: &Files) -> anyhow::Result<Vec<Diagnostic>> {
    let known = super::known(places);
    if known.passed.is_empty() && known.published.is_empty() {
        return Ok(Vec::new());
    }
    let cache = Cache::at(&places.index);
    let (place, encoder) = (Place::Directory(&cache), super::encoder(places, true)?);
    let options = IndexOptions { encoder, place, progress: &|_, _| {} };
    let generation = library::build(files, &known, options)?;
    let mut problems = golden_questions(files, &generation, &known).await.problems;
    let cards: Vec<usize> = (0..generation.playbook.cards.len()).collect();
    problems.extend(stray_phrasings(files, &generation, &cards).await?);
    Ok(problems)
}

/// The cards that are not the same in another generation; all of them when there is none.
pub(super) fn changed(generation: &Generation, before: Option<&Generation>) -> Vec<usize> {
    let before = before.into_iter().flat_map(|before| &before.playbook.cards);
    let before: BTreeSet<(&CardId, &ContentHash)> =
        before.map(|card| (&card.id, &card.source.hash)).collect();
    let cards = generation.playbook.cards.iter().enumerate();
    let differs = cards.filter(|(_, card)| !before.contains(&(&card.id, &card.source.hash)));
    differs.map(|(index, _)| index).collect()
}

/// Phrasings of these cards and their neighbours that bring another card, as diagnostics at their
/// places.
///
/// # Errors
/// [`UseCaseError`] when the search fails.
pub async fn stray_phrasings(
    files: &Files,
    generation: &Generation,
    cards: &[usize],
) -> Result<Vec<Diagnostic>, UseCaseError> {
    let strays = self_test(generation, cards).await?;
    Ok(strays.iter().filter_map(|stray| diagnostic(files, generation, stray)).collect())
}

fn diagnostic(
    files: &Files,
    generation: &Generation,
    stray: &MisroutedPhrasing,
) -> Option<Diagnostic> {
    let card = generation.playbook.cards.get(stray.card)?;
    let file = files.markdown.iter().find(|file| file.path == card.source.file)?;
    let at = card.source.phrasings.get(stray.phrasing)?.clone();
    let (own, id) = (stray.own, &card.id);
    let message = match &stray.first {
        Some((first, score)) => {
            format!("this phrase of `{id}` ({own:.2}) matches `{first}` ({score:.2}) first")
        }
        None => format!("this phrase of `{id}` matches nothing: it is too close to small talk"),
    };
    let help = "move it to the card it matches, or reword it so that only this card matches";
    let problem = Diagnostic::error("PB206", file, at, message, help);
    Some(if stray.near_tie { problem.warning() } else { problem })
}
