//! Goes through a request: names first, then every number with its unit, then what is left.

use std::ops::Range;

use super::reader::{Part, Reader};
use super::request::{Asked, Base, Choice, Question, Reading};
use super::tokens::Kind;
use super::units::{Quantity, Unit};
use super::words::{self, Words};
use crate::model::{Locale, Percent, Sku};

impl Reader<'_> {
    pub fn read(mut self) -> Reading {
        self.clauses();
        self.services();
        self.halves();
        let mut at = 0;
        while at < self.tokens.len() {
            at = match self.quantity(at) {
                Some(quantity) => self.meaning(&quantity).max(at + 1),
                None => at + 1,
            };
        }
        self.skus();
        self.billing();
        self.currencies();
        self.other_plan();
        let not_used = self.not_used();
        self.questions.sort_by_key(|(at, _)| *at);
        let question = self.questions.into_iter().next().map(|(_, question)| question);
        Reading { request: self.request, not_used, question }
    }

    pub fn locale(&self) -> Locale {
        self.vocabulary.locale
    }

    pub fn word(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at)?;
        (!self.used[at]).then_some(token.text.as_str())
    }

    /// Where the longest of these phrases ends that begins at a token. A hyphen before it and
    /// within it does not matter.
    pub fn at(&self, at: usize, phrases: Words) -> Option<usize> {
        let hyphen = self.word(at) == Some("-") && self.tokens[at].glued;
        let start = if hyphen { at + 1 } else { at };
        phrases.split('|').filter_map(|phrase| self.phrase(start, phrase)).max()
    }

    /// Where the longest of these phrases begins that ends just before a token.
    pub fn before(&self, at: usize, phrases: Words) -> Option<usize> {
        let hyphen = at.checked_sub(1).filter(|at| self.tokens[*at].glued);
        let at = hyphen.filter(|at| self.word(*at) == Some("-")).unwrap_or(at);
        let ends_here = |phrase: &str| {
            (0..at).rev().take(8).filter(|start| self.phrase(*start, phrase) == Some(at)).min()
        };
        phrases.split('|').filter_map(ends_here).min()
    }

    pub fn phrase(&self, start: usize, phrase: &str) -> Option<usize> {
        let mut at = start;
        for (index, word) in phrase.split(' ').enumerate() {
            let hyphen = index > 0 && word != "-" && self.word(at) == Some("-");
            at += usize::from(hyphen && self.tokens[at].glued);
            if self.word(at)? != word {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    pub fn use_up(&mut self, tokens: Range<usize>) {
        self.used[tokens].fill(true);
    }

    /// The bytes that some tokens were read from.
    pub fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        let begin = self.tokens.get(tokens.start).map_or(self.text.len(), |token| token.span.start);
        let end = self.tokens[..tokens.end].last().map_or(begin, |token| token.span.end);
        begin..end.max(begin)
    }

    /// The request with something else in the place of some tokens.
    pub fn with(&self, tokens: &Range<usize>, other: &str) -> String {
        let bytes = self.bytes(tokens);
        let whole = format!("{}{other}{}", &self.text[..bytes.start], &self.text[bytes.end..]);
        whole.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Asks what some tokens mean; each choice is a label and what is put in their place.
    pub fn ask(&mut self, tokens: Range<usize>, text: String, choices: &[(String, String)]) {
        let choice = |(label, other): &(String, String)| Choice {
            label: label.clone(),
            request: self.with(&tokens, other),
        };
        let question = Question { text, choices: choices.iter().map(choice).collect() };
        self.questions.push((tokens.start, question));
        self.use_up(tokens);
    }

    /// Notes where a part was said. Said twice, it is asked which holds, unless it is the `same`,
    /// and this is `false`.
    pub fn once(&mut self, part: Part, tokens: Range<usize>, same: bool) -> bool {
        if same {
            self.use_up(tokens);
            return false;
        }
        let Some(earlier) = self.places.get(&part).cloned() else {
            self.places.insert(part, tokens.clone());
            self.use_up(tokens);
            return true;
        };
        let said = |tokens: &Range<usize>| self.text[self.bytes(tokens)].to_owned();
        let (one, other) = (said(&earlier), said(&tokens));
        let choices = [(&one, self.with(&tokens, "")), (&other, self.with(&earlier, ""))];
        let choices = choices.map(|(label, request)| Choice { label: label.clone(), request });
        let text = format!("{one}, or {other}?");
        self.questions.push((tokens.start, Question { text, choices: choices.to_vec() }));
        self.use_up(tokens);
        false
    }

    fn meaning(&mut self, quantity: &Quantity) -> usize {
        match quantity.unit {
            Unit::Percent => self.percent(quantity),
            Unit::Money => self.money(quantity),
            Unit::Seats => self.seats(quantity),
            Unit::Months(each) => self.months(quantity, each),
            Unit::Days => self.days(quantity),
            Unit::None => self.bare(quantity),
        }
    }

    /// The phrases that an id stands for: `price-hold` is `price hold`.
    pub fn named<T: Clone + ToString>(&self, at: usize, ids: &[T]) -> Option<(T, usize)> {
        let ends = |id: &T| {
            let words = id.to_string().to_lowercase().replace(['-', '_'], " ");
            self.phrase(at, &words).map(|end| (id.clone(), end))
        };
        ids.iter().filter_map(ends).max_by_key(|(_, end)| *end)
    }

    fn clauses(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((id, end)) = self.named(at, &self.vocabulary.clauses) else { continue };
            let begin = self.before(at, "clause|klausel").unwrap_or(at);
            self.use_up(begin..end);
            if !self.request.clauses.contains(&id) {
                self.request.clauses.push(id);
            }
        }
    }

    /// Services that are free. One that is only named is left over.
    fn services(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((id, end)) = self.named(at, &self.vocabulary.services) else { continue };
            let (before, after) = (self.before(at, words::FREE_BEFORE), self.at(end, words::FREE));
            if before.is_none() && after.is_none() {
                continue;
            }
            self.use_up(before.unwrap_or(at)..after.unwrap_or(end));
            if !self.request.services.contains(&id) {
                self.request.services.push(id);
            }
        }
    }

    /// Half of the list price, which is never more than was said.
    fn halves(&mut self) {
        for at in 0..self.tokens.len() {
            let Some(end) = self.at(at, words::HALF_PRICE) else { continue };
            let listed = self.at(end, words::OFF_LIST);
            if self.once(Part::Ask, at..listed.unwrap_or(end), self.request.ask.is_some()) {
                let steps = vec![Percent(5_000)];
                self.request.ask = Some(Asked::Percent { steps, up_to: None, base: Base::List });
            }
        }
    }

    /// A product by its name, where that cannot be an ordinary word.
    fn skus(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((id, end)) = self.named(at, &self.vocabulary.skus) else { continue };
            let plan = self.at(end, words::PLAN);
            let article = self.before(at, words::NOT_A_NAME).is_some();
            let counts = self.tokens.get(end).is_some_and(|next| next.kind == Kind::Number);
            if plan.is_none() && (article || counts) {
                continue;
            }
            self.product(id, at..plan.unwrap_or(end));
        }
    }

    /// Whether a word is what plans are called elsewhere, and no ordinary word here: "40 business
    /// users" are people.
    pub fn is_usual_plan(&self, at: usize) -> bool {
        let Some(word) = self.word(at) else { return false };
        words::holds(words::PLANS_ONLY, word)
            || self.tokens[at].capital && words::holds(words::USUAL_PLANS, word)
    }

    /// A plan by a name that the policy does not have. It is asked which one is meant: the price of
    /// another plan would be an answer to another question.
    fn other_plan(&mut self) {
        if self.request.sku.is_some() || self.vocabulary.skus.is_empty() {
            return;
        }
        let is_name = |at: usize| {
            let token = &self.tokens[at];
            !self.used[at]
                && token.kind == Kind::Word
                && !words::holds(words::FILLER, &token.text)
                && !words::holds(words::NOT_A_NAME, &token.text)
        };
        // On its own a name is between signs.
        let edge = |at: Option<usize>| {
            at.and_then(|at| self.tokens.get(at)).is_none_or(|next| next.kind == Kind::Sign)
        };
        let alone = |at: usize| edge(at.checked_sub(1)) && edge(Some(at + 1));
        let found = (0..self.tokens.len()).filter(|at| is_name(*at)).find_map(|at| {
            // "a payment plan" is none of ours and none of theirs.
            let named =
                self.tokens[at].capital || words::holds(words::USUAL_PLANS, &self.tokens[at].text);
            let plan = self.at(at + 1, words::PLAN_ITSELF).filter(|_| named);
            let counted = self.at(at + 1, words::SEATS);
            let other = self.is_usual_plan(at);
            let end =
                plan.or(counted.filter(|_| other)).or((other && alone(at)).then_some(at + 1))?;
            Some((at, end))
        });
        let Some((at, end)) = found else { return };
        let typed = self.text[self.bytes(&(at..at + 1))].to_owned();
        let text = format!("there is no plan `{typed}`; which one is it?");
        let choices =
            self.vocabulary.skus.iter().map(|sku| (sku.to_string(), format!("{sku} plan")));
        let choices: Vec<_> = choices.collect();
        self.ask(at..end, text, &choices);
    }

    pub fn product(&mut self, id: Sku, tokens: Range<usize>) {
        if self.once(Part::Sku, tokens, self.request.sku.as_ref() == Some(&id)) {
            self.request.sku = Some(id);
        }
    }

    fn billing(&mut self) {
        for at in 0..self.tokens.len() {
            let known = |(phrases, id): &(words::Words, &'static str)| {
                let known = self.vocabulary.billings.iter().any(|known| known == id);
                self.at(at, phrases).filter(|_| known).map(|end| (end, *id))
            };
            let found = words::BILLING.iter().filter_map(known).max();
            let own = self.named(at, &self.vocabulary.billings).map(|(id, end)| (end, id));
            let found = found.map(|(end, id)| (end, id.to_owned())).max(own);
            let Some((end, id)) = found else { continue };
            if self.once(Part::Billing, at..end, self.request.billing.as_ref() == Some(&id)) {
                self.request.billing = Some(id);
            }
        }
    }

    /// Runs of pieces without a meaning, as they were typed, unless they are only small words.
    fn not_used(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let left = self.used[at..].iter().take_while(|used| !**used).count();
            let mut run = at..at + left;
            let says = |at: &usize| {
                let token = &self.tokens[*at];
                token.kind != Kind::Sign && !words::holds(words::FILLER, &token.text)
                    || words::holds(words::PERCENT, &token.text)
            };
            if let (Some(first), Some(last)) = (run.clone().find(says), run.clone().rfind(says)) {
                run = first..last + 1;
                found.push(self.text[self.bytes(&run)].to_owned());
            }
            at += left + 1;
        }
        found
    }
}
