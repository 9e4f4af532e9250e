//! Exceptions from the price policy: asked for by a rep, decided by somebody of the required role.

use super::fake::member;
use super::{Bot, Seen, rep};
use serde_json::{Value, json};

const CHANNEL: &str = "500000000000000009";
const MANAGER: &str = "400000000000000011";
const DIRECTOR: &str = "400000000000000012";
const LEGAL: &str = "400000000000000013";
/// The rep's number, which is also that of the channel for direct messages.
const REP: &str = "300000000000000001";

fn bot() -> Bot {
    let mut bot = Bot::new();
    let roles = format!("manager={MANAGER}, director={DIRECTOR},legal={LEGAL}");
    bot.go_with(&[
        ("CORNERMAN_DISCORD_APPROVERS", CHANNEL),
        ("CORNERMAN_DISCORD_PRICE_ROLES", &roles),
    ]);
    bot.discord.ready();
    bot
}

fn approver(number: u64, roles: &[&str]) -> Value {
    member(300_000_000_000_000_100 + number, 0, roles)
}

impl Bot {
    fn price(&self, who: &Value, text: &str) -> Seen {
        self.command(who, "price", &[("text", text), ("deal", "example-com")])
    }

    /// The messages in a channel so far.
    fn posts(&self, channel: &str) -> Vec<Seen> {
        let posts = self.discord.shared.peek(|model| model.posts.clone());
        let there = posts.into_iter().filter(|(found, _, _)| found == channel);
        there.map(|(_, _, data)| Seen { id: "1".to_owned(), data, kind: 4 }).collect()
    }

    fn asked(&self, text: &str, reason: &str) -> Seen {
        let asked = self.pick(&self.price(&rep(), text), reason);
        assert!(asked.text().contains("Asked: "), "{}", asked.text());
        self.posts(CHANNEL).pop().unwrap()
    }

    fn kinds(&self) -> Vec<String> {
        let events = self.events();
        let kinds = events.iter().map(|event| event["kind"].as_str().unwrap().to_owned());
        kinds.filter(|kind| kind.starts_with("approval")).collect()
    }
}

#[test]
fn an_approval_holds_for_what_was_approved_and_comes_back_to_the_rep() {
    let bot = bot();
    let request = bot.asked("80 seats, 15%", "competitive");
    for part in ["**Needs** manager", "**competitive**", "<@300000000000000001>", "$28,800.00"] {
        assert!(request.text().contains(part), "{part}: {}", request.text());
    }
    assert!(bot.price(&rep(), "80 seats, 15%").text().contains("Asked; manager has not answered"));

    // Not the rep, with whatever role, not a lower role, and nobody twice.
    let own = member(300_000_000_000_000_001, 0, &[MANAGER]);
    let refused = bot.press_as(&own, &request, "Approve").text();
    assert!(refused.contains("your own request"), "{refused}");
    let nobody = bot.press_as(&approver(1, &[LEGAL]), &request, "Approve").text();
    assert!(nobody.contains("approval needs the role manager, which you don't have"), "{nobody}");
    assert_eq!(bot.kinds(), ["approval_requested"]);
    let approved = bot.press_as(&approver(2, &[MANAGER]), &request, "Approve");
    assert_eq!(approved.kind, 7, "the request is changed");
    assert!(approved.text().contains("Approved by manager until"), "{}", approved.text());
    assert_eq!(approved.parts().count(), 0, "nothing is left to press");
    let late = bot.press_as(&approver(3, &[DIRECTOR]), &request, "Approve").text();
    assert!(late.contains("it is decided already"), "{late}");

    let told = bot.posts(REP).pop().unwrap();
    assert!(told.text().contains("Approved by manager until"), "{}", told.text());
    assert!(told.text().contains("$28,800.00"), "{}", told.text());
    let holds = bot.price(&rep(), "80 seats, 14%");
    assert!(holds.text().contains("approved by manager until"), "{}", holds.text());
    assert!(holds.parts().all(|part| part["type"] == 2), "there is nothing to ask for");

    let worse = bot.price(&rep(), "79 seats, 15.01%");
    let note = "The approval of $28,800.00 does not hold for this: a larger discount; \
                79 seats instead of 80.";
    assert!(worse.text().contains(note), "{}", worse.text());
    bot.pick(&worse, "volume");
    let expected = ["approval_requested", "approval_recorded", "approval_requested"];
    assert_eq!(bot.kinds(), [&expected[..], &["approval_reopened"]].concat());
    let reopened = bot.events().pop().unwrap();
    assert_eq!(reopened["fields"], json!(["effective", "seats"]));
    let export = bot.desk.run(&["feedback", "export"]).out;
    assert!(export.contains("approval_recorded") && !export.contains("300000000000"), "{export}");
}

#[test]
fn several_have_to_agree_and_one_can_decline() {
    let bot = bot();
    let text = "260 seats, 24 months, 8%, net 60, termination for convenience";
    let request = bot.asked(text, "strategic");
    assert!(request.text().contains("**Needs** director + legal"), "{}", request.text());
    let half = bot.press_as(&approver(1, &[LEGAL]), &request, "Approve");
    assert!(half.text().contains("Approved by legal; director has not answered yet."));
    assert!(bot.posts(REP).is_empty(), "there is no answer yet");
    let waiting = bot.price(&rep(), text).text();
    assert!(waiting.contains("Asked; director has not answered"), "{waiting}");
    let form = bot.press_as(&approver(2, &[DIRECTOR]), &half, "Decline");
    let reason = [("text", "Not with net 60. *Offer* two years.")];
    let declined = bot.submit_as(&approver(2, &[DIRECTOR]), &form, Some(&half), &reason);
    assert!(declined.text().contains("Declined by director: Not with net 60."));
    let told = bot.posts(REP).pop().unwrap();
    assert!(told.text().contains("Declined by director: Not with net 60."), "{}", told.text());
    assert!(bot.price(&rep(), text).text().contains("This was declined: Not with net 60."));
    // It may be asked for again.
    let request = bot.asked(text, "strategic");
    bot.press_as(&approver(3, &[DIRECTOR, LEGAL]), &request, "Approve");
    assert!(bot.price(&rep(), text).text().contains("approved by director + legal until"));
}

#[test]
fn a_channel_that_takes_nothing_is_said_and_a_stranger_has_no_button() {
    let bot = bot();
    bot.discord.shared.with(|model| model.closed.push(CHANNEL.to_owned()));
    let price = bot.price(&rep(), "80 seats, 15%");
    let failed = bot.pick(&price, "competitive");
    assert!(failed.text().contains("no one has seen it"), "{}", failed.text());
    bot.discord.shared.with(|model| model.closed = vec![REP.to_owned()]);
    assert!(bot.pick(&failed, "competitive").text().contains("Asked: manager decides"));
    assert_eq!(bot.kinds(), ["approval_requested"], "asked once");
    let request = bot.posts(CHANNEL).pop().unwrap();
    let approved = bot.press_as(&approver(1, &[DIRECTOR]), &request, "Approve");
    assert!(approved.text().contains("please tell them"), "{}", approved.text());

    // A manager may say more alone, and is asked for nothing.
    let manager = approver(2, &[MANAGER]);
    let price = bot.command(&manager, "price", &[("text", "80 seats, 15%")]);
    assert!(!price.text().contains("**Escalate**"), "{}", price.text());
    assert!(bot.press_as(&manager, &price, "Why").text().contains("your limit 30.00%"));
}

#[test]
fn approvals_that_are_alike_are_counted() {
    let bot = bot();
    for seats in [80, 90, 100] {
        let deal = format!("deal-{seats}");
        let text = format!("{seats} seats, 15%");
        let other = approver(seats, &[]);
        let price = bot.command(&other, "price", &[("text", &text), ("deal", &deal)]);
        bot.pick_as(&other, &price, "competitive");
        let request = bot.posts(CHANNEL).pop().unwrap();
        bot.press_as(&approver(1, &[MANAGER]), &request, "Approve");
    }
    let next = bot.command(&rep(), "price", &[("text", "70 seats, 14%")]).text();
    let counted = "Approved like this in the last 92 days: 3 for competitive (often: is the policy";
    assert!(next.contains(counted), "{next}");
    // Another tier, or more than two points apart.
    for other in ["40 seats, 15%", "70 seats, 12.99%"] {
        let next = bot.command(&rep(), "price", &[("text", other)]).text();
        assert!(!next.contains("Approved like this"), "{other}: {next}");
    }
    let request = bot.asked("75 seats, 15%", "volume");
    assert!(!request.text().contains("Approved like this"), "{}", request.text());
    let request = bot.asked("76 seats, 15%", "competitive");
    assert!(request.text().contains("3 for competitive (often"), "{}", request.text());
}
