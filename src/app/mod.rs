//! Puts the rooms together: from the places on disk to services that answer and log.

mod checks;
mod clock;
mod demo;
mod platforms;
mod reload;
mod secrets;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
pub use checks::{live_problems, stray_phrasings};
use clock::StoppedClock;
pub use clock::SystemClock;
use platforms::Platforms;
use reload::{Candidate, Reloader};

use crate::chat::discord;
use crate::feedback::Salt;
use crate::journal::Journal;
use crate::journal::StoreText;
use crate::library::{self, CurrentGeneration, FileSnapshot, Known, scan_files};
use crate::model::{Day, Timestamp};
use crate::playbook::{Playbook, SourceFile, render_concise};
use crate::ports::{Clock, FeedbackStore, Generation, Learning, Library};
use crate::pricing::Policy;
use crate::search::{
    self, Cache, Encoder, IndexOptions, Mpnet, Place, Progress, SentenceTransformer,
};
use crate::services::Services;
use crate::store::{FileState, SqliteStore};
use crate::web::{self, Key};

/// After the signal to stop, platforms get this long to finish what is in progress.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(4);

/// Where things lie.
#[derive(Debug, Clone)]
pub struct Places {
    /// The playbooks.
    pub playbooks: PathBuf,
    /// The search index.
    pub index: PathBuf,
    /// The log and the salt.
    pub data: PathBuf,
    /// A sentence-transformers directory to take in place of the bundled encoder.
    pub encoder: Option<PathBuf>,
    /// How much of what customers said is kept there.
    pub store_text: StoreText,
}

impl Places {
    /// Where small things are kept that outlive a restart.
    #[must_use]
    pub fn state(&self) -> FileState {
        FileState::new(&self.data)
    }
}

/// The running parts.
pub struct App {
    /// Answers and logs.
    pub services: Arc<Services>,
    store: Option<Arc<SqliteStore>>,
}

/// A server before it serves: keeps up with the playbooks.
pub struct Service {
    app: App,
    places: Places,
    encoder: Option<Arc<dyn Encoder>>,
    cache: Arc<Cache>,
    shelf: Arc<CurrentGeneration>,
    seen: FileSnapshot,
    read: Option<reload::Content>,
    progress: fn(usize, usize),
}

impl App {
    /// Reads the playbooks, opens the index and, unless `log` is false, the log.
    ///
    /// # Errors
    /// When the playbooks are broken, or index or log cannot be opened.
    pub async fn open(places: &Places, log: bool, progress: Progress<'_>) -> anyhow::Result<Self> {
        let generation = open_generation(places, true, progress)?;
        Self::over(Arc::new(CurrentGeneration::new(generation, Vec::new())), places, log).await
    }

    /// Reads nothing but the price policy, from `file` or from the playbooks, for prices alone.
    /// With `now`, prices are those of that moment, and nothing is logged.
    ///
    /// # Errors
    /// When the policy is broken or cannot be read, or the log cannot be opened.
    pub async fn for_prices(
        places: &Places,
        file: Option<&Path>,
        log: bool,
        now: Option<Timestamp>,
    ) -> anyhow::Result<Self> {
        let standard = places.playbooks.join("pricing.toml");
        let policy = match file {
            None if !standard.exists() => None,
            file => Some(policy(file.unwrap_or(&standard))?),
        };
        let generation = throwaway_generation(Playbook::default(), None)?;
        let shelf = CurrentGeneration::new(Generation { policy, ..generation }, Vec::new());
        let Some(now) = now else { return Self::over(Arc::new(shelf), places, log).await };
        let (clock, salt) = (Arc::new(StoppedClock(now)), Salt::new([0; 32]));
        let services =
            Services::new(Arc::new(shelf), Journal::new(None, clock, salt, places.store_text));
        Ok(Self { services: Arc::new(services), store: None })
    }

    async fn over(
        shelf: Arc<CurrentGeneration>,
        places: &Places,
        log: bool,
    ) -> anyhow::Result<Self> {
        let (store, salt) = if log {
            // The salt comes last: a log that is missing beside it has been lost.
            let store = SqliteStore::open(&places.data).await?;
            let salt = secrets::salt(&places.state())?;
            store.renew(&salt).await?;
            (Some(Arc::new(store)), salt)
        } else {
            (None, Salt::new([0; 32]))
        };
        let port = store.clone().map(|store| store as Arc<dyn FeedbackStore>);
        let journal = Journal::new(port, Arc::new(SystemClock), salt, places.store_text);
        Ok(Self { services: Arc::new(Services::new(shelf, journal)), store })
    }

    /// Stores the figures of the log and closes it.
    pub async fn close(self) {
        if let Ok(reader) = self.services.journal.reader()
            && let Err(error) = reader.save().await
        {
            tracing::warn!(%error, "the figures of the log could not be stored");
        }
        if let Some(store) = self.store {
            store.close().await;
        }
    }
}

impl Service {
    /// Reads the playbooks and opens the log. With broken playbooks it starts all the same, says
    /// why and answers nothing until they are fixed. Where very many sentences have to be learned,
    /// it answers by words alone until they are.
    ///
    /// # Errors
    /// When encoder, index or log cannot be opened.
    pub async fn open(places: &Places, progress: fn(usize, usize)) -> anyhow::Result<Self> {
        let encoder = encoder(places, true)?;
        let cache = Arc::new(Cache::at(&places.index));
        let seen = scan_files(&places.playbooks);
        let files = library::read(&places.playbooks);
        let candidate = async |known: &Known| match &files {
            Ok(files) => {
                let (encoder, place) = (encoder.clone(), Place::Soon(&cache));
                let options = IndexOptions { encoder, place, progress: &progress };
                reload::candidate(files, known, None, options).await
            }
            Err(error) => Candidate::Broken(reload::told(error)),
        };
        let (mut passed, mut problems) = (None, Vec::new());
        let mut found = candidate(&known(places)).await;
        // A card that vanished is a reason not to go live; with nothing live yet it is none to leave
        // reps without an answer.
        if let Candidate::Broken(why) = found {
            problems = why;
            found = candidate(&unpublished()).await;
        }
        let mut learning = None;
        let generation = match found {
            Candidate::Sound(generation, found) => {
                passed = Some(found);
                generation
            }
            Candidate::Failing(generation, why) => {
                // Problems in spite of which it answers say more than what came of asking it.
                if problems.is_empty() {
                    problems = why;
                }
                generation
            }
            Candidate::Unlearned(sentences) => {
                learning = Some(Learning { done: 0, total: sentences });
                open_generation(places, false, &progress)?
            }
            Candidate::Broken(_) => throwaway_generation(Playbook::default(), None)?,
        };
        for problem in &problems {
            tracing::error!("{problem}");
        }
        let shelf = Arc::new(CurrentGeneration::new(generation, problems));
        shelf.learn(learning);
        let app = App::over(Arc::clone(&shelf), places, true).await?;
        if shelf.problems().is_empty() && learning.is_none() {
            reload::note(places, &shelf.current());
            passed.iter().for_each(|passed| reload::note_passed(places, passed));
        }
        // What has to be learned is read once more.
        let read = files.as_ref().ok().filter(|_| learning.is_none());
        let read = read.map(|files| (files.hash(), self::known(places)));
        let places = places.clone();
        Ok(Self { app, places, encoder, cache, shelf, seen, read, progress })
    }

    /// Fills the log with made-up events, once; every page says so.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn pretend(&self) -> anyhow::Result<usize> {
        let services = &self.app.services;
        let events = demo::events(&services.coach.generation().playbook, services.journal.now());
        let store = self.app.store.as_ref().context("there is no log")?;
        for some in events.chunks(1_000) {
            store.append(some.to_vec(), None).await?;
        }
        services.journal.mark_as_demo();
        Ok(events.len())
    }

    /// How many cards are served now.
    #[must_use]
    pub fn cards(&self) -> usize {
        self.app.services.coach.generation().playbook.cards.len()
    }

    /// Serves pages, API and Discord, and keeps up with the playbooks, until `stop` comes; then
    /// closes the log.
    ///
    /// # Errors
    /// When Discord is required and refuses the bot.
    pub async fn serve(
        self,
        listener: tokio::net::TcpListener,
        access: web::Access,
        discord: Option<discord::Settings>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Self { app, places, encoder, cache, shelf, seen, read, progress } = self;
        let services = Arc::clone(&app.services);
        let mut tasks = tokio::task::JoinSet::new();
        let reloader = Reloader { places, encoder, cache, shelf, seen, read, progress };
        tasks.spawn(reloader.keep_up());
        // The first visitor of the log's page does not wait until all of it has been read.
        let reader = services.journal.reader().ok().cloned();
        tasks.spawn(async move {
            if let Some(reader) = reader
                && let Err(error) = reader.catch_up().await
            {
                tracing::warn!(%error, "the log could not be read ahead");
            }
        });
        let mut platforms = Platforms::new();
        platforms.join_discord(discord, &services);
        let farewell = platforms.leave();
        let Platforms { routes, tell_stop, mut refused, .. } = platforms;
        let mut end = None;
        let stop = async {
            tokio::select! {
                () = stop => {}
                Some(why) = refused.recv() => end = Some(why),
            }
            let _ = tell_stop.send(true); // there is no receiver without Discord
        };
        // Everyone says farewell at once: a request that hangs keeps no platform waiting.
        let mut told = tell_stop.subscribe();
        let leave = async {
            let _ = told.wait_for(|stop| *stop).await;
            let _ = tokio::time::timeout(SHUTDOWN_GRACE, farewell).await;
        };
        tokio::join!(web::serve(listener, services, access, routes, stop), leave);
        tasks.shutdown().await;
        app.close().await;
        end.map_or(Ok(()), |refused| Err(refused.into()))
    }
}

/// The playbooks, ready to be asked; without `meaning` by words alone.
///
/// # Errors
/// When the playbooks are broken or the index cannot be made.
pub fn open_generation(
    places: &Places,
    meaning: bool,
    progress: Progress<'_>,
) -> anyhow::Result<Generation> {
    let files = library::read(&places.playbooks)?;
    let (cache, encoder) = (Cache::at(&places.index), encoder(places, meaning)?);
    let options = IndexOptions { encoder, place: Place::Directory(&cache), progress };
    Ok(library::build(&files, &unpublished(), options)?)
}

/// A generation that lives in memory and leaves nothing behind, to measure with.
///
/// # Errors
/// When the index cannot be made.
pub fn throwaway_generation(
    playbook: Playbook,
    encoder: Option<Arc<dyn Encoder>>,
) -> anyhow::Result<Generation> {
    let options = IndexOptions { encoder, place: Place::Memory, progress: &|_, _| {} };
    Ok(library::generation(playbook, &[], options)?)
}

/// Sentences that mean what these texts mean, as [`search::alike`] finds them. Whatever encoder
/// answers, the bundled one finds them: it was taught them.
///
/// # Errors
/// When they cannot be encoded.
pub fn alike(texts: &[&str], most: usize, progress: Progress<'_>) -> anyhow::Result<Vec<String>> {
    Ok(search::alike(&Mpnet::load()?, texts, most, progress)?)
}

fn policy(path: &Path) -> anyhow::Result<Policy> {
    let named = || format!("the price policy `{}`", path.display());
    let bytes = std::fs::read(path).with_context(named)?;
    let file = SourceFile::new(path.to_string_lossy(), bytes).with_context(named)?;
    library::policy(&file).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(render_concise).collect();
        anyhow::anyhow!("{} is broken:\n{}", named(), lines.join("\n"))
    })
}

/// The log alone, to read it.
///
/// # Errors
/// When it cannot be opened.
pub async fn open_log(places: &Places) -> anyhow::Result<Arc<dyn FeedbackStore>> {
    Ok(Arc::new(SqliteStore::open(&places.data).await?))
}

/// The key that opens the pages where they are locked.
///
/// # Errors
/// When its file cannot be read or made.
pub fn key(places: &Places) -> anyhow::Result<Key> {
    Ok(Key::new(secrets::key(&places.state())?))
}

/// Today, in UTC.
#[must_use]
pub fn today() -> Day {
    SystemClock.now().day()
}

/// What the playbooks of these places are checked against.
#[must_use]
pub fn known(places: &Places) -> Known {
    let (published, passed) =
        (library::published(&places.state()), library::passed(&places.state()));
    Known { today: today(), published, passed }
}

/// The same, for answering: that a card has vanished matters to the person who publishes.
fn unpublished() -> Known {
    Known { today: today(), published: Vec::new(), passed: BTreeSet::new() }
}

/// The operator's encoder if there is one, otherwise the bundled one; none when only words are to
/// be compared.
///
/// # Errors
/// When it cannot be loaded. The bundled one never takes the place of one that is broken: answers
/// would change without anyone knowing why.
pub fn encoder(places: &Places, meaning: bool) -> anyhow::Result<Option<Arc<dyn Encoder>>> {
    Ok(match (meaning, &places.encoder) {
        (false, _) => None,
        (true, Some(folder)) => Some(Arc::new(SentenceTransformer::load(folder)?)),
        (true, None) => Some(Arc::new(Mpnet::load()?)),
    })
}
