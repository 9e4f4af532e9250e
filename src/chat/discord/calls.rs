//! `/call`: what a rep says once of a call holds for the questions that follow.

use super::bot::{Bot, Done, show};
use super::inbound::Who;
use super::text::plain;
use crate::card::notice;
use crate::coach::{Call, CallContext};

impl Bot {
    pub(super) async fn start_call(&self, who: &Who, context: CallContext, key: &str) -> Done {
        let call = self.services.coach.start_call(&self.caller(who), context, key).await?;
        let known = known(&call.context);
        Ok(show(&format!("The call has begun{known}. {}", notice::CALL_BEGUN)))
    }

    pub(super) async fn end_call(&self, who: &Who, key: &str) -> Done {
        Ok(match self.services.coach.end_call(&self.caller(who), key).await? {
            Some(call) => show(&format!("The call is over: {}.", answers(&call))),
            None => show(notice::NO_CALL),
        })
    }

    pub(super) async fn call_status(&self, who: &Who) -> Done {
        Ok(match self.services.coach.call(&self.caller(who)).await {
            Some(call) => {
                // Discord shows this as "ten minutes ago", in the reader's language.
                let since = call.since.unix_micros() / 1_000_000;
                let (known, answers) = (known(&call.context), answers(&call));
                show(&format!("You are in a call since <t:{since}:R>{known}: {answers}."))
            }
            None => show(notice::NO_CALL),
        })
    }
}

fn answers(call: &Call) -> String {
    match call.answers {
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    }
}

/// What is known of a call, as the end of a sentence.
fn known(context: &CallContext) -> String {
    let named = |what: &str, name: &Option<String>| {
        name.as_ref().map(|name| format!("{what} {}", plain(name)))
    };
    let parts = [
        context.stage.map(|stage| format!("stage {stage}")),
        named("product", &context.product),
        named("competitor", &context.competitor),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(", {}", parts.join(", ")) }
}
