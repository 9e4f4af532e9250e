//! A message as the chat writes it: texts, blocks and buttons, which each platform lays out its way.

use super::ButtonId;
use crate::model::Timestamp;

/// What the person sees.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A new message that only they see.
    Show(Message),
    /// The message whose button was pressed, changed.
    Change(Message),
    /// A form.
    Open(Form),
    /// What could be meant by what is typed so far.
    Choices(Vec<String>),
}

impl Reply {
    /// Words alone, for the person who asked.
    #[must_use]
    pub fn words(text: impl Into<Text>) -> Self {
        Self::Show(Message::words(text))
    }
}

/// The content of a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    /// The customer's words that it is about; comes before everything else, where it can be read back when
    /// a button is pressed.
    pub quote: String,
    /// Lines above the blocks.
    pub lines: Vec<Text>,
    /// Cards, prices, requests.
    pub blocks: Vec<Block>,
    /// What can be done, row by row.
    pub rows: Vec<Row>,
}

impl Message {
    /// Words alone.
    #[must_use]
    pub fn words(text: impl Into<Text>) -> Self {
        Self { lines: vec![text.into()], ..Self::default() }
    }
}

/// A part of a message that is on its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// Its title.
    pub title: String,
    /// The customer's words that it answers; empty when they are clear.
    pub quote: String,
    /// Its lines; an empty one separates paragraphs.
    pub lines: Vec<Text>,
    /// Lists below it, each with a heading.
    pub fields: Vec<(String, Vec<Text>)>,
    /// Below all, in small letters.
    pub footer: String,
    /// What it holds, for a platform that shows it by a colour.
    pub kind: BlockKind,
}

/// What a block holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BlockKind {
    /// Something to say to the customer.
    #[default]
    Card,
    /// Something that is decided about.
    Request,
    /// Something to know.
    Note,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Span>);

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Plain(String),
    /// Words that stand out.
    Strong(String),
    /// Words in italics.
    Emphasis(String),
    /// A name as it is written in files.
    Code(String),
    /// The name of a person, from the platform's id of them. No one is notified.
    Person(String),
    /// How long ago a moment is.
    Ago(Timestamp),
}

impl Text {
    /// A line that begins with a label.
    #[must_use]
    pub fn labelled(label: &str, text: &str) -> Self {
        Self::default().strong(format!("{label}:")).plain(format!(" {text}"))
    }

    /// A line in which names are between backticks, as in errors.
    #[must_use]
    pub fn with_code(words: &str) -> Self {
        let pieces: Vec<&str> = words.split('`').collect();
        if pieces.len().is_multiple_of(2) {
            return words.into(); // one of them has no other
        }
        let spans = pieces.iter().enumerate().map(|(at, piece)| match at % 2 {
            1 => Span::Code((*piece).to_owned()),
            _ => Span::Plain((*piece).to_owned()),
        });
        Self(spans.collect())
    }

    /// An item of a list.
    #[must_use]
    pub fn item(text: &str) -> Self {
        format!("• {text}").into()
    }

    /// Goes on with words.
    #[must_use]
    pub fn plain(self, words: impl Into<String>) -> Self {
        self.then(Span::Plain(words.into()))
    }

    /// Goes on with words that stand out.
    #[must_use]
    pub fn strong(self, words: impl Into<String>) -> Self {
        self.then(Span::Strong(words.into()))
    }

    /// Goes on with a name as it is written in files.
    #[must_use]
    pub fn code(self, name: impl Into<String>) -> Self {
        self.then(Span::Code(name.into()))
    }

    /// Goes on with anything.
    #[must_use]
    pub fn then(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(words: T) -> Self {
        Self(vec![Span::Plain(words.into())])
    }
}

/// Things that are next to each other.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// At most five buttons.
    Buttons(Vec<Button>),
    /// A list to pick one of, at most 25.
    Select(Select),
}

/// A button.
#[derive(Debug, Clone, PartialEq)]
pub struct Button {
    /// What it does.
    pub id: ButtonId,
    /// The words on it.
    pub label: String,
    /// How it looks.
    pub style: Style,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What most people press.
    Primary,
    /// Something good happened.
    Positive,
    /// A refusal.
    Danger,
    /// Anything else.
    Plain,
}

/// A list to pick from.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// What it does.
    pub id: ButtonId,
    /// What is asked.
    pub label: String,
    /// What can be picked.
    pub options: Vec<String>,
}

/// A form with text fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What sending it does.
    pub id: ButtonId,
    /// Its heading.
    pub title: &'static str,
    /// Its fields, at most five.
    pub fields: Vec<Field>,
}

/// A text field of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name when the form comes back.
    pub name: &'static str,
    /// What is asked.
    pub label: &'static str,
    /// An example of what could be written.
    pub hint: String,
    /// Whether it has several lines.
    pub long: bool,
    /// Whether it must not be empty.
    pub required: bool,
    /// The longest text it takes, in characters.
    pub most: u16,
}
