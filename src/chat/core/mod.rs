//! The chat without a platform: what a person did comes in, a message with buttons goes out. A
//! platform turns its deliveries into [`Event`]s, lays [`Message`]s out its own way, and is a
//! [`Notifier`] for what is no one's answer.

mod answer_message;
mod answering;
mod approvals;
mod button_id;
mod calls;
mod chat;
mod dispatch;
mod event;
mod forms;
mod help;
mod mention;
mod message;
mod notifier;
mod price;
mod price_message;
mod rate_limiter;
mod respond;
mod seen;
mod staff;

pub use button_id::{ButtonAction, ButtonId, PriceAction};
pub use chat::Chat;
pub use event::{Act, Command, Event, Mention, Person};
pub use message::{
    Block, BlockKind, Button, Field, Form, Message, Reply, Row, Select, Span, Style, Text,
};
pub use notifier::{NotSent, Notifier};
pub use respond::{First, Kept, Promise};
