//! Calls: what a rep says once of a call holds for the questions that follow.

use super::chat::{Chat, Done};
use super::event::Person;
use super::message::{Reply, Span, Text};
use crate::card::notice;
use crate::coach::{Call, CallContext};

impl Chat {
    pub(super) async fn start_call(
        &self,
        person: &Person,
        context: CallContext,
        key: &str,
    ) -> Done {
        let call = self.services.coach.start_call(&self.caller(person), context, key).await?;
        let known = known(&call.context);
        Ok(Reply::words(format!("The call has begun{known}. {}", notice::CALL_BEGUN)))
    }

    pub(super) async fn end_call(&self, person: &Person, key: &str) -> Done {
        let ended = self.services.coach.end_call(&self.caller(person), key).await?;
        Ok(match ended {
            Some(call) => Reply::words(format!("The call is over: {}.", answers(&call))),
            None => Reply::words(notice::NO_CALL),
        })
    }

    pub(super) async fn call_status(&self, person: &Person) -> Done {
        Ok(match self.services.coach.call(&self.caller(person)).await {
            Some(call) => {
                let (known, answers) = (known(&call.context), answers(&call));
                let since = Text::from("You are in a call since ").then(Span::Ago(call.since));
                Reply::words(since.plain(format!("{known}: {answers}.")))
            }
            None => Reply::words(notice::NO_CALL),
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
    let named =
        |what: &str, name: &Option<String>| name.as_ref().map(|name| format!(", {what} {name}"));
    let parts = [
        context.stage.map(|stage| format!(", stage {stage}")),
        named("product", &context.product),
        named("competitor", &context.competitor),
    ];
    parts.into_iter().flatten().collect()
}
