//! `cornerman new`: a draft with everything in its place, to be filled in.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::suggest_phrasings::leave_out_said;
use super::{Ending, progress, say};
use crate::app::{Places, alike, known, today};
use crate::library;
use crate::model::{CardId, Family};
use crate::playbook::ANSWER_TO_FILL_IN;

/// Create a draft card, battlecard, or methodology
///
/// A draft is checked and not served until `draft: true` is taken out. That of a card comes with
/// sentences of customers that may mean the same, to be kept or not.
///
/// Examples:
///   cornerman new card "They want it in blue" --family need
///   cornerman new battlecard Quickpath
///   cornerman new methodology "Our own way"
#[derive(Subcommand)]
#[command(verbatim_doc_comment)]
pub(super) enum New {
    /// What customers say, and what to answer
    Card {
        /// What they say, in short
        title: String,
        /// What it is about: price, budget, competitor, timing, authority, need, trust, contract, integration, security, complexity, status_quo, brush_off
        #[arg(long)]
        family: Family,
        #[command(flatten)]
        owner: Owner,
    },
    /// What to say about one competitor
    Battlecard {
        /// The competitor's name, as reps type it
        name: String,
        #[command(flatten)]
        owner: Owner,
    },
    /// A way of selling, with its slots
    Methodology {
        /// Its name
        name: String,
        #[command(flatten)]
        owner: Owner,
    },
}

#[derive(Args)]
pub(super) struct Owner {
    /// The team that answers for it
    #[arg(long, default_value = "sales-enablement")]
    owner: String,
}

impl New {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let (folder, title, front, body) = match &self {
            Self::Card { title, family, .. } => {
                let folder = match family {
                    Family::Opening => "calls",
                    Family::Networking => "networking",
                    _ => "objections",
                };
                (folder, title, format!("family: {family}"), [CARD, ANSWER_TO_FILL_IN])
            }
            Self::Battlecard { name, .. } => {
                let name_value = quoted(name);
                (
                    "battlecards",
                    name,
                    format!("family: battlecard\ncompetitor: {name_value}"),
                    [BATTLECARD, ANSWER_TO_FILL_IN],
                )
            }
            Self::Methodology { name, .. } => {
                ("methodologies", name, "family: methodology".to_owned(), [METHODOLOGY, ""])
            }
        };
        let (Self::Card { owner, .. }
        | Self::Battlecard { owner, .. }
        | Self::Methodology { owner, .. }) = &self;
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let id = CardId::slug(&title);
        if id.as_str().is_empty() {
            eprintln!("error: the title has no letter and no digit; write what they say");
            return Ok(Ending::Usage);
        }
        let owner = quoted(&owner.owner);
        let day = today();
        let heading = match &self {
            Self::Battlecard { .. } => format!("They have {title}"),
            Self::Card { .. } | Self::Methodology { .. } => title.clone(),
        };
        let suggested = match &self {
            Self::Card { .. } => suggested(places, &title),
            Self::Battlecard { .. } | Self::Methodology { .. } => String::new(),
        };
        let [phrasings, rest] = body;
        let text = format!(
            "---\nowner: {owner}\nverified: {day}\n{front}\ndraft: true\n---\n\n# {title}\n\n\
             ## {heading}\n<!-- id: {id} -->\n\n{phrasings}{suggested}{rest}",
        );
        let path = places.playbooks.join(folder).join(format!("{id}.md"));
        write(&path, &text)?;
        say(path.display())?;
        eprintln!("Fill it in, take `draft: true` out, then: cornerman lint {}", path.display());
        Ok(Ending::Done)
    }
}

/// Phrasings that a card of this title may have. Without them the draft is as good.
fn suggested(places: &Places, title: &str) -> String {
    let mut texts = alike(&[title], SUGGESTED, &progress).unwrap_or_default();
    let read = library::read(&places.playbooks).ok().map(|files| files.playbook(&known(places)));
    if let Some(playbook) = read.and_then(|read| read.playbook) {
        leave_out_said(&mut texts, &playbook);
    }
    texts.iter().map(|text| format!("> - {text}\n")).collect()
}

/// So many phrasings are suggested for a new card.
const SUGGESTED: usize = 12;

/// Never overwrites an existing file.
fn write(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    let refused = || format!("cannot make `{}`", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(refused)?;
    }
    let mut file = std::fs::File::create_new(path).with_context(refused)?;
    file.write_all(text.as_bytes()).with_context(refused)
}

/// A text as a YAML value that stays a text, whatever is in it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "))
}

const CARD: &str = "\
> - TODO: what customers say, in their words
> - five or more, as different as customers are
";

const BATTLECARD: &str = "\
> - TODO: what customers say about them, in their words
> - five or more, as different as customers are
### Snapshot
- TODO: who they are, in one line
### We win
- TODO: Fact: … (source: …)
### They win
- TODO: Fact: … (source: …)
";

const METHODOLOGY: &str = "\
### When
- TODO: when to use it
### Slots
- TODO (Ask, required): what this part is for
### Turn
- TODO: how to bring a conversation round to it
### Avoid
- TODO: how it goes wrong
";
