//! The form of a policy file: which keys there are, and what each of them holds.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::figures::{Figure, figure};
use super::{Found, did_you_mean};

/// What a key holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Figure(Figure),
    /// A whole number up to this one.
    Whole(u32),
    Day,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A text, or a list of texts.
    TextOrTexts,
    /// For each role a figure.
    ByRole(Figure),
    /// A table.
    One(&'static [Field]),
    /// A list of tables.
    Many(&'static [Field]),
}

/// A key, what it holds, and the rule that says so when it must not be missing.
struct Field(&'static str, Kind, Option<&'static str>);

use Figure::{Money, Percent};
use Kind::{ByRole, Day, Many, One, Text, TextOrTexts, Texts, Whole, Word};

/// The largest of what is counted in days, months or steps.
const THOUSANDS: u32 = 9_999;
/// The largest of what is counted in seats or deals.
const MILLIONS: u32 = 10_000_000;

const NEEDED: Option<&str> = Some("PP004");
const PRICED: Option<&str> = Some("PP003");
const SAID: Option<&str> = Some("PP030");

const FILE: &[Field] = &[
    Field("format", Whole(THOUSANDS), NEEDED),
    Field("id", Text, NEEDED),
    Field("owner", Text, NEEDED),
    Field("timezone", Text, NEEDED),
    Field("last_verified", Day, NEEDED),
    Field("expires", Day, NEEDED),
    Field("dollar", Text, None),
    Field("locale", Word(&["en-US", "en-GB", "en-IN", "de-DE", "de-CH", "fr-FR"]), None),
    Field("stacking", Word(&["additive", "multiplicative"]), NEEDED),
    Field("tier_mode", Word(&["volume", "graduated"]), None),
    Field("free_months", Word(&["inside", "on-top"]), None),
    Field("percent_means", Word(&["on-programme", "off-list"]), None),
    Field(
        "rounding",
        One(&[
            Field("mode", Word(&["half-even"]), NEEDED),
            Field("at", Word(&["line", "unit"]), NEEDED),
        ]),
        NEEDED,
    ),
    Field("money_cost", Kind::Figure(Percent), None),
    Field(
        "standard",
        One(&[
            Field("sku", Text, NEEDED),
            Field("term_months", Whole(THOUSANDS), NEEDED),
            Field("payment_days", Whole(THOUSANDS), NEEDED),
            Field("billing", Text, NEEDED),
        ]),
        NEEDED,
    ),
    Field("ladder", Texts, NEEDED),
    Field("sign_off", Texts, None),
    Field("authority", ByRole(Percent), NEEDED),
    Field(
        "sku",
        Many(&[
            Field("id", Text, PRICED),
            Field("currency", Text, PRICED),
            Field("list", Kind::Figure(Money), PRICED),
            Field("floors", ByRole(Money), PRICED),
            Field("why", Text, None),
            Field("allow", TextOrTexts, None),
        ]),
        PRICED,
    ),
    Field(
        "tier",
        Many(&[
            Field("from", Whole(MILLIONS), NEEDED),
            Field("discount", Kind::Figure(Percent), NEEDED),
            Field("target", Kind::Figure(Percent), NEEDED),
            Field("ceiling", Kind::Figure(Percent), NEEDED),
            Field("deals", Whole(MILLIONS), None),
            Field("why", Text, None),
            Field("allow", TextOrTexts, None),
        ]),
        None,
    ),
    Field(
        "term",
        Many(&[
            Field("months", Whole(THOUSANDS), NEEDED),
            Field("billing", Text, NEEDED),
            Field("discount", Kind::Figure(Percent), NEEDED),
            Field("allow", TextOrTexts, None),
        ]),
        None,
    ),
    Field(
        "service",
        Many(&[
            Field("id", Text, PRICED),
            Field("list", Kind::Figure(Money), PRICED),
            Field("currency", Text, PRICED),
        ]),
        None,
    ),
    Field(
        "trigger",
        Many(&[
            Field("id", Text, NEEDED),
            Field("programme_value_over", Kind::Figure(Money), None),
            Field("beyond_programme_over", Kind::Figure(Percent), None),
            Field("term_under", Whole(THOUSANDS), None),
            Field("term_over", Whole(THOUSANDS), None),
            Field("payment_days_over", Whole(THOUSANDS), None),
            Field("clause", Texts, None),
            Field("needs", Text, NEEDED),
            Field("also", Texts, None),
            Field("allow", TextOrTexts, None),
        ]),
        None,
    ),
    Field(
        "steps",
        One(&[
            Field("first", Kind::Figure(Percent), NEEDED),
            Field("shrink", Kind::Figure(Percent), NEEDED),
            Field("grain", Kind::Figure(Percent), NEEDED),
            Field("count", Whole(THOUSANDS), NEEDED),
            Field("allow", TextOrTexts, None),
        ]),
        None,
    ),
    Field(
        "get",
        Many(&[
            Field("id", Text, NEEDED),
            Field("value", Kind::Figure(Percent), NEEDED),
            Field("words", Text, SAID),
            Field("written", Text, SAID),
            Field("term_months", Whole(THOUSANDS), None),
            Field("why", Text, None),
            Field("allow", TextOrTexts, None),
        ]),
        None,
    ),
    Field(
        "give",
        Many(&[Field("id", Word(GIVES), NEEDED), Field("gets", TextOrTexts, SAID)]),
        None,
    ),
    Field(
        "approval",
        One(&[
            Field("valid_days", Whole(THOUSANDS), NEEDED),
            Field("sla_hours", Whole(THOUSANDS), NEEDED),
            Field("precedent_alert", Whole(THOUSANDS), NEEDED),
            Field("reason_codes", Texts, NEEDED),
        ]),
        None,
    ),
    Field(
        "variables",
        One(&[
            Field("customer", Texts, None),
            Field("rep", Texts, None),
            Field("allow", TextOrTexts, None),
        ]),
        None,
    ),
    Field("allow", TextOrTexts, None),
];

const GIVES: &[&str] = &["discount", "free-months", "payment-days", "service"];

pub(super) fn check(found: &mut Found<'_>) {
    let places = found.places;
    table(found, "", places.root(), FILE, "the policy");
}

fn table(found: &mut Found<'_>, path: &str, table: &DeTable<'_>, fields: &[Field], what: &str) {
    for (name, value) in table {
        let name = name.get_ref().as_ref();
        match fields.iter().find(|Field(known, ..)| *known == name) {
            Some(Field(_, kind, _)) => holds(found, &format!("{path}{name}"), name, value, *kind),
            None => unknown(found, path, name, fields),
        }
    }
    for Field(name, _, needed) in fields {
        let there = table.iter().any(|(key, _)| key.get_ref().as_ref() == *name);
        if let (Some(code), false) = (needed, there) {
            let message = format!("{what} has no `{name}`");
            let help = format!("write `{name} = …`; the pricing.toml that is shipped shows how");
            found.error(code, path.trim_end_matches('/'), message, help);
        }
    }
}

fn unknown(found: &mut Found<'_>, path: &str, name: &str, fields: &[Field]) {
    let place = format!("{path}{name}=");
    let size = ["value", "total", "net", "price"].iter().any(|word| name.contains(word));
    if path.starts_with("trigger/") && size {
        let message = format!("`{name}`: a deal's size is measured before the discount");
        let help = "write programme_value_over; measured after the discount, a larger one would \
                    slip under the limit";
        return found.error("PP001", &place, message, help);
    }
    let known = fields.iter().map(|Field(known, ..)| *known);
    found.error("PP001", &place, format!("`{name}` is not a known key"), did_you_mean(name, known));
}

fn holds(found: &mut Found<'_>, path: &str, name: &str, value: &Spanned<DeValue<'_>>, kind: Kind) {
    let value = value.get_ref();
    let wrong = |found: &mut Found<'_>, example: &str| {
        let message = format!("`{name}` has the wrong type");
        found.error("PP002", path, message, format!("write it as {example}"));
    };
    match (kind, value) {
        (Text, DeValue::String(_)) | (TextOrTexts, DeValue::String(_)) => {}
        (Text, _) => wrong(found, "a quoted text"),
        (Kind::Figure(kind), value) => figure(found, path, value, kind),
        (Whole(most), DeValue::Integer(number)) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            if !number.is_ok_and(|number| (0..=i64::from(most)).contains(&number)) {
                let message = format!("`{name}` is out of range");
                found.error("PP002", path, message, format!("write a number from 0 to {most}"));
            }
        }
        (Whole(_), _) => wrong(found, "a whole number without quotes, for example 12"),
        (Day, DeValue::Datetime(day)) if day.date.is_some() && day.time.is_none() => {}
        (Day, _) => {
            let message = format!("`{name}` is not a day");
            found.error("PP004", path, message, "write it without quotes, for example 2026-12-31");
        }
        (Word(words), DeValue::String(text)) => {
            if !words.contains(&text.as_ref()) {
                let message = format!("`{text}` is not known here");
                found.error("PP001", path, message, did_you_mean(text, words.iter().copied()));
            }
        }
        (Word(words), _) => wrong(found, &format!("{:?}", words.first().unwrap_or(&""))),
        (Texts | TextOrTexts, DeValue::Array(texts))
            if texts.iter().all(|text| text.get_ref().is_str()) => {}
        (Texts | TextOrTexts, _) => wrong(found, "a list of quoted texts, for example [\"rep\"]"),
        (ByRole(kind), DeValue::Table(roles)) => {
            for (role, value) in roles {
                let role = role.get_ref();
                figure(found, &format!("{path}/{role}"), value.get_ref(), kind);
            }
        }
        (ByRole(kind), _) => wrong(found, &format!("{{ rep = {} }}", kind.example())),
        (One(fields), DeValue::Table(inner)) => {
            table(found, &format!("{path}/"), inner, fields, &format!("`{name}`"));
        }
        (One(_), _) => wrong(found, "a table: { … }"),
        (Many(fields), DeValue::Array(list)) => {
            for (at, entry) in list.iter().enumerate() {
                let path = format!("{path}/{at}");
                match entry.get_ref() {
                    DeValue::Table(inner) => {
                        table(found, &format!("{path}/"), inner, fields, &format!("this {name}"));
                    }
                    _ => {
                        found.error("PP002", &path, "this is not a table", "write { … } around it")
                    }
                }
            }
        }
        (Many(_), _) => wrong(found, "a list of tables: [{ … }, { … }]"),
    }
}
