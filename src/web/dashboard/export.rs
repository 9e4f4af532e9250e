//! The export of what is looked at: every event of the view, read as fast as the other side takes it.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::view::{Pairs, View};
use crate::feedback::{Event, Filter, csv, jsonl};
use crate::journal::Export;
use crate::services::Services;
use crate::web::problem::PageProblem;
use crate::web::{AppState, unrendered};

pub(super) async fn as_csv(
    State(services): AppState,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let export = exported(&services, query?).await?;
    let mut head = Vec::new();
    csv(std::iter::empty(), true, &mut head).map_err(unrendered)?;
    let write = |events: &[Event], out: &mut Vec<u8>| csv(events.iter(), false, out);
    Ok(download("text/csv; charset=utf-8", "cornerman-feedback.csv", head, export, write))
}

pub(super) async fn as_jsonl(
    State(services): AppState,
    query: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, PageProblem> {
    let export = exported(&services, query?).await?;
    let write = |events: &[Event], out: &mut Vec<u8>| jsonl(events.iter(), out);
    Ok(download("application/jsonl", "cornerman-feedback.jsonl", Vec::new(), export, write))
}

/// Every event of the view, not only those of one page of it. Without any filter that is the whole
/// log: someone who leaves the page and takes "everything" must not get a part.
async fn exported(services: &Services, Query(pairs): Query<Pairs>) -> Result<Export, PageProblem> {
    let view = View::read(&pairs, services.journal.now().day())?;
    let filter = if pairs.is_empty() { Filter::default() } else { view.filter };
    Ok(services.journal.reader()?.export(filter).await?)
}

/// Reads and writes as fast as the other side takes it, a few events at a time.
fn download(
    kind: &'static str,
    name: &str,
    head: Vec<u8>,
    export: Export,
    write: impl Fn(&[Event], &mut Vec<u8>) -> std::io::Result<()> + Send + 'static,
) -> Response {
    let begin = (export, write, Some(head));
    let chunks = futures_util::stream::try_unfold(begin, async |(mut export, write, head)| {
        let events = export.next().await.map_err(std::io::Error::other)?;
        let mut bytes = head.unwrap_or_default();
        write(&events, &mut bytes)?;
        Ok::<_, std::io::Error>((!bytes.is_empty()).then_some((bytes, (export, write, None))))
    });
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(chunks)).into_response()
}
