//! Prices: what a rep may say to one, with a button for each thing that happens then.

use super::answering::Pressed;
use super::button_id::PriceAction;
use super::chat::{Chat, Done};
use super::event::Person;
use super::forms;
use super::message::{Message, Reply};
use super::price_message::{price, working};
use crate::card::notice::price as words;
use crate::feedback::Body;
use crate::journal::UseCaseError;
use crate::negotiation::{PriceMark, PriceReplay, PriceRequest};

impl Chat {
    /// A price was asked for. What was said of the call the rep is in holds, unless they say
    /// otherwise.
    pub(super) async fn price(&self, person: &Person, asked: PriceRequest) -> Done {
        let (conversation, known) = self.conversation(&self.caller(person)).await;
        let (stage, conversation) = (asked.stage.or(known.stage), Some(conversation));
        let asked = PriceRequest { stage, conversation, ..asked };
        self.priced(person, &asked).await.map(Reply::Show)
    }

    /// What the customer said, as a price request in the same conversation.
    pub(super) async fn price_quoted(&self, pressed: Pressed<'_>) -> Done {
        let Pressed { person, id, quote, key } = pressed;
        let (conversation, stage) = match self.services.journal.answer(&id.receipt).await?.body {
            Body::Answered { conversation, stage, .. } => (conversation, stage),
            _ => (None, None),
        };
        let (text, key) = (quote.to_owned(), Some(key.to_owned()));
        let asked = PriceRequest { text, role: None, stage, deal: None, conversation, key };
        self.priced(person, &asked).await.map(Reply::Show)
    }

    /// What they ask for next in the same deal.
    pub(super) async fn price_next(&self, pressed: Pressed<'_>, text: String) -> Done {
        let Pressed { person, id, key, .. } = pressed;
        self.services.journal.price_of(&self.caller(person), &id.receipt).await?;
        let PriceReplay { conversation, deal, stage, .. } =
            self.services.negotiation.replay_price(&id.receipt).await?;
        let key = Some(key.to_owned());
        let asked = PriceRequest { text, role: None, stage, deal, conversation, key };
        self.priced(person, &asked).await.map(Reply::Change)
    }

    /// A button below a price.
    pub(super) async fn press_price(
        &self,
        pressed: Pressed<'_>,
        action: PriceAction,
        picked: Option<String>,
    ) -> Done {
        let Pressed { person, id, quote, key } = pressed;
        let negotiation = &self.services.negotiation;
        match action {
            PriceAction::TheyAsk => Ok(Reply::Open(forms::they_ask(id))),
            PriceAction::Exception => self.ask_approval(pressed, picked).await,
            PriceAction::Mark(mark) => {
                negotiation.mark_price(&self.caller(person), &id.receipt, mark).await?;
                let replay = negotiation.replay_price(&id.receipt).await?;
                let next = PriceMark::next(&replay.marks);
                Ok(Reply::Change(price(&replay.card, &next, quote, &[mark.noted()])))
            }
            PriceAction::Choose => {
                let caller = self.caller(person);
                let (choice, key) = (id.place, Some(key.to_owned()));
                let chosen = negotiation.choose_price(&caller, &id.receipt, quote, choice, key);
                let card = chosen.await?;
                Ok(Reply::Change(price(&card, &PriceMark::next(&[]), quote, &[])))
            }
            PriceAction::Working => {
                self.services.journal.price_of(&self.caller(person), &id.receipt).await?;
                let card = negotiation.replay_price(&id.receipt).await?.card;
                Ok(Reply::Show(working(&card)))
            }
        }
    }

    async fn priced(&self, person: &Person, asked: &PriceRequest) -> Result<Message, UseCaseError> {
        let card = self.services.negotiation.price(&self.caller(person), asked).await?;
        let unlogged = if card.logged { "" } else { words::NOT_LOGGED };
        Ok(price(&card, &PriceMark::next(&[]), &asked.text, &[unlogged]))
    }
}
