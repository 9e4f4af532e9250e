//! `cornerman lint`: checks the playbooks and says file, line, column and what to do.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Ending;
use crate::app::Places;
use crate::library;
use crate::playbook::{
    Diagnostic, Playbook, Severity, SourceFile, read_questions, render_concise, render_text,
};

/// Check the playbooks; exit code 1 when there is an error
///
/// Examples:
///   cornerman lint
///   cornerman lint playbooks/objections/price.md
///   cornerman lint --format concise
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Lint {
    /// Show only what is found in these files; all files are read all the same
    paths: Vec<PathBuf>,
    /// How to print what is found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the source line and a caret
    Text,
    /// One line each: file:line:column: code message
    Concise,
    /// One JSON object a line
    Json,
}

impl Lint {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let files = library::read(&places.playbooks)?;
        let reading = Playbook::read(&files.markdown);
        let mut found = files.faults.clone();
        found.extend(reading.diagnostics);
        if let (Some(playbook), Some(questions)) = (&reading.playbook, &files.questions) {
            found.extend(
                read_questions(questions, playbook)
                    .err()
                    .unwrap_or_default(),
            );
        }
        let shown: Vec<&Diagnostic> = found.iter().filter(|d| self.wants(d, places)).collect();
        let sources = || files.markdown.iter().chain(&files.questions);
        for diagnostic in &shown {
            let source = sources().find(|file| file.path == diagnostic.file);
            self.print(diagnostic, source, places)?;
        }
        let count = |severity| shown.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        for (path, reason) in &files.skipped {
            eprintln!("passed over {}: {reason}", path.display());
        }
        if self.format == Format::Text {
            let cards = reading.playbook.map_or(0, |playbook| playbook.cards.len());
            let files = files.markdown.len();
            match errors {
                0 => eprintln!("{cards} cards in {files} files: {warnings} warnings, no errors"),
                _ => eprintln!("{files} files: {errors} errors, {warnings} warnings"),
            }
        }
        Ok(if errors > 0 {
            Ending::Failed
        } else {
            Ending::Done
        })
    }

    fn wants(&self, diagnostic: &Diagnostic, places: &Places) -> bool {
        let file = places.playbooks.join(&diagnostic.file);
        self.paths.is_empty()
            || self.paths.iter().any(|path| {
                let path = path.strip_prefix("./").unwrap_or(path);
                file.starts_with(path) || places.playbooks.join(path) == file
            })
    }

    fn print(
        &self,
        diagnostic: &Diagnostic,
        source: Option<&SourceFile>,
        places: &Places,
    ) -> anyhow::Result<()> {
        match self.format {
            Format::Text => {
                let text = source.map_or("", |file| file.text.as_str());
                let directory = places.playbooks.display().to_string();
                let colour = std::io::stdout().is_terminal();
                println!("{}\n", render_text(diagnostic, text, &directory, colour));
            }
            Format::Concise => {
                println!(
                    "{}/{}",
                    places.playbooks.display(),
                    render_concise(diagnostic)
                );
            }
            Format::Json => println!("{}", serde_json::to_string(diagnostic)?),
        }
        Ok(())
    }
}
