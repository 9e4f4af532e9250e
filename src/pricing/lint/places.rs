//! Where things stand in a policy file, by paths such as `tier/2/discount`.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// A file as it was parsed, with the place of everything in it.
pub(in crate::pricing) struct Places<'a> {
    root: DeTable<'a>,
}

impl<'a> Places<'a> {
    /// Parses a file.
    ///
    /// # Errors
    /// What is no TOML, and where.
    pub(in crate::pricing) fn read(text: &'a str) -> Result<Self, toml::de::Error> {
        DeTable::parse(text).map(|root| Self { root: root.into_inner() })
    }

    pub(super) fn root(&self) -> &DeTable<'a> {
        &self.root
    }

    /// The bytes of the value at a path, or of the nearest thing around it that is there. A key
    /// that ends in `=` means the key itself.
    pub(in crate::pricing) fn at(&self, path: &str) -> Range<usize> {
        let mut span = 0..0;
        let mut value: Option<&DeValue<'a>> = None;
        for step in path.split('/').filter(|step| !step.is_empty()) {
            let (step, key) = match step.strip_suffix('=') {
                Some(step) => (step, true),
                None => (step, false),
            };
            let table = match value {
                None => Some(&self.root),
                Some(value) => value.as_table(),
            };
            let next = match (table, value.and_then(DeValue::as_array)) {
                (Some(table), _) => {
                    let found = table.iter().find(|(name, _)| name.get_ref().as_ref() == step);
                    let Some((name, next)) = found else { return span };
                    if key {
                        return name.span();
                    }
                    Some(next)
                }
                (None, Some(array)) => step.parse().ok().and_then(|at: usize| array.get(at)),
                (None, None) => None,
            };
            let Some(next) = next else { return span };
            span = next.span();
            value = Some(next.get_ref());
        }
        span
    }

    /// Whether a table on the way to a path, or the file, has `allow = "CODE: reason"`.
    pub(super) fn allows(&self, code: &str, path: &str) -> bool {
        let says = |table: &DeTable<'a>| {
            let allowed = table.iter().find(|(name, _)| name.get_ref().as_ref() == "allow");
            allowed.is_some_and(|(_, value)| match value.get_ref() {
                DeValue::String(text) => is_for(text, code),
                DeValue::Array(texts) => {
                    let texts = texts.iter().filter_map(|text| text.get_ref().as_str());
                    texts.into_iter().any(|text| is_for(text, code))
                }
                _ => false,
            })
        };
        let mut found = says(&self.root);
        let mut value: Option<&DeValue<'a>> = None;
        for step in path.split('/') {
            let table = value.map_or(Some(&self.root), DeValue::as_table);
            let next = match (table, value.and_then(DeValue::as_array)) {
                (Some(table), _) => table
                    .iter()
                    .find(|(name, _)| name.get_ref().as_ref() == step)
                    .map(|(_, value)| value.get_ref()),
                (None, Some(array)) => {
                    step.parse().ok().and_then(|at: usize| array.get(at)).map(|it| it.get_ref())
                }
                (None, None) => None,
            };
            let Some(next) = next else { break };
            found = found || next.as_table().is_some_and(says);
            value = Some(next);
        }
        found
    }
}

/// `PP012: sold on purpose` is for PP012, and it says why.
fn is_for(text: &str, code: &str) -> bool {
    text.split_once(':').is_some_and(|(rule, why)| rule.trim() == code && !why.trim().is_empty())
}
