//! Exceptions from the price policy: a rep asks, the request goes to the approvers' channel, and
//! their answer comes back to the rep.

use serenity::all::{
    ButtonStyle, ChannelId, CreateActionRow, CreateButton, CreateEmbed, Mentionable, UserId,
};

use super::bot::{Bot, Done, show};
use super::custom_id::{CustomId, Verb};
use super::inbound::Who;
use super::outbound::{DESCRIPTION, Page, Reply, TITLE};
use super::price_page::{footer, price};
use super::text::{cut, plain};
use crate::approvals::{Decided, Requested};
use crate::card::notice;
use crate::card::notice::price as words;
use crate::feedback::{Decision, PriceAnswerV1};
use crate::negotiation::{CaseState, PriceMark, PriceReplay};

impl Bot {
    /// A rep picked the reason for an exception.
    pub(super) async fn ask_approval(
        &self,
        who: &Who,
        id: &CustomId,
        picked: Option<String>,
        said: &str,
    ) -> Done {
        let Some(channel) = self.approvers.filter(|channel| *channel > 0) else {
            return Ok(show(words::NO_APPROVERS));
        };
        let reason = picked.unwrap_or_default();
        let asked = self.services.approvals.ask(&self.caller(who), &id.receipt, &reason).await?;
        let posted =
            ChannelId::new(channel).send_message(&self.http, request(&asked, who.user).post());
        let told = match posted.await {
            Ok(_) => words::asked(&asked.needs),
            Err(error) => {
                tracing::error!(%error, channel, "the approvers' channel took no request");
                words::NOT_POSTED.to_owned()
            }
        };
        let PriceReplay { card, marks, .. } =
            self.services.negotiation.replay_price(&id.receipt).await?;
        Ok(Reply::Change(price(&card, &PriceMark::next(&marks), &[said, &told])))
    }

    /// An approver decided.
    pub(super) async fn decide(
        &self,
        who: &Who,
        id: &CustomId,
        decision: Decision,
        reason: Option<String>,
    ) -> Done {
        let Some(person) = id.person else { return Ok(show(notice::OLD_BUTTON)) };
        let decided = self
            .services
            .approvals
            .decide(&self.caller(who), &id.receipt, decision, reason)
            .await?;
        let state = state(&decided);
        let by = format!("{state} ({})", UserId::new(who.user.max(1)).mention());
        let still = matches!(decided.state, CaseState::Waiting(_));
        let mut page = about(&decided.card, &decided.reason, person, &[by]);
        if still {
            page.rows = buttons(&id.receipt, person);
            return Ok(Reply::Change(page));
        }
        if let Err(error) = self.tell(person, answer(&decided.card, &state)).await {
            tracing::warn!(%error, "a rep could not be told what became of their request");
            page.content = words::NOT_TOLD.to_owned();
        }
        Ok(Reply::Change(page))
    }

    async fn tell(&self, person: u64, page: Page) -> serenity::Result<()> {
        let channel = UserId::new(person).create_dm_channel(&self.http).await?;
        channel.id.send_message(&self.http, page.post()).await.map(drop)
    }
}

/// What became of a request, as a sentence.
fn state(decided: &Decided) -> String {
    let by = plain(&decided.roles.join(" + "));
    match &decided.state {
        CaseState::Waiting(missing) => {
            format!("Approved by {by}; {} has not answered yet.", plain(&missing.join(" + ")))
        }
        CaseState::Approved(granted) => {
            let by = plain(&granted.by.join(" + "));
            format!("Approved by {by} until {}.", granted.until.day())
        }
        CaseState::Declined(reason) => format!("Declined by {by}: {}", plain(reason)),
    }
}

/// A request, as the approvers see it.
fn request(asked: &Requested, person: u64) -> Page {
    let Requested { request, reason, card, needs, alike, often, .. } = asked;
    let mut lines = vec![format!("**Needs** {}", plain(&needs.join(" + ")))];
    if *alike > 0 {
        lines.push(plain(&words::precedents(
            &[(reason.clone(), *alike)],
            match often {
                true => *alike,
                false => usize::MAX,
            },
        )));
    }
    Page { rows: buttons(request, person), ..about(card, reason, person, &lines) }
}

fn about(card: &PriceAnswerV1, reason: &str, person: u64, lines: &[String]) -> Page {
    let person = UserId::new(person.max(1)).mention();
    let mut all = vec![format!("{person} asks for **{}**", plain(reason))];
    all.extend_from_slice(lines);
    all.extend(card.working.iter().map(|line| format!("• {}", plain(line))));
    let embed = CreateEmbed::new()
        .title(cut(&plain(&card.read), TITLE))
        .description(cut(&all.join("\n"), DESCRIPTION))
        .footer(footer(card))
        .colour(0xb7_79_1f);
    Page { embeds: vec![embed], ..Page::default() }
}

fn buttons(request: &str, person: u64) -> Vec<CreateActionRow> {
    let button = |verb, label: &str, style| {
        let id = CustomId::decides(verb, request, person).to_string();
        CreateButton::new(id).label(label).style(style)
    };
    vec![CreateActionRow::Buttons(vec![
        button(Verb::Approve, "Approve", ButtonStyle::Success),
        button(Verb::Decline, "Decline", ButtonStyle::Danger),
    ])]
}

/// The answer, as the rep reads it.
fn answer(card: &PriceAnswerV1, state: &str) -> Page {
    let asked = card.moves.iter().find(|found| !found.reasons.is_empty());
    let price = asked.map_or_else(String::new, |found| format!("**{}**", plain(&found.price)));
    let embed = CreateEmbed::new()
        .title(cut(&plain(&card.read), TITLE))
        .description(price)
        .footer(footer(card));
    Page { content: state.to_owned(), embeds: vec![embed], ..Page::default() }
}
