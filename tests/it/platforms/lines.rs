//! A second chat platform, to see that one is an addition: people write lines over a socket, with
//! tabs between the parts, and read lines until a dot.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cornerman::chat::core::{
    Act, Chat, Event, First, Kept, Mention, Message, NotSent, Notifier, Person, Reply, Row, Span,
    Text,
};
use cornerman::feedback::Platform;
use cornerman::journal::Role;
use cornerman::ports::PortFuture;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// What waits for people who did not ask.
#[derive(Default)]
pub struct Inboxes(Mutex<BTreeMap<String, Vec<String>>>);

impl Inboxes {
    fn put(&self, user: &str, message: &Message) -> PortFuture<'_, Result<(), NotSent>> {
        self.0.lock().unwrap().entry(user.to_owned()).or_default().push(laid_out("show", message));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Notifier for Inboxes {
    fn refuses<'a>(&'a self, _: &'a Person) -> PortFuture<'a, Option<&'static str>> {
        Box::pin(std::future::ready(None))
    }

    fn no_approvers(&self) -> Option<&'static str> {
        None
    }

    fn post_to_approvers(&self, message: Message) -> PortFuture<'_, Result<(), NotSent>> {
        self.put("approvers", &message)
    }

    fn direct_message<'a>(
        &'a self,
        user: &'a str,
        message: Message,
    ) -> PortFuture<'a, Result<(), NotSent>> {
        self.put(user, &message)
    }
}

/// Serves whoever connects.
pub async fn serve(listener: TcpListener, chat: Arc<Chat>, inboxes: Arc<Inboxes>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let (chat, inboxes) = (Arc::clone(&chat), Arc::clone(&inboxes));
        tokio::spawn(async move {
            let (reader, mut writer) = stream.split();
            let mut lines = BufReader::new(reader).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = answer(&chat, &inboxes, &line).await + ".\n";
                writer.write_all(answer.as_bytes()).await.unwrap();
            }
        });
    }
}

/// A line holds the id, the person, their roles, what they do, the quote above it, and the rest.
async fn answer(chat: &Arc<Chat>, inboxes: &Inboxes, line: &str) -> String {
    let mut parts = line.split('\t').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (id, user, roles, verb, quote, what) = (next(), next(), next(), next(), next(), next());
    let pairs: Vec<(String, String)> = parts
        .filter_map(|part| part.split_once('=').map(|(name, text)| (name.into(), text.into())))
        .collect();
    let roles = roles.split(',').filter(|role| !role.is_empty()).map(role).collect();
    let person = Person { platform: Platform::Api, team: None, user: user.clone(), roles };
    let option = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|p| p.1.clone());
    let act = match verb.as_str() {
        "inbox" => return inboxes.0.lock().unwrap().remove(&user).unwrap_or_default().concat(),
        "direct" | "mention" => {
            let private = verb == "direct";
            let mention = Mention { id, person, channel: "all".into(), text: what, private };
            let heard = chat.hear(mention).await;
            return heard.map_or_else(String::new, |message| laid_out("show", &message));
        }
        "command" => Act::command(&what, option),
        "complete" => Act::Complete(what),
        "handle" => Act::Handle(what),
        "submit" => Act::Submit { id: what, fields: pairs },
        _ => Act::Press { id: what, picked: option("picked") },
    };
    if !chat.is_new(&id) {
        return String::new();
    }
    match chat.first(Event { id, person, act, quote }).await {
        First::Now(Reply::Show(message)) => laid_out("show", &message),
        First::Now(Reply::Change(message)) => laid_out("change", &message),
        First::Now(Reply::Open(form)) => {
            let fields =
                form.fields.iter().map(|field| format!("{}: {}\n", field.label, field.hint));
            format!("form\n{}\n{}{{{}}}\n", form.title, fields.collect::<String>(), form.id)
        }
        First::Now(Reply::Choices(choices)) => format!("choices\n{}\n", choices.join("\n")),
        First::Later(promise) => match promise.keep().await {
            Kept::Edit(message) => laid_out("change", &message),
            Kept::FollowUp(message) => laid_out("show", &message),
        },
    }
}

fn role(name: &str) -> Role {
    match name {
        "lead" => Role::Lead,
        "marketer" => Role::Marketer,
        pricing => Role::Pricing(pricing.to_owned()),
    }
}

/// The kind of a reply, the message, and a line for each button: its words and its id.
fn laid_out(kind: &str, message: &Message) -> String {
    let mut lines = vec![kind.to_owned()];
    lines.extend((!message.quote.is_empty()).then(|| format!("> {}", message.quote)));
    lines.extend(message.lines.iter().map(words));
    for block in &message.blocks {
        lines.extend([block.title.clone(), block.quote.clone()]);
        lines.extend(block.lines.iter().map(words));
        for (name, texts) in &block.fields {
            lines.push(name.clone());
            lines.extend(texts.iter().map(words));
        }
        lines.push(block.footer.clone());
    }
    for row in &message.rows {
        match row {
            Row::Buttons(all) => lines.extend(all.iter().map(|b| format!("[{}]{}", b.label, b.id))),
            Row::Select(s) => lines.extend(s.options.iter().map(|o| format!("({o}){}", s.id))),
        }
    }
    lines.join("\n") + "\n"
}

fn words(text: &Text) -> String {
    let span = |span: &Span| match span {
        Span::Plain(words) | Span::Strong(words) | Span::Emphasis(words) | Span::Code(words) => {
            words.clone()
        }
        Span::Person(user) => format!("@{user}"),
        Span::Ago(moment) => moment.to_string(),
    };
    text.0.iter().map(span).collect()
}
