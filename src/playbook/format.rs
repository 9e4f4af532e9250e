//! The one form of a playbook file: what `cornerman fmt` writes.
//!
//! Only how a file is written changes, never what it says: a form that would be read otherwise is
//! thrown away, so that is true by construction.

use super::raw::RawCard;
use super::section::Section;
use super::spanned::Spanned;
use super::{SourceFile, cards, front_matter};

/// The file in its one form; the text as it is when it cannot be read without faults.
#[must_use]
pub fn format(file: &SourceFile) -> String {
    let Some(meaning) = meaning(file) else { return file.text.clone() };
    let mut text = file.text.clone();
    // One pass can make room for another; it settles at once or not at all.
    for _ in 0..4 {
        let next = one_pass(&text, file);
        if next == text {
            return text;
        }
        text = next;
        let written = SourceFile::of(file.path.clone(), text.clone());
        if self::meaning(&written).as_ref() != Some(&meaning) {
            return file.text.clone();
        }
    }
    file.text.clone()
}

/// Everything a file says, without places; `None` when its notation has faults.
fn meaning(file: &SourceFile) -> Option<String> {
    let (front, body) = front_matter::read(file);
    let front = front.ok()?;
    let (cards, found) = cards::read(file, body, &front);
    if !found.is_empty() {
        return None;
    }
    let values = |placed: &[Spanned<String>]| -> Vec<String> {
        placed.iter().map(|placed| placed.value.clone()).collect()
    };
    let card = |card: &RawCard| {
        let sections: Vec<_> = card
            .sections
            .iter()
            .map(|section| (section.section, section.stage, values(&section.lines)))
            .collect();
        let pushbacks: Vec<_> = card
            .pushbacks
            .iter()
            .map(|pushback| {
                let title = &pushback.title.value;
                (title.clone(), values(&pushback.phrasings), values(&pushback.answers))
            })
            .collect();
        let was: Vec<_> = card.was.iter().map(|was| was.value.clone()).collect();
        let said = (&card.title.value, &card.id, was, values(&card.phrasings), values(&card.body));
        format!("{said:?} {sections:?} {pushbacks:?} {}", card.meta.said())
    };
    Some(cards.iter().map(card).collect::<Vec<_>>().join("\n"))
}

fn one_pass(text: &str, file: &SourceFile) -> String {
    let sections = Section::of(file.kind());
    let mut out: Vec<String> = Vec::new();
    let mut lines = text.lines().peekable();
    let (mut fenced, mut front, mut note) = (false, false, false);
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        if out.is_empty() && line == "---" {
            front = true;
        } else if front {
            front = line != "---";
        } else if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced {
            let quoted = line.starts_with('>');
            note = quoted && (note || line.trim_start_matches(['>', ' ']).starts_with("[!"));
            let blank_before = out.last().is_none_or(String::is_empty);
            if line.is_empty() && blank_before {
                continue;
            }
            if line.starts_with("## ") && !blank_before {
                out.push(String::new());
            }
            let written = if note { line.to_owned() } else { written(line, sections) };
            let card = written.starts_with("## ");
            out.push(written);
            let next = lines.peek().map_or("", |line| line.trim());
            if card && !next.starts_with("<!--") {
                let title = line.trim_start_matches('#').trim().trim_end_matches('#').trim();
                out.push(format!("<!-- id: {} -->", crate::model::CardId::slug(title)));
            }
            continue;
        }
        out.push(line.to_owned());
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.join("\n") + "\n"
}

/// One line outside front matter and fences.
fn written(line: &str, sections: &[Section]) -> String {
    if let Some(quoted) = line.strip_prefix('>') {
        let words = quoted.trim_start();
        let words = words.strip_prefix(['-', '*', '+']).unwrap_or(words).trim();
        return if words.is_empty() { ">".to_owned() } else { format!("> - {words}") };
    }
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&level) && line[level..].starts_with(' ') {
        let title = line[level..].trim().trim_end_matches('#').trim();
        let known = sections.iter().map(|section| section.heading());
        let known = known.filter(|_| level == 3).find(|known| known.eq_ignore_ascii_case(title));
        return format!("{} {}", &line[..level], known.unwrap_or(title));
    }
    let indent = line.len() - line.trim_start().len();
    match line[indent..].strip_prefix("* ").or_else(|| line[indent..].strip_prefix("+ ")) {
        Some(words) => format!("{}- {}", &line[..indent], words.trim_start()),
        None => line.to_owned(),
    }
}

/// The file with `verified` set to a day; `None` when it has no such line.
#[must_use]
pub fn verified(text: &str, day: crate::model::Day) -> Option<String> {
    let end = text.get(4..)?.find("\n---")? + 4;
    let (front, rest) = text.split_at(end);
    let start = front.find("\nverified:")? + 1;
    let stop = front[start..].find('\n').map_or(front.len(), |at| start + at);
    Some(format!("{}verified: {day}{}{rest}", &front[..start], &front[stop..]))
}

#[cfg(test)]
mod tests;
