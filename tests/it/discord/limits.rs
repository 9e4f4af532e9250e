//! Discord's limits and our own rules, for everything that the bot sends.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Length as Discord's strictest client counts it.
fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.encode_utf16().count())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

struct Faults(Vec<String>);

impl Faults {
    fn at_most(&mut self, what: &str, found: usize, most: usize) {
        self.must(found <= most, || format!("{what}: {found}, at most {most}"));
    }

    fn must(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }
}

/// The first answer to an interaction.
pub fn callback(body: &Value) -> Vec<String> {
    let data = &body["data"];
    match body["type"].as_u64() {
        Some(4 | 7) => message(data),
        Some(5) => {
            let mut faults = Faults(Vec::new());
            faults.must(data["flags"] == 64, || format!("a promise that all can see: {data}"));
            faults.0
        }
        Some(6) => Vec::new(),
        Some(8) => choices(data),
        Some(9) => modal(data),
        _ => vec![format!("an unknown answer: {body}")],
    }
}

/// A message, or the edit of one.
pub fn message(data: &Value) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    let shown = ["content", "embeds", "components", "attachments", "sticker_ids"];
    let how = ["flags", "allowed_mentions", "tts", "nonce", "enforce_nonce"];
    known(&mut faults, data, &[shown, how].concat());
    faults.at_most("content", length(&data["content"]), 2_000);
    let empty = length(&data["content"]) == 0 && list(&data["embeds"]).is_empty();
    faults.must(!empty, || "a message without content".to_owned());
    let mentions = &data["allowed_mentions"]["parse"];
    faults.must(*mentions == json!([]), || format!("it may ping: {mentions}"));
    faults.at_most("embeds", list(&data["embeds"]).len(), 10);
    let mut sum = 0;
    for embed in list(&data["embeds"]) {
        let footer = &embed["footer"]["text"];
        for (name, value, most) in [
            ("title", &embed["title"], 256),
            ("description", &embed["description"], 4_096),
            ("footer", footer, 2_048),
        ] {
            faults.at_most(name, length(value), most);
            sum += length(value);
        }
        faults.at_most("fields", list(&embed["fields"]).len(), 25);
        for field in list(&embed["fields"]) {
            for (name, most) in [("name", 256), ("value", 1_024)] {
                let length = length(&field[name]);
                faults.must(length > 0, || format!("a field without {name}"));
                faults.at_most(name, length, most);
                sum += length;
            }
        }
    }
    faults.at_most("all embeds", sum, 6_000);
    components(&mut faults, data, 5);
    faults.0
}

fn components(faults: &mut Faults, data: &Value, rows: usize) {
    let mut ids = BTreeSet::new();
    faults.at_most("rows", list(&data["components"]).len(), rows);
    for row in list(&data["components"]) {
        let parts = list(&row["components"]);
        faults.must(row["type"] == 1 && !parts.is_empty(), || format!("an odd row: {row}"));
        faults.at_most("buttons in a row", parts.len(), 5);
        for part in parts {
            let id = part["custom_id"].as_str().unwrap_or_default();
            faults.must((1..=100).contains(&id.chars().count()), || format!("an id: {id:?}"));
            faults.must(ids.insert(id.to_owned()), || format!("an id twice: {id}"));
            match part["type"].as_u64() {
                Some(2) => {
                    let label = length(&part["label"]);
                    faults.must((1..=80).contains(&label), || format!("a label: {part}"));
                }
                Some(3) => {
                    let options = list(&part["options"]);
                    faults.must((1..=25).contains(&options.len()), || format!("options: {part}"));
                    faults.must(parts.len() == 1, || "a select beside something".to_owned());
                    faults.at_most("placeholder", length(&part["placeholder"]), 150);
                    for name in options.iter().flat_map(|o| [&o["label"], &o["value"]]) {
                        faults.must((1..=100).contains(&length(name)), || format!("{name}"));
                    }
                }
                Some(4) => {
                    faults.must(parts.len() == 1, || "two inputs in a row".to_owned());
                    let label = length(&part["label"]);
                    faults.must((1..=45).contains(&label), || format!("a label: {part}"));
                    faults.at_most("placeholder", length(&part["placeholder"]), 100);
                    let most = part["max_length"].as_u64().unwrap_or(4_000);
                    faults.must((1..=4_000).contains(&most), || format!("a length: {part}"));
                }
                _ => faults.0.push(format!("an unknown part: {part}")),
            }
        }
    }
}

fn modal(data: &Value) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    known(&mut faults, data, &["custom_id", "title", "components"]);
    faults.must((1..=45).contains(&length(&data["title"])), || format!("a title: {data}"));
    faults.must((1..=100).contains(&length(&data["custom_id"])), || format!("an id: {data}"));
    components(&mut faults, data, 5);
    faults.0
}

fn choices(data: &Value) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    known(&mut faults, data, &["choices"]);
    faults.must(data["choices"].is_array(), || "no choices at all".to_owned());
    faults.at_most("choices", list(&data["choices"]).len(), 25);
    for choice in list(&data["choices"]) {
        for name in ["name", "value"] {
            let length = length(&choice[name]);
            faults.must((1..=100).contains(&length), || format!("a choice: {choice}"));
        }
    }
    faults.0
}

/// The set of commands.
pub fn commands(set: &Value) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    let mut names = BTreeSet::new();
    for command in list(set) {
        let kind = command["type"].as_u64().unwrap_or(1);
        let name = command["name"].as_str().unwrap_or_default();
        faults.must(names.insert((kind, name.to_owned())), || format!("{name} twice"));
        if kind == 1 {
            option(&mut faults, command);
        } else {
            faults.must((1..=32).contains(&name.chars().count()), || name.to_owned());
            let described = length(&command["description"]) > 0;
            faults.must(!described, || format!("{name} may have no description"));
        }
    }
    faults.at_most("characters of all commands", set.to_string().len(), 8_000);
    faults.0
}

/// A slash command, or an option of one.
fn option(faults: &mut Faults, option: &Value) {
    let name = option["name"].as_str().unwrap_or_default();
    let good = |c: char| c == '-' || c == '_' || (c.is_alphanumeric() && !c.is_uppercase());
    faults.must(!name.is_empty() && name.chars().all(good), || format!("a name: {option}"));
    faults.at_most(name, name.chars().count(), 32);
    let description = length(&option["description"]);
    faults.must((1..=100).contains(&description), || format!("{name}: {description}"));
    faults.at_most(name, list(&option["options"]).len(), 25);
    faults.at_most(name, list(&option["choices"]).len(), 25);
    let both = option["autocomplete"] == true && !list(&option["choices"]).is_empty();
    faults.must(!both, || format!("{name} has choices and completes"));
    let mut optional = false;
    let mut names = BTreeSet::new();
    for inner in list(&option["options"]) {
        faults.must(names.insert(inner["name"].to_string()), || format!("{inner} twice"));
        let required = inner["required"] == true;
        faults.must(!(required && optional), || format!("{inner} is required too late"));
        optional |= !required;
        self::option(faults, inner);
    }
}

/// No property that Discord does not know: it would be ignored in silence.
fn known(faults: &mut Faults, data: &Value, names: &[&str]) {
    for (name, _) in data.as_object().into_iter().flatten() {
        faults.must(names.contains(&name.as_str()), || format!("`{name}` is not a property"));
    }
}
