//! One file as its author wrote it, and where in it a byte stands.

use std::ops::Range;
use std::sync::OnceLock;

/// The text of one file under the playbook directory.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path below the playbook directory, with forward slashes.
    pub path: String,
    /// The text, without a byte-order mark and with line feeds only.
    pub text: String,
    /// Where each line begins, once someone has asked for a place: a file may have thousands of
    /// faults, and each of them has one.
    lines: OnceLock<Vec<usize>>,
}

/// What a file holds, told by the folder it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `objections/` and everything that is nowhere else.
    Objection,
    /// `calls/` and `networking/`.
    Call,
    /// `methodologies/`.
    Methodology,
    /// `battlecards/`.
    Battlecard,
    /// `messages.md`: blocks that cards quote.
    Messages,
}

/// Why the bytes of a file are no playbook text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Encoding {
    /// The file is larger than a playbook may be.
    #[error("the file has {bytes} bytes; at most {} are read", SourceFile::LARGEST)]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// All files together are larger than playbooks may be.
    #[error("with this file the playbooks have more than {most} bytes, so it is not read")]
    TooMuch {
        /// The most that all files may have.
        most: usize,
    },
    /// Some byte is not UTF-8.
    #[error("byte {offset} is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        offset: usize,
    },
}

impl Encoding {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "split it into several files",
            Self::TooMuch { .. } => "keep only playbooks in this directory",
            Self::NotUtf8 { .. } => "save the file as UTF-8 text",
        }
    }
}

impl SourceFile {
    /// Files above this size are refused before they are read: 256 KiB.
    pub const LARGEST: usize = 256 * 1024;

    /// Takes the bytes of a file. A byte-order mark and carriage returns before line feeds are
    /// dropped: editors add them, no one means them.
    ///
    /// # Errors
    /// [`Encoding`] when the file is too large or is not UTF-8.
    pub fn new(path: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Encoding> {
        if bytes.len() > Self::LARGEST {
            return Err(Encoding::TooLarge { bytes: bytes.len() });
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| Encoding::NotUtf8 { offset: error.utf8_error().valid_up_to() })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
        Ok(Self::of(path, text))
    }

    /// What the file holds.
    pub(super) fn kind(&self) -> Kind {
        match self.path.split_once('/').map_or(self.path.as_str(), |(folder, _)| folder) {
            "calls" | "networking" => Kind::Call,
            "methodologies" => Kind::Methodology,
            "battlecards" => Kind::Battlecard,
            "messages.md" => Kind::Messages,
            _ => Kind::Objection,
        }
    }

    /// Takes a text as it is, for example of a file that is not there.
    #[must_use]
    pub fn of(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// Line and column of a byte offset, both from 1; columns count code points.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        });
        let offset = if self.text.is_char_boundary(offset) { offset } else { self.text.len() };
        let line = lines.partition_point(|start| *start <= offset);
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (line, self.text[start..offset].chars().count() + 1)
    }

    /// The byte offset of a line and column, both from 1, cut to the end of the text.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let mut start = 0;
        for _ in 1..line {
            match self.text[start..].find('\n') {
                Some(at) => start += at + 1,
                None => return self.text.len(),
            }
        }
        let columns = self.text[start..].char_indices();
        let within = columns.map(|(at, _)| at).nth(column.saturating_sub(1));
        within.map_or(self.text.len(), |at| start + at)
    }

    /// The rest of the line on which `offset` stands, without spaces around it.
    #[must_use]
    pub fn rest_of_line(&self, offset: usize) -> Range<usize> {
        let offset = offset.min(self.text.len());
        let end = self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at);
        self.trimmed(offset..end)
    }

    /// The range without the white space at its ends.
    #[must_use]
    pub fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        start..(start + text.trim().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_offsets_are_each_others_inverse() {
        let file = SourceFile::new("a.md", "\u{feff}eins\r\nzwölf\r\n\r\nend".into()).unwrap();
        for (offset, _) in file.text.char_indices() {
            let (line, column) = file.position(offset);
            assert_eq!(file.offset(line, column), offset, "{line}:{column}");
        }
        assert_eq!(file.position(file.text.find("lf").unwrap()), (2, 4));
        assert_eq!(file.offset(99, 99), file.text.len());
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let latin = SourceFile::new("a.md", b"Caf\xe9".to_vec()).unwrap_err();
        assert_eq!(latin, Encoding::NotUtf8 { offset: 3 });
        assert!(SourceFile::new("a.md", vec![b'a'; SourceFile::LARGEST + 1]).is_err());
    }
}
