//! Discord's own published schema, when its file is at hand: every body the bot sends must fit it.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

/// `CORNERMAN_DISCORD_OPENAPI=FILE cargo test --test it discord` checks against it.
fn published() -> Option<&'static Value> {
    static PUBLISHED: OnceLock<Option<Value>> = OnceLock::new();
    let read = || {
        let file = std::env::var("CORNERMAN_DISCORD_OPENAPI").ok()?;
        Some(serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
    };
    PUBLISHED.get_or_init(read).as_ref()
}

/// What is wrong with a body for a route, by the published schema.
pub fn faults(method: &str, path: &str, body: &Value) -> Vec<String> {
    static VALIDATORS: Mutex<BTreeMap<String, Validator>> = Mutex::new(BTreeMap::new());
    let Some(published) = published() else { return Vec::new() };
    let Some(operation) = operation(published, method, path) else {
        return vec![format!("{method} {path} is in no published schema")];
    };
    let mut validators = VALIDATORS.lock().unwrap();
    let validator = validators.entry(operation.clone()).or_insert_with(|| {
        let content = &published.pointer(&operation).unwrap()["requestBody"]["content"];
        let schema = &content["application/json"]["schema"];
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "components": published["components"],
            "allOf": [schema],
        });
        jsonschema::validator_for(&whole).unwrap()
    });
    let errors = validator.iter_errors(body);
    errors.map(|error| format!("{method} {path}: {error} at {}", error.instance_path())).collect()
}

/// Where in the schema an operation stands; a name in a path beats a parameter.
fn operation(published: &Value, method: &str, path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.trim_start_matches('/').split('/').collect();
        let names = wanted.iter().zip(&parts).filter(|(wanted, part)| wanted == part).count();
        let same = wanted.iter().zip(&parts).all(|(w, p)| w == p || w.starts_with('{'));
        (wanted.len() == parts.len() && same).then_some(names)
    };
    let method = method.to_lowercase();
    let paths = published["paths"].as_object()?.iter();
    let paths = paths.filter(|(_, operations)| operations.get(&method).is_some());
    let best = paths.filter_map(|(template, _)| Some((fits(template)?, template))).max()?;
    Some(format!("/paths/{}/{method}", best.1.replace('~', "~0").replace('/', "~1")))
}
