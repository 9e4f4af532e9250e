//! Percentages: a discount, and what it goes by; more seats; or something else altogether.

use std::ops::Range;

use super::reader::{Part, Reader};
use super::request::{Asked, Base};
use super::units::{Quantity, no};
use super::words;
use crate::model::Percent;

impl Reader<'_> {
    pub fn percent(&mut self, quantity: &Quantity) -> usize {
        let Range { start, end } = quantity.tokens.clone();
        let Some((step, up_to)) = self.points(quantity) else { return end };
        if let Some(end) = self.seats_by(quantity, step) {
            return end;
        }
        if self.at(end, words::NO_DISCOUNT).is_some()
            || self.before(start, words::NO_DISCOUNT_BEFORE).is_some()
        {
            return end;
        }
        if let Some(of) = self.at(end, words::OF_PRICE) {
            let rest = Percent(10_000 - step.0);
            let choices = [
                (format!("{step} off"), format!("{step} off list")),
                (format!("pay {step}, so {rest} off"), format!("{rest} off list")),
            ];
            let typed = self.text[self.bytes(&(start..of))].to_owned();
            self.ask(start..of, format!("{typed}: how much is taken off?"), &choices);
            return of;
        }
        let Some((range, base)) = self.based(quantity, step) else { return end };
        let behind = range.end;
        let then = self.follows(range.start);
        if let (Some(then), Some(Asked::Percent { steps, up_to: None, base: whole }), None) =
            (then, self.request.ask.as_mut(), up_to)
        {
            // What one step goes by they all do: `10% then 5% off list`.
            match (*whole, base) {
                (_, Base::Unsaid | Base::LastOffer) => {}
                (Base::Unsaid, base) => *whole = base,
                (whole, base) if whole == base => {}
                _ => {
                    let text = "Off list, or on the programme? Write one of them for all of it.";
                    self.ask(then..behind, text.to_owned(), &[]);
                    return behind;
                }
            }
            steps.push(step);
            self.use_up(then..behind);
            if let Some(place) = self.places.get_mut(&Part::Ask) {
                place.end = behind;
            }
            return behind;
        }
        let asked = Asked::Percent { steps: vec![step], up_to, base };
        if self.once(Part::Ask, range, self.request.ask.as_ref() == Some(&asked)) {
            self.request.ask = Some(asked);
        }
        behind
    }

    /// The percentage and the upper end of a range; nothing is finer than a basis point.
    fn points(&mut self, quantity: &Quantity) -> Option<(Percent, Option<Percent>)> {
        let tokens = quantity.tokens.clone();
        for number in [Some(quantity.number), quantity.up_to].into_iter().flatten() {
            let Some(points) = number.hundredths() else {
                let (below, above) = number.around();
                let choices = [below, above].map(|points| Percent(points).to_string());
                let text = format!("{} or {}?", choices[0], choices[1]);
                self.ask(tokens, text, &choices.map(|text| (text.clone(), text)));
                return None;
            };
            if points > 10_000 {
                let text = format!("{number}% is more than everything: how much is meant?");
                self.ask(tokens, text, &[]);
                return None;
            }
        }
        let points = |number: super::numbers::Decimal| number.hundredths().map(Percent);
        let (one, other) = (points(quantity.number)?, quantity.up_to.and_then(points));
        match other {
            Some(other) if other < one => Some((other, Some(one))),
            Some(other) if other == one => Some((one, None)),
            other => Some((one, other)),
        }
    }

    /// `30% more seats`.
    fn seats_by(&mut self, quantity: &Quantity, step: Percent) -> Option<usize> {
        let Range { start, end } = quantity.tokens.clone();
        let more = |at: usize| self.at(at, words::MORE).map(|end| (end, 1));
        let fewer = |at: usize| self.at(at, words::FEWER).map(|end| (end, -1));
        let named = more(end).or_else(|| fewer(end));
        let named = named.and_then(|(at, way)| Some((self.at(at, words::SEATS)?, way)));
        // `30 % Plätze mehr`
        let behind = self.at(end, words::SEATS);
        let behind = behind.and_then(|at| more(at).or_else(|| fewer(at)));
        let (end, way) = named.or(behind)?;
        let way = if quantity.sign == Some('-') { -way } else { way };
        let more = Some(step.0 * way);
        if self.once(Part::MoreSeats, start..end, self.request.more_seats == more) {
            self.request.more_seats = more;
        }
        Some(end)
    }

    /// The whole expression of a discount and what it goes by; `None` when that was asked back.
    fn based(&mut self, quantity: &Quantity, step: Percent) -> Option<(Range<usize>, Base)> {
        let Range { mut start, mut end } = quantity.tokens.clone();
        let before = self.before(start, words::OFF_BEFORE);
        let off = self.at(end, words::OFF);
        let more_off = self.at(end, words::MORE_OFF);
        let another = self.before(start, words::ANOTHER);
        let alone = self.at(end, words::MORE_ALONE);
        let chained = self.follows(start).is_some();
        if quantity.sign == Some('-') && before.is_none() && off.is_none() {
            let text = format!("-{step}: a discount of {step}?");
            let choices = [(format!("Yes, {step} off"), format!("{step} off")), no()];
            self.ask(start..end, text, &choices);
            return None;
        }
        let unclear = quantity.sign == Some('+') || alone.is_some();
        if unclear && more_off.is_none() && another.is_none() && !chained {
            let typed = self.text[self.bytes(&(start..alone.unwrap_or(end)))].to_owned();
            let choices = [format!("another {step}"), format!("{step} more seats")];
            let choices = choices.map(|text| (text.clone(), text));
            self.ask(start..alone.unwrap_or(end), format!("{typed} of what?"), &choices);
            return None;
        }
        start = another.or(before).unwrap_or(start);
        end = more_off.or(off).unwrap_or(end);
        if let Some(listed) = self.at(end, words::OFF_LIST) {
            return Some((start..listed, Base::List));
        }
        if let Some(programme) = self.at(end, words::ON_PROGRAMME) {
            return Some((start..programme, Base::Programme));
        }
        let on_offer = another.is_some() || more_off.is_some();
        Some((start..end, if on_offer { Base::LastOffer } else { Base::Unsaid }))
    }

    /// Where `then` begins that joins a discount to the one before: `10% then another 10%`. An
    /// `and` alone joins nothing.
    fn follows(&self, start: usize) -> Option<usize> {
        let earlier = self.places.get(&Part::Ask)?.end;
        let start = self.before(start, words::ANOTHER).unwrap_or(start);
        let between = earlier..start;
        let joined = between.start < between.end
            && self.before(start, words::THEN).is_some_and(|then| {
                let comma = |at: usize| self.tokens[at].text == ",";
                (between.start..then).all(comma)
            });
        let another = self.word(start).is_some_and(|word| words::holds(words::ANOTHER, word));
        let weak = matches!(self.word(start.checked_sub(1)?), Some("and" | "und" | "et"));
        // What was read first may come later: `+30% half off`.
        let plus = self.tokens[start].text == "+" && earlier == start;
        (plus || (joined && (another || !weak))).then_some(earlier)
    }
}
