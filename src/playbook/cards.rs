//! The Markdown below the front matter: one card per `##`, its quote list, its `###` sections.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::front_matter::{FrontMatter, did_you_mean};
use super::{Card, CardSource, Diagnostic, SourceFile};
use crate::model::{CardId, ContentHash};

/// The sections a card may have, as their headings are written.
const SECTIONS: [&str; 5] = ["Acknowledge", "Ask", "Say", "Proof", "Avoid"];

/// A card, and the places in the file that checks over all files point at.
#[derive(Debug)]
pub(super) struct PlacedCard {
    pub card: Card,
    /// Its heading's line.
    pub heading: Range<usize>,
    /// The place of each phrasing, in their order.
    pub phrasings: Vec<Range<usize>>,
}

/// Reads every card of a file. `body` is the byte after the front matter.
pub(super) fn read(
    file: &SourceFile,
    body: usize,
    front: &FrontMatter,
) -> (Vec<PlacedCard>, Vec<Diagnostic>) {
    let mut reader = Reader {
        file,
        front,
        cards: Vec::new(),
        open: None,
        found: Vec::new(),
    };
    let mut depth = 0_usize;
    // Only blocks directly below the document, and the items of its lists, mean anything here;
    // what is inside them is sliced from the source, because events split a line such as `~20%`.
    for (event, range) in Parser::new_ext(&file.text[body..], Options::empty()).into_offset_iter() {
        let range = (range.start + body)..(range.end + body);
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

struct Open {
    placed: PlacedCard,
    /// Index into [`SECTIONS`]; `None` before the first one and below an unknown one.
    section: Option<usize>,
    seen: [bool; SECTIONS.len()],
    before_sections: bool,
    id_given: bool,
    /// How many lists deep the reader is, at the top of the document.
    lists: usize,
}

struct Reader<'a> {
    file: &'a SourceFile,
    front: &'a FrontMatter,
    cards: Vec<PlacedCard>,
    open: Option<Open>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, at: Range<usize>, message: String, help: &str) {
        self.found
            .push(Diagnostic::error(code, self.file, at, message, help));
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
        self.open
            .as_ref()
            .is_some_and(|open| open.lists > 0 && depth == open.lists * 2 - 1)
    }

    fn heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let range = self.file.trimmed(range);
        let source = &self.file.text[range.clone()];
        if !source.starts_with('#') {
            let message = "a heading underlined with `---` or `===`".to_owned();
            let help = "write `## Title`; for a line across the page put an empty line above it";
            return self.error("PB010", range, message, help);
        }
        let title = source
            .trim_start_matches('#')
            .trim()
            .trim_end_matches('#')
            .trim()
            .to_owned();
        if title.contains("{#") {
            let message = "`{#id}` on a heading".to_owned();
            let help = "write the id on the next line: <!-- id: my-card -->";
            return self.error("PB013", range, message, help);
        }
        match level {
            HeadingLevel::H1 => self.close(),
            HeadingLevel::H2 => self.start(title, range),
            HeadingLevel::H3 => self.section(&title, range),
            _ => {
                let message = format!("heading `{title}` is deeper than a section");
                self.error(
                    "PB014",
                    range,
                    message,
                    "a card has `##`, its sections `###`",
                );
            }
        }
    }

    fn start(&mut self, title: String, heading: Range<usize>) {
        self.close();
        let front = self.front;
        let days = front.family.review_interval_days();
        let card = Card {
            id: CardId::slug(&title),
            title,
            family: front.family,
            stages: front.stages.clone(),
            phrasings: Vec::new(),
            acknowledge: Vec::new(),
            ask: Vec::new(),
            say: Vec::new(),
            proof: Vec::new(),
            avoid: Vec::new(),
            owner: front.owner.clone(),
            verified: front.verified,
            review_by: front
                .review_by
                .unwrap_or_else(|| front.verified.plus_days(days)),
            competitor: front.competitor.clone(),
            source: CardSource {
                file: self.file.path.clone(),
                line: self.file.position(heading.start).0,
                hash: ContentHash::of([""; 0]),
            },
        };
        self.open = Some(Open {
            placed: PlacedCard {
                card,
                heading,
                phrasings: Vec::new(),
            },
            section: None,
            seen: [false; SECTIONS.len()],
            before_sections: true,
            id_given: false,
            lists: 0,
        });
    }

    fn section(&mut self, title: &str, range: Range<usize>) {
        let Some(open) = &mut self.open else {
            let message = format!("section `{title}` stands above the first card");
            return self.error(
                "PB014",
                range,
                message,
                "begin a card with `## What they say`",
            );
        };
        open.before_sections = false;
        open.section = SECTIONS
            .iter()
            .position(|name| name.eq_ignore_ascii_case(title));
        match open.section {
            Some(section) if open.seen[section] => {
                let message = format!("section `{title}` stands twice in this card");
                self.error(
                    "PB014",
                    range,
                    message,
                    "put its lines together under one heading",
                );
            }
            Some(section) => open.seen[section] = true,
            None => {
                let message = format!("unknown section `{title}`; its text is shown nowhere");
                let help = did_you_mean(title, &SECTIONS);
                let warning = Diagnostic::error("PB011", self.file, range, message, help);
                self.found.push(warning.warning());
            }
        }
    }

    /// The quote list right below a card's heading: what customers say.
    fn quote(&mut self, range: Range<usize>) {
        let text = &self.file.text;
        let Some(open) = self.open.as_mut().filter(|open| open.before_sections) else {
            return;
        };
        if text[range.clone()]
            .trim_start_matches(['>', ' '])
            .starts_with("[!")
        {
            return; // a note to authors, as GitHub draws it
        }
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
                open.placed.card.phrasings.push(words.to_owned());
                open.placed
                    .phrasings
                    .push((place.end - words.len())..place.end);
            }
        }
    }

    /// A bullet or a paragraph of a section: one line a rep can read.
    fn line(&mut self, range: Range<usize>) {
        let range = self.file.trimmed(range);
        let Some(open) = &mut self.open else { return };
        let Some(section) = open.section else { return };
        let source = &self.file.text[range.clone()];
        // An item's slice reaches over the list nested in it, whose items come as lines too.
        let own = source.lines().enumerate().take_while(|(index, line)| {
            let bullet = line.trim_start().starts_with(['-', '*', '+']);
            *index == 0 || !bullet
        });
        let text = own
            .map(|(_, line)| line.trim())
            .collect::<Vec<_>>()
            .join(" ");
        let text = text.strip_prefix(['-', '*', '+']).unwrap_or(&text).trim();
        if text.is_empty() {
            return;
        }
        let card = &mut open.placed.card;
        let lines = match section {
            0 => &mut card.acknowledge,
            1 => &mut card.ask,
            2 => &mut card.say,
            3 => &mut card.proof,
            _ => &mut card.avoid,
        };
        lines.push(text.to_owned());
        if text.contains("{{") {
            let message = "`{{ … }}` is not known here; it would be shown to the customer";
            let help = "write the words themselves";
            self.error("PB025", range, message.to_owned(), help);
        } else if text.contains("TODO") {
            let help = "finish it, or set `draft: true` in the front matter";
            self.error("PB101", range, "TODO in a live card".to_owned(), help);
        }
    }

    /// `<!-- id: my-card -->` below the heading.
    fn comment(&mut self, range: Range<usize>) {
        let range = self.file.trimmed(range);
        let text = &self.file.text[range.clone()];
        let inside = text
            .strip_prefix("<!--")
            .and_then(|text| text.strip_suffix("-->"));
        let (Some(inside), Some(open)) = (inside, &mut self.open) else {
            return;
        };
        if !open.before_sections || !inside.contains(':') {
            return;
        }
        let mut problem = None;
        for pair in inside.split(';').filter(|pair| !pair.trim().is_empty()) {
            let (key, value) = pair.split_once(':').unwrap_or((pair, ""));
            let (key, value) = (key.trim(), value.trim());
            problem = match (key, CardId::parse(value)) {
                ("id", _) if open.id_given => {
                    let help = "a card has one id".to_owned();
                    Some(("PB002", "`id` is given twice".to_owned(), help))
                }
                ("id", Some(id)) => {
                    open.placed.card.id = id;
                    open.id_given = true;
                    continue;
                }
                ("id", None) => {
                    let help = format!("for example: <!-- id: {} -->", CardId::slug(value));
                    Some((
                        "PB002",
                        format!("`{value}` is no id: lower case and hyphens"),
                        help,
                    ))
                }
                _ => {
                    let help = did_you_mean(key, &["id"]);
                    Some(("PB002", format!("unknown key `{key}`"), help))
                }
            };
        }
        if let Some((code, message, help)) = problem {
            self.error(code, range, message, &help);
        }
    }

    /// Ends the open card: checks that it can answer and be found.
    fn close(&mut self) {
        let Some(Open { mut placed, .. }) = self.open.take() else {
            return;
        };
        let (card, heading) = (&placed.card, placed.heading.clone());
        let title = card.title.clone();
        if card.id.as_str().is_empty() {
            let message = "the heading has no letter and no digit".to_owned();
            self.error(
                "PB101",
                heading.clone(),
                message,
                "write what the customer says",
            );
        }
        if card.ask.is_empty() && card.say.is_empty() {
            let message = format!("card `{title}` has neither `### Ask` nor `### Say`");
            let help = "give the rep a question or a sentence";
            self.error("PB101", heading.clone(), message, help);
        }
        match placed.card.phrasings.len() {
            0 => {
                let message = format!("card `{title}` has no phrasings, so nothing finds it");
                let help = "write below its heading what customers say:\n> - It's too expensive";
                self.error("PB201", heading, message, help);
            }
            count @ 1..5 => {
                let message = format!("card `{title}` has only {count} of at least 5 phrasings");
                let help = "five or more, as different as customers are, find it far better";
                let warning = Diagnostic::error("PB201", self.file, heading, message, help);
                self.found.push(warning.warning());
            }
            _ => {}
        }
        placed.card.source.hash = placed.card.content_hash();
        self.cards.push(placed);
    }
}
