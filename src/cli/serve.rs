//! `cornerman serve`: the pages and the JSON API, until Ctrl-C.

use std::io::IsTerminal;
use std::net::SocketAddr;

use anyhow::Context;
use clap::Args;
use tracing_subscriber::EnvFilter;

use super::discord::Discord;
use super::{Ending, progress, runtime, say};
use crate::app::{Places, Service, key};
use crate::web::{Access, Key};

/// Run the web pages, JSON API, and (with a token) Discord bot
///
/// Examples:
///   cornerman serve
///   cornerman serve --demo                   (a log that is full already)
///   cornerman serve --listen 127.0.0.1:0     (any free port; it is printed)
///   DISCORD_TOKEN_FILE=token cornerman serve
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Serve {
    /// Where to listen. Beyond this machine the pages are locked: a browser needs the link with the
    /// key that is printed, a program the key
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8787")]
    #[arg(env = "CORNERMAN_LISTEN")]
    listen: String,
    /// Additional allowed host name, such as a proxy's; repeatable. The
    /// pages are locked then
    #[arg(long = "host", value_name = "NAME", env = "CORNERMAN_HOST", value_delimiter = ',')]
    hosts: Vec<String>,
    /// Ask for the key on this machine too, where others use it as well
    #[arg(long, env = "CORNERMAN_LOCKED")]
    locked: bool,
    /// Look around with 90 days of sample data, deleted on exit; Discord is off
    #[arg(long, env = "CORNERMAN_DEMO")]
    demo: bool,
    #[command(flatten)]
    discord: Discord,
}

/// Libraries that handle customers' words, and would write them down at the finer levels.
const SEE_WORDS: [&str; 5] = ["serenity", "tungstenite", "tokio_tungstenite", "reqwest", "hyper"];

impl Serve {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let mut filter = EnvFilter::try_from_env("CORNERMAN_LOG").unwrap_or_else(|_| "info".into());
        for library in SEE_WORDS {
            let quiet = format!("{library}=warn").parse().context("a directive of ours")?;
            filter = filter.add_directive(quiet);
        }
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .init();
        runtime()?.block_on(self.serve(places))
    }

    async fn serve(self, places: &Places) -> anyhow::Result<Ending> {
        // The port first: that it is taken is known at once, not after the learning.
        let listener = tokio::net::TcpListener::bind(&self.listen).await.with_context(|| {
            format!("cannot listen on {}; choose another with --listen", self.listen)
        })?;
        let address = listener.local_addr()?;
        let discord = if self.demo { None } else { self.discord.settings(places)? };
        // Removed when it is dropped.
        let thrown_away =
            self.demo.then(|| tempfile::Builder::new().prefix("cornerman-demo-").tempdir());
        let thrown_away = thrown_away.transpose().context("there is no folder for a demo")?;
        let data = thrown_away.as_ref().map_or(places.data.as_path(), tempfile::TempDir::path);
        let data = data.to_owned();
        let places = &Places { data, ..places.clone() };
        let service = Service::open(places, progress).await?;
        if self.demo {
            let events = service.pretend().await?;
            eprintln!(
                "a demo with {events} made-up events: see /dashboard; they are gone afterwards"
            );
        }
        let cards = service.cards();
        let access = self.access(address, key(places)?);
        let stop = stop()?;
        say(format_args!("http://{address}"))?;
        if access.locked {
            let link = access.key.link();
            // A proxy that has a name of its own speaks HTTPS, or should.
            let site = match self.hosts.first() {
                Some(host) => format!("https://{host}"),
                None => format!("http://{address}"),
            };
            eprintln!("open this once in each browser and keep it secret: {site}{link}");
        }
        tracing::info!(cards, "serving; Ctrl-C stops");
        if !address.ip().is_loopback() {
            tracing::warn!(
                "what goes to {address} can be read on the way: put a proxy with TLS before it"
            );
        }
        service.serve(listener, access, discord, stop).await?;
        tracing::info!("stopped");
        Ok(Ending::Done)
    }

    /// On this machine anyone who reaches the port under its own names is let in. From elsewhere,
    /// also through a proxy, a key is needed, and with it any name will do unless some are given.
    fn access(&self, address: SocketAddr, key: Key) -> Access {
        let local = address.ip().is_loopback();
        let mut names = self.hosts.clone();
        if local || !names.is_empty() {
            names.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
            names.push(address.ip().to_string());
        }
        Access { names, locked: self.locked || !local || !self.hosts.is_empty(), key }
    }
}

/// Comes with Ctrl-C, or with what a service manager sends. It is listened for from the start, so
/// that the server can be stopped as soon as its address is known.
///
/// # Errors
/// When the system does not let it be listened for.
fn stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(windows)]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}
