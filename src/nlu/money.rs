//! Amounts of money: a price for the whole, a year or a seat; or an amount that comes off it.

use std::ops::Range;

use super::reader::{Part, Reader};
use super::request::{Asked, Per};
use super::units::Quantity;
use super::words;
use crate::model::{Cents, Currency};

const WHICH_DOLLAR: &str = "Which dollar is that? The policy does not say what `$` means.";

impl Reader<'_> {
    /// Where the currency begins just before a token.
    pub fn currency_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().take(2).find(|start| self.currency_at(*start) == Some(at))
    }

    /// Where the currency ends that begins at a token.
    pub fn currency_at(&self, at: usize) -> Option<usize> {
        self.currency(at).map(|(end, _)| end)
    }

    /// A currency by its letters; `None` in it is a dollar that the policy has to know.
    fn currency(&self, at: usize) -> Option<(usize, Option<&str>)> {
        if self.word(at) == Some("us") && self.word(at + 1) == Some("$") {
            return Some((at + 2, Some("USD")));
        }
        let word = self.word(at)?;
        if words::holds(words::DOLLARS, word) {
            return Some((at + 1, None));
        }
        let known = words::CURRENCIES.iter().find(|(known, _)| words::holds(known, word));
        let own = self.vocabulary.currencies.iter().map(Currency::as_str);
        let mut own = own.filter(|own| own.eq_ignore_ascii_case(word));
        let code = known.map(|(_, code)| *code).or_else(|| own.next());
        code.map(|code| (at + 1, Some(code)))
    }

    /// The price list by its currency, without an amount: `in euros`, `EUR`.
    pub fn currencies(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((end, code)) = self.currency(at) else { continue };
            let before = self.before(at, words::IN_CURRENCY);
            let letters = code.is_some_and(|code| code.eq_ignore_ascii_case(self.said(at)));
            if before.is_none() && !letters {
                continue;
            }
            let code = code.map(Currency::from).or_else(|| self.vocabulary.dollar.clone());
            let tokens = before.unwrap_or(at)..end;
            match (&self.request.currency, code) {
                (_, None) => self.ask(tokens, WHICH_DOLLAR.to_owned(), &[]),
                (Some(earlier), Some(code)) if *earlier != code => {
                    let text = format!("{earlier}, or {code}? Write one of them.");
                    self.ask(tokens, text, &[]);
                }
                (_, code) => {
                    self.request.currency = code;
                    self.use_up(tokens);
                }
            }
        }
    }

    pub fn money(&mut self, quantity: &Quantity) -> usize {
        let Range { start, end } = quantity.tokens.clone();
        let Some(amount) = self.amount(quantity) else { return end };
        if self.at(end, words::NO_DISCOUNT).is_some() {
            return end;
        }
        self.priced(quantity, amount, start..end)
    }

    /// The amount; none when it is a range or has more than two places, which is asked back.
    fn amount(&mut self, quantity: &Quantity) -> Option<Cents> {
        if let Some(up_to) = quantity.up_to {
            let choices = [quantity.number, up_to].map(|number| {
                let mut text = number.to_string();
                if let Some(code) = self.code(&quantity.tokens) {
                    text = format!("{text} {code}");
                }
                (text.clone(), text)
            });
            let text = format!("{}, or {}?", choices[0].0, choices[1].0);
            self.ask(quantity.tokens.clone(), text, &choices);
            return None;
        }
        let amount = quantity.number.hundredths().map(Cents);
        if amount.is_none() {
            let (below, above) = quantity.number.around();
            let code = self.code(&quantity.tokens).unwrap_or_default();
            let choices = [below, above].map(|cents| format!("{} {code}", Cents(cents)));
            let text = format!("{} or {}?", choices[0].trim(), choices[1].trim());
            self.ask(quantity.tokens.clone(), text, &choices.map(|text| (text.clone(), text)));
        }
        amount
    }

    /// What an amount is asked for: a discount, or a price for something.
    fn priced(&mut self, quantity: &Quantity, amount: Cents, at: Range<usize>) -> usize {
        let Range { start, end } = at;
        let before = self.before(start, words::OFF_BEFORE);
        let off_before = before.filter(|at| !words::holds("price|preis|prix", self.said(*at)));
        let mut behind = end;
        let mut off = off_before.is_some() || quantity.sign == Some('-');
        let (mut seat, mut year, mut month, mut total) = (false, false, false, false);
        loop {
            let found = [
                (self.at(behind, words::OFF), &mut off),
                (self.at(behind, words::A_SEAT), &mut seat),
                (self.at(behind, words::A_YEAR), &mut year),
                (self.at(behind, words::A_MONTH), &mut month),
                (self.at(behind, words::IN_TOTAL), &mut total),
            ];
            let Some((next, flag)) =
                found.into_iter().find_map(|(end, flag)| end.map(|end| (end, flag)))
            else {
                break;
            };
            (*flag, behind) = (true, next);
        }
        total |= self.before(start, "total|total of|insgesamt|au total").is_some();
        let per = match (seat, year, month) {
            (true, true, _) => Per::SeatYear,
            (true, false, _) => Per::SeatMonth,
            (false, true, _) => Per::Year,
            (false, false, true) => Per::Month,
            (false, false, false) if total || off => Per::Deal,
            (false, false, false) => {
                let typed = self.text[self.bytes(&quantity.tokens)].to_owned();
                let choices = ["in total", "a year", "a seat"].map(|per| format!("{typed} {per}"));
                let choices = choices.map(|text| (text.clone(), text));
                self.ask(start..end, format!("{typed} for what?"), &choices);
                return end;
            }
        };
        let tokens = off_before.unwrap_or(start)..behind;
        let currency = self.code(&quantity.tokens);
        if currency.is_none() {
            self.ask(tokens, WHICH_DOLLAR.to_owned(), &[]);
            return behind;
        }
        let asked = Asked::Amount { amount, per, off };
        if self.once(Part::Ask, tokens, self.request.ask.as_ref() == Some(&asked)) {
            (self.request.currency, self.request.ask) = (currency, Some(asked));
        }
        behind
    }

    fn said(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    /// The currency among some tokens.
    fn code(&self, tokens: &Range<usize>) -> Option<Currency> {
        let (_, code) = tokens.clone().find_map(|at| self.currency(at))?;
        code.map(Currency::from).or_else(|| self.vocabulary.dollar.clone())
    }
}
