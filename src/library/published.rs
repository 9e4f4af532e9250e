//! What was live last: small files in the data directory with the cards and their files, and with
//! the golden questions that have passed once.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use crate::model::{CardId, ContentHash};
use crate::playbook::Playbook;

/// One card and its file a line.
const PUBLISHED: &str = "published";

/// One golden question a line, by the hash of what it asks and expects.
const PASSED: &str = "passed";

/// The cards that were live last; none when nothing was noted.
#[must_use]
pub fn published(data: &Path) -> Vec<(CardId, String)> {
    let line = |line: &str| {
        let (id, file) = line.split_once('\t')?;
        Some((CardId::parse(id)?, file.to_owned()))
    };
    read(data, PUBLISHED).lines().filter_map(line).collect()
}

/// The golden questions that have passed when they were live; none when nothing was noted.
#[must_use]
pub fn passed(data: &Path) -> BTreeSet<ContentHash> {
    read(data, PASSED).lines().filter_map(ContentHash::parse).collect()
}

/// Notes which cards are live now.
///
/// # Errors
/// When the file cannot be written.
pub fn note_published(data: &Path, playbook: &Playbook) -> std::io::Result<()> {
    let lines = playbook.cards.iter().map(|card| format!("{}\t{}\n", card.id, card.source.file));
    write(data, PUBLISHED, &lines.collect::<String>())
}

/// Notes which golden questions have passed, instead of those that were noted before.
///
/// # Errors
/// When the file cannot be written.
pub fn note_passed(data: &Path, passed: &BTreeSet<ContentHash>) -> std::io::Result<()> {
    let lines = passed.iter().map(|question| format!("{question}\n"));
    write(data, PASSED, &lines.collect::<String>())
}

fn read(data: &Path, name: &str) -> String {
    std::fs::read_to_string(data.join(name)).unwrap_or_default()
}

/// Written whole under another name and renamed, and for the owner only.
fn write(data: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let draft = data.join(format!("{name}.{}.tmp", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(text.as_bytes())?;
    std::fs::rename(draft, data.join(name))
}
