//! `/price`: what a rep may say to a price, with a button for each thing that happens then.

use super::bot::{Bot, Done};
use super::custom_id::{CustomId, Verb};
use super::inbound::Who;
use super::outbound::Reply;
use super::price_page::{price, working};
use super::text::{cut, quote, unquote};
use crate::card::notice::price as words;
use crate::feedback::Body;
use crate::model::Stage;
use crate::negotiation::{PriceMark, PriceReplay, PriceRequest};

/// As much of a request stands above its price. It is whole wherever something can be asked back,
/// since the choice is made from it.
const QUOTED: usize = 1_500;

impl Bot {
    /// `/price`. What was said of the call the rep is in holds, unless the command says otherwise.
    pub(super) async fn price(
        &self,
        who: &Who,
        text: String,
        deal: Option<String>,
        stage: Option<String>,
    ) -> Done {
        let call = self.services.coach.call(&self.caller(who)).await;
        let (conversation, known) = match call {
            Some(call) => (call.conversation, call.context.stage),
            None => (self.services.journal.new_id(), None),
        };
        let stage = Stage::named(&stage.unwrap_or_default())?.or(known);
        let conversation = Some(conversation);
        let asked = PriceRequest { text, role: None, stage, deal, conversation };
        self.priced(who, &asked).await.map(Reply::Show)
    }

    /// What the customer said, as a price request in the same conversation.
    pub(super) async fn price_said(&self, who: &Who, id: &CustomId, said: &str) -> Done {
        let (conversation, stage) = match self.services.journal.answer(&id.receipt).await?.body {
            Body::Answered { conversation, stage, .. } => (conversation, stage),
            _ => (None, None),
        };
        let text = unquote(said);
        let asked = PriceRequest { text, role: None, stage, deal: None, conversation };
        self.priced(who, &asked).await.map(Reply::Show)
    }

    /// What they ask for next in the same deal.
    pub(super) async fn price_next(&self, who: &Who, id: &CustomId, text: &str) -> Done {
        self.services.journal.price_of(&self.caller(who), &id.receipt).await?;
        let PriceReplay { conversation, deal, stage, .. } =
            self.services.negotiation.replay_price(&id.receipt).await?;
        let asked = PriceRequest { text: text.to_owned(), role: None, stage, deal, conversation };
        self.priced(who, &asked).await.map(Reply::Change)
    }

    /// What a button below a price does; `None` when it is none of those.
    pub(super) async fn press_price(&self, who: &Who, id: &CustomId, said: &str) -> Option<Done> {
        let mark = match id.verb {
            Verb::Offered => PriceMark::Said,
            Verb::Back => PriceMark::Withdrawn,
            Verb::Agreed => PriceMark::Agreed,
            Verb::Written => PriceMark::Written,
            Verb::Choose => return Some(self.chosen(who, id, said).await),
            Verb::Working => return Some(self.worked_out(who, id).await),
            _ => return None,
        };
        Some(self.marked(who, id, mark, said).await)
    }

    async fn marked(&self, who: &Who, id: &CustomId, mark: PriceMark, said: &str) -> Done {
        self.services.negotiation.mark_price(&self.caller(who), &id.receipt, mark).await?;
        let PriceReplay { card, marks, .. } =
            self.services.negotiation.replay_price(&id.receipt).await?;
        Ok(Reply::Change(price(&card, &PriceMark::next(&marks), &[said, mark.noted()])))
    }

    async fn chosen(&self, who: &Who, id: &CustomId, said: &str) -> Done {
        let text = unquote(said);
        let card = self
            .services
            .negotiation
            .choose_price(&self.caller(who), &id.receipt, &text, id.place)
            .await?;
        Ok(Reply::Change(price(&card, &PriceMark::next(&[]), &[said])))
    }

    async fn worked_out(&self, who: &Who, id: &CustomId) -> Done {
        self.services.journal.price_of(&self.caller(who), &id.receipt).await?;
        let card = self.services.negotiation.replay_price(&id.receipt).await?.card;
        Ok(Reply::Show(working(&card)))
    }

    async fn priced(
        &self,
        who: &Who,
        asked: &PriceRequest,
    ) -> Result<super::outbound::Page, crate::journal::UseCaseError> {
        let card = self.services.negotiation.price(&self.caller(who), asked).await?;
        let said = format!("> {}", cut(&quote(&asked.text), QUOTED));
        let unlogged = if card.logged { "" } else { words::NOT_LOGGED };
        Ok(price(&card, &PriceMark::next(&[]), &[&said, unlogged]))
    }
}
