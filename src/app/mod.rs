//! Puts the rooms together: from the places on disk to a coach that answers and logs.

mod clock;

use std::path::PathBuf;
use std::sync::Arc;

pub use clock::SystemClock;

use crate::coach::Coach;
use crate::coach::ports::{Clock, FeedbackStore, Generation};
use crate::feedback::Salt;
use crate::library::{self, Shelf};
use crate::model::Day;
use crate::playbook::Playbook;
use crate::search::{Encoder, Place, Pocket, Progress};
use crate::store::{SqliteStore, salt};
use crate::web;

/// Where things lie.
#[derive(Debug, Clone)]
pub struct Places {
    /// The playbooks.
    pub playbooks: PathBuf,
    /// The search index.
    pub index: PathBuf,
    /// The log and the salt.
    pub data: PathBuf,
}

/// The running parts.
pub struct App {
    /// Answers and logs.
    pub coach: Arc<Coach>,
    store: Option<Arc<SqliteStore>>,
}

impl App {
    /// Reads the playbooks, opens the index and, unless `log` is false, the log.
    ///
    /// # Errors
    /// When the playbooks are broken, or index or log cannot be opened.
    pub async fn open(places: &Places, log: bool, progress: Progress<'_>) -> anyhow::Result<Self> {
        let generation = open_generation(places, true, progress)?;
        let (store, salt) = match log {
            true => {
                let salt = salt(&places.data)?;
                (Some(Arc::new(SqliteStore::open(&places.data).await?)), salt)
            }
            false => (None, Salt::new([0; 32])),
        };
        let port = store.clone().map(|store| store as Arc<dyn FeedbackStore>);
        let library = Arc::new(Shelf::new(generation));
        let coach = Coach::new(library, port, Arc::new(SystemClock), salt);
        Ok(Self { coach: Arc::new(coach), store })
    }

    /// Serves pages and API until `stop` comes, then closes the log.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: tokio::net::TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        web::serve(listener, Arc::clone(&self.coach), stop).await?;
        self.close().await;
        Ok(())
    }

    /// Closes the log.
    pub async fn close(self) {
        if let Some(store) = self.store {
            store.close().await;
        }
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
    let place = Place::Directory(&places.index);
    Ok(library::build(&files, today(), encoder(meaning)?, place, progress)?)
}

/// A generation that lives in memory and leaves nothing behind, to measure with.
///
/// # Errors
/// When the index cannot be made.
pub fn throwaway_generation(playbook: Playbook, meaning: bool) -> anyhow::Result<Generation> {
    Ok(library::generation(playbook, encoder(meaning)?, Place::Memory, &|_, _| {})?)
}

/// The log alone, to read it.
///
/// # Errors
/// When it cannot be opened.
pub async fn open_log(places: &Places) -> anyhow::Result<Arc<dyn FeedbackStore>> {
    Ok(Arc::new(SqliteStore::open(&places.data).await?))
}

/// Today, in UTC.
#[must_use]
pub fn today() -> Day {
    SystemClock.now().day()
}

/// The bundled encoder; none when only words are to be compared.
fn encoder(meaning: bool) -> anyhow::Result<Option<Arc<dyn Encoder>>> {
    Ok(match meaning {
        true => Some(Arc::new(Pocket::load()?)),
        false => None,
    })
}
