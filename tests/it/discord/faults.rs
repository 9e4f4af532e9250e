//! What reps see when Discord, the line or the token fails.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection;

use super::fake::{GUILD, member, message};
use super::gateway::Order;
use super::{Bot, TOKEN, rep};

#[test]
fn a_line_that_went_dead_is_noticed_and_made_anew() {
    let bot = Bot::start();
    bot.until_it_is("ready");
    bot.discord.shared.with(|model| model.deaf = true);
    bot.until_it_is("reconnecting");
    bot.discord.shared.with(|model| model.deaf = false);
    let before = bot.discord.shared.peek(|model| model.identifies);
    bot.discord.shared.until("a new session", |model| (model.identifies > before).then_some(()));
    bot.until_it_is("ready");
    assert_eq!(bot.objection("it is too expensive", &[]).title(), "It costs too much");
}

#[test]
fn refused_sessions_are_not_asked_for_without_end() {
    let mut bot = Bot::new();
    bot.discord.shared.with(|model| model.refuse_sessions = true);
    bot.go();
    let paused = bot.until_it_is("paused until 20");
    assert_eq!(paused["why"], "no session came about");
    let asked = bot.discord.shared.peek(|model| model.identifies);
    assert!(asked <= 2, "{asked} in the first try");
    // A restart does not undo the pause, which is made longer here than tests wait.
    bot.server = None;
    let file = bot.desk.path("data/discord-paused.json");
    let mut memory: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert!(memory["not_before"].as_u64() > Some(1_700_000_000));
    assert!(!memory["failures"].as_array().unwrap().is_empty());
    memory["not_before"] = json!(memory["not_before"].as_u64().unwrap() + 3_600);
    std::fs::write(&file, memory.to_string()).unwrap();
    let asked = bot.discord.shared.peek(|model| model.identifies);
    bot.go();
    let paused = bot.until_it_is("paused until 20");
    assert_eq!(paused["why"], "an earlier start failed");
    assert_eq!(bot.discord.shared.peek(|model| model.identifies), asked);
    assert_eq!(bot.server.as_ref().unwrap().get("/readyz").status, 200, "the page answers");

    // Too many failures in a day are for a person to look at.
    bot.server = None;
    let failures = vec![memory["failures"][0].clone(); 20];
    std::fs::write(&file, json!({"not_before": 0, "failures": failures}).to_string()).unwrap();
    bot.go();
    let refused = bot.until_it_is("refused");
    assert!(refused["why"].as_str().unwrap().contains("20 starts failed within a day"));
    bot.server = None;
    std::fs::remove_file(&file).unwrap();
    bot.discord.shared.with(|model| model.refuse_sessions = false);
    bot.go();
    bot.until_it_is("ready");
    assert_eq!(bot.objection("it is too expensive", &[]).title(), "It costs too much");
}

#[test]
fn with_hardly_any_starts_left_none_is_spent() {
    let mut bot = Bot::new();
    bot.discord.shared.with(|model| model.remaining = 49);
    bot.go();
    let paused = bot.until_it_is("paused until 20");
    assert_eq!(paused["why"], "Discord allows hardly any more starts today");
    assert_eq!(bot.discord.shared.peek(|model| model.identifies), 0);
}

#[test]
fn a_token_that_is_refused_is_said_and_not_tried_again() {
    let mut bot = Bot::new();
    bot.discord.shared.with(|model| model.revoked = true);
    bot.go();
    let refused = bot.until_it_is("refused");
    let why = refused["why"].as_str().unwrap();
    assert!(why.contains("Reset Token") && why.contains("DISCORD_TOKEN_FILE"), "{why}");
    assert_eq!(bot.server.as_ref().unwrap().get("/").status, 200, "the page serves on");
    assert!(bot.log().contains("Discord is off: Discord refuses the token"), "{}", bot.log());
    assert!(!bot.log().contains("canary") && !TOKEN.is_empty());

    let api = bot.discord.api.as_str();
    let mut command = bot.desk.command(&["serve", "--listen", "127.0.0.1:0", "--discord-required"]);
    command.env("DISCORD_TOKEN", TOKEN).env("CORNERMAN_DISCORD_API", api);
    let ended = command.output().unwrap();
    let error = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{error}");
    assert!(error.contains("error: Discord: Discord refuses the token"), "{error}");
}

#[test]
fn intents_and_tokens_that_the_gateway_refuses_end_it() {
    for (code, why) in [(4004, "refuses the token"), (4014, "refuses the intents")] {
        let bot = Bot::start();
        bot.discord.shared.with(|model| model.orders.push(Order::Close(code)));
        let refused = bot.until_it_is("refused");
        assert!(refused["why"].as_str().unwrap().contains(why), "{code}: {refused}");
        assert_eq!(bot.discord.shared.peek(|model| model.identifies), 1, "{code}");
    }
}

#[test]
fn an_answer_that_discord_failed_to_take_is_sent_again() {
    let bot = Bot::start();
    for status in [500, 503, 429] {
        bot.discord.shared.with(|model| model.next_callbacks.push_back(status));
        let card = bot.objection("it is too expensive", &[]);
        assert_eq!(card.title(), "It costs too much", "after {status}");
    }
}

/// Each field that Discord sends is left out once: there is an answer all the same.
#[test]
fn an_interaction_that_cannot_be_read_is_answered() {
    let bot = Bot::start();
    let options = json!([{"name": "text", "type": 3, "value": "it is too expensive"}]);
    let data = json!({"id": "1", "name": "objection", "type": 1, "options": options});
    let card = bot.objection("it is too expensive", &[]);
    let press = json!({"custom_id": card.button("More"), "component_type": 2});
    let mut unread = 0;
    for (kind, data) in [(2, data), (3, press)] {
        let below = (kind == 3).then(|| message(&card.id, &card.data));
        let whole = bot.discord.made(kind, &rep(), data.clone(), below.clone());
        let fields: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
        for field in fields.iter().filter(|field| !["id", "token"].contains(&field.as_str())) {
            // A new one each time; who presses has not pressed too often.
            let who = member(300_000_000_000_000_100 + unread, 0, &[]);
            let mut broken = bot.discord.made(kind, &who, data.clone(), below.clone());
            broken.as_object_mut().unwrap().remove(field);
            let id = broken["id"].as_str().unwrap().to_owned();
            bot.discord.dispatch("INTERACTION_CREATE", broken);
            let answer = bot.seen(&id);
            unread += u64::from(answer.text().contains("in a form that is not known here"));
            assert!([4, 7].contains(&answer.kind), "{field}: {answer:?}");
        }
    }
    assert!(unread > 5, "only {unread} could not be read");
    assert_eq!(bot.health()["unreadable"].as_u64(), Some(unread));
}

#[test]
fn commands_are_registered_once_and_only_when_they_change() {
    let mut bot = Bot::start();
    let names: Vec<Value> = bot
        .discord
        .shared
        .peek(|model| model.commands.iter().map(|command| command["name"].clone()).collect());
    let all =
        ["objection", "Handle this objection", "price", "call", "playbook", "feedback", "help"];
    assert_eq!(names, all);
    let note = bot.desk.path("data/discord-commands");
    bot.discord.shared.until("the note of it", |_| note.is_file().then_some(()));
    let again = |bot: &mut Bot, environment: &[(&str, &str)]| {
        let before = bot.discord.shared.peek(|model| model.identifies);
        bot.server = None;
        bot.go_with(environment);
        bot.discord.shared.until("it again", |model| (model.identifies > before).then_some(()));
        bot.objection("it is too expensive", &[]);
    };
    again(&mut bot, &[]);
    assert_eq!(bot.discord.shared.peek(|model| model.registrations), 1);
    again(&mut bot, &[("CORNERMAN_DISCORD_GUILD", GUILD)]);
    bot.discord.shared.until("the server's", |model| (model.registrations == 2).then_some(()));
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_to_and_never_wrote_its_token() {
    let mut bot = Bot::start();
    let card = bot.objection("it is too expensive", &[]);
    bot.press(&card, "Worked");
    let begun = std::time::Instant::now();
    assert_eq!(bot.server.take().unwrap().interrupt(), Some(0));
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    let log = bot.log();
    assert!(log.contains("connected to Discord") && !log.contains("canary"));
    // Neither the customer's words, nor as the numbers of their letters.
    let words = "it is too expensive";
    let numbers: Vec<String> = words.bytes().map(|byte| byte.to_string()).collect();
    assert!(!log.contains(words) && !log.contains(&numbers.join(", ")));
}

#[test]
fn doctor_says_what_is_missing_at_discord() {
    let mut bot = Bot::new();
    let doctor = |bot: &Bot, token: &str| {
        let mut command = bot.desk.command(&["doctor"]);
        command.env("DISCORD_TOKEN", token).env("CORNERMAN_DISCORD_API", &bot.discord.api);
        let ran = command.output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
    };
    let (code, found) = doctor(&bot, "");
    assert!(code == Some(0) && found.contains("off: there is no DISCORD_TOKEN"), "{found}");
    let (code, found) = doctor(&bot, "canary");
    assert!(code == Some(1) && found.contains("has three parts"), "{found}");
    assert!(!found.contains("canary"));
    let (code, found) = doctor(&bot, TOKEN);
    assert!(code == Some(0) && found.contains("the token is Cornerman's; 1000 of 1000"), "{found}");
    assert!(found.contains("Discord does not know objection, Handle this objection"), "{found}");
    bot.go();
    bot.discord.ready();
    let (_, found) = doctor(&bot, TOKEN);
    assert!(found.contains("commands          7 for every server"), "{found}");
    bot.discord.shared.with(|model| model.revoked = true);
    let (code, found) = doctor(&bot, TOKEN);
    assert!(code == Some(1) && found.contains("Discord refuses the token"), "{found}");
}

/// Somebody else writes to the log, and takes their time.
pub(super) struct Lock {
    runtime: tokio::runtime::Runtime,
    connection: sqlx::SqliteConnection,
}

impl Lock {
    pub(super) fn on(bot: &Bot) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(bot.desk.path("data/cornerman.db"));
        let connection = runtime.block_on(async {
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
            connection
        });
        Self { runtime, connection }
    }

    pub(super) fn release(mut self) {
        self.runtime.block_on(sqlx::query("ROLLBACK").execute(&mut self.connection)).unwrap();
    }
}

/// The log is locked by somebody else: the rep is told to wait, gets the card without it, and a
/// card is not lost to a mark that could not be kept.
#[test]
fn what_takes_long_is_promised_and_kept() {
    let bot = Bot::start();
    let card = bot.objection("it is too expensive", &[]);
    let lock = Lock::on(&bot);
    let promised = bot.objection("we have no budget", &[]);
    assert_eq!((promised.kind, promised.data["flags"].as_u64()), (5, Some(64)));
    let edit = bot.discord.edit(&promised.id);
    assert_eq!(edit["embeds"][0]["title"], "There is no budget");
    let content = edit["content"].as_str().unwrap();
    assert!(content.contains("cannot be marked"), "{content}");
    assert_eq!(edit["components"], json!([]));

    let worked = bot.press(&card, "Worked");
    assert_eq!(worked.kind, 6, "promised");
    let message = bot.discord.follow_up(&worked.id);
    assert!(message["content"].as_str().unwrap().contains("Something went wrong"));
    assert_eq!(message["flags"], 64);
    lock.release();
    assert!(bot.press(&card, "Worked").text().contains("Noted: “It costs too much” worked."));
}

/// What was promised before the signal to stop is kept before the end.
#[cfg(unix)]
#[test]
fn it_keeps_its_promises_before_it_stops() {
    let mut bot = Bot::start();
    bot.objection("it is too expensive", &[]);
    let lock = Lock::on(&bot);
    let promised = bot.objection("we have no budget", &[]);
    assert_eq!(promised.kind, 5);
    assert_eq!(bot.server.take().unwrap().interrupt(), Some(0));
    let edit = bot.discord.shared.peek(|model| model.interactions[&promised.id].edit.clone());
    assert_eq!(edit.unwrap()["embeds"][0]["title"], "There is no budget");
    lock.release();
}

/// Promises are kept while a browser's request that never ends is waited for, and not after it.
#[cfg(unix)]
#[test]
fn half_a_request_takes_no_time_from_its_farewell() {
    use std::io::Write as _;
    let mut bot = Bot::start();
    bot.objection("it is too expensive", &[]);
    let server = bot.server.as_ref().unwrap();
    let mut half = std::net::TcpStream::connect(server.address()).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ").unwrap();
    server.get("/healthz");
    // One after the other, both would take more than the five seconds.
    bot.discord.shared.with(|model| model.edits_take = Duration::from_millis(2_500));
    let lock = Lock::on(&bot);
    let promised = bot.objection("we have no budget", &[]);
    assert_eq!(promised.kind, 5);
    lock.release();
    let begun = std::time::Instant::now();
    assert_eq!(bot.server.take().unwrap().interrupt(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let edit = bot.discord.shared.peek(|model| model.interactions[&promised.id].edit.clone());
    assert_eq!(edit.unwrap()["embeds"][0]["title"], "There is no budget");
}
