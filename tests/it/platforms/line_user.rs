//! People at the platform of lines.

use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use cornerman::app::{App, Places};
use cornerman::chat::core::Chat;
use serde_json::Value;

use super::lines::{Inboxes, serve};
use super::{ChatPlatform, Shown, Who};
use crate::TestEnv;

/// The program with the platform of lines, and a connection to it.
pub struct Lines {
    desk: TestEnv,
    running: Option<Running>,
    /// How much was sent so far.
    sent: Cell<u32>,
    /// The last line that was sent.
    last: RefCell<String>,
}

struct Running {
    connection: RefCell<BufReader<TcpStream>>,
    runtime: tokio::runtime::Runtime,
}

impl Running {
    fn start(desk: &TestEnv) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (playbooks, index, data) =
            (desk.path("playbooks"), desk.path("index"), desk.path("data"));
        let places =
            Places { playbooks, index, data, encoder: None, store_text: Default::default() };
        let address = runtime.block_on(async {
            let app = App::open(&places, true, &|_, _| {}).await.unwrap();
            let inboxes = Arc::new(Inboxes::default());
            let chat = Chat::new(Arc::clone(&app.services), Arc::<Inboxes>::clone(&inboxes));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(serve(listener, Arc::new(chat), inboxes));
            address
        });
        let connection = RefCell::new(BufReader::new(TcpStream::connect(address).unwrap()));
        Self { connection, runtime }
    }

    /// Sends a line, and reads lines up to a dot.
    fn ask(&self, line: &str) -> Vec<String> {
        let mut connection = self.connection.borrow_mut();
        connection.get_mut().write_all(format!("{line}\n").as_bytes()).unwrap();
        let lines = connection.by_ref().lines().map(Result::unwrap);
        lines.take_while(|line| line != ".").collect()
    }
}

impl Lines {
    fn act(&self, who: Who, verb: &str, below: Option<&Shown>, rest: &[&str]) -> Shown {
        self.sent.set(self.sent.get() + 1);
        let (user, roles) = match who {
            Who::Rep => ("rep", ""),
            Who::OtherRep => ("other", ""),
            Who::Lead => ("lead", "lead"),
            Who::Marketer => ("marketer", "marketer"),
            Who::Manager => ("manager", "manager"),
            Who::Director => ("director", "director"),
        };
        let quote = below.and_then(|shown| shown.handle.as_str()).unwrap_or_default();
        let parts = [&self.sent.get().to_string(), user, roles, verb, quote];
        let line = [&parts[..], rest].concat().join("\t");
        let shown = shown(&self.running.as_ref().unwrap().ask(&line));
        *self.last.borrow_mut() = line;
        shown
    }
}

fn shown(lines: &[String]) -> Shown {
    let Some((kind, lines)) = lines.split_first() else { return Shown::default() };
    let entry = |open, close| {
        move |line: &String| {
            let (label, id) = line.strip_prefix(open)?.rsplit_once(close)?;
            Some((label.to_owned(), id.to_owned()))
        }
    };
    let quote = lines.first().and_then(|line| line.strip_prefix("> ")).unwrap_or_default();
    let form = lines.last().filter(|_| kind == "form");
    Shown {
        text: lines.join("\n"),
        buttons: lines.iter().filter_map(entry('[', ']')).collect(),
        options: lines.iter().filter_map(entry('(', ')')).collect(),
        form: form.map(|id| id.trim_matches(['{', '}']).to_owned()),
        changed: kind == "change",
        handle: Value::String(quote.to_owned()),
    }
}

impl ChatPlatform for Lines {
    fn start() -> Self {
        let desk = TestEnv::unquestioned();
        let running = Some(Running::start(&desk));
        Self { desk, running, sent: Cell::default(), last: RefCell::default() }
    }

    fn restart(&mut self) {
        if let Some(running) = self.running.take() {
            running.runtime.shutdown_background();
        }
        self.running = Some(Running::start(&self.desk));
    }

    fn command(&self, who: Who, words: &str, options: &[(&str, &str)]) -> Shown {
        let options = options.iter().map(|(name, text)| format!("{name}={text}"));
        let rest: Vec<String> = [words.to_owned()].into_iter().chain(options).collect();
        self.act(who, "command", None, &rest.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn complete(&self, typed: &str) -> Vec<String> {
        let shown = self.act(Who::Rep, "complete", None, &[typed]);
        shown.text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
    }

    fn handle(&self, text: &str) -> Shown {
        self.act(Who::Rep, "handle", None, &[text])
    }

    fn press_id(&self, who: Who, below: &Shown, id: &str) -> Shown {
        self.act(who, "press", Some(below), &[id])
    }

    fn pick(&self, who: Who, below: &Shown, option: &str) -> Shown {
        let (_, id) = below.options.iter().find(|(known, _)| known == option).unwrap();
        self.act(who, "press", Some(below), &[id, &format!("picked={option}")])
    }

    fn submit(&self, who: Who, form: &Shown, below: &Shown, fields: &[(&str, &str)]) -> Shown {
        let fields = fields.iter().map(|(name, text)| format!("{name}={text}"));
        let id = form.form.clone().unwrap_or_else(|| panic!("no form: {form:?}"));
        let rest: Vec<String> = [id].into_iter().chain(fields).collect();
        self.act(who, "submit", Some(below), &rest.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn speak(&self, who: Who, private: bool, text: &str) -> Shown {
        self.act(who, if private { "direct" } else { "mention" }, None, &[text])
    }

    fn request(&self) -> Shown {
        shown(&self.running.as_ref().unwrap().ask("\tapprovers\t\tinbox"))
    }

    fn told(&self, who: Who) -> Option<Shown> {
        assert_eq!(who, Who::Rep, "others are told nothing");
        let told = self.running.as_ref().unwrap().ask("\trep\t\tinbox");
        (!told.is_empty()).then(|| shown(&told))
    }

    fn deliver_again(&self) {
        let again = self.running.as_ref().unwrap().ask(&self.last.borrow());
        assert_eq!(again, [""; 0], "it has its answer already");
    }

    fn events(&self) -> Vec<Value> {
        let ran = self.desk.run(&["feedback", "export", "--format", "jsonl"]);
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// What a process has seen ends with it; the log knows what was answered.
#[test]
fn delivered_to_another_process_it_is_answered_again_and_logged_once() {
    for (words, kinds) in [("objection", &["asked", "answered"][..]), ("price", &["price_shown"])] {
        let mut chat = Lines::start();
        let options = [("text", "80 seats, they want 15%"), ("stage", "closing")];
        let first = chat.command(Who::Rep, words, &options);
        chat.restart();
        let again = shown(&chat.running.as_ref().unwrap().ask(&chat.last.borrow()));
        assert_eq!(again.buttons, first.buttons, "their ids hold the same receipt");
        assert_eq!(chat.kinds(), kinds, "{}", again.text);
    }
}
