//! Takes connections: only so many at once, each of which has to get on with it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;

/// More connections than this are refused, whatever the system would allow.
const MOST: usize = 512;

/// So many that are refused are told why at once; the others wait for their turn.
const MOST_TOLD: usize = 64;

/// A refused client gets this long to take the answer.
const TOLD: Duration = Duration::from_millis(200);

/// A request has to be there down to the end of its head within this time, from the moment when it
/// may come.
const HEAD: Duration = Duration::from_secs(10);

/// A reader who takes nothing for this long is cut off.
const STALLED: Duration = Duration::from_secs(30);

/// After the signal to stop, requests that are in progress get this long.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(3);

/// When no connection can be taken, as without file handles, it is tried again after this long.
const AGAIN: Duration = Duration::from_millis(100);

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 66\r\n\r\n\
    Too many connections are open here at the moment. Please try again";

/// Serves until `stop` comes, then lets requests that are in progress finish.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let (room, told) = room();
    let (room, told) = (Arc::new(Semaphore::new(room)), Arc::new(Semaphore::new(told)));
    let (graceful, mut tasks) = (GracefulShutdown::new(), JoinSet::new());
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased; // however many knock, the signal to stop is heard first
            () = &mut stop => break,
            Some(_) = tasks.join_next(), if !tasks.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(AGAIN).await;
                continue;
            }
        };
        match Arc::clone(&room).try_acquire_owned() {
            Ok(place) => {
                let mut stream = TimeoutStream::new(stream);
                stream.set_write_timeout(Some(STALLED));
                let stream = TokioIo::new(Box::pin(stream));
                let service = TowerToHyperService::new(router.clone());
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(HEAD);
                let connection = graceful.watch(http.serve_connection(stream, service));
                tasks.spawn(async move {
                    let _ = connection.await; // the other side is gone: there is nobody to tell
                    drop(place);
                });
            }
            Err(_) => {
                let turn = Arc::clone(&told).acquire_owned().await;
                tasks.spawn(async move {
                    let _ = tokio::time::timeout(TOLD, refuse(stream)).await;
                    drop(turn);
                });
            }
        }
    }
    drop(listener);
    // A client that has sent half a request is not waited for longer than that.
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await;
    tasks.shutdown().await;
}

async fn refuse(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(BUSY.as_bytes()).await?;
    stream.shutdown().await?;
    // What it has sent is taken before the connection is closed, or the answer would not arrive.
    let mut sink = [0; 4096];
    while tokio::io::AsyncReadExt::read(&mut stream, &mut sink).await? > 0 {}
    Ok(())
}

/// For how many connections there is room, and how many may be told at once that there is none: half
/// and an eighth of the file handles that the process may have, since the log, the playbooks and the
/// index need some too.
fn room() -> (usize, usize) {
    #[cfg(unix)]
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    let limit = None;
    let handles = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    (MOST.min(handles / 2).max(1), MOST_TOLD.min(handles / 8).max(1))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_refusal_says_how_long_it_is() {
        let (head, body) = super::BUSY.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())));
    }
}
