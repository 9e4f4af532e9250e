//! Which cards were live last: a small file in the data directory, one card and its file a line.

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
    std::fs::create_dir_all(data)?;
    std::fs::write(&draft, lines.collect::<String>())?;
    std::fs::rename(draft, data.join(FILE))
}
