//! The Markdown below the front matter: one card per `##`, its quote list, its `###` sections,
//! and what customers say next under `####`.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::front_matter::{self, Fault, Meta, did_you_mean};
use super::raw::{RawCard, RawPushback, RawSection};
use super::section::Section;
use super::source::Kind;
use super::spanned::Spanned;
use super::{Diagnostic, SourceFile};
use crate::model::{CardId, Stage};

/// This many cards of one file are read.
const MOST_CARDS: usize = 1_000;

/// After so many faults the rest of a file is not looked at.
const MOST_FAULTS: usize = 1_000;

/// Reads every card of a file. `body` is the byte after the front matter.
pub(super) fn read(
    file: &SourceFile,
    body: usize,
    front: &Meta,
) -> (Vec<RawCard>, Vec<Diagnostic>) {
    let kind = file.kind();
    let mut reader = Reader { file, kind, front, cards: Vec::new(), open: None, found: Vec::new() };
    let mut depth = 0_usize;
    // Only blocks directly below the document, and the items of its lists, mean anything here;
    // what is inside them is sliced from the source, because events split a line such as `~20%`.
    for (event, range) in Parser::new_ext(&file.text[body..], Options::empty()).into_offset_iter() {
        let range = (range.start + body)..(range.end + body);
        if reader.cards.len() >= MOST_CARDS || reader.found.len() >= MOST_FAULTS {
            let message = "there is too much here; the rest of the file is not read".to_owned();
            let help = "split it into several files, each with at most a thousand cards";
            reader.error("PB001", range, message, help);
            break;
        }
        match event {
            Event::Start(tag) => {
                match (&tag, depth) {
                    (Tag::Heading { level, .. }, 0) => reader.heading(*level, range),
                    (Tag::BlockQuote(_), 0) => reader.quote(range),
                    (Tag::Paragraph, 0) => reader.line(range),
                    (Tag::HtmlBlock, 0) => reader.comment(range),
                    (Tag::Item, _) if reader.in_list(depth) => reader.line(range),
                    _ => {}
                }
                reader.enter(&tag, depth);
                depth += 1;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                reader.leave(tag, depth);
            }
            _ => {}
        }
    }
    reader.close();
    (reader.cards, reader.found)
}

/// Where in a card the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// Between the heading and the first section.
    Top,
    /// In the section that was opened last.
    Section,
    /// Below a `####` of the push-backs.
    Pushback,
    /// Below a heading no one knows.
    Unknown,
}

struct Open {
    card: RawCard,
    spot: Spot,
    id_given: bool,
    /// How many lists deep the reader is, at the top of the document.
    lists: usize,
}

struct Reader<'a> {
    file: &'a SourceFile,
    kind: Kind,
    front: &'a Meta,
    cards: Vec<RawCard>,
    open: Option<Open>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, at: Range<usize>, message: String, help: &str) {
        self.found.push(Diagnostic::error(code, self.file, at, message, help));
    }

    fn enter(&mut self, tag: &Tag<'_>, depth: usize) {
        if let (Tag::List(_), Some(open)) = (tag, &mut self.open)
            && depth == open.lists * 2
        {
            open.lists += 1;
        }
    }

    fn leave(&mut self, tag: TagEnd, depth: usize) {
        if let (TagEnd::List(_), Some(open)) = (tag, &mut self.open)
            && open.lists > 0
            && depth == (open.lists - 1) * 2
        {
            open.lists -= 1;
        }
    }

    /// Whether an item at this depth belongs to a list of the section, nested or not.
    fn in_list(&self, depth: usize) -> bool {
        self.open.as_ref().is_some_and(|open| open.lists > 0 && depth == open.lists * 2 - 1)
    }

    fn heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let range = self.file.trimmed(range);
        let source = &self.file.text[range.clone()];
        if !source.starts_with('#') {
            let message = "a heading underlined with `---` or `===`".to_owned();
            let help = "write `## Title`; for a line across the page put an empty line above it";
            return self.error("PB010", range, message, help);
        }
        let title = source.trim_start_matches('#').trim().trim_end_matches('#').trim().to_owned();
        if title.contains("{#") {
            let message = "`{#id}` on a heading".to_owned();
            let help = "write the id on the next line: <!-- id: my-card -->";
            return self.error("PB013", range, message, help);
        }
        match level {
            HeadingLevel::H1 => self.close(),
            HeadingLevel::H2 => self.start(title, range),
            HeadingLevel::H3 => self.section(&title, range),
            HeadingLevel::H4 => self.pushback(title, range),
            HeadingLevel::H5 | HeadingLevel::H6 => {
                let message = format!("heading `{title}` is deeper than a push-back");
                let help = "a card has `##`, its sections `###`, its push-backs `####`";
                self.error("PB014", range, message, help);
            }
        }
    }

    fn start(&mut self, title: String, at: Range<usize>) {
        self.close();
        let card = RawCard {
            id: CardId::slug(&title),
            title: Spanned::new(title, at),
            was: Vec::new(),
            meta: self.front.clone(),
            phrasings: Vec::new(),
            sections: Vec::new(),
            pushbacks: Vec::new(),
            suppressions: Vec::new(),
            body: Vec::new(),
        };
        self.open = Some(Open { card, spot: Spot::Top, id_given: false, lists: 0 });
    }

    fn section(&mut self, title: &str, at: Range<usize>) {
        let known = Section::of(self.kind);
        let Some(open) = &mut self.open else {
            let message = format!("section `{title}` is above the first card");
            return self.error("PB014", at, message, "begin a card with `## What they say`");
        };
        let (name, stage) = match title.split_once('(') {
            Some((name, stage)) => (name.trim(), Some(stage.trim_end_matches(')').trim())),
            None => (title, None),
        };
        let section = known.iter().find(|known| known.heading().eq_ignore_ascii_case(name));
        let Some(section) = section.copied() else {
            open.spot = Spot::Unknown;
            let message = format!("unknown section `{title}`; its text is never shown");
            let names: Vec<&str> = known.iter().map(|known| known.heading()).collect();
            let help = did_you_mean(name, &names);
            let problem = Diagnostic::error("PB011", self.file, at, message, help);
            return self.found.push(problem.warning());
        };
        open.spot = Spot::Section;
        let stage = match (stage, section) {
            (None, _) => None,
            (Some(stage), Section::Say) => match stage.parse::<Stage>() {
                Ok(stage) => Some(stage),
                Err(error) => {
                    let Fault { message, help } = error.into();
                    return self.error("PB003", at, message, &help);
                }
            },
            (Some(_), _) => {
                let message = format!("`{name}` cannot depend on the stage");
                return self.error("PB014", at, message, "only Say can: `### Say (closing)`");
            }
        };
        let twice = |found: &RawSection| found.section == section && found.stage == stage;
        if open.card.sections.iter().any(twice) {
            let message = format!("section `{title}` appears twice in this card");
            self.error("PB014", at, message, "put its lines together under one heading");
        } else {
            open.card.sections.push(RawSection { section, stage, lines: Vec::new() });
        }
    }

    fn pushback(&mut self, title: String, at: Range<usize>) {
        let last = self.open.as_ref().and_then(|open| open.card.sections.last());
        if last.is_none_or(|last| last.section != Section::PushBack) {
            let message = format!("heading `{title}` is outside the pushbacks");
            let help = "`####` belongs under `### If they push back`; a card has `##`";
            return self.error("PB014", at, message, help);
        }
        if let Some(open) = &mut self.open {
            open.spot = Spot::Pushback;
            let title = Spanned::new(title, at);
            let (phrasings, answers) = (Vec::new(), Vec::new());
            open.card.pushbacks.push(RawPushback { title, phrasings, answers });
        }
    }

    /// The quote list below a card's or a push-back's heading: what customers say.
    fn quote(&mut self, range: Range<usize>) {
        let text = &self.file.text;
        let Some(open) = self.open.as_mut() else { return };
        if text[range.clone()].trim_start_matches(['>', ' ']).starts_with("[!") {
            return; // a note to authors, as GitHub draws it
        }
        let phrasings = match open.spot {
            Spot::Top => &mut open.card.phrasings,
            Spot::Pushback => match open.card.pushbacks.last_mut() {
                Some(pushback) => &mut pushback.phrasings,
                None => return,
            },
            Spot::Section => {
                let place = self.file.trimmed(range);
                let message = "a quote here is ignored: quote only what customers say";
                let help = "begin its lines with `- `, without the `>`";
                self.found.push(Diagnostic::error("PB022", self.file, place, message, help));
                return;
            }
            Spot::Unknown => return,
        };
        let mut at = range.start;
        for line in text[range].split_inclusive('\n') {
            let place = self.file.trimmed(at..at + line.len());
            at += line.len();
            let Some(quoted) = text[place.clone()].strip_prefix('>') else {
                if !place.is_empty() {
                    let message = "this line has no `>` and would silently join the quote above";
                    let help = "begin it with `> - `, or put an empty line above it";
                    let problem = Diagnostic::error("PB022", self.file, place, message, help);
                    self.found.push(problem);
                }
                continue;
            };
            let words = quoted.trim_start();
            let words = words.strip_prefix(['-', '*', '+']).unwrap_or(words).trim();
            if !words.is_empty() {
                let place = (place.end - words.len())..place.end;
                phrasings.push(Spanned::new(words.to_owned(), place));
            }
        }
    }

    /// A bullet or a paragraph: one line a rep can read.
    fn line(&mut self, range: Range<usize>) {
        let range = self.file.trimmed(range);
        let Some(open) = &mut self.open else { return };
        let source = &self.file.text[range.clone()];
        // An item's slice reaches over the list nested in it, whose items come as lines too.
        let bullet = |line: &str| line.trim_start().starts_with(['-', '*', '+']);
        let own = source.lines().enumerate().take_while(|(at, line)| *at == 0 || !bullet(line));
        let text = own.map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ");
        let (text, comments) = without_comments(&text);
        for comment in comments {
            if let Some(suppression) = comment.trim().strip_prefix("lint-disable") {
                let suppression = Spanned::new(suppression.trim().to_owned(), range.clone());
                open.card.suppressions.push(suppression);
            }
        }
        let text = text.strip_prefix(['-', '*', '+']).unwrap_or(&text).trim();
        let lines = match open.spot {
            Spot::Top => Some(&mut open.card.body),
            Spot::Section => open.card.sections.last_mut().map(|section| &mut section.lines),
            Spot::Pushback => open.card.pushbacks.last_mut().map(|pushback| &mut pushback.answers),
            Spot::Unknown => None,
        };
        if let (Some(lines), false) = (lines, text.is_empty()) {
            lines.push(Spanned::new(text.to_owned(), range));
        }
    }

    /// `<!-- id: my-card; was: its-old-id; stage: [closing] -->` below the heading.
    fn comment(&mut self, range: Range<usize>) {
        let range = self.file.trimmed(range);
        let text = &self.file.text[range.clone()];
        let inside = text.strip_prefix("<!--").and_then(|text| text.strip_suffix("-->"));
        let (Some(inside), Some(open)) = (inside, &mut self.open) else { return };
        if open.spot != Spot::Top || !inside.contains(':') {
            return;
        }
        let mut rest = String::new();
        let mut problems = Vec::new();
        for pair in inside.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let Some((key @ ("id" | "was"), value)) = pair.split_once(':') else {
                rest.push_str(pair);
                rest.push('\n');
                continue;
            };
            for value in value.split(',').map(str::trim) {
                match CardId::parse(value) {
                    None => {
                        let message = format!("`{value}` is not an id: lower case and hyphens");
                        let help = format!("for example: <!-- id: {} -->", CardId::slug(value));
                        problems.push((message, help));
                    }
                    Some(id) if key == "was" => {
                        open.card.was.push(Spanned::new(id, range.clone()));
                    }
                    Some(_) if open.id_given => {
                        let help = "a card has one id; its old ids go after `was:`".to_owned();
                        problems.push(("`id` is given twice".to_owned(), help));
                    }
                    Some(id) => {
                        open.card.id = id;
                        open.id_given = true;
                    }
                }
            }
        }
        let front = self.front;
        open.card.meta = front_matter::read_card(self.file, &rest, &range, front, &mut self.found);
        for (message, help) in problems {
            self.error("PB002", range.clone(), message, &help);
        }
    }

    fn close(&mut self) {
        self.cards.extend(self.open.take().map(|open| open.card));
    }
}

/// The text without `<!-- comments -->`, which are not for reps, and what they say.
fn without_comments(text: &str) -> (String, Vec<String>) {
    let (mut words, mut comments, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once("<!--") {
        let Some((comment, after)) = after.split_once("-->") else { break };
        words.push_str(before.trim_end());
        comments.push(comment.to_owned());
        rest = after;
    }
    words.push_str(rest);
    (words, comments)
}
