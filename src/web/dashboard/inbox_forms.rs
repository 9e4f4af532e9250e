//! Decisions about recommendations, from the forms of the inbox.

use axum::extract::State;
use axum::response::Redirect;

use crate::feedback::Status;
use crate::journal::UseCaseError;
use crate::marketing::Triage;
use crate::model::{Day, Receipt};
use crate::web::AppState;
use crate::web::problem::PageProblem;
use crate::web::visitor::Signed;

/// The fields of a form, as they were sent: ticked boxes come under the same name.
type Fields = Vec<(String, String)>;

fn field(fields: &Fields, name: &str) -> Option<String> {
    let found = fields.iter().rev().find(|(known, _)| known == name);
    found.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Where the form was: only the query of the inbox, so that no one is led elsewhere.
fn back(fields: &Fields, noted: &str) -> Redirect {
    let query = field(fields, "back").unwrap_or_default();
    let query: Vec<&str> = query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("noted="))
        .filter(|pair| pair.bytes().all(|byte| byte.is_ascii_graphic()))
        .collect();
    let noted = format!("noted={noted}");
    let query = [query, vec![noted.as_str()]].concat();
    Redirect::to(&format!("/dashboard/inbox?{}", query.join("&")))
}

/// A decision about one recommendation, or about all that are ticked.
pub(super) async fn triage(
    State(services): AppState,
    Signed(visitor, fields): Signed<Fields>,
) -> Result<Redirect, PageProblem> {
    let chosen = fields.iter().filter(|(name, _)| name == "item");
    let status = field(&fields, "status").unwrap_or_default();
    let status: Status = status.parse().map_err(UseCaseError::from)?;
    let triage = Triage {
        items: chosen.map(|(_, id)| Receipt::from(id.as_str())).collect(),
        status,
        reply: field(&fields, "reply"),
        target: field(&fields, "target"),
        owner: field(&fields, "owner"),
        until: field(&fields, "until").and_then(|day| day.parse::<Day>().ok()),
        same_as: field(&fields, "same_as").map(Receipt::from),
    };
    let key = field(&fields, "key").unwrap_or_else(|| services.journal.new_id());
    let caller = visitor.marketer(&services);
    let count = services.marketing.triage(&caller, triage, &key).await?;
    Ok(back(&fields, &format!("{}-{count}", status.name())))
}

/// Takes the last decision back.
pub(super) async fn undo(
    State(services): AppState,
    Signed(visitor, fields): Signed<Fields>,
) -> Result<Redirect, PageProblem> {
    let key = field(&fields, "key").unwrap_or_else(|| services.journal.new_id());
    services.marketing.undo(&visitor.marketer(&services), &key).await?;
    Ok(back(&fields, "undone"))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn a_form_leads_back_to_the_inbox_and_nowhere_else() {
        let to = |back_to: &str| {
            let fields = vec![("back".to_owned(), back_to.to_owned())];
            let reply = back(&fields, "done-1").into_response();
            reply.headers()["location"].to_str().unwrap().to_owned()
        };
        assert_eq!(to("?tab=all&noted=x"), "/dashboard/inbox?tab=all&noted=done-1");
        assert_eq!(to(""), "/dashboard/inbox?noted=done-1");
        for hostile in ["//example.com", "https://example.com/", "?a=b\r\nset-cookie: x"] {
            assert!(to(hostile).starts_with("/dashboard/inbox?"), "{hostile}");
            assert!(!to(hostile).contains(['\r', '\n']), "{hostile}");
        }
    }
}
