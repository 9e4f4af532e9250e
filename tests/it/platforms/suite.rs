//! Conversations that go the same way on every chat platform.

use serde_json::json;

use super::Who::{Director, Lead, Manager, Marketer, OtherRep, Rep};
use super::{ChatPlatform, Shown};

/// Each of these functions is a test on each platform.
macro_rules! on_every_platform {
    ($($test:ident),+ $(,)?) => {
        mod discord {
            $(#[test]
            fn $test() {
                super::$test::<crate::discord::people::DiscordPeople>();
            })+
        }
        mod lines {
            $(#[test]
            fn $test() {
                super::$test::<super::super::line_user::Lines>();
            })+
        }
    };
}

on_every_platform!(
    a_card_comes_with_its_buttons,
    the_conversation_goes_on_in_the_same_message,
    behind_the_last_card_there_is_none,
    what_is_typed_is_completed_and_a_message_is_handled,
    nothing_fits_choices_and_empty_questions_are_said,
    a_button_works_after_a_restart_and_belongs_to_its_rep,
    the_same_delivery_twice_is_one_event,
    what_is_said_once_of_a_call_holds_for_its_questions,
    leads_and_marketers_have_their_commands_and_reps_are_refused,
    a_flood_is_told_to_wait_and_others_are_not,
    a_mention_is_answered_for_one_alone,
    a_rep_negotiates_in_rounds_over_a_restart,
    what_means_two_things_is_asked_back_with_buttons,
    an_exception_is_asked_for_approved_and_told,
    who_declines_says_why,
);

fn a_card_comes_with_its_buttons<P: ChatPlatform>() {
    let chat = P::start();
    let options = [("text", "they say it is too expensive"), ("stage", "closing")];
    let card = chat.command(Rep, "objection", &options);
    for part in ["It costs too much", "Ask: ", "Say: ", "price · checked 2026-"] {
        assert!(card.has(part), "{part} is missing: {}", card.text);
    }
    let labels = ["They said…", "Worked", "Didn't", "Next", "More", "Tell marketing"];
    assert_eq!(card.labels(), labels);
    assert!(!card.changed);

    let whole = chat.press(Rep, &card, "More");
    assert!(whole.changed && whole.has("They may push back") && whole.has("Avoid (internal)"));
    let again = chat.press(Rep, &whole, "Less");
    assert_eq!(again.text, card.text);

    let worked = chat.press(Rep, &again, "Worked");
    let noted = "> they say it is too expensive\nNoted: “It costs too much” worked.";
    assert!(worked.text.starts_with(noted), "{}", worked.text);
    assert_eq!(chat.kinds(), ["asked", "answered", "marked"]);
    let events = chat.events();
    let actor = events[0]["actor"].as_str().unwrap();
    assert!(actor.len() == 16 && events.iter().all(|event| event["actor"] == actor), "{actor}");
    assert_eq!(events[2]["mark"], "worked");
}

fn the_conversation_goes_on_in_the_same_message<P: ChatPlatform>() {
    let chat = P::start();
    let card = chat.ask("it is too expensive");
    let form = chat.press(Rep, &card, "They said…");
    assert!(form.has("What did the customer say?"), "{form:?}");
    let words = "ok, but it's still too much for us";
    let next = chat.submit(Rep, &form, &card, &[("text", words)]);
    assert!(next.changed, "not a new one");
    assert!(next.text.starts_with(&format!("> {words}")), "{}", next.text);
    assert!(next.has("They push back: "), "{}", next.text);

    let other = chat.press(Rep, &card, "Next");
    assert!(!other.has("It costs too much"), "{}", other.text);
    let failed = chat.press(Rep, &other, "Didn't");
    assert!(failed.has("didn't work.") && failed.options.len() == 5, "{failed:?}");
    let why = chat.pick(Rep, &failed, "not how I talk");
    assert!(why.options.is_empty(), "the question why is gone");

    let form = chat.press(Rep, &why, "Tell marketing");
    assert!(form.has("hours-saved"), "{}", form.text);
    let fields = [("text", "They want to own the data."), ("channel", "phone"), ("benefit", "")];
    let told = chat.submit(Rep, &form, &why, &fields);
    assert!(told.changed && told.has("Sent to marketing."));
    let empty = chat.submit(Rep, &form, &why, &[]);
    assert!(empty.has("The form arrived empty."), "{}", empty.text);

    let answers = ["asked", "answered", "asked", "answered", "answered"];
    assert_eq!(chat.kinds(), [&answers[..], &["marked", "marked", "recommended"]].concat());
    let events = chat.events();
    let last = |kind: &str| events.iter().rfind(|event| event["kind"] == kind).unwrap();
    assert_eq!(last("marked")["reason"], "not how I talk");
    assert_eq!(last("marked")["card_id"], last("answered")["card_ids"][0]);
    assert_eq!(last("recommended")["channel"], "phone");
    let conversation = |at: usize| events[at]["conversation"].as_str().unwrap();
    assert!(conversation(1) == conversation(3) && conversation(3) == conversation(4));
}

fn behind_the_last_card_there_is_none<P: ChatPlatform>() {
    let chat = P::start();
    let mut card = chat.ask("it is too expensive");
    let mut seen = Vec::new();
    while !card.has("There is no other card") {
        assert!(!seen.contains(&card.text), "{seen:?} and it again");
        seen.push(card.text.clone());
        card = chat.press(Rep, &card, "Next");
    }
    assert!(seen.len() > 2, "{seen:?}");
}

fn what_is_typed_is_completed_and_a_message_is_handled<P: ChatPlatform>() {
    let chat = P::start();
    let offered = chat.complete("too exp");
    assert!(offered.iter().any(|said| said.contains("too expensive")), "{offered:?}");
    assert_eq!(chat.complete("").len(), 25);
    assert_eq!(chat.complete("qqqq"), [""; 0]);

    let card = chat.handle("honestly, your price is too high");
    assert!(card.has("It costs too much"), "{}", card.text);
    let form = chat.handle("");
    let card =
        chat.submit(Rep, &form, &Shown::default(), &[("text", "we have no budget for this")]);
    assert!(!card.changed && card.has("There is no budget"), "{}", card.text);
    let help = chat.command(Rep, "help", &[]);
    assert!(help.has("/objection") && help.has("Mention me"), "{}", help.text);
    assert!(chat.command(Rep, "dance", &[]).has("Unknown command"));
    let stage = [("text", "it is too expensive"), ("stage", "nowhere")];
    assert!(chat.command(Rep, "objection", &stage).has("nowhere"), "it is said, not dropped");
}

fn nothing_fits_choices_and_empty_questions_are_said<P: ChatPlatform>() {
    let chat = P::start();
    let none = chat.ask("shall we have lunch at the pizza place?");
    assert!(none.has("No card for this yet."), "{}", none.text);
    assert_eq!(none.labels(), ["Tell marketing"]);
    assert!(chat.ask(" \u{200b} ").has("Type what the customer said."));

    let both = chat.ask("it's far too expensive and we are tied to a contract");
    assert!(both.has("A card for each"), "{}", both.text);
    for heard in ["it's far too expensive", "we are tied to a contract"] {
        assert!(both.text.lines().any(|line| line.trim_start_matches("> ") == heard), "{both:?}");
    }
    let titles = ["It costs too much", "We are tied to a contract"];
    assert_eq!(both.labels(), [&titles[..], &["Tell marketing"]].concat());
    let picked = chat.press(Rep, &both, titles[1]);
    assert!(picked.has(titles[1]) && picked.labels().contains(&"Worked"), "{picked:?}");

    let choice = chat.ask("we have all we need");
    let labels = choice.labels();
    assert!(labels.len() > 2 && labels.contains(&"None of these"), "{labels:?}");
    let title = labels[1].to_owned();
    let picked = chat.press(Rep, &choice, &title);
    assert!(picked.changed && picked.has(&title), "{picked:?}");
    chat.press(Rep, &picked, "Worked");
    assert_eq!(chat.kinds().last().unwrap(), "marked");
    let none = chat.press(Rep, &choice, "None of these");
    assert!(none.changed && !none.has(&title), "{none:?}");
}

fn a_button_works_after_a_restart_and_belongs_to_its_rep<P: ChatPlatform>() {
    let mut chat = P::start();
    let card = chat.ask("it is too expensive");
    let stranger = chat.press(OtherRep, &card, "Worked");
    assert!(stranger.has("Only the rep who asked can use this card"), "{}", stranger.text);
    assert!(!stranger.changed, "the card stays as it is");
    chat.restart();
    let worked = chat.press(Rep, &card, "Worked");
    assert!(worked.has("worked."), "{}", worked.text);
    for id in ["cm0:win:a:0", "cm1:win:01936000-0000-7000-8000-000000000002:0", "else"] {
        let old = chat.press_id(Rep, &card, id);
        assert!(old.has("from an older version"), "{id}: {}", old.text);
    }
    let marks = chat.kinds().iter().filter(|kind| *kind == "marked").count();
    assert_eq!(marks, 1);
}

fn the_same_delivery_twice_is_one_event<P: ChatPlatform>() {
    let chat = P::start();
    let card = chat.ask("it is too expensive");
    chat.press(Rep, &card, "Worked");
    chat.deliver_again();
    assert_eq!(chat.kinds()[..3], ["asked", "answered", "marked"]);
    let marks = chat.kinds().iter().filter(|kind| *kind == "marked").count();
    assert_eq!(marks, 1);
}

fn what_is_said_once_of_a_call_holds_for_its_questions<P: ChatPlatform>() {
    let chat = P::start();
    let say = |words: &str, options: &[(&str, &str)]| chat.command(Rep, words, options).text;
    assert!(say("call status", &[]).contains("No active call."));
    assert!(say("call end", &[]).contains("No active call."));
    let begun = say("call start", &[("stage", "closing"), ("competitor", "Quickpath")]);
    assert!(begun.contains("stage closing, competitor Quickpath"), "{begun}");
    let card = chat.ask("it is too expensive");
    let again = chat.ask("it is too expensive");
    assert_ne!(card.text, again.text, "nothing is shown twice in a call");
    assert!(say("call status", &[]).contains("stage closing, competitor Quickpath: 2 answers."));
    // It is the log that knows, so a restart changes nothing; others are in no call.
    assert!(chat.command(OtherRep, "call status", &[]).has("No active call."));
    assert!(say("call end", &[]).contains("The call is over: 2 answers."));
    assert!(say("call status", &[]).contains("No active call."));
    let fresh = chat.ask("it is too expensive");
    assert!(fresh.has("It costs too much"));
    let events = chat.events();
    let asked: Vec<_> = events.iter().filter(|event| event["kind"] == "asked").collect();
    let of_call = (&asked[0]["stage"], &asked[0]["competitor"]);
    assert_eq!(of_call, (&json!("closing"), &json!("Quickpath")));
    assert_eq!(asked[2].get("stage"), None);
}

fn leads_and_marketers_have_their_commands_and_reps_are_refused<P: ChatPlatform>() {
    let chat = P::start();
    chat.press(Rep, &chat.ask("it is too expensive"), "Worked");
    for words in ["playbook status", "playbook test", "feedback summary"] {
        let refused = chat.command(Rep, words, &[("text", "too dear")]);
        assert!(refused.has("Ask your Cornerman admin"), "{words}: {}", refused.text);
    }
    let status = chat.command(Lead, "playbook status", &[]);
    assert!(status.has("85 cards are live"), "{}", status.text);
    let tested = chat.command(Lead, "playbook test", &[("text", "it is too expensive")]);
    assert!(tested.has("It matches one card.\n• 1."), "{}", tested.text);
    assert!(tested.has("(too-expensive, objections/price.md)"), "{}", tested.text);
    let summary = chat.command(Marketer, "feedback summary", &[]);
    assert!(summary.has("questions 1, without a card 0, recommendations 0"), "{}", summary.text);
    assert!(summary.has("• too-expensive: shown 1, worked 1, didn't 0"), "{}", summary.text);
    assert!(chat.command(Lead, "feedback summary", &[]).has("This is for marketers."));
}

fn a_flood_is_told_to_wait_and_others_are_not<P: ChatPlatform>() {
    let chat = P::start();
    let flood = (0..40).filter(|_| chat.command(Rep, "help", &[]).has("Too many requests"));
    let slowed = flood.count();
    assert!(chat.command(OtherRep, "help", &[]).has("/objection"));
    assert!((1..=30).contains(&slowed), "{slowed} of 40");
}

fn a_mention_is_answered_for_one_alone<P: ChatPlatform>() {
    let chat = P::start();
    let post = chat.speak(Rep, false, "they say it is too expensive");
    assert!(post.has("I looked it up. Only you see it:") && post.labels() == ["Show me"]);
    assert!(!post.has("It costs too much"), "not for others");
    let card = chat.press(Rep, &post, "Show me");
    assert!(!card.changed && card.has("It costs too much"), "{card:?}");
    let stranger = chat.press(OtherRep, &post, "Show me");
    assert!(stranger.has("Only the rep who asked can use this card"));
    let direct = chat.speak(Rep, true, "we have no budget");
    assert!(direct.has("There is no budget"), "{}", direct.text);
    assert!(chat.speak(Rep, false, "").has("Mention me"));
}

/// The line of the text in which this stands.
fn line<'a>(shown: &'a Shown, part: &str) -> &'a str {
    let found = shown.text.lines().find(|line| line.contains(part));
    found.unwrap_or_else(|| panic!("no {part} in {}", shown.text))
}

fn a_rep_negotiates_in_rounds_over_a_restart<P: ChatPlatform>() {
    let mut chat = P::start();
    let price = |chat: &P, text: &str| {
        chat.command(Rep, "price", &[("text", text), ("deal", "example-com")])
    };
    let first = price(&chat, "80 seats, they want 15%");
    assert!(first.has("80 seats · team plan · 12 months"), "{}", first.text);
    assert!(line(&first, "Trade ").contains("$32,640.00"), "{}", first.text);
    assert_eq!(first.labels(), ["They ask…", "Offered", "Why"]);
    let said = chat.press(Rep, &first, "Offered");
    assert!(said.changed && said.has("Noted: you offered it."), "{}", said.text);
    let agreed = chat.press(Rep, &said, "They agreed");
    agreed.button("Written");

    chat.restart();
    let form = chat.press(Rep, &agreed, "They ask…");
    let second = chat.submit(Rep, &form, &agreed, &[("text", "another 10%")]);
    assert!(second.changed, "the same message");
    assert!(line(&second, "Trade ").contains("$31,488.00 · give another 3%"));
    let paper = line(&second, "Not on paper yet");
    assert!(paper.contains("clause 7 of the order form; ramp table"), "{paper}");
    chat.press(Rep, &second, "On paper: clause 7 of the order form; ramp table");
    let second = chat.press(Rep, &second, "Offered");
    let third = price(&chat, "15%");
    assert!(line(&third, "Trade ").contains("$30,912.00"), "{}", third.text);
    assert!(!third.has("Not on paper"), "{}", third.text);
    let back = chat.press(Rep, &second, "Withdraw");
    assert!(back.has("Noted: you took it back."), "{}", back.text);
    let why = chat.press(Rep, &third, "Why");
    assert!(!why.changed, "beside the card");
    assert!(line(&why, " list").contains("80 × $40.00 × 12"), "{}", why.text);
    let offered = chat.kinds().iter().filter(|kind| *kind == "give_offered").count();
    assert_eq!(offered, 2);
}

fn what_means_two_things_is_asked_back_with_buttons<P: ChatPlatform>() {
    let chat = P::start();
    let price = |text: &str| chat.command(Rep, "price", &[("text", text)]);
    let asked = price("*bold* 80 seats, another 25%");
    assert!(asked.has("what does that come on top of?"), "{}", asked.text);
    let chosen = chat.press(Rep, &asked, "the programme");
    assert!(chosen.has("25% on the programme"), "{}", chosen.text);
    let off_list = chat.press(Rep, &asked, "nothing: off list");
    assert!(off_list.has("25% off list"), "{}", off_list.text);
    for (text, part) in [
        ("0 seats", "cannot be priced"),
        ("hello @everyone", "For how many seats?"),
        ("   ", "Type what"),
        ("80 seats at £30 a seat", "no price in GBP"),
    ] {
        let refused = price(text);
        assert!(refused.has(part), "{text}: {}", refused.text);
        assert!(!refused.has(".00"), "no amount: {}", refused.text);
    }
    // A card with a price in its words leads there.
    let card = chat.ask("80 seats is too expensive, they want 15%");
    let priced = chat.press(Rep, &card, "Price this");
    assert!(priced.has("80 seats"), "{}", priced.text);
}

fn an_exception_is_asked_for_approved_and_told<P: ChatPlatform>() {
    let chat = P::start();
    let price = |text: &str| chat.command(Rep, "price", &[("text", text), ("deal", "example-com")]);
    let asked = chat.pick(Rep, &price("80 seats, 15%"), "competitive");
    assert!(asked.changed && asked.has("Asked: manager decides"), "{}", asked.text);
    let request = chat.request();
    for part in ["Needs manager", "asks for competitive", "$28,800.00"] {
        assert!(request.has(part), "{part}: {}", request.text);
    }
    assert!(price("80 seats, 15%").has("Asked; manager has not answered"));
    let nobody = chat.press(OtherRep, &request, "Approve");
    assert!(nobody.has("approval needs the role manager, which you don't have"), "{nobody:?}");
    assert_eq!(chat.told(Rep).map(|told| told.text), None, "there is no answer yet");
    let approved = chat.press(Manager, &request, "Approve");
    assert!(approved.changed && approved.has("Approved by manager until"), "{}", approved.text);
    assert!(approved.buttons.is_empty(), "nothing is left to press");
    assert!(chat.press(Director, &request, "Approve").has("it is decided already"));
    let told = chat.told(Rep).unwrap();
    assert!(told.has("Approved by manager until") && told.has("$28,800.00"), "{}", told.text);
    assert!(price("80 seats, 14%").has("approved by manager until"));
}

fn who_declines_says_why<P: ChatPlatform>() {
    let chat = P::start();
    let price = chat.command(Rep, "price", &[("text", "80 seats, 15%")]);
    chat.pick(Rep, &price, "competitive");
    let request = chat.request();
    let form = chat.press(Manager, &request, "Decline");
    assert!(form.has("Why? The rep reads it."), "{}", form.text);
    let silent = chat.submit(Manager, &form, &request, &[("text", " ")]);
    assert!(silent.has("say in a few words why it is declined"), "{}", silent.text);
    let reason = [("text", "They paid *list* last year.")];
    let declined = chat.submit(Manager, &form, &request, &reason);
    let words = "Declined by manager: They paid *list* last year.";
    assert!(declined.changed && declined.has(words), "{}", declined.text);
    assert!(chat.told(Rep).unwrap().has(words));
}
