//! What is wrong in a playbook, where, and how to fix it; and two ways of writing that down.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::SourceFile;
use crate::model::Severity;

/// One thing wrong in one place. Lines and columns count from 1, columns in code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code, for example `PB003`.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in plain words.
    pub message: String,
    /// The file, relative to the playbook directory.
    pub file: String,
    /// Line of its first character.
    pub line: usize,
    /// Column of its first character.
    pub column: usize,
    /// Line after its last character.
    pub end_line: usize,
    /// Column after its last character.
    pub end_column: usize,
    /// How to fix it.
    pub help: String,
    #[serde(skip)]
    span: Range<usize>,
}

impl Diagnostic {
    /// An error at a byte range of a file.
    pub fn error(
        code: &'static str,
        file: &SourceFile,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let (line, column) = file.position(span.start);
        let (end_line, end_column) = file.position(span.end);
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            file: file.path.clone(),
            line,
            column,
            end_line,
            end_column,
            help: help.into(),
            span,
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(self) -> Self {
        self.weighing(Severity::Warning)
    }

    /// The same with another weight.
    #[must_use]
    pub fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// One diagnostic on one line: `file:line:column: CODE message`.
#[must_use]
pub fn render_concise(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, message, file, line, column, .. } = diagnostic;
    format!("{file}:{line}:{column}: {code} {message}")
}

/// One diagnostic with its source line and a caret, as rustc writes it.
#[must_use]
pub fn render_text(diagnostic: &Diagnostic, text: &str, directory: &str, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let path = format!("{directory}/{}", diagnostic.file);
    let end = diagnostic.span.end.min(text.len());
    let span = diagnostic.span.start.min(end)..end;
    let group =
        Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code))
            .element(
                Snippet::source(text).path(path).annotation(AnnotationKind::Primary.span(span)),
            )
            .element(Level::HELP.message(diagnostic.help.as_str()));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}
