//! Which cards were live last: a small file in the data directory, one card and its file a line.

use std::io::Write;
use std::path::Path;

use crate::model::CardId;
use crate::playbook::Playbook;

/// The file under the data directory.
const FILE: &str = "published";

/// The cards that were live last; none when nothing was noted.
#[must_use]
pub fn published(data: &Path) -> Vec<(CardId, String)> {
    let text = std::fs::read_to_string(data.join(FILE)).unwrap_or_default();
    let line = |line: &str| {
        let (id, file) = line.split_once('\t')?;
        Some((CardId::parse(id)?, file.to_owned()))
    };
    text.lines().filter_map(line).collect()
}

/// Notes which cards are live now.
///
/// # Errors
/// When the file cannot be written.
pub fn note_published(data: &Path, playbook: &Playbook) -> std::io::Result<()> {
    let lines = playbook.cards.iter().map(|card| format!("{}\t{}\n", card.id, card.source.file));
    let draft = data.join(format!("{FILE}.{}.tmp", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(lines.collect::<String>().as_bytes())?;
    std::fs::rename(draft, data.join(FILE))
}
