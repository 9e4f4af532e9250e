//! Finds the playbook files under a directory and takes their text.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::price_policy::{diagnostic, policy};
use super::walk::{Walk, walk};
use crate::model::{CardId, ContentHash, Day};
use crate::playbook::{Diagnostic, Encoding, Facts, Playbook, Price, Reading, SourceFile, asked};
use crate::pricing::PolicyVariable;

/// All files together may have so many bytes: 32 MiB.
const MOST_BYTES: usize = 32 << 20;

/// The text of every playbook file, and what was left out.
#[derive(Debug, Default)]
pub struct Files {
    /// The directory they were read from.
    pub directory: PathBuf,
    /// Markdown files, by path.
    pub markdown: Vec<SourceFile>,
    /// `questions.toml`, where there is one.
    pub questions: Option<SourceFile>,
    /// `plan.toml`, where there is one.
    pub plan: Option<SourceFile>,
    /// `pricing.toml`, where there is one.
    pub pricing: Option<SourceFile>,
    /// Files that are no text.
    pub faults: Vec<Diagnostic>,
    /// Paths that were passed over, each with the reason.
    pub skipped: Vec<(PathBuf, &'static str)>,
}

/// What playbooks are checked against, besides themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Today: an expired price policy keeps its figures to itself.
    pub today: Day,
    /// The cards that were live last, each with its file.
    pub published: Vec<(CardId, String)>,
    /// The golden questions that have passed once.
    pub passed: BTreeSet<ContentHash>,
}

impl Files {
    /// Reads the cards out of the files, with everything that is wrong in any of them. An expired
    /// price policy keeps its figures to itself.
    #[must_use]
    pub fn playbook(&self, known: &Known) -> Reading {
        let mut faults = self.faults.clone();
        let mut advice = Vec::new();
        let mut facts = Facts { published: known.published.clone(), ..Facts::default() };
        match self.pricing.as_ref().map(|file| (file, policy(file))) {
            Some((file, Ok(policy))) => {
                let texts = self.markdown.iter().map(|file| file.text.as_str());
                let said = policy.advice(&file.text, known.today).into_iter();
                let said = said.chain(policy.unused(&file.text, texts));
                advice.extend(said.map(|fault| diagnostic(file, fault)));
                let withheld = policy.expires < known.today;
                facts.prices = policy
                    .variables()
                    .into_iter()
                    .map(|PolicyVariable { name, text, internal }| {
                        (name, Price { text, internal, withheld })
                    })
                    .collect();
            }
            Some((_, Err(found))) => faults.extend(found),
            None => {}
        }
        if !self.faults.is_empty() {
            facts.published.clear(); // the cards of a file that cannot be read are not gone
        }
        let mut reading = Playbook::read(&self.markdown, self.plan.as_ref(), &facts);
        if !faults.is_empty() {
            reading.playbook = None;
            reading.diagnostics.extend(faults);
        }
        reading.diagnostics.extend(advice);
        reading
    }

    /// What the golden questions ask, as far as the file can be read.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let questions = self.questions.as_ref().map(asked).unwrap_or_default();
        questions.into_iter().filter(|text| !text.trim().is_empty()).collect()
    }

    /// Names this very content: the same text under the same names, and the same faults.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        let sources = self.sources().flat_map(|file| [file.path.as_str(), &file.text]);
        let faults = self.faults.iter().flat_map(|fault| [fault.file.as_str(), &fault.message]);
        ContentHash::of(sources.chain(faults))
    }

    /// Every file that diagnostics may point into.
    pub fn sources(&self) -> impl Iterator<Item = &SourceFile> {
        self.markdown.iter().chain(&self.questions).chain(&self.plan).chain(&self.pricing)
    }
}

/// Why no playbooks could be read or served.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The directory is missing or unreadable.
    #[error(
        "cannot read the playbook directory `{}`: {cause}; name it with --playbooks DIR",
        path.display()
    )]
    Directory {
        /// The path that was tried.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// There is no card at all.
    #[error("there is no card under `{}`", path.display())]
    Empty {
        /// The directory that was read.
        path: PathBuf,
    },
    /// The playbooks have errors.
    #[error("the playbooks have {} errors; `cornerman lint` shows them", errors.len())]
    Broken {
        /// What they are.
        errors: Vec<Diagnostic>,
    },
    /// More sentences have to be learned than someone waits for.
    #[error("{sentences} sentences have to be learned")]
    Unlearned {
        /// How many.
        sentences: usize,
    },
    /// The search index could not be made.
    #[error("the search index cannot be made: {0}")]
    Index(String),
}

/// Reads every `.md` file, `questions.toml`, `plan.toml` and `pricing.toml` below `directory`.
///
/// Links that lead out of it, pipes, and the temporary files of editors are passed over.
///
/// # Errors
/// [`LibraryError::Directory`] when the directory itself cannot be read.
pub fn read(directory: &Path) -> Result<Files, LibraryError> {
    let failed = |cause| LibraryError::Directory { path: directory.to_owned(), cause };
    let Walk { files: found, skipped } = walk(directory).map_err(failed)?;
    let mut files = Files { directory: directory.to_owned(), skipped, ..Files::default() };
    let mut left = MOST_BYTES;
    for found in found {
        // A size that is refused anyway is not read first: the file may be larger than memory.
        let bytes = usize::try_from(found.about.len()).unwrap_or(usize::MAX);
        left = left.saturating_sub(bytes.min(SourceFile::LARGEST));
        take(&mut files, found.path, bytes, left == 0);
    }
    Ok(files)
}

/// Takes a file of this size; `full` when all files together are too large.
fn take(files: &mut Files, path: PathBuf, size: usize, full: bool) {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // It may have grown since it was looked at.
        let most = SourceFile::LARGEST as u64 + 1;
        std::fs::File::open(&path)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = match () {
        () if full => Err(Encoding::TooMuch { most: MOST_BYTES }),
        () if size > SourceFile::LARGEST => Err(Encoding::TooLarge { bytes: size }),
        () => match read() {
            Ok(bytes) => Ok(bytes),
            Err(_) => return files.skipped.push((path, "it cannot be read")),
        },
    };
    let relative = path.strip_prefix(&files.directory).unwrap_or(&path);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    let name = parts.join("/");
    match bytes.and_then(|bytes| SourceFile::new(name.clone(), bytes)) {
        Ok(file) if name == "questions.toml" => files.questions = Some(file),
        Ok(file) if name == "plan.toml" => files.plan = Some(file),
        Ok(file) if name == "pricing.toml" => files.pricing = Some(file),
        Ok(file) if name.ends_with(".md") => files.markdown.push(file),
        Ok(_) => {}
        Err(problem) => {
            let empty = SourceFile::of(name, "");
            let help = problem.help();
            let message = problem.to_string();
            files.faults.push(Diagnostic::error("PB001", &empty, 0..0, message, help));
        }
    }
}
