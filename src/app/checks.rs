//! What is asked of a generation before it goes live: the golden questions, and the phrasings of
//! the cards that changed.

use crate::coach::ports::Generation;
use crate::coach::{CoachError, Stray, golden, self_test};
use crate::library::Files;
use crate::playbook::{Diagnostic, read_questions};

/// Golden questions that fail, as diagnostics at their places.
pub(super) async fn golden_problems(files: &Files, generation: &Generation) -> Vec<Diagnostic> {
    let Some(file) = &files.questions else { return Vec::new() };
    let questions = match read_questions(file, &generation.playbook) {
        Ok(questions) => questions,
        Err(problems) => return problems,
    };
    let mut problems = Vec::new();
    for question in questions.iter().filter(|question| !question.open) {
        let verdict = golden(generation, question).await;
        let got = match verdict {
            Ok(verdict) if verdict.passed => continue,
            Ok(verdict) => verdict.got,
            Err(error) => error.to_string(),
        };
        let message = format!("\"{}\" must bring {}, got {got}", question.ask, question.expect);
        let help = "see `cornerman test`";
        problems.push(Diagnostic::error("PB307", file, question.at.clone(), message, help));
    }
    problems
}

/// The cards that are not the same in another generation; all of them when there is none.
pub(super) fn changed(generation: &Generation, before: Option<&Generation>) -> Vec<usize> {
    let cards = generation.playbook.cards.iter().enumerate();
    let same = |index: usize| {
        let card = &generation.playbook.cards[index];
        let before = before.and_then(|before| before.playbook.card(&card.id));
        before.is_some_and(|before| before.source.hash == card.source.hash)
    };
    cards.map(|(index, _)| index).filter(|index| !same(*index)).collect()
}

/// Phrasings of these cards and their neighbours that bring another card, as diagnostics at their
/// places.
///
/// # Errors
/// [`CoachError`] when the search fails.
pub async fn stray_phrasings(
    files: &Files,
    generation: &Generation,
    cards: &[usize],
) -> Result<Vec<Diagnostic>, CoachError> {
    let strays = self_test(generation, cards).await?;
    Ok(strays.iter().filter_map(|stray| diagnostic(files, generation, stray)).collect())
}

fn diagnostic(files: &Files, generation: &Generation, stray: &Stray) -> Option<Diagnostic> {
    let card = generation.playbook.cards.get(stray.card)?;
    let file = files.markdown.iter().find(|file| file.path == card.source.file)?;
    let at = card.source.phrasings.get(stray.phrasing)?.clone();
    let (own, id) = (stray.own, &card.id);
    let message = match &stray.first {
        Some((first, score)) => {
            format!("this phrasing of `{id}` ({own:.2}) brings `{first}` ({score:.2}) first")
        }
        None => format!("this phrasing of `{id}` brings nothing: it is too near to small talk"),
    };
    let help = "move it to the card that it brings, or say it in words that only this card has";
    let problem = Diagnostic::error("PB206", file, at, message, help);
    Some(if stray.near_tie { problem.warning() } else { problem })
}
