//! Keeps the structure: every room imports only what its row in ARCHITECTURE.md names, every
//! fenced crate stays in its rooms, and no file grows too long.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::root;

/// The table whose head line begins with this cell, as lines of cells without back-ticks.
fn table(first: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with(&format!("| {first} |")));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().replace('`', "")).collect()
    };
    rows.map(cells).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => rust_files(&path, found),
            false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
            false => {}
        }
    }
}

/// Files below `src`, each with its module path: `web::chat` for `src/web/chat/mod.rs`.
fn modules() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    files.sort();
    let module = |path: PathBuf| {
        let below = path.strip_prefix(root().join("src")).unwrap().with_extension("");
        let parts: Vec<_> = below.iter().map(|part| part.to_str().unwrap()).collect();
        let name = parts.join("::").trim_end_matches("::mod").to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        (name, path, text)
    };
    files.into_iter().map(module).collect()
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

fn within(name: &str, room: &str) -> bool {
    name == room || name.starts_with(&format!("{room}::"))
}

/// What breaks the table in these files; empty when nothing does.
fn trespasses(modules: &[(String, String)]) -> Vec<String> {
    let rows = table("level");
    let rooms: BTreeMap<&str, (u8, BTreeSet<String>)> = rows
        .iter()
        .map(|row| {
            let allowed = row[2].split(' ').map(str::to_owned).collect();
            (row[1].as_str(), (row[0].parse().unwrap(), allowed))
        })
        .collect();
    let mut found = Vec::new();
    for (name, text) in modules {
        if name == "lib" || name == "main" {
            continue;
        }
        // The row of a sub-room counts before its parent's.
        let room = rooms.keys().filter(|room| within(name, room)).max_by_key(|room| room.len());
        let Some(room) = room else {
            found.push(format!("{name} has no row"));
            continue;
        };
        let (level, allowed) = &rooms[room];
        for line in code_lines(text) {
            let renamed = line.trim_start().starts_with("pub use crate::");
            if renamed || line.contains("super::super::") || line.contains("crate::{") {
                found.push(format!("{name} hides an import: {}", line.trim()));
            }
            for import in line.split("crate::").skip(1) {
                let end = import.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
                let import = import[..end.unwrap_or(import.len())].trim_end_matches(':');
                let target = import.split("::").next().unwrap();
                let below = rooms.get(target).is_some_and(|(below, _)| below < level);
                let named = allowed.iter().any(|room| within(import, room));
                let any = allowed.contains("levels");
                // Its own files and those of the room it is a part of, but no sibling's.
                let home = rooms.keys().filter(|home| within(import, home));
                let own = home.max_by_key(|home| home.len()).is_some_and(|home| within(room, home));
                if !own && !(below && (named || any)) {
                    found.push(format!("{name} imports crate::{import}"));
                }
            }
        }
    }
    found
}

fn shipped() -> Vec<(String, String)> {
    modules().into_iter().map(|(name, _, text)| (name, text)).collect()
}

#[test]
fn rooms_import_downward_only() {
    assert_eq!(trespasses(&shipped()), [""; 0]);
}

#[test]
fn a_planted_import_is_found() {
    for (name, line) in [
        ("model::family", "use crate::playbook::Card;"),
        ("ranking::order", "use crate::card::compose;"),
        ("search::finder", "let x = crate::coach::Coach::new();"),
        ("web::chat", "use crate::web::dashboard::Line;\nuse crate::store::SqliteStore;"),
        ("cli::ask", "use crate::search::Mpnet;"),
        ("store::sqlite", "use crate::{model, search};"),
        ("ports::library", "pub use crate::ranking::Weights;"),
        ("feedback::count", "use super::super::playbook;"),
        ("newroom", "fn nothing() {}"),
    ] {
        let planted = [(name.to_owned(), line.to_owned())];
        assert!(!trespasses(&planted).is_empty(), "{name}: {line}");
    }
}

#[test]
fn every_row_has_a_room() {
    for row in table("level") {
        let path = root().join("src").join(row[1].replace("::", "/"));
        assert!(path.is_dir(), "{} has a row and no folder", row[1]);
    }
}

#[test]
fn fenced_crates_stay_in_their_rooms() {
    let fences = table("crates");
    assert!(fences.len() > 5, "the table was not found");
    for (name, path, text) in modules().into_iter().filter(|(name, ..)| !name.ends_with("::tests"))
    {
        for fence in &fences {
            let rooms: Vec<&str> = fence[1].split(", ").collect();
            let inside = rooms.iter().any(|room| within(&name, room));
            for krate in fence[0].split(", ") {
                let used = code_lines(&text).any(|line| {
                    line.match_indices(&format!("{krate}::")).any(|(at, _)| {
                        !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                    })
                });
                assert!(inside || !used, "{} uses {krate}", path.display());
            }
        }
    }
}

/// Nobody approves whom a platform has not signed in; and only these files say that it has.
#[test]
fn only_a_platform_says_who_is_signed_in() {
    let says = |(name, _, text): &(String, PathBuf, String)| {
        if name.ends_with("::tests") {
            return None;
        }
        let product = text.split("#[cfg(test)]").next().unwrap();
        code_lines(product).any(|line| line.contains(".signed_in(")).then(|| name.clone())
    };
    let found: Vec<String> = modules().iter().filter_map(says).collect();
    assert_eq!(found, ["chat::core::chat"]);
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} opens without a sentence", path.display());
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}

/// What a file imports from its own room, as module paths: `super::x::Y` and `crate::room::x::Y`, a
/// name that a `mod.rs` hands on counting as the file that has it.
fn neighbours(name: &str, text: &str, all: &BTreeMap<String, String>) -> BTreeSet<String> {
    let product = text.split("#[cfg(test)]").next().unwrap();
    let code: String = code_lines(product).flat_map(|line| [line, "\n"]).collect();
    let parent = name.rsplit_once("::").map_or("", |(parent, _)| parent);
    let mut found = BTreeSet::new();
    for (root, base) in [("super::", parent), ("self::", name), ("crate::", "")] {
        for rest in code.split(root).skip(1) {
            let path_end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            let path = &rest[..path_end.unwrap_or(rest.len())];
            let names: Vec<&str> = match rest[path.len()..].strip_prefix('{') {
                Some(group) => group.split('}').next().unwrap().split(',').map(str::trim).collect(),
                None => vec![""],
            };
            for item in names.into_iter().filter(|item| !item.is_empty() || !path.is_empty()) {
                let full = [base, path, item].join("::").replace("::::", "::");
                let parts: Vec<&str> = full.split("::").filter(|part| !part.is_empty()).collect();
                let module = (1..=parts.len()).rev().map(|end| (end, parts[..end].join("::")));
                let module = module.into_iter().find(|(_, module)| all.contains_key(module));
                let Some((end, module)) = module else { continue };
                let handed_on = parts.get(end).and_then(|item| handed_on(&module, item, all));
                found.insert(handed_on.unwrap_or(module));
            }
        }
    }
    found.remove(name);
    found
}

/// The file from which a `mod.rs` hands a name on.
fn handed_on(module: &str, item: &str, all: &BTreeMap<String, String>) -> Option<String> {
    let uses = all[module].split("use ").skip(1).filter_map(|rest| {
        let (path, names) = rest.split_once(';')?.0.rsplit_once("::")?;
        let named = |name: &str| name.split_whitespace().any(|word| word == item);
        names.trim_matches(['{', '}']).split(',').any(named).then_some(path)
    });
    let files = uses.map(|path| format!("{module}::{}", path.trim_start_matches("self::")));
    files.into_iter().find(|file| all.contains_key(file))
}

/// Circles of files that import each other; empty when there are none.
fn circles(all: &BTreeMap<String, String>) -> Vec<String> {
    let mut left: BTreeMap<&str, BTreeSet<String>> =
        all.iter().map(|(name, text)| (name.as_str(), neighbours(name, text, all))).collect();
    // Whoever imports nothing that is left is in no circle.
    loop {
        let free = |imports: &BTreeSet<String>| {
            !imports.iter().any(|import| left.contains_key(import.as_str()))
        };
        let free: Vec<&str> =
            left.iter().filter(|(_, imports)| free(imports)).map(|(name, _)| *name).collect();
        if free.is_empty() {
            return left.keys().map(|name| (*name).to_owned()).collect();
        }
        left.retain(|name, _| !free.contains(name));
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let all: BTreeMap<String, String> =
        shipped().into_iter().filter(|(name, _)| !name.ends_with("::tests")).collect();
    assert_eq!(circles(&all), [""; 0]);
    for (name, line) in [
        ("nlu::reader", "use super::units::Unit;"),
        ("search::vectors", "use super::{Cache, Encoder};"),
        ("playbook::raw", "use crate::playbook::Playbook;"),
    ] {
        let mut planted = all.clone();
        planted.get_mut(name).unwrap().insert_str(0, &format!("{line}\n"));
        assert_ne!(circles(&planted), [""; 0], "{name}: {line}");
    }
}
