//! `cornerman doctor`: what is configured, what is missing, whether the library is sound.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::discord::Discord;
use super::{Ending, progress, runtime, say};
use crate::app::{Places, SystemClock, encoder, known, open_generation, open_log, today};
use crate::chat::discord::{Inspection, inspect};
use crate::evaluation::golden_questions;
use crate::library;
use crate::model::Severity;
use crate::playbook::{read_questions, render_concise};
use crate::ports::{Clock as _, Selection};
use crate::pricing::Policy;

/// Check the installation: playbooks, golden questions, index, log, Discord
///
/// Changes nothing but the search index. Exits with code 1 if something needs fixing.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Doctor {
    /// Print JSON, one finding a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    discord: Discord,
}

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    state: State,
    what: &'static str,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Good,
    Note,
    Bad,
}

impl Finding {
    fn new(state: State, what: &'static str, found: impl Into<String>) -> Self {
        Self { state, what, found: found.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl Doctor {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let runtime = runtime()?;
        let mut findings = vec![playbooks(places)];
        if findings.iter().all(|finding| finding.state != State::Bad) {
            findings.push(reviews(places));
            findings.push(meaning(places));
        }
        if findings.iter().all(|finding| finding.state != State::Bad) {
            findings.extend(runtime.block_on(answering(places, &self.discord)));
        }
        findings.push(runtime.block_on(log(places)));
        findings.extend(runtime.block_on(discord(&self.discord, places)));
        for finding in &findings {
            self.print(finding)?;
        }
        let bad = findings.iter().any(|finding| finding.state == State::Bad);
        Ok(if bad { Ending::Failed } else { Ending::Done })
    }

    fn print(&self, finding: &Finding) -> anyhow::Result<()> {
        if self.json {
            say(serde_json::to_string(finding)?)?;
            return Ok(());
        }
        let mark = match finding.state {
            State::Good => "good",
            State::Note => "note",
            State::Bad => "BAD ",
        };
        say(format_args!("{mark}  {:<17} {}", finding.what, finding.found))?;
        if let Some(help) = &finding.help {
            say(format_args!("      {:<17} {help}", ""))?;
        }
        Ok(())
    }
}

fn playbooks(places: &Places) -> Finding {
    let what = "playbooks";
    let files = match library::read(&places.playbooks) {
        Ok(files) => files,
        Err(error) => return Finding::new(State::Bad, what, error.to_string()),
    };
    let reading = files.playbook(&known(places));
    let error = reading.diagnostics.iter().find(|found| found.severity == Severity::Error);
    let warnings = reading.diagnostics.iter().filter(|d| d.severity == Severity::Warning).count();
    match (reading.playbook, error) {
        (Some(playbook), None) if playbook.cards.is_empty() => {
            Finding::new(State::Bad, what, format!("no card in {}", places.playbooks.display()))
                .help("make one: cornerman new card \"It costs too much\" --family price")
        }
        (Some(playbook), None) => {
            let cards = playbook.cards.len();
            let found =
                format!("{cards} cards in {} files, {warnings} warnings", files.markdown.len());
            Finding::new(State::Good, what, found)
        }
        (_, error) => {
            let first = error.map(render_concise).unwrap_or_default();
            Finding::new(State::Bad, what, first).help("cornerman lint shows everything")
        }
    }
}

/// Cards that are due for a check.
fn reviews(places: &Places) -> Finding {
    let playbook =
        library::read(&places.playbooks).ok().and_then(|f| f.playbook(&known(places)).playbook);
    let cards = playbook.map(|playbook| playbook.cards).unwrap_or_default();
    let due = cards.iter().filter(|card| card.review_by < today());
    match due.clone().count() {
        0 => Finding::new(State::Good, "reviews", "no card is overdue"),
        count => {
            let first = due.take(3).map(|card| card.id.as_str()).collect::<Vec<_>>().join(", ");
            Finding::new(State::Note, "reviews", format!("{count} cards are overdue: {first} …"))
                .help("check them, then set `verified` to the day you did")
        }
    }
}

/// Whether prices are given, and whether everybody who may be needed for one can be asked.
fn prices(policy: Option<&Policy>, discord: &Discord) -> Finding {
    let what = "prices";
    let Some(policy) = policy else {
        return Finding::new(State::Note, what, "none: there is no price policy")
            .help("see \"Quote a price\" in the README");
    };
    if let Err(closed) = policy.open(SystemClock.now()) {
        return Finding::new(State::Bad, what, closed.to_string())
            .help("prices are disabled until then; cards still work");
    }
    let roles: Vec<&String> = policy.ladder().iter().chain(policy.sign_offs()).collect();
    let mut named = discord.price_role_names();
    if let Some(name) = named.find(|name| !roles.iter().any(|role| role == name)) {
        let found = format!("`{name}` has a Discord role and is not in the policy");
        let roles: Vec<&str> = roles.into_iter().map(String::as_str).collect();
        return Finding::new(State::Bad, what, found)
            .help(format!("write one of {}", roles.join(", ")));
    }
    let (id, verified, expires) = (policy.id(), policy.verified, policy.expires);
    let found = format!("policy {id}, verified {verified}, valid to {expires}");
    // Everyone has the lowest role.
    let mut asked = roles.into_iter().skip(1).filter(|_| discord.approves());
    match asked.find(|role| !discord.price_role_names().any(|name| name == *role)) {
        Some(role) => {
            Finding::new(State::Note, what, format!("{found}; no one has the role {role}"))
                .help("name the Discord role in CORNERMAN_DISCORD_PRICE_ROLES")
        }
        None => Finding::new(State::Good, what, found),
    }
}

/// Which encoder compares meanings, and how long it takes for a sentence.
fn meaning(places: &Places) -> Finding {
    const SENTENCE: &str = "They say that somebody else does it for half the price.";
    let what = "encoder";
    let help = "cornerman --help says what --encoder takes; without it the bundled one is used";
    let encoder = match encoder(places, true) {
        Ok(Some(encoder)) => encoder,
        Ok(None) => return Finding::new(State::Note, what, "none: words alone are compared"),
        Err(error) => return Finding::new(State::Bad, what, format!("{error:#}")).help(help),
    };
    let begun = std::time::Instant::now();
    match (0..5).try_for_each(|_| encoder.encode(&[SENTENCE]).map(drop)) {
        Ok(()) => {
            let each = begun.elapsed().as_secs_f64() * 1000.0 / 5.0;
            let from = match &places.encoder {
                Some(folder) => format!("from {}", folder.display()),
                None => "bundled".to_owned(),
            };
            let found = format!("{}, {from}, {each:.1} ms a sentence", encoder.model());
            Finding::new(State::Good, what, found)
        }
        Err(error) => Finding::new(State::Bad, what, error.to_string()).help(help),
    }
}

async fn answering(places: &Places, discord: &Discord) -> Vec<Finding> {
    let generation = match open_generation(places, true, &progress) {
        Ok(generation) => generation,
        Err(error) => {
            return vec![
                Finding::new(State::Bad, "search", format!("{error:#}"))
                    .help("name a folder that can be written with --index DIR"),
            ];
        }
    };
    let found = format!("generation {}, index in {}", generation.id, places.index.display());
    let search = Finding::new(State::Good, "search", found);
    let mut findings = vec![search, prices(generation.policy.as_ref(), discord)];
    let questions = library::read(&places.playbooks).ok().and_then(|files| files.questions);
    let Some(file) = questions else {
        findings.push(
            Finding::new(State::Note, "golden questions", "none")
                .help("questions.toml keeps an edit from breaking an answer unnoticed"),
        );
        return findings;
    };
    let questions = read_questions(&file, &generation.playbook).unwrap_or_default();
    let verdicts = golden_questions(&generation, &questions).await;
    let passed = verdicts.iter().filter(|verdict| verdict.passed).count();
    let asked = questions.iter().zip(&verdicts);
    let failed = asked.filter(|(question, verdict)| !verdict.passed && !question.open).count();
    let state = if failed == 0 { State::Good } else { State::Bad };
    let finding =
        Finding::new(state, "golden questions", format!("{passed} passed, {failed} failed"));
    findings.push(match state {
        State::Bad => finding.help("cornerman test shows them"),
        State::Good | State::Note => finding,
    });
    findings
}

async fn log(places: &Places) -> Finding {
    let what = "log";
    if !exists(&places.data) {
        let found = format!("{} is made at the first question", places.data.display());
        return Finding::new(State::Note, what, found);
    }
    let newest = Selection { after: None, newest_first: true, limit: 1 };
    let read = match open_log(places).await {
        Ok(log) => log.read(newest).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    match read {
        Ok(page) => {
            let last = page.events.first().map_or_else(
                || "empty".to_owned(),
                |(number, event)| format!("{number} events, the last at {}", event.at),
            );
            Finding::new(State::Good, what, format!("{last}, in {}", places.data.display()))
        }
        Err(error) => Finding::new(State::Bad, what, format!("{error:#}"))
            .help("name another folder with --data DIR, or restore the backup"),
    }
}

/// Token, connections that are left, commands.
async fn discord(discord: &Discord, places: &Places) -> Vec<Finding> {
    let what = "Discord";
    let settings = match discord.settings(places) {
        Ok(Some(settings)) => settings,
        Ok(None) => {
            let off = Finding::new(State::Note, what, "off: there is no DISCORD_TOKEN");
            return vec![off.help("see \"Discord\" in the README: ten steps")];
        }
        Err(error) => return vec![Finding::new(State::Bad, what, format!("{error:#}"))],
    };
    let Inspection { application, starts: (left, total), place, registered, missing } =
        match inspect(&settings).await {
            Ok(inspection) => inspection,
            Err(why) => return vec![Finding::new(State::Bad, what, why)],
        };
    let way = match settings.public_key {
        Some(_) => "Discord calls /discord/interactions".to_owned(),
        None => format!("{left} of {total} connections left today, no privileged intent needed"),
    };
    let token = format!("the token is {application}'s; {way}");
    let commands = match missing.as_slice() {
        [] => Finding::new(State::Good, "commands", format!("{registered} for {place}")),
        missing => {
            let found = format!("Discord does not know {} for {place}", missing.join(", "));
            Finding::new(State::Note, "commands", found)
                .help("they are registered when `cornerman serve` connects")
        }
    };
    vec![Finding::new(State::Good, what, token), commands]
}

fn exists(folder: &Path) -> bool {
    folder.is_dir()
}
