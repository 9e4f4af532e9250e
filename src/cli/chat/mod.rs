//! `cornerman chat`: a call in the terminal. What is typed is asked; what begins with a colon is
//! done.

mod words;

use std::io::{BufRead, IsTerminal};

use clap::Args;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{CompletionType, Config, Editor};

use self::words::{Verb, Words};
use super::{About, Ending, answer, local, price, progress, runtime, say};
use crate::app::{App, Places};
use crate::card::{CardBlock, CardView, Suggestion, WRONG_CARD, notice};
use crate::coach::{CallContext, Feedback, Question, Recommendation};
use crate::feedback::{Mark, MoveKind};
use crate::journal::{Principal, UseCaseError};
use crate::model::{Outcome, Receipt};
use crate::negotiation::{PriceMark, PriceRequest};
use crate::services::Services;

/// Talk through a call: each line continues the same conversation
///
/// Type what the customer says; then what they say next. 1 says that the card worked, 2 that it
/// didn't, 3 that it was the wrong one; when there are several, the number picks. Tab completes,
/// the arrows bring back what you typed; it is kept in no file. Works with a pipe, too.
///
/// Examples:
///   cornerman chat
///   cornerman chat --stage closing --competitor Acme
///   printf 'it is too expensive\n1\n' | cornerman chat
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Chat {
    #[command(flatten)]
    about: About,
}

impl Chat {
    pub(super) fn run(self, places: &Places) -> anyhow::Result<Ending> {
        let runtime = runtime()?;
        let app = runtime.block_on(App::open(places, true, &progress))?;
        let mut talk = Talk {
            services: &app.services,
            caller: local(),
            conversation: app.services.journal.new_id(),
            about: self.about.into(),
            answer: None,
            picked: None,
            priced: None,
            heard: String::new(),
            at_price: false,
        };
        let typing = std::io::stdin().is_terminal();
        let ended =
            if typing { by_hand(&runtime, &mut talk) } else { by_pipe(&runtime, &mut talk) };
        runtime.block_on(app.close());
        ended.map(|()| Ending::Done)
    }
}

/// Line by line, with editing, history and completion.
fn by_hand(runtime: &tokio::runtime::Runtime, talk: &mut Talk<'_>) -> anyhow::Result<()> {
    let config = Config::builder().completion_type(CompletionType::List).build();
    // In memory only: a file would keep customers' words as they were typed.
    let mut editor = Editor::<Words, MemHistory>::with_history(config, MemHistory::new())?;
    let cards = talk.services.coach.generation();
    let named = cards.playbook.cards.iter().filter_map(|card| card.competitor.first().cloned());
    editor.set_helper(Some(Words { competitors: named.collect() }));
    for news in runtime.block_on(talk.services.marketing.take_news(&talk.caller)) {
        say(news)?;
    }
    say("What did the customer say? :help shows what else there is; Ctrl-D leaves.")?;
    loop {
        match editor.readline("› ") {
            Ok(line) => {
                editor.add_history_entry(&line)?;
                if runtime.block_on(talk.hear(&line))? {
                    return Ok(());
                }
            }
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// The same from another program, or from a file.
fn by_pipe(runtime: &tokio::runtime::Runtime, talk: &mut Talk<'_>) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line?;
        if runtime.block_on(talk.hear(&String::from_utf8_lossy(&line)))? {
            break;
        }
    }
    Ok(())
}

/// A call, and what was shown last in it.
struct Talk<'a> {
    services: &'a Services,
    caller: Principal,
    conversation: String,
    about: CallContext,
    answer: Option<Suggestion>,
    /// Which of several cards was picked.
    picked: Option<usize>,
    /// The receipt of the last price that has a trade.
    priced: Option<Receipt>,
    /// What the customer said last.
    heard: String,
    /// Whether a price was shown last, and no card.
    at_price: bool,
}

impl Talk<'_> {
    /// Does what a line says, and says whether it was the last.
    async fn hear(&mut self, line: &str) -> anyhow::Result<bool> {
        let line = line.trim();
        let done = match (line.strip_prefix(':'), line) {
            (_, "") => Ok(()),
            (_, "?") => help().map_err(Into::into),
            (Some(typed), _) => {
                let (verb, rest) = typed.split_once(' ').unwrap_or((typed, ""));
                match Verb::named(verb) {
                    Ok(Verb::Quit) => return Ok(true),
                    Ok(verb) => self.act(verb, rest.trim()).await,
                    Err(near) => unknown(verb, near).map_err(Into::into),
                }
            }
            (None, "0") if self.choosing() => self.act(Verb::None, "").await,
            (None, "1" | "2" | "3") if self.choosing() => self.pick(line),
            (None, "1" | "2" | "3") if self.at_price => {
                say("This is a price: use :said, :agreed or :written; :worked rates the card.")
                    .map_err(Into::into)
            }
            (None, "1") => self.act(Verb::Worked, "").await,
            (None, "2") => self.act(Verb::Didnt, "").await,
            (None, "3") => self.act(Verb::Wrong, "").await,
            (None, text) if words::is_aside(text) => self.aside().map_err(Into::into),
            (None, text) => self.ask(text).await,
        };
        match done {
            Ok(()) => Ok(false),
            // What the rep can fix ends nothing.
            Err(Trouble::Rep(error)) => {
                say(format_args!("{}", error))?;
                Ok(false)
            }
            Err(Trouble::Other(error)) => Err(error),
        }
    }

    async fn act(&mut self, verb: Verb, rest: &str) -> Result<(), Trouble> {
        let some = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
        match verb {
            Verb::More => match self.card() {
                Some(card) => Ok(say(answer::more(&CardBlock::new(card), answer::width()))?),
                None => Ok(say("There is no card yet. Type what the customer said.")?),
            },
            Verb::Next => self.next().await,
            Verb::Worked => self.mark(Mark::Worked, None).await,
            Verb::Didnt => self.mark(Mark::DidNotWork, some).await,
            Verb::Wrong => {
                self.mark(Mark::NotUsed, Some(WRONG_CARD.to_owned())).await?;
                self.next().await
            }
            Verb::None => self.none_of_these().await,
            Verb::Undo => self.undo().await,
            // Without words, those that the customer said last.
            Verb::Price if rest.is_empty() => self.price(&self.heard.clone()).await,
            Verb::Price => self.price(rest).await,
            Verb::Said => self.mark_price(PriceMark::Said).await,
            Verb::Agreed => self.mark_price(PriceMark::Agreed).await,
            Verb::Written => self.mark_price(PriceMark::Written).await,
            Verb::Withdrawn => self.mark_price(PriceMark::Withdrawn).await,
            Verb::Tell => self.tell(rest).await,
            Verb::Stage => match some.as_deref().map(str::parse).transpose() {
                Ok(stage) => {
                    self.about.stage = stage;
                    self.known()
                }
                Err(error) => Ok(say(error)?),
            },
            Verb::Product => {
                self.about.product = some;
                self.known()
            }
            Verb::Competitor => {
                self.about.competitor = some;
                self.known()
            }
            Verb::New => {
                self.conversation = self.services.journal.new_id();
                self.about = CallContext::default();
                (self.answer, self.picked, self.priced) = (None, None, None);
                (self.heard, self.at_price) = (String::new(), false);
                Ok(say("A new call. What did the customer say?")?)
            }
            Verb::Help | Verb::Quit => Ok(help()?),
        }
    }

    async fn ask(&mut self, text: &str) -> Result<(), Trouble> {
        let (context, conversation) = (self.about.clone(), Some(self.conversation.clone()));
        let text = text.to_owned();
        let priceable = text.clone();
        let question = Question { text, context, conversation, ..Question::default() };
        self.heard.clone_from(&priceable);
        let found = self.services.coach.suggest(&self.caller, &question).await?;
        let priceable = self.services.negotiation.could_price(&priceable, &found.cards);
        self.show(found)?;
        if priceable {
            say(dim("There is a number in it: :price says what you may offer."))?;
        }
        Ok(())
    }

    fn show(&mut self, found: Suggestion) -> Result<(), Trouble> {
        say(answer::text(&found, answer::width()))?;
        let several = found.outcome == Outcome::Choice;
        let hint = match (found.logged, several, found.cards.len()) {
            (false, ..) => notice::NOT_LOGGED.to_owned(),
            (_, true, count) => format!("1 to {count} picks · 0 none of these"),
            (_, _, 0) => ":tell says what you would have needed.".to_owned(),
            _ => "1 worked · 2 didn't · 3 wrong card · :more".to_owned(),
        };
        (self.answer, self.picked, self.at_price) = (Some(found), None, false);
        Ok(say(dim(&hint))?)
    }

    /// Whether one of several cards is still to be picked.
    fn choosing(&self) -> bool {
        let several = self.answer.as_ref().is_some_and(|answer| answer.outcome == Outcome::Choice);
        several && self.picked.is_none()
    }

    fn pick(&mut self, number: &str) -> Result<(), Trouble> {
        let place = number.parse().unwrap_or(1_usize) - 1;
        let cards = self.answer.as_ref().map_or(&[][..], |answer| &answer.cards);
        match cards.get(place) {
            Some(card) => {
                say(answer::glance(&CardBlock::new(card), answer::width()))?;
                (self.picked, self.at_price) = (Some(place), false);
                Ok(say(dim("1 worked · 2 didn't · 3 wrong card · :more"))?)
            }
            None => Ok(say(format_args!("There are only {} to pick from.", cards.len()))?),
        }
    }

    /// The card that is talked about.
    fn card(&self) -> Option<&CardView> {
        self.answer.as_ref()?.cards.get(self.picked.unwrap_or(0))
    }

    async fn mark(&mut self, mark: Mark, reason: Option<String>) -> Result<(), Trouble> {
        let (Some(answer), Some(card)) = (&self.answer, self.card()) else {
            return Ok(say("There is no card to rate. Type what the customer said.")?);
        };
        let (receipt, card_id) = (answer.receipt.clone(), Some(card.id.to_string()));
        let feedback = Feedback { receipt, card_id, mark, reason, note: None };
        let title = card.title.clone();
        self.services.coach.record(&self.caller, feedback, None).await?;
        let then = match mark {
            Mark::Worked => " :undo takes it back.",
            Mark::DidNotWork => " :tell says what would have.",
            Mark::NotUsed | Mark::Undone => "",
        };
        Ok(say(format_args!("{}{then}", notice::noted(mark, &title)))?)
    }

    /// What was typed is nothing that a customer said: it is not asked, and leaves no gap.
    fn aside(&self) -> std::io::Result<()> {
        say(match (&self.answer, self.choosing()) {
            (Some(_), true) => "That is not asked. A number picks; 0 is none of these.",
            (Some(answer), _) if !answer.cards.is_empty() => {
                "That is not asked. 1 worked · 2 didn't · 3 wrong card; or type what they say next."
            }
            _ => "That is not asked. Type what the customer said; :help shows what there is.",
        })
    }

    async fn none_of_these(&mut self) -> Result<(), Trouble> {
        let Some(answer) = &self.answer else {
            return Ok(say("There is no card yet. Type what the customer said.")?);
        };
        let receipt = answer.receipt.clone();
        let key = format!("none:{receipt}");
        let next = self.services.coach.none_of_these(&self.caller, &receipt, &key).await?;
        say("Noted: none of these.")?;
        match next {
            Some(found) => self.show(found),
            None => Ok(say(notice::NO_NEXT)?),
        }
    }

    async fn undo(&mut self) -> Result<(), Trouble> {
        match self.card() {
            Some(_) => self.mark(Mark::Undone, None).await,
            None => Ok(say("There is nothing to take back.")?),
        }
    }

    async fn next(&mut self) -> Result<(), Trouble> {
        let Some(answer) = &self.answer else {
            return Ok(say("There is no card yet. Type what the customer said.")?);
        };
        let key = format!("next:{}", answer.receipt);
        match self.services.coach.next(&self.caller, &answer.receipt, &key).await? {
            Some(found) => self.show(found),
            None => Ok(say(notice::NO_NEXT)?),
        }
    }

    async fn price(&mut self, text: &str) -> Result<(), Trouble> {
        let request = PriceRequest {
            text: text.to_owned(),
            stage: self.about.stage,
            conversation: Some(self.conversation.clone()),
            ..PriceRequest::default()
        };
        let card = self.services.negotiation.price(&self.caller, &request).await?;
        price::print(&card, false, false).map_err(Trouble::Other)?;
        self.at_price = true;
        let trade = card.moves.iter().any(|found| found.kind == MoveKind::Trade);
        if trade && card.logged {
            say(dim(":said once you said it · :agreed · :written"))?;
            self.priced = Some(card.receipt);
        }
        Ok(())
    }

    async fn mark_price(&mut self, mark: PriceMark) -> Result<(), Trouble> {
        let Some(receipt) = &self.priced else {
            return Ok(say("There is no trade yet. :price 80 seats, they want 15%")?);
        };
        self.services.negotiation.mark_price(&self.caller, receipt, mark).await?;
        Ok(say(mark.noted())?)
    }

    async fn tell(&mut self, text: &str) -> Result<(), Trouble> {
        let channel = text.split_whitespace().find_map(|word| word.strip_prefix('#'));
        let words = text.split_whitespace().filter(|word| !word.starts_with('#'));
        let told = Recommendation {
            text: words.collect::<Vec<_>>().join(" "),
            channel: channel.map(str::to_owned),
            benefit: None,
            receipt: self.answer.as_ref().map(|answer| answer.receipt.clone()),
        };
        self.services.coach.recommend(&self.caller, told, None).await?;
        Ok(say(notice::TOLD)?)
    }

    /// Says what is known of the call.
    fn known(&self) -> Result<(), Trouble> {
        let CallContext { stage, product, competitor } = &self.about;
        let stage = stage.map(|stage| format!("stage {stage}"));
        let product = product.as_ref().map(|name| format!("product {name}"));
        let competitor = competitor.as_ref().map(|name| format!("competitor {name}"));
        let known: Vec<String> = [stage, product, competitor].into_iter().flatten().collect();
        let known = if known.is_empty() { "nothing".to_owned() } else { known.join(" · ") };
        Ok(say(format_args!("Known of this call: {known}."))?)
    }
}

/// What went wrong: something that the rep reads and can fix, or the end.
enum Trouble {
    Rep(UseCaseError),
    Other(anyhow::Error),
}

impl From<UseCaseError> for Trouble {
    fn from(error: UseCaseError) -> Self {
        Self::Rep(error)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.into())
    }
}

fn help() -> std::io::Result<()> {
    say("Type what the customer said. Commands start with a colon:")?;
    for (_, name, rest, what) in Verb::ALL {
        say(format_args!("  :{:<16} {}", format!("{name} {rest}"), dim(what)))?;
    }
    Ok(())
}

fn unknown(verb: &str, near: Option<&str>) -> std::io::Result<()> {
    let near = near.map(|near| format!(" Did you mean :{near}?")).unwrap_or_default();
    say(format_args!("There is no :{verb}.{near} :help shows what there is."))
}

fn dim(line: &str) -> String {
    answer::dimmed(line, answer::width())
}
