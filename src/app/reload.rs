//! From a save to a live card: looks at the playbooks, and serves what is sound.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::checks::{changed, golden_problems, stray_phrasings};
use super::{Places, known};
use crate::coach::ports::{Generation, Library};
use crate::library::{self, Files, Glimpse, Known, LibraryError, Shelf, glimpse};
use crate::model::Severity;
use crate::playbook::{Diagnostic, render_concise};
use crate::search::{Encoder, Place, Progress};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A save is over when nothing has changed for this long.
const QUIET: Duration = Duration::from_millis(200);

/// What looks unchanged from outside is read anyway after this long.
const READ_ANYWAY: Duration = Duration::from_secs(30);

/// Why a generation may not serve: one line each, with its place.
type Problems = Vec<String>;

/// What reading the playbooks came to.
pub(super) enum Candidate {
    /// May serve.
    Sound(Generation),
    /// Can answer, but not all golden questions as it must.
    Failing(Generation, Problems),
    /// Cannot answer.
    Broken(Problems),
}

/// Reads, checks, builds and asks the golden questions. With something that serves already, the
/// phrasings of the cards that differ from it are asked as well; at a start there is no better
/// version to fall back on.
pub(super) async fn candidate(
    places: &Places,
    known: &Known,
    serving: Option<&Generation>,
    encoder: Option<Arc<dyn Encoder>>,
    progress: Progress<'_>,
) -> Candidate {
    // Reading and building take a thread for a while; the others go on answering.
    let built = tokio::task::block_in_place(|| -> Result<(Files, Generation), Problems> {
        let failed = |error: LibraryError| match error {
            LibraryError::Broken { errors } => concise(&errors),
            other => vec![other.to_string()],
        };
        let files = library::read(&places.playbooks).map_err(failed)?;
        let place = Place::Directory(&places.index);
        let generation = library::build(&files, known, encoder, place, progress);
        Ok((files, generation.map_err(failed)?))
    });
    let (files, generation) = match built {
        Ok(built) => built,
        Err(problems) => return Candidate::Broken(problems),
    };
    let mut problems = golden_problems(&files, &generation).await;
    if serving.is_some_and(|serving| !serving.playbook.cards.is_empty()) {
        let cards = changed(&generation, serving);
        match stray_phrasings(&files, &generation, &cards).await {
            Ok(strays) => problems.extend(strays),
            Err(error) => return Candidate::Failing(generation, vec![error.to_string()]),
        }
    }
    problems.retain(|problem| problem.severity == Severity::Error);
    match problems.is_empty() {
        true => Candidate::Sound(generation),
        false => Candidate::Failing(generation, concise(&problems)),
    }
}

fn concise(errors: &[Diagnostic]) -> Problems {
    let line = |error: &Diagnostic| format!("{} ({})", render_concise(error), error.help);
    errors.iter().map(line).collect()
}

/// Keeps the shelf up to date until it is dropped.
pub(super) async fn keep_up(
    places: Places,
    encoder: Option<Arc<dyn Encoder>>,
    shelf: Arc<Shelf>,
    seen: Glimpse,
) {
    let mut served = seen;
    let mut read = Instant::now();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = look(&places).await;
        if now == served && read.elapsed() < READ_ANYWAY {
            continue;
        }
        let now = quiet(&places, now).await;
        let begun = Instant::now();
        let (known, serving) = (known(&places), shelf.current());
        let found = candidate(&places, &known, Some(&serving), encoder.clone(), &|_, _| {}).await;
        if look(&places).await != now {
            continue; // saved again meanwhile: what was read may be half of it
        }
        served = now;
        read = Instant::now();
        publish(&places, &shelf, found, begun.elapsed());
    }
}

fn publish(places: &Places, shelf: &Shelf, found: Candidate, took: Duration) {
    match found {
        Candidate::Sound(generation) => {
            let same = generation.id == shelf.current().id && shelf.problems().is_empty();
            if !same {
                let (generation_id, cards) = (&generation.id, generation.playbook.cards.len());
                let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(generation_id, cards, duration_ms, "the playbooks are live");
                note(places, &generation);
                shelf.swap(generation);
            }
        }
        Candidate::Failing(_, problems) | Candidate::Broken(problems) => {
            if *shelf.problems() != *problems {
                for problem in &problems {
                    tracing::error!("{problem}");
                }
                tracing::error!(
                    "the playbooks have errors; the last good version goes on answering"
                );
                shelf.keep(problems);
            }
        }
    }
}

/// Notes which cards are live, so that one that vanishes is missed. Without the note everything
/// works; only that is not noticed.
pub(super) fn note(places: &Places, generation: &Generation) {
    if let Err(error) = library::note_published(&places.data, &generation.playbook) {
        tracing::warn!(%error, "which cards are live could not be noted");
    }
}

/// Waits until a save is over.
async fn quiet(places: &Places, mut last: Glimpse) -> Glimpse {
    loop {
        tokio::time::sleep(QUIET).await;
        let now = look(places).await;
        if now == last {
            return now;
        }
        last = now;
    }
}

async fn look(places: &Places) -> Glimpse {
    let directory = places.playbooks.clone();
    // A look that cannot be taken is repeated at the next turn.
    tokio::task::spawn_blocking(move || glimpse(&directory)).await.unwrap_or_default()
}
