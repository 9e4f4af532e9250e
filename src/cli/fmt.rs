//! `cornerman fmt`: writes playbooks in their one form.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::{Ending, say};
use crate::app::{Places, today};
use crate::library;
use crate::playbook::{SourceFile, format, verified};

/// Format playbook files without changing their content
///
/// Files with faults are left alone: `cornerman lint` shows those.
///
/// Examples:
///   cornerman fmt
///   cornerman fmt --check
///   cornerman fmt --verified playbooks/objections/price.md
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Fmt {
    /// Only these files
    paths: Vec<PathBuf>,
    /// Write nothing; exit code 1 when a file is not in its form
    #[arg(long)]
    check: bool,
    /// You have checked this file's content today: set its `verified`
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    verified: Option<PathBuf>,
}

impl Fmt {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let files = library::read(&places.playbooks)?;
        if let Some(path) = &self.verified {
            let Some(file) = files.markdown.iter().find(|file| is(places, file, path)) else {
                anyhow::bail!("`{}` is not a playbook file", path.display());
            };
            let Some(text) = verified(&file.text, today()) else {
                anyhow::bail!("`{}` has no `verified` in its front matter", path.display());
            };
            write(path, &text)?;
            eprintln!("{}: verified {}", path.display(), today());
            return Ok(Ending::Done);
        }
        let wanted = |file: &&SourceFile| {
            self.paths.is_empty() || self.paths.iter().any(|path| is(places, file, path))
        };
        let mut changed = 0;
        for file in files.markdown.iter().filter(wanted) {
            let path = places.playbooks.join(&file.path);
            let text = format(file);
            // What was read lacks byte-order mark and carriage returns; the form has neither.
            let same = std::fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes());
            if !same && (text != file.text || !self.check) {
                changed += 1;
                say(path.display())?;
                if !self.check {
                    write(&path, &text)?;
                }
            }
        }
        match (self.check, changed) {
            (_, 0) => eprintln!("every file is in its form"),
            (true, _) => eprintln!("{changed} files are not in their form: cornerman fmt"),
            (false, _) => eprintln!("{changed} files written"),
        }
        Ok(if self.check && changed > 0 { Ending::Failed } else { Ending::Done })
    }
}

fn is(places: &Places, file: &SourceFile, path: &Path) -> bool {
    let path = path.strip_prefix("./").unwrap_or(path);
    places.playbooks.join(&file.path) == path || Path::new(&file.path) == path
}

/// Whole or not at all: a crash must not leave half a playbook.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let draft = path.with_extension("md.tmp");
    let refused = || format!("cannot write `{}`", path.display());
    std::fs::write(&draft, text).with_context(refused)?;
    std::fs::rename(&draft, path).with_context(refused)
}
