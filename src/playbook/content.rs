//! The text over which the hash of a card's content is taken, version 1.
//!
//! Logs hold such hashes for years and find the words of an old answer by them. So this text never
//! changes: the names in it are written out here, and do not follow the names of our types. A card
//! that gets something new says so behind what stands here, and only when it has it.

use std::fmt::{Debug, Formatter, Result, from_fn};

use super::{Card, Line, Pushback};
use crate::model::{CardId, ContentHash, Day};

/// A card's content in its written form.
struct ContentV1<'a>(&'a Card);

impl Card {
    /// The hash over everything a rep or the search can see of a card; where it stands does not
    /// count.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        hash(self)
    }
}

/// The hash over everything a rep or the search can see of a card. Where the card stands does not
/// count. Every field has its name and every text its quotes, so that no line can move unseen from
/// one section to the next.
fn hash(card: &Card) -> ContentHash {
    ContentHash::of([format!("{:?}", ContentV1(card))])
}

impl Debug for ContentV1<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self(card) = self;
        let stages = from_fn(|f| {
            f.debug_list().entries(card.stages.iter().map(|s| word(s.name()))).finish()
        });
        let sections = from_fn(|f| {
            let entries = card.sections.iter().map(|(key, of)| (word(key.heading()), lines(of)));
            f.debug_map().entries(entries).finish()
        });
        let say_in = from_fn(|f| {
            let entries = card.say_in.iter().map(|(stage, of)| (word(stage.name()), lines(of)));
            f.debug_map().entries(entries).finish()
        });
        let pushbacks =
            from_fn(|f| f.debug_list().entries(card.pushbacks.iter().map(pushback)).finish());
        let source = from_fn(|f| {
            let nothing = from_fn(|f| tuple(f, "ContentHash", &"e3b0c44298fc1c14"));
            f.debug_struct("CardSource")
                .field("file", &"")
                .field("line", &0)
                .field("phrasings", &[""; 0])
                .field("hash", &nothing)
                .finish()
        });
        f.debug_struct("Card")
            .field("id", &id(&card.id))
            .field("was", &ids(&card.was))
            .field("title", &card.title)
            .field("family", &word(card.family.name()))
            .field("stages", &stages)
            .field("phrasings", &card.phrasings)
            .field("not_this", &card.not_this)
            .field("sections", &sections)
            .field("say_in", &say_in)
            .field("pushbacks", &pushbacks)
            .field("methodology", &ids(&card.methodology))
            .field("benefit", &card.benefit)
            .field("channel", &card.channel)
            .field("pricing", &card.pricing)
            .field("priority", &card.priority)
            .field("owner", &card.owner)
            .field("verified", &day(card.verified))
            .field("review_by", &day(card.review_by))
            .field("competitor", &card.competitor)
            .field("source", &source)
            .finish()
    }
}

fn tuple(f: &mut Formatter<'_>, name: &str, value: &dyn Debug) -> Result {
    f.debug_tuple(name).field(value).finish()
}

fn id(id: &CardId) -> impl Debug {
    from_fn(move |f| tuple(f, "CardId", &id.as_str()))
}

fn ids(all: &[CardId]) -> impl Debug {
    from_fn(move |f| f.debug_list().entries(all.iter().map(id)).finish())
}

fn day(day: Day) -> impl Debug {
    from_fn(move |f| tuple(f, "Day", &format_args!("{day}")))
}

/// A word of a closed list: `status_quo` and `Next step` are `StatusQuo` and `NextStep`.
fn word(name: &str) -> impl Debug {
    from_fn(move |f| {
        name.split(['_', ' ']).try_for_each(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            write!(f, "{}{rest}", first.to_uppercase())
        })
    })
}

fn lines(all: &[Line]) -> impl Debug {
    from_fn(move |f| f.debug_list().entries(all.iter().map(line)).finish())
}

fn line(line: &Line) -> impl Debug {
    from_fn(move |f| {
        f.debug_struct("Line")
            .field("text", &line.text)
            .field("slot", &line.slot)
            .field("citation", &line.citation)
            .field("see", &line.see.as_ref().map(id))
            .finish()
    })
}

fn pushback(said: &Pushback) -> impl Debug {
    from_fn(move |f| {
        f.debug_struct("Pushback")
            .field("id", &id(&said.id))
            .field("title", &said.title)
            .field("phrasings", &said.phrasings)
            .field("answers", &lines(&said.answers))
            .finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Family, Stage};
    use crate::playbook::Section;

    /// A card with something in every field.
    fn full() -> Card {
        let day = |text: &str| text.parse().unwrap();
        let id = |text: &str| CardId::parse(text).unwrap();
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        let line = Line {
            text: "Say \"why\",\u{a0}– d\u{2019}accord? 👩\u{200d}💻".to_owned(),
            slot: Some("Implication".to_owned()),
            citation: Some("price list, 2026-10".to_owned()),
            see: Some(id("other")),
        };
        let phrasings: Vec<String> = texts(&["it's dear", "c'est trop cher"]);
        let mut card = Card::of_phrasings(id("full"), day("2026-11-02"), phrasings.clone());
        card.was = vec![id("once"), id("twice")];
        card.title = "It costs too much".to_owned();
        card.stages = Stage::ALL.to_vec();
        card.not_this = texts(&["the price is fine"]);
        let sections = Section::ALL.into_iter().filter(|section| *section != Section::PushBack);
        card.sections = sections.map(|section| (section, vec![line.clone(); 2])).collect();
        card.say_in = Stage::ALL.map(|stage| (stage, vec![line.clone()])).into();
        let answers = vec![line, Line::default()];
        let title = "Still too much".to_owned();
        card.pushbacks = vec![Pushback { id: id("still-too-much"), title, phrasings, answers }];
        card.methodology = vec![id("spin")];
        card.benefit = Some("hours-saved".to_owned());
        card.channel = Some("phone".to_owned());
        (card.pricing, card.priority) = (true, -3);
        card.owner = "sales".to_owned();
        card.review_by = day("2027-05-01");
        card.competitor = texts(&["Northgate", "North Gate"]);
        card
    }

    #[test]
    fn what_was_logged_once_is_found_for_ever() {
        let in_family = |family| hash(&Card { family, ..full() }).to_string();
        let all = ContentHash::of(Family::ALL.map(in_family));
        assert_eq!(
            (hash(&full()).as_str(), all.as_str()),
            ("876c3a883c2bd73d", "9569dd6f5ae31b88")
        );
    }

    #[test]
    fn a_card_that_stands_elsewhere_is_the_same() {
        let mut card = full();
        (card.source.file, card.source.line) = ("prices.md".to_owned(), 7);
        assert_eq!(hash(&card), hash(&full()));
        card.sections.remove(&Section::Proof);
        assert_ne!(hash(&card), hash(&full()));
    }
}
