//! What a rep may type at the prompt besides a customer's words, and how it is completed.

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use crate::model::Stage;

/// Something to do; its name is typed after a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    More,
    Next,
    Worked,
    Didnt,
    Wrong,
    None,
    Undo,
    Price,
    Said,
    Agreed,
    Written,
    Withdrawn,
    Tell,
    Stage,
    Product,
    Competitor,
    New,
    Help,
    Quit,
}

impl Verb {
    /// Each with its name, what follows it, and what it does.
    pub(super) const ALL: [(Self, &'static str, &'static str, &'static str); 19] = [
        (Self::More, "more", "", "the whole card"),
        (Self::Next, "next", "", "another card for the same words"),
        (Self::Worked, "worked", "", "it worked (or just 1)"),
        (Self::Didnt, "didnt", "WHY", "it didn't (or just 2)"),
        (Self::Wrong, "wrong", "", "the wrong card: shows the next (or just 3)"),
        (Self::None, "none", "", "none of these: shows the next (or just 0)"),
        (Self::Undo, "undo", "", "takes back what you noted last"),
        (
            Self::Price,
            "price",
            "TEXT",
            "what may be said: 80 seats, they want 15%; empty takes their last words",
        ),
        (Self::Said, "said", "", "you said the trade of the price"),
        (Self::Agreed, "agreed", "", "they agreed to what you asked for"),
        (Self::Written, "written", "", "it is on paper"),
        (Self::Withdrawn, "withdrawn", "", "you took it back"),
        (Self::Tell, "tell", "TEXT", "tell marketing; #phone names the channel"),
        (Self::Stage, "stage", "STAGE", "deal stage; empty clears it"),
        (Self::Product, "product", "NAME", "the product it is about"),
        (Self::Competitor, "competitor", "NAME", "the competitor in it"),
        (Self::New, "new", "", "a new call"),
        (Self::Help, "help", "", "this list"),
        (Self::Quit, "quit", "", "leave (or Ctrl-D)"),
    ];

    /// The one with this name, or the name that begins most like it.
    pub(super) fn named(name: &str) -> Result<Self, Option<&'static str>> {
        match Self::ALL.iter().find(|(_, known, ..)| *known == name) {
            Some((verb, ..)) => Ok(*verb),
            None => {
                let shared = |known: &str| {
                    known.chars().zip(name.chars()).take_while(|(one, other)| one == other).count()
                };
                let names = Self::ALL.iter().map(|(_, known, ..)| *known);
                Err(names.filter(|known| shared(known) > 0).max_by_key(|known| shared(known)))
            }
        }
    }
}

/// Whether a line is to us and nothing that a customer said: a word of thanks, or a slip of the
/// finger.
pub(super) fn is_aside(line: &str) -> bool {
    const WORDS: [&str; 17] = [
        "ok", "okay", "k", "kk", "thanks", "thank", "you", "thx", "ty", "cheers", "cool", "great",
        "nice", "perfect", "got", "it", "ah",
    ];
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    letters < 2 && line.chars().count() < 4
        || words.len() <= 4 && words.iter().all(|word| WORDS.contains(&word.as_str()))
}

/// Completes names of verbs, stages and competitors.
pub(super) struct Words {
    pub competitors: Vec<String>,
}

impl Words {
    /// Where the word begins that is typed, and what it may become.
    fn offered(&self, line: &str) -> (usize, Vec<String>) {
        let Some(typed) = line.strip_prefix(':') else { return (0, Vec::new()) };
        let Some((verb, begun)) = typed.split_once(' ') else {
            let names = Verb::ALL.iter().filter(|(_, name, ..)| name.starts_with(typed));
            return (1, names.map(|(_, name, ..)| format!("{name} ")).collect());
        };
        let stages = || Stage::ALL.iter().map(|stage| stage.name().to_owned()).collect();
        let known: Vec<String> = match Verb::named(verb) {
            Ok(Verb::Stage) => stages(),
            Ok(Verb::Competitor) => self.competitors.clone(),
            _ => Vec::new(),
        };
        let begins =
            |word: &String| word.to_lowercase().starts_with(&begun.trim_start().to_lowercase());
        (line.len() - begun.trim_start().len(), known.into_iter().filter(begins).collect())
    }
}

impl Completer for Words {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        place: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, offered) = self.offered(line.get(..place).unwrap_or_default());
        let pair = |word: String| Pair { display: word.clone(), replacement: word };
        Ok((start, offered.into_iter().map(pair).collect()))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_stages_and_competitors_are_completed() {
        let words = Words { competitors: vec!["Acme".to_owned(), "Quickpath".to_owned()] };
        let offered = |line: &str| words.offered(line);
        assert_eq!(offered(":st"), (1, vec!["stage ".to_owned()]));
        assert_eq!(offered(":stage neg"), (7, vec!["negotiation".to_owned()]));
        assert_eq!(offered(":competitor ac"), (12, vec!["Acme".to_owned()]));
        assert_eq!(offered(":product x"), (9, vec![]));
        assert_eq!(offered("it is too expensive").1, [""; 0]);
        assert_eq!(offered(":").1.len(), Verb::ALL.len());
    }

    #[test]
    fn thanks_and_slips_are_asides_and_what_customers_say_is_none() {
        for line in ["ok thanks", "Thank you!", "4", "w", ";", "1.", "ok", "got it, thanks", "."] {
            assert!(is_aside(line), "{line}");
        }
        for line in [
            "no thanks",
            "no, thank you",
            "yes",
            "no budget",
            "it is good",
            "it's perfect for us",
            "ok but 20% off",
            "15%?",
        ] {
            assert!(!is_aside(line), "{line}");
        }
    }

    #[test]
    fn a_name_that_is_not_known_brings_the_nearest() {
        assert_eq!(Verb::named("price"), Ok(Verb::Price));
        assert_eq!(Verb::named("help"), Ok(Verb::Help));
        assert_eq!(Verb::named("stag"), Err(Some("stage")));
        assert_eq!(Verb::named("zzz"), Err(None));
        assert_eq!(Verb::named(""), Err(None));
        assert_eq!(Verb::named("é"), Err(None));
    }
}
