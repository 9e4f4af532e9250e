//! Numbers with their units: seats, months, years, days; and what a number without one is asked.

use std::ops::Range;

use super::numbers::{self, Decimal, Number};
use super::reader::{Part, Reader};
use super::tokens::Kind;
use super::words;
use crate::model::Sku;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    Money,
    Seats,
    /// Spans of so many months.
    Months(i64),
    Days,
    None,
}

/// A number with its unit.
#[derive(Debug, Clone)]
pub(super) struct Quantity {
    /// The tokens of number, scale and unit, a currency before it included.
    pub tokens: Range<usize>,
    pub number: Decimal,
    pub unit: Unit,
    /// `-` or `+` directly before it.
    pub sign: Option<char>,
    /// The other end, when it is a range.
    pub up_to: Option<Decimal>,
    /// Whether the unit was said to be free: `2 free months`.
    pub free: bool,
}

impl Reader<'_> {
    /// The quantity that begins at a token. What cannot be read as one number is asked back.
    pub fn quantity(&mut self, at: usize) -> Option<Quantity> {
        let mut quantity = self.single(at)?;
        let Some(next) = self.range(&quantity.tokens) else { return Some(quantity) };
        let questions = self.questions.len();
        let other = self.single(next).filter(|_| questions == self.questions.len());
        let alike = other.filter(|other| {
            other.sign.is_none()
                && [other.unit, Unit::None].contains(&quantity.unit)
                && !(other.unit == Unit::Percent && self.stands_alone(&quantity, other))
        });
        if let Some(other) = alike {
            let free = quantity.free || other.free;
            quantity.tokens.end = other.tokens.end;
            (quantity.up_to, quantity.unit, quantity.free) = (Some(other.number), other.unit, free);
        }
        Some(quantity)
    }

    /// Whether a number before a percentage is no end of its range: `net 60 - 15%`, `80 - 15%`.
    fn stands_alone(&self, quantity: &Quantity, percent: &Quantity) -> bool {
        let start = quantity.tokens.start;
        let falls = quantity.number.hundredths() > percent.number.hundredths();
        let bare = quantity.unit == Unit::None;
        let named = self.before(start, words::NET).is_some() || self.labelled(start).is_some();
        bare && (named || falls)
    }

    /// Where the label begins in `seats: 80`.
    fn labelled(&self, start: usize) -> Option<usize> {
        let colon = start - usize::from(start > 0 && self.word(start - 1) == Some(":"));
        self.before(colon, words::SEATS)
    }

    /// Where the other end of a range begins.
    fn range(&self, tokens: &Range<usize>) -> Option<usize> {
        let end = tokens.end;
        let between = self.before(tokens.start, "between|zwischen|entre");
        let dash = (self.word(end) == Some("-")).then_some(end + 1);
        let and = between.and_then(|_| self.at(end, "and|und|et"));
        let next = dash.or(and).or_else(|| self.at(end, words::RANGE))?;
        Some(self.currency_at(next).unwrap_or(next))
    }

    fn single(&mut self, at: usize) -> Option<Quantity> {
        if *self.used.get(at)? {
            return None;
        }
        let (number, digits) = match self.tokens[at].kind {
            Kind::Number => self.number(at)?,
            Kind::Word => self.number_word(at)?,
            Kind::Sign | Kind::Code => return None,
        };
        let mut begin = at;
        let dash = |at: usize| {
            let token = &self.tokens[at];
            let alone = !token.glued || at == 0 || self.tokens[at - 1].kind == Kind::Sign;
            ["-", "+"].contains(&token.text.as_str()) && alone
        };
        let sign = (at > 0 && self.tokens[at].glued && !self.used[at - 1] && dash(at - 1))
            .then(|| self.tokens[at - 1].text.chars().next())
            .flatten();
        begin -= usize::from(sign.is_some());
        let (unit, end, free) = self.unit(digits);
        let (begin, unit) = match self.currency_before(begin) {
            Some(before) if unit == Unit::None => (before, Unit::Money),
            _ => (begin, unit),
        };
        let tokens = begin..end;
        let number = self.certain(number, unit, &tokens, at..digits)?;
        Some(Quantity { tokens, number, unit, sign, up_to: None, free })
    }

    /// Digits, with groups that an ordinary space holds apart, and a scale: `30k`, `2 million`.
    fn number(&mut self, at: usize) -> Option<(Number, usize)> {
        let digits = |at: usize| {
            // `000` alone looks like a code.
            let kinds = [Kind::Number, Kind::Code];
            let token = self.tokens.get(at).filter(|token| kinds.contains(&token.kind))?;
            token.text.bytes().all(|byte| byte.is_ascii_digit()).then_some(token.text.as_str())
        };
        let group = |at: usize| {
            digits(at).filter(|text| text.len() == 3 && !self.tokens[at].glued && !self.used[at])
        };
        let groups = if digits(at).is_some_and(|first| first.len() <= 3) {
            (at + 1..).map_while(group).count()
        } else {
            0
        };
        if groups > 0 {
            let parts: Vec<&str> = (at..=at + groups).filter_map(digits).collect();
            let (joined, listed) = (parts.concat(), parts.join(" and "));
            if !self.locale().groups_by_space() {
                let text = format!("{joined}, or {listed}?");
                let choices = [joined.clone(), listed].map(|text| (text.clone(), text));
                self.ask(at..at + groups + 1, text, &choices);
                return None;
            }
            return Some((numbers::read(&joined, self.locale()), at + groups + 1));
        }
        let number = numbers::read(&self.tokens[at].text, self.locale());
        let scale = |(words, factor): &(words::Words, i64)| {
            self.at(at + 1, words).map(|end| (end, *factor))
        };
        if let Some((end, factor)) = words::SCALES.iter().find_map(scale) {
            return Some((scaled(number, factor), end));
        }
        let money = self.currency_before(at).is_some();
        if self.word(at + 1) == Some("m") {
            let seats = self.at(at + 2, words::SEATS).is_some();
            if money || seats || self.currency_at(at + 2).is_some() {
                return Some((scaled(number, 1_000_000), at + 2));
            }
            let text = &self.tokens[at].text;
            let (million, months) = (format!("{text} million"), format!("{text} months"));
            let question = format!("{million}, or {months}?");
            self.ask(at..at + 2, question, &[(million.clone(), million), (months.clone(), months)]);
            return None;
        }
        // `3pm`, `2nd`: letters that are no unit make it something else.
        let letters = self.tokens.get(at + 1);
        let letters = letters.is_some_and(|next| next.glued && next.kind != Kind::Sign);
        let unit = self.unit(at + 1).0 != Unit::None || self.word(at + 1) == Some("x");
        if (letters && !unit) || number == Number::None {
            self.tokens[at].kind = Kind::Code;
            return None;
        }
        Some((number, at + 1))
    }

    /// `two` before a unit; elsewhere it is only a word.
    fn number_word(&self, at: usize) -> Option<(Number, usize)> {
        let named = |at: usize| {
            words::NUMBERS
                .iter()
                .find(|(words, _)| self.word(at).is_some_and(|word| words::holds(words, word)))
        };
        let (_, number) = named(at)?;
        // `two hundred` and `twenty-five` are more than their last word.
        let before = at.checked_sub(1).filter(|at| self.tokens[*at].text == "-").unwrap_or(at);
        let larger = before.checked_sub(1).is_some_and(|before| {
            named(before).is_some() || words::holds(words::HUNDREDS, &self.tokens[before].text)
        });
        if larger {
            return None;
        }
        let (unit, _, _) = self.unit(at + 1);
        let fits = matches!(unit, Unit::Seats | Unit::Months(_) | Unit::Days | Unit::Percent);
        fits.then_some((Number::One(Decimal::whole(*number)), at + 1))
    }

    /// What follows a number, where it ends, and whether it is said to be free.
    fn unit(&self, at: usize) -> (Unit, usize, bool) {
        let units = [
            (words::PERCENT, Unit::Percent),
            (words::SEATS, Unit::Seats),
            (words::MONTHS, Unit::Months(1)),
            (words::YEARS, Unit::Months(12)),
            (words::DAYS, Unit::Days),
        ];
        let behind = |at: usize| {
            units.iter().find_map(|(phrases, unit)| self.at(at, phrases).map(|end| (*unit, end)))
        };
        if let Some((unit, end)) = behind(at) {
            return (unit, end, false);
        }
        if let Some(end) = self.currency_at(at) {
            return (Unit::Money, end, false);
        }
        if let Some((Unit::Months(each), end)) = self.at(at, words::FREE).and_then(behind) {
            return (Unit::Months(each), end, true);
        }
        // `80 Plus seats`, `80 x Plus`, `80 additional seats`
        let start = self.at(at, "x|new|×|*").unwrap_or(at);
        let sku = self.sku_end(start);
        match sku.or((start > at).then_some(start)).and_then(|end| self.at(end, words::SEATS)) {
            Some(end) => (Unit::Seats, end, false),
            // The product itself is left to be read as one.
            None if sku.is_some() => (Unit::Seats, start, false),
            // So are seats of a plan that the policy does not have: it is asked back.
            None if self.is_usual_plan(start) && self.at(start + 1, words::SEATS).is_some() => {
                (Unit::Seats, start, false)
            }
            None => (Unit::None, at, false),
        }
    }

    /// Where the name of a product ends; not `plus` before a number.
    fn sku_end(&self, at: usize) -> Option<usize> {
        let ends = |id: &Sku| self.phrase(at, &id.as_str().to_lowercase().replace(['-', '_'], " "));
        let end = self.vocabulary.skus.iter().filter_map(ends).max()?;
        let counts = self.tokens.get(end).is_some_and(|next| next.kind == Kind::Number);
        let money = self.currency_at(end).is_some();
        (!counts && !money).then_some(end)
    }

    /// One of two readings is asked back, unless only one makes sense.
    fn certain(
        &mut self,
        number: Number,
        unit: Unit,
        tokens: &Range<usize>,
        digits: Range<usize>,
    ) -> Option<Decimal> {
        let (one, other) = match number {
            Number::One(number) => return Some(number),
            Number::Either(one, other) => (one, other),
            Number::None => return None,
        };
        let most = |number: &Decimal| number.hundredths().is_none_or(|points| points <= 10_000);
        if unit == Unit::Percent && most(&one) != most(&other) {
            return Some(if most(&one) { one } else { other });
        }
        let typed = &self.text[self.bytes(&digits)];
        let text = format!("{typed}: {} or {}?", grouped(one), grouped(other));
        let choices = [one, other].map(|number| (grouped(number), number.to_string()));
        // Only the number is replaced; its unit stays.
        self.ask(digits, text, &choices);
        self.use_up(tokens.clone());
        None
    }

    pub fn seats(&mut self, quantity: &Quantity) -> usize {
        let end = quantity.tokens.end;
        if self.is_range(quantity, "seats") {
            return end;
        }
        for at in quantity.tokens.clone() {
            let named = self.named(at, &self.vocabulary.skus).filter(|(_, named)| *named < end);
            if let Some((id, named)) = named {
                self.product(id, at..named);
            }
        }
        match quantity.number.as_whole() {
            Some(seats) => {
                let seats = if quantity.sign == Some('-') { -seats } else { seats };
                let same = self.request.seats == Some(seats);
                if self.once(Part::Seats, quantity.tokens.clone(), same) {
                    self.request.seats = Some(seats);
                }
            }
            None => {
                let text = format!("{} seats: how many are meant?", quantity.number);
                self.ask(quantity.tokens.clone(), text, &[]);
            }
        }
        end
    }

    pub fn months(&mut self, quantity: &Quantity, each: i64) -> usize {
        let Range { start, mut end } = quantity.tokens.clone();
        let free_after = self.at(end, words::FREE);
        let free_before = self.before(start, words::FREE_BEFORE);
        let free = quantity.free || free_after.is_some() || free_before.is_some();
        let apart = self.before(start, words::NO_TERM_BEFORE).is_some()
            || self.at(end, words::NO_TERM_AFTER).is_some();
        if apart && !free {
            return end;
        }
        let unit = if each == 1 { "months" } else { "years" };
        if self.is_range(quantity, unit) {
            return end;
        }
        let Some(months) = quantity.number.times(each).and_then(Decimal::as_whole) else {
            let text = format!("{} {unit}: how many months are meant?", quantity.number);
            self.ask(quantity.tokens.clone(), text, &[]);
            return end;
        };
        if !free {
            if self.once(Part::Months, start..end, self.request.months == Some(months)) {
                self.request.months = Some(months);
            }
            return end;
        }
        end = free_after.unwrap_or(end);
        let (on_top, inside) = (self.at(end, words::ON_TOP), self.at(end, words::INSIDE));
        end = on_top.or(inside).unwrap_or(end);
        let same = self.request.free_months == Some(months);
        if self.once(Part::FreeMonths, free_before.unwrap_or(start)..end, same) {
            self.request.free_months = Some(months);
            self.request.on_top = on_top.map(|_| true).or(inside.map(|_| false));
        }
        end
    }

    pub fn days(&mut self, quantity: &Quantity) -> usize {
        let Range { start, end } = quantity.tokens.clone();
        let (before, after) =
            (self.before(start, words::NET_BEFORE), self.at(end, words::NET_AFTER));
        let days = quantity.number.as_whole().filter(|_| quantity.up_to.is_none());
        let Some(days) = days.filter(|_| before.is_some() || after.is_some()) else {
            if self.before(start, words::NO_TERM_BEFORE).is_some()
                || self.at(end, words::NO_TERM_AFTER).is_some()
            {
                return end;
            }
            let days = quantity.up_to.unwrap_or(quantity.number);
            let text = format!("{days} days: until when they pay?");
            let choices =
                [("Yes, net ".to_owned() + &days.to_string(), format!("net {days}")), no()];
            self.ask(quantity.tokens.clone(), text, &choices);
            return end;
        };
        let end = after.unwrap_or(end);
        self.payment(days, before.unwrap_or(start)..end);
        end
    }

    fn payment(&mut self, days: i64, tokens: Range<usize>) {
        if self.once(Part::PaymentDays, tokens, self.request.payment_days == Some(days)) {
            self.request.payment_days = Some(days);
        }
    }

    /// A number without a unit: `net 60`, `seats: 80`, or no one knows.
    pub fn bare(&mut self, quantity: &Quantity) -> usize {
        let Range { start, end } = quantity.tokens.clone();
        let whole = quantity.number.as_whole().filter(|_| quantity.up_to.is_none());
        let net = self.before(start, words::NET);
        if let (Some(days), Some(net)) = (whole.filter(|days| *days <= 365), net) {
            self.payment(days, net..end);
            return end;
        }
        if let (Some(seats), Some(before)) = (whole, self.labelled(start)) {
            if self.once(Part::Seats, before..end, self.request.seats == Some(seats)) {
                self.request.seats = Some(seats);
            }
            return end;
        }
        let year = whole.is_some_and(|year| (2020..2040).contains(&year)) && self.tokens.len() > 1;
        if year || self.before(start, words::NUMBERED).is_some() {
            return end;
        }
        let typed = self.text[self.bytes(&quantity.tokens)].to_owned();
        let number = quantity.number;
        let mut choices = Vec::new();
        if let Some(up_to) = quantity.up_to {
            let text = format!("{number} to {up_to}%");
            self.ask(quantity.tokens.clone(), format!("{typed} what?"), &[(text.clone(), text)]);
            return end;
        }
        let fits = |most: i64| number.as_whole().is_some_and(|whole| (1..=most).contains(&whole));
        if number.hundredths().is_some_and(|points| points <= 5_000) {
            choices.push(format!("{number}%"));
        }
        choices.extend(fits(10_000_000).then(|| format!("{number} seats")));
        choices.extend(fits(60).then(|| format!("{number} months")));
        let choices: Vec<_> = choices.into_iter().map(|text| (text.clone(), text)).collect();
        self.ask(quantity.tokens.clone(), format!("{typed} what?"), &choices);
        end
    }

    /// A range of what can be only one number is asked back.
    pub fn is_range(&mut self, quantity: &Quantity, unit: &str) -> bool {
        let Some(up_to) = quantity.up_to else { return false };
        let choices = [quantity.number, up_to].map(|number| format!("{number} {unit}"));
        let text = format!("{}, or {}?", choices[0], choices[1]);
        let choices = choices.map(|text| (text.clone(), text));
        self.ask(quantity.tokens.clone(), text, &choices);
        true
    }
}

/// The answer that it is about something else.
pub(super) fn no() -> (String, String) {
    ("No, leave it out".to_owned(), String::new())
}

fn scaled(number: Number, factor: i64) -> Number {
    let times = |number: Decimal| number.times(factor);
    match number {
        Number::One(number) => times(number).map_or(Number::None, Number::One),
        Number::Either(one, other) => match (times(one), times(other)) {
            (Some(one), Some(other)) => Number::Either(one, other),
            _ => Number::None,
        },
        Number::None => Number::None,
    }
}

/// `1,200`: as a label, in English.
fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, part) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    part.map_or(grouped.clone(), |part| format!("{grouped}.{part}"))
}
