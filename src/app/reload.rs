//! From a save to a live card: looks at the playbooks, and serves what is sound.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::checks::{Golden, changed, golden_questions, stray_phrasings};
use super::{Places, known, unpublished};
use crate::library::{
    self, CurrentGeneration, FileSnapshot, Files, Known, LibraryError, scan_files,
};
use crate::model::{ContentHash, Severity};
use crate::playbook::{Diagnostic, render_concise};
use crate::ports::{Generation, Learning, Library};
use crate::search::{Cache, Encoder, IndexOptions, Place};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A save is over when nothing has changed for this long.
const QUIET: Duration = Duration::from_millis(100);

/// What looks unchanged from outside is read anyway after this long.
const READ_ANYWAY: Duration = Duration::from_secs(30);

/// After a panic it waits this long before it begins again.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// So many problems are reported; the others are counted.
const MOST_REPORTED: usize = 100;

/// Why a generation may not serve: one line each, with its place.
type Problems = Vec<String>;

/// What reading the playbooks came to.
pub(super) enum Candidate {
    /// May serve; with the golden questions that passed.
    Sound(Generation, BTreeSet<ContentHash>),
    /// Can answer, but not all golden questions as it must.
    Failing(Generation, Problems),
    /// Cannot answer.
    Broken(Problems),
    /// Is not soon there: so many sentences have to be learned.
    Unlearned(usize),
}

impl Candidate {
    /// The same with these problems, which do not keep it from answering.
    fn in_spite_of(self, problems: Problems) -> Self {
        match self {
            Self::Sound(generation, _) | Self::Failing(generation, _) => {
                Self::Failing(generation, problems)
            }
            Self::Broken(_) | Self::Unlearned(_) => Self::Broken(problems),
        }
    }
}

/// Checks and builds what was read, and asks the golden questions. With something that serves
/// already, the phrasings of the cards that differ from it are asked as well; at a start there is no
/// better version to fall back on.
pub(super) async fn candidate(
    files: &Files,
    known: &Known,
    serving: Option<&Generation>,
    options: IndexOptions<'_>,
) -> Candidate {
    // Building takes a thread for a while; the others go on answering. It has one of its own: malloc
    // keeps memory for each thread, and hands that of one that has ended to the next. On whichever
    // thread is free, each would keep what a large playbook took.
    let built = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let build = || library::build(files, known, options);
            scope.spawn(build).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    });
    let generation = match built {
        Ok(generation) => generation,
        Err(LibraryError::Unlearned { sentences }) => return Candidate::Unlearned(sentences),
        Err(error) => return Candidate::Broken(told(&error)),
    };
    let Golden { mut problems, passed } = golden_questions(files, &generation, known).await;
    if serving.is_some_and(|serving| !serving.playbook.cards.is_empty()) {
        let cards = changed(&generation, serving);
        match stray_phrasings(files, &generation, &cards).await {
            Ok(strays) => problems.extend(strays),
            Err(error) => return Candidate::Failing(generation, vec![error.to_string()]),
        }
    }
    problems.retain(|problem| problem.severity == Severity::Error);
    if problems.is_empty() {
        Candidate::Sound(generation, passed)
    } else {
        Candidate::Failing(generation, concise(&problems))
    }
}

/// Why playbooks cannot be served.
pub(super) fn told(error: &LibraryError) -> Problems {
    match error {
        LibraryError::Broken { errors } => concise(errors),
        other => vec![other.to_string()],
    }
}

fn concise(errors: &[Diagnostic]) -> Problems {
    let line = |error: &Diagnostic| format!("{} ({})", render_concise(error), error.help);
    let more = errors.len().saturating_sub(MOST_REPORTED);
    let more = (more > 0).then(|| format!("and {more} more; `cornerman lint` shows them"));
    errors.iter().take(MOST_REPORTED).map(line).chain(more).collect()
}

/// Keeps a shelf up to date.
#[derive(Clone)]
pub(super) struct Reloader {
    pub places: Places,
    pub encoder: Option<Arc<dyn Encoder>>,
    pub cache: Arc<Cache>,
    pub shelf: Arc<CurrentGeneration>,
    /// What the files looked like when they were read at the start.
    pub seen: FileSnapshot,
    /// What was read then.
    pub read: Option<Content>,
    /// Told how far the learning of a first generation is that answers by words alone meanwhile.
    pub progress: fn(usize, usize),
}

/// What a generation is made of: the files, and what they are checked against. The same again needs
/// no new one.
pub(super) type Content = (ContentHash, Known);

impl Reloader {
    /// Goes on until it is dropped. Should it ever panic, that is said and it begins again: a lead
    /// who saves and sees no change must not be left to guess.
    pub(super) async fn keep_up(self) {
        let begin = || {
            let this = self.clone();
            async move { this.watch().await }
        };
        begin_again("keeping up with the playbooks", AFTER_PANIC, begin).await;
    }

    async fn watch(self) {
        let Self { places, encoder, cache, shelf, seen, read: mut last, progress } = self;
        let (mut served, mut read) = (seen, Instant::now());
        let mut unlearned = shelf.learning().is_some();
        let learned = |done, total| {
            if shelf.learning().is_some() {
                shelf.learn(Some(Learning { done, total }));
                progress(done, total);
            }
        };
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = scan(&places).await;
            if now == served && read.elapsed() < READ_ANYWAY && !unlearned {
                continue;
            }
            let now = quiet(&places, now).await;
            let begun = Instant::now();
            let (known, serving) = (known(&places), shelf.current());
            let files = tokio::task::block_in_place(|| library::read(&places.playbooks));
            let hash = files.as_ref().ok().map(Files::hash);
            let content = hash.clone().map(|hash| (hash, known.clone()));
            let unchanged = content.is_some() && content == last;
            let found = match &files {
                _ if unchanged => None,
                Ok(files) => {
                    let serving = Some(&*serving).filter(|_| shelf.learning().is_none());
                    let (encoder, place) = (encoder.clone(), Place::Directory(&cache));
                    let options = IndexOptions { encoder, place, progress: &learned };
                    let next = async |known: &Known| {
                        candidate(files, known, serving, options.clone()).await
                    };
                    Some(match next(&known).await {
                        // As at a start: reps are not left with words alone for a card that vanished.
                        Candidate::Broken(problems) if shelf.learning().is_some() => {
                            next(&unpublished()).await.in_spite_of(problems)
                        }
                        found => found,
                    })
                }
                Err(error) => Some(Candidate::Broken(told(error))),
            };
            if scan(&places).await != now {
                continue; // saved again meanwhile: what was read may be half of it
            }
            (served, read, unlearned) = (now, Instant::now(), false);
            if let Some(found) = found {
                publish(&places, &shelf, found, begun.elapsed());
                // With a new generation, what cards are checked against is another one.
                last = hash.map(|hash| (hash, self::known(&places)));
            }
        }
    }
}

/// Does something that never ends, again whenever it ended all the same.
async fn begin_again<F: Future<Output = ()> + Send + 'static>(
    what: &str,
    pause: Duration,
    begin: impl Fn() -> F,
) {
    loop {
        // In a set, so that it ends with this future and not on its own.
        let mut task = tokio::task::JoinSet::new();
        task.spawn(begin());
        match task.join_next().await {
            Some(Err(error)) => tracing::error!(%error, "{what} failed, and begins again"),
            _ => return,
        }
        tokio::time::sleep(pause).await;
    }
}

fn publish(places: &Places, shelf: &CurrentGeneration, found: Candidate, took: Duration) {
    match found {
        Candidate::Sound(generation, passed) => {
            let same = generation.id == shelf.current().id
                && shelf.problems().is_empty()
                && shelf.learning().is_none();
            note_passed(places, &passed);
            if !same {
                let (generation_id, cards) = (&generation.id, generation.playbook.cards.len());
                let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(generation_id, cards, duration_ms, "the playbooks are live");
                note(places, &generation);
                shelf.swap(generation);
                shelf.learn(None);
            }
        }
        // What answers by words alone is no good version to go on with.
        Candidate::Failing(generation, problems) if shelf.learning().is_some() => {
            shelf.swap(generation);
            shelf.learn(None);
            for problem in &problems {
                tracing::error!("{problem}");
            }
            shelf.keep(problems);
        }
        Candidate::Unlearned(_) => {}
        Candidate::Failing(_, problems) | Candidate::Broken(problems) => {
            if *shelf.problems() != *problems {
                for problem in &problems {
                    tracing::error!("{problem}");
                }
                tracing::error!("the playbooks have errors; the last valid version stays live");
                shelf.keep(problems);
            }
        }
    }
}

/// Notes which cards are live, so that one that vanishes is missed. Without the note everything
/// works; only that is not noticed.
pub(super) fn note(places: &Places, generation: &Generation) {
    if let Err(error) = library::note_published(&places.state(), &generation.playbook) {
        tracing::warn!(%error, "which cards are live could not be noted");
    }
}

/// Notes which golden questions pass, so that one that fails later is missed. Those that are not
/// asked any more are forgotten.
pub(super) fn note_passed(places: &Places, passed: &BTreeSet<ContentHash>) {
    if library::passed(&places.state()) != *passed
        && let Err(error) = library::note_passed(&places.state(), passed)
    {
        tracing::warn!(%error, "which golden questions pass could not be noted");
    }
}

/// Waits until a save is over.
async fn quiet(places: &Places, mut last: FileSnapshot) -> FileSnapshot {
    loop {
        tokio::time::sleep(QUIET).await;
        let now = scan(places).await;
        if now == last {
            return now;
        }
        last = now;
    }
}

async fn scan(places: &Places) -> FileSnapshot {
    let directory = places.playbooks.clone();
    // A look that cannot be taken is repeated at the next turn.
    tokio::task::spawn_blocking(move || scan_files(&directory)).await.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_panics_begins_again() {
        let times = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&times);
        let begin = move || {
            let times = Arc::clone(&counted);
            async move { assert!(times.fetch_add(1, Ordering::Relaxed) == 2, "this is a test") }
        };
        begin_again("a test", Duration::ZERO, begin).await;
        assert_eq!(times.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_hundred_problems_are_reported_and_the_others_counted() {
        let file = crate::playbook::SourceFile::of("a.md", "");
        let problem = Diagnostic::error("PB001", &file, 0..0, "wrong", "mend it");
        let said = concise(&vec![problem; 28_000]);
        assert_eq!(said.len(), 101);
        assert_eq!(said[100], "and 27900 more; `cornerman lint` shows them");
    }
}
