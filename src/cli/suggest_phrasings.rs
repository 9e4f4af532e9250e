//! `cornerman suggest-phrasings`: more words for a card, to be taken or not.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;

use super::{Ending, progress, runtime, say};
use crate::app::{Places, alike, open_generation};
use crate::coach::{Question, retrieve};
use crate::model::CardId;
use crate::playbook::{Playbook, did_you_mean};
use crate::ports::Generation;

/// Suggest phrasings for a card: what customers say who mean the same
///
/// The sentences ship with the program. Take those that your customers would say, leave the others:
/// the lines of standard output can be pasted under the heading of the card. What a sentence brings
/// today is said above it, since those that bring nothing, or a wrong card, help the most.
///
/// Exit code 3: there is nothing to suggest.
///
/// Examples:
///   cornerman suggest-phrasings too-expensive
///   cornerman suggest-phrasings "they want it in blue" --count 10
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct SuggestPhrasings {
    /// The id of a card, or a few words that say what a new one is about
    card: String,
    /// How many at most
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
    count: u8,
}

impl SuggestPhrasings {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let generation = open_generation(places, true, &progress)?;
        let cards = &generation.playbook.cards;
        let card = CardId::parse(&self.card).and_then(|id| generation.playbook.card(&id));
        let texts: Vec<&str> = match card {
            Some(card) => card.phrasings.iter().map(String::as_str).collect(),
            None if self.card.split_whitespace().count() > 1 => vec![&self.card],
            None => {
                let known: Vec<&str> = cards.iter().map(|card| card.id.as_str()).collect();
                let help = did_you_mean(&self.card, &known);
                eprintln!("error: there is no card `{}`; {help}", self.card);
                eprintln!("To find words for a new card, say in a sentence what it is about.");
                return Ok(Ending::Usage);
            }
        };
        let mut sentences = alike(&texts, usize::from(self.count), &progress)?;
        leave_out_said(&mut sentences, &generation.playbook);
        if sentences.is_empty() {
            eprintln!("Nothing to suggest: no sentence that we know means that.");
            return Ok(Ending::Nothing);
        }
        let (runtime, own) = (runtime()?, card.map(|card| &card.id));
        let mut found: BTreeMap<Brings, Vec<String>> = BTreeMap::new();
        for text in sentences {
            let brings = runtime.block_on(brings(&generation, own, &text))?;
            found.entry(brings).or_default().push(text);
        }
        for (brings, texts) in found {
            match brings {
                Brings::Nothing => eprintln!("\nThese bring nothing today:"),
                Brings::Other(id) => eprintln!("\nThese bring `{id}` today:"),
                Brings::Own => eprintln!("\nThese bring `{}` already:", self.card),
            }
            for text in texts {
                say(format_args!("> - {text}"))?;
            }
        }
        eprintln!("\nTake what your customers would say, then: cornerman test");
        Ok(Ending::Done)
    }
}

/// Leaves out what is a phrasing already: no sentence may stand in two cards.
pub(super) fn leave_out_said(sentences: &mut Vec<String>, playbook: &Playbook) {
    let phrasings = playbook.cards.iter().flat_map(|card| &card.phrasings);
    let said: BTreeSet<String> = phrasings.map(|text| text.to_lowercase()).collect();
    sentences.retain(|text| !said.contains(&text.to_lowercase()));
}

/// What a sentence brings first; what helps most comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Brings {
    Nothing,
    Other(CardId),
    Own,
}

async fn brings(
    generation: &Generation,
    own: Option<&CardId>,
    text: &str,
) -> anyhow::Result<Brings> {
    let retrieval = retrieve(generation, &Question::from(text)).await?;
    let shown = retrieval.shown(&generation.finder.weights());
    let first = shown.first().and_then(|ranked| generation.playbook.cards.get(ranked.card));
    Ok(match first.map(|card| &card.id) {
        None => Brings::Nothing,
        first if first == own => Brings::Own,
        Some(other) => Brings::Other(other.clone()),
    })
}
