//! The command line: one file per verb, and the exit codes that scripts rely on.
#![expect(clippy::print_stderr, reason = "this room's messages go to the terminal")]

mod answer;
mod ask;
mod chat;
mod discord;
mod doctor;
mod eval;
mod feedback;
mod fmt;
mod lint;
mod new;
mod price;
mod redact;
mod replay;
mod serve;
mod suggest_phrasings;
mod test;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::app::Places;
use crate::coach::CallContext;
use crate::feedback::Platform;
use crate::journal::{Principal, StoreText};
use crate::model::Stage;

/// Find the right answer while the customer is talking.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten, next_help_heading = "For every command")]
    folders: Folders,
    #[command(subcommand)]
    verb: Verb,
}

/// Where things lie, and what is kept.
#[derive(Args)]
struct Folders {
    /// The folder with the playbooks
    #[arg(long, global = true, value_name = "DIR", default_value = "playbooks")]
    #[arg(env = "CORNERMAN_PLAYBOOKS")]
    playbooks: PathBuf,
    /// The folder for the search index, which is made from the playbooks
    #[arg(long, global = true, value_name = "DIR", default_value = "index")]
    #[arg(env = "CORNERMAN_INDEX")]
    index: PathBuf,
    /// The folder for the log
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    #[arg(env = "CORNERMAN_DATA")]
    data: PathBuf,
    /// A sentence-transformers directory (BERT) to take in place of the bundled encoder
    #[arg(long, global = true, value_name = "DIR", env = "CORNERMAN_ENCODER")]
    encoder: Option<PathBuf>,
    /// How much of what customers said the log keeps, always without personal data and secrets:
    /// `gaps` (the questions that nothing fitted), `all`, or `none`
    #[arg(long, global = true, value_name = "gaps|all|none", default_value = "gaps")]
    #[arg(env = "CORNERMAN_STORE_TEXT")]
    store_text: StoreText,
}

/// What is known of the call.
#[derive(Args, Clone)]
struct About {
    /// Where the deal stands: prospecting, discovery, evaluation, proposal, negotiation, closing, renewal
    #[arg(long)]
    stage: Option<Stage>,
    /// The product it is about
    #[arg(long)]
    product: Option<String>,
    /// The competitor they mentioned
    #[arg(long)]
    competitor: Option<String>,
}

impl From<About> for CallContext {
    fn from(About { stage, product, competitor }: About) -> Self {
        Self { stage, product, competitor }
    }
}

/// The person at this machine: the terminal knows no names.
fn local() -> Principal {
    Principal::operator(Platform::Terminal)
}

#[derive(Subcommand)]
enum Verb {
    Ask(ask::Ask),
    Chat(chat::Chat),
    Doctor(Box<doctor::Doctor>),
    Eval(eval::Eval),
    #[command(subcommand)]
    Feedback(feedback::Feedback),
    Fmt(fmt::Fmt),
    Lint(lint::Lint),
    #[command(subcommand)]
    New(new::New),
    Price(Box<price::Price>),
    Redact(redact::Redact),
    Replay(replay::Print),
    Serve(Box<serve::Serve>),
    SuggestPhrasings(suggest_phrasings::SuggestPhrasings),
    Test(test::Test),
}

/// How a command ended, as a number that scripts can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// 0: done.
    Done,
    /// 1: it failed.
    Failed,
    /// 2: it was called in a wrong way.
    Usage,
    /// 3: nothing fits, it was refused, or something is asked back.
    Nothing,
    /// 4: it needs approval.
    Approval,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Failed => Self::FAILURE,
            Ending::Usage => Self::from(2),
            Ending::Nothing => Self::from(3),
            Ending::Approval => Self::from(4),
        }
    }
}

/// Runs the command line of this process and says how it ended.
pub fn run() -> ExitCode {
    let Arguments { folders, verb } = Arguments::parse();
    let Folders { playbooks, index, data, encoder, store_text } = folders;
    let encoder = encoder.filter(|folder| !folder.as_os_str().is_empty());
    let places = Places { playbooks, index, data, encoder, store_text };
    let ending = match verb {
        Verb::Ask(ask) => ask.run(&places),
        Verb::Chat(chat) => chat.run(&places),
        Verb::Doctor(doctor) => doctor.run(&places),
        Verb::Eval(eval) => eval.run(&places),
        Verb::Feedback(feedback) => feedback.run(&places),
        Verb::Fmt(fmt) => fmt.run(&places),
        Verb::Lint(lint) => lint.run(&places),
        Verb::New(new) => new.run(&places),
        Verb::Price(price) => price.run(&places),
        Verb::Redact(redact) => redact.run(),
        Verb::Replay(replay) => replay.run(&places),
        Verb::Serve(serve) => serve.run(&places),
        Verb::SuggestPhrasings(suggest) => suggest.run(&places),
        Verb::Test(test) => test.run(&places),
    };
    match ending {
        Ok(ending) => ending.into(),
        Err(error) if reader_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the only trouble is that `head` or a pager has read enough.
fn reader_left(error: &anyhow::Error) -> bool {
    let io = |cause: &(dyn std::error::Error + 'static)| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        kind.or(json) == Some(std::io::ErrorKind::BrokenPipe)
    };
    error.chain().any(io)
}

/// Prints a line on standard output, with colours only on a terminal.
fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Tells how far the learning of phrasings is: on a terminal, when there is enough to wait for.
fn progress(done: usize, total: usize) {
    if total > 50 && std::io::stderr().is_terminal() {
        let end = if done == total { "\n" } else { "" };
        eprint!("\rlearning the phrasings: {done} of {total}{end}");
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
