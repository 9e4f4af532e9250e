//! `cornerman lint`: checks the playbooks and says file, line, column and what to do.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Ending, runtime, say};
use crate::app::{Places, known, live_problems};
use crate::library::{self, Files};
use crate::model::Severity;
use crate::playbook::{
    Coverage, Diagnostic, Playbook, RULES, SourceFile, read_questions, render_concise, render_text,
};
use crate::pricing::POLICY_RULES;

/// Check the playbooks; exit code 1 when there is an error
///
/// Examples:
///   cornerman lint
///   cornerman lint playbooks/objections/price.md
///   cornerman lint --format concise
///   cornerman lint --explain PB201
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Lint {
    /// Show only what is found in these files; all files are still checked
    paths: Vec<PathBuf>,
    /// Print the page of one rule, for example PB201, and check nothing
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
    /// Print which objection is answered in which stage, and check nothing
    #[arg(long)]
    coverage: bool,
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
    /// For GitHub's workflow runs: errors first, shown beside the line
    Github,
}

impl Lint {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        if let Some(code) = &self.explain {
            return explain(code);
        }
        let files = library::read(&places.playbooks)?;
        if let Some(problem) = self.paths.iter().find_map(|path| strange(path, &files, places)) {
            eprintln!("error: {problem}");
            return Ok(Ending::Usage);
        }
        let reading = files.playbook(&known(places));
        if let (true, Some(playbook)) = (self.coverage, &reading.playbook) {
            return self.print_coverage(playbook);
        }
        // A folder with a price policy and no card yet is checked: prices work without cards.
        if files.sources().next().is_none() && files.faults.is_empty() {
            let directory = places.playbooks.display();
            eprintln!(
                "error: there is no card under `{directory}`, so nothing could be served; \
                 `cornerman new` makes a draft"
            );
            return Ok(Ending::Failed);
        }
        let mut found = reading.diagnostics;
        if let (Some(playbook), Some(questions)) = (&reading.playbook, &files.questions) {
            found.extend(read_questions(questions, playbook).err().unwrap_or_default());
        }
        // What would keep these from going live here is an error here too.
        if !found.iter().any(|found| found.severity == Severity::Error) {
            found.extend(runtime()?.block_on(live_problems(places, &files))?);
        }
        if self.format == Format::Github {
            found.sort_by_key(|diagnostic| diagnostic.severity);
        }
        let shown: Vec<&Diagnostic> = found.iter().filter(|d| self.wants(d, places)).collect();
        for diagnostic in &shown {
            let source = files.sources().find(|file| file.path == diagnostic.file);
            self.print(diagnostic, source, places)?;
        }
        let count = |severity| shown.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        for (path, reason) in &files.skipped {
            eprintln!("skipped {}: {reason}", path.display());
        }
        if self.format == Format::Text {
            let cards = reading.playbook.map_or(0, |playbook| playbook.cards.len());
            let files = files.markdown.len();
            let counted = |count: usize, what: &str| match count {
                1 => format!("1 {what}"),
                _ => format!("{count} {what}s"),
            };
            match errors {
                0 => eprintln!(
                    "{cards} cards in {files} files: {}, no errors",
                    counted(warnings, "warning")
                ),
                _ => eprintln!(
                    "{files} files: {}, {}",
                    counted(errors, "error"),
                    counted(warnings, "warning")
                ),
            }
        }
        Ok(if errors > 0 { Ending::Failed } else { Ending::Done })
    }

    fn print_coverage(&self, playbook: &Playbook) -> anyhow::Result<Ending> {
        let coverage = Coverage::of(&playbook.cards, &playbook.plan);
        match self.format {
            Format::Json => {
                for cell in coverage.cells(&playbook.plan) {
                    say(serde_json::to_string(&cell)?)?;
                }
            }
            Format::Text | Format::Concise | Format::Github => {
                say(coverage.table(&playbook.plan))?;
            }
        }
        Ok(if coverage.missing.is_empty() { Ending::Done } else { Ending::Failed })
    }

    fn wants(&self, diagnostic: &Diagnostic, places: &Places) -> bool {
        let named = |path: &PathBuf| is_named(path, &diagnostic.file, places);
        self.paths.is_empty() || self.paths.iter().any(named)
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
                say(format_args!("{}\n", render_text(diagnostic, text, &directory, colour)))?;
            }
            Format::Concise => {
                say(format_args!("{}/{}", places.playbooks.display(), render_concise(diagnostic)))?;
            }
            Format::Json => say(serde_json::to_string(diagnostic)?)?,
            Format::Github => say(github(diagnostic, places))?,
        }
        Ok(())
    }
}

/// Whether a path means this file, from here or from the playbook directory.
fn is_named(path: &Path, file: &str, places: &Places) -> bool {
    let path = path.strip_prefix("./").unwrap_or(path);
    let whole = places.playbooks.join(file);
    whole.starts_with(path) || whole.starts_with(places.playbooks.join(path))
}

/// Why nothing can be found in what a path names: green would be a lie.
fn strange(path: &Path, files: &Files, places: &Places) -> Option<String> {
    let read = files.sources().map(|file| file.path.as_str());
    let mut read = read.chain(files.faults.iter().map(|fault| fault.file.as_str()));
    if read.any(|file| is_named(path, file, places)) {
        return None;
    }
    let (shown, directory) = (path.display(), places.playbooks.display());
    Some(if !(path.exists() || places.playbooks.join(path).exists()) {
        format!("there is no `{shown}`, here or in `{directory}`")
    } else {
        format!(
            "`{shown}` is not a playbook: those are the .md files, questions.toml, plan.toml and \
         pricing.toml below `{directory}`; another directory is named with --playbooks"
        )
    })
}

fn explain(code: &str) -> anyhow::Result<Ending> {
    let mut rules = RULES.iter().chain(POLICY_RULES);
    let Some(rule) = rules.find(|rule| rule.code.eq_ignore_ascii_case(code)) else {
        let known: Vec<&str> = RULES.iter().chain(POLICY_RULES).map(|rule| rule.code).collect();
        eprintln!("error: there is no rule {code}; there are {}", known.join(", "));
        return Ok(Ending::Usage);
    };
    say(rule.page())?;
    Ok(Ending::Done)
}

/// A workflow command: `::error file=…,line=…,col=…,title=…::message`.
fn github(diagnostic: &Diagnostic, places: &Places) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice", // GitHub's word
    };
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let file = places.playbooks.join(&diagnostic.file).display().to_string();
    format!(
        "::{severity} file={},line={},endLine={},col={},title={}::{}",
        escaped(&file).replace(',', "%2C").replace(':', "%3A"),
        diagnostic.line,
        diagnostic.end_line,
        diagnostic.column,
        diagnostic.code,
        escaped(&format!("{}\nhelp: {}", diagnostic.message, diagnostic.help)),
    )
}
