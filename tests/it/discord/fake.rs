//! A model of Discord that tests change, served over loopback in Discord's own protocols.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Value, json};

use super::{gateway, limits, schema};

pub const APPLICATION: &str = "100000000000000001";
pub const GUILD: &str = "100000000000000002";
/// People with this number or a higher one are not on the server.
pub const STRANGERS: u64 = 900_000_000_000_000_000;
pub const CHANNEL: &str = "100000000000000003";

/// Nothing that a test waits for takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Discord forgets an interaction that has no answer after this long.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// What the model holds, and what it has seen.
#[derive(Default)]
pub struct Model {
    /// The commands that were registered.
    pub commands: Vec<Value>,
    /// How often commands were registered.
    pub registrations: usize,
    pub interactions: BTreeMap<String, Interaction>,
    /// Sent over the gateway in this session, in order.
    pub dispatches: Vec<Value>,
    pub identifies: usize,
    pub resumes: usize,
    pub heartbeats: usize,
    /// What was posted to channels: the channel, the message it is below, the message.
    pub posts: Vec<(String, Value, Value)>,
    /// Channels that take no message of the bot's.
    pub closed: Vec<String>,
    /// Answers of the next callbacks, instead of the right one.
    pub next_callbacks: VecDeque<u16>,
    /// How long Discord takes over the edit of an answer.
    pub edits_take: Duration,
    /// Heartbeats are not acknowledged.
    pub deaf: bool,
    /// Every session is refused.
    pub refuse_sessions: bool,
    /// The token is no good any more.
    pub revoked: bool,
    /// Starts that are left today.
    pub remaining: u32,
    /// Counted up to tell the open connection something.
    pub orders: Vec<gateway::Order>,
    /// The servers that the bot is on.
    pub guilds: Vec<String>,
    /// Where people do something: on a server, or in a direct message.
    pub place: Option<String>,
    /// What broke a rule of Discord's or of ours.
    pub faults: Vec<String>,
    next_id: u64,
}

/// Something that somebody did, and what came back.
#[derive(Clone)]
pub struct Interaction {
    pub token: String,
    pub created: Instant,
    /// The first answer, and when it came.
    pub response: Option<(Value, Duration)>,
    /// The edit of a promised answer.
    pub edit: Option<Value>,
    /// A message after it.
    pub follow_up: Option<Value>,
    /// Answers that were refused because there was one already.
    pub repeated: usize,
}

/// The model and a bell that rings when it changes.
#[derive(Default)]
pub struct Shared {
    model: Mutex<Model>,
    changed: Condvar,
    pub wake: tokio::sync::Notify,
}

impl Shared {
    /// Looks at the model.
    pub fn peek<T>(&self, look: impl FnOnce(&Model) -> T) -> T {
        look(&self.model.lock().unwrap())
    }

    /// Changes the model.
    pub fn with<T>(&self, act: impl FnOnce(&mut Model) -> T) -> T {
        let result = act(&mut self.model.lock().unwrap());
        self.changed.notify_all();
        self.wake.notify_waiters();
        result
    }

    /// Waits until there is something.
    pub fn until<T>(&self, what: &str, mut look: impl FnMut(&mut Model) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut model = self.model.lock().unwrap();
        loop {
            if let Some(found) = look(&mut model) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{what} did not come; faults: {:?}", model.faults);
            model = self.changed.wait_timeout(model, left).unwrap().0;
        }
    }
}

/// Discord as a bot sees it.
pub struct FakeDiscord {
    pub shared: Arc<Shared>,
    pub api: String,
    pub gateway: String,
    _runtime: tokio::runtime::Runtime,
}

impl FakeDiscord {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let shared = Arc::new(Shared::default());
        shared.with(|model| {
            (model.remaining, model.next_id) = (1_000, 200_000_000_000_000_000);
            (model.guilds, model.place) = (vec![GUILD.to_owned()], Some(GUILD.to_owned()));
        });
        let bind = || runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let (rest, socket) = (bind(), bind());
        let api = format!("http://{}", rest.local_addr().unwrap());
        let gateway = format!("ws://{}", socket.local_addr().unwrap());
        let address = gateway.clone();
        runtime.spawn(gateway::listen(socket, Arc::clone(&shared), address.clone()));
        let router = Router::new().fallback(serve).with_state((Arc::clone(&shared), address));
        runtime.spawn(async move { axum::serve(rest, router).await.unwrap() });
        Self { shared, api, gateway, _runtime: runtime }
    }

    /// Waits until the bot has registered its commands.
    pub fn ready(&self) {
        self.shared.until("the bot", |model| (model.registrations > 0).then_some(()));
    }

    /// Delivers an interaction and says under which id.
    pub fn deliver(&self, kind: u8, who: &Value, data: Value, message: Option<Value>) -> String {
        let interaction = self.made(kind, who, data, message);
        let id = interaction["id"].as_str().unwrap().to_owned();
        self.dispatch("INTERACTION_CREATE", interaction);
        id
    }

    /// An interaction that is not delivered yet.
    pub fn made(&self, kind: u8, who: &Value, data: Value, message: Option<Value>) -> Value {
        self.shared.with(|model| model.interaction(kind, who, data, message))
    }

    pub fn dispatch(&self, kind: &str, data: Value) {
        self.shared.with(|model| {
            let number = model.dispatches.len() + 2; // READY is the first
            model.dispatches.push(json!({"op": 0, "t": kind, "s": number, "d": data}));
        });
    }

    /// The first answer to an interaction.
    pub fn response(&self, id: &str) -> Value {
        self.shared.until("an answer", |model| {
            let interaction = model.interactions.get(id)?;
            interaction.response.as_ref().map(|(response, _)| response.clone())
        })
    }

    /// The message after an answer that was promised.
    pub fn follow_up(&self, id: &str) -> Value {
        self.shared.until("a message", |model| model.interactions.get(id)?.follow_up.clone())
    }

    /// The edit of an answer that was promised.
    pub fn edit(&self, id: &str) -> Value {
        self.shared.until("an edit", |model| model.interactions.get(id)?.edit.clone())
    }
}

impl Drop for FakeDiscord {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let faults = self.shared.with(|model| std::mem::take(&mut model.faults));
            assert_eq!(faults, [""; 0], "the bot broke a rule");
        }
    }
}

impl Model {
    pub fn new_id(&mut self) -> String {
        self.next_id += 1;
        self.next_id.to_string()
    }

    /// An interaction, complete as Discord sends it.
    fn interaction(
        &mut self,
        kind: u8,
        member: &Value,
        data: Value,
        message: Option<Value>,
    ) -> Value {
        let (id, token) = (self.new_id(), format!("token-{}", self.next_id));
        let interaction = Interaction {
            token: token.clone(),
            created: Instant::now(),
            response: None,
            edit: None,
            follow_up: None,
            repeated: 0,
        };
        self.interactions.insert(id.clone(), interaction);
        let mut whole = json!({
            "id": id, "application_id": APPLICATION, "type": kind, "data": data,
            "channel_id": CHANNEL, "token": token, "version": 1, "app_permissions": "0",
            "locale": "en-GB", "entitlements": [], "attachment_size_limit": 10_485_760,
        });
        let there = match &self.place {
            Some(guild) => json!({
                "guild_id": guild, "guild_locale": "en-US", "member": member, "context": 0,
                "channel": {"id": CHANNEL, "type": 0, "name": "deals", "position": 0,
                            "permissions": "0", "guild_id": guild},
                "authorizing_integration_owners": {"0": guild},
            }),
            None => json!({
                "user": member["user"], "context": 1,
                "channel": {"id": CHANNEL, "type": 1, "last_message_id": null,
                            "recipients": [member["user"]]},
                "authorizing_integration_owners": {"0": "0"},
            }),
        };
        for (name, value) in there.as_object().unwrap() {
            whole[name] = value.clone();
        }
        if let Some(message) = message {
            whole["message"] = message;
        }
        whole
    }
}

/// A member of the server.
pub fn member(user: u64, permissions: u64, roles: &[&str]) -> Value {
    json!({
        "user": {"id": user.to_string(), "username": format!("user{user}"),
                 "discriminator": "0", "global_name": null, "avatar": null},
        "nick": null, "avatar": null, "roles": roles, "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": null, "deaf": false, "mute": false, "flags": 0, "pending": false,
        "permissions": permissions.to_string(), "communication_disabled_until": null,
    })
}

/// A message of the bot's, complete as Discord sends it.
pub fn message(id: &str, data: &Value) -> Value {
    json!({
        "id": id, "channel_id": CHANNEL, "type": 20, "tts": false, "pinned": false,
        "author": {"id": APPLICATION, "username": "cornerman", "discriminator": "0",
                   "global_name": null, "avatar": null, "bot": true},
        "content": data["content"].as_str().unwrap_or_default(),
        "timestamp": "2026-11-24T12:00:00+00:00", "edited_timestamp": null,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": data.get("embeds").cloned().unwrap_or(json!([])), "flags": 64,
        "components": [],
    })
}

type Served = State<(Arc<Shared>, String)>;

/// Every route that the bot may call.
/// What it says of itself when it is asked; none when that is no question.
fn known(shared: &Shared, gateway: &str, method: &str, parts: &[&str]) -> Option<(u16, Value)> {
    let answer = match (method, parts) {
        ("GET", ["gateway"]) => (200, json!({"url": gateway})),
        ("GET", ["gateway", "bot"]) => {
            let remaining = shared.peek(|model| model.remaining);
            let limit = json!({"total": 1_000, "remaining": remaining, "reset_after": 60_000,
                               "max_concurrency": 1});
            (200, json!({"url": gateway, "shards": 1, "session_start_limit": limit}))
        }
        ("GET", ["users", "@me"]) => (200, gateway::user()),
        ("GET", ["users", "@me", "guilds"]) => {
            let guild = |id: &String| {
                json!({"id": id, "name": "A server", "icon": null, "owner": false,
                       "permissions": "0", "features": []})
            };
            (200, shared.peek(|model| model.guilds.iter().map(guild).collect()))
        }
        ("GET", ["guilds", guild, "members", user]) => {
            let user = user.parse().unwrap_or(0);
            if *guild == GUILD && user < STRANGERS {
                (200, member(user, 0, &[]))
            } else {
                (404, json!({"code": 10007, "message": "Unknown Member"}))
            }
        }
        ("GET", ["oauth2", "applications", "@me"] | ["applications", "@me"]) => {
            let application = json!({
                "id": APPLICATION, "name": "Cornerman", "icon": null, "description": "",
                "bot_public": true, "bot_require_code_grant": false, "summary": "", "flags": 0,
                "verify_key": "00", "team": null, "owner": member(1, 0, &[])["user"],
            });
            (200, application)
        }
        ("GET", ["applications", APPLICATION, rest @ ..]) if rest.last() == Some(&"commands") => {
            (200, json!(shared.peek(|model| model.commands.clone())))
        }
        _ => return None,
    };
    Some(answer)
}

async fn serve(
    State((shared, gateway)): Served,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let json: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let path = uri.path().trim_start_matches("/api/v10/").to_owned();
    if !body.is_empty() {
        let faults = schema::faults(method.as_str(), &path, &json);
        shared.with(|model| model.faults.extend(faults));
    }
    let parts: Vec<&str> = path.split('/').collect();
    if shared.peek(|model| model.revoked) && !path.starts_with("interactions") {
        let answer = r#"{"code": 0, "message": "401: Unauthorized"}"#.to_owned();
        return (StatusCode::UNAUTHORIZED, HeaderMap::new(), answer);
    }
    let known = known(&shared, &gateway, method.as_str(), &parts);
    let (status, answer) = match (method.as_str(), parts.as_slice()) {
        _ if known.is_some() => known.unwrap_or_default(),
        ("PUT", ["applications", APPLICATION, rest @ ..]) if rest.last() == Some(&"commands") => {
            shared.with(|model| register(model, &json))
        }
        ("POST", ["interactions", id, token, "callback"]) => {
            shared.with(|model| callback(model, id, token, json))
        }
        // The channel for direct messages to somebody has their number here.
        ("POST", ["users", "@me", "channels"]) => {
            let person = json["recipient_id"].as_str().unwrap_or_default().parse().unwrap_or(0);
            let recipients = json!([member(person, 0, &[])["user"]]);
            let id = person.to_string();
            (200, json!({"id": id, "type": 1, "recipients": recipients, "last_message_id": null}))
        }
        ("POST", ["channels", channel, "messages"]) => {
            shared.with(|model| post(model, channel, json))
        }
        ("POST", ["webhooks", APPLICATION, token]) => {
            shared.with(|model| follow_up(model, token, json))
        }
        ("PATCH", ["webhooks", APPLICATION, token, "messages", "@original"]) => {
            tokio::time::sleep(shared.peek(|model| model.edits_take)).await;
            shared.with(|model| edit(model, token, json))
        }
        _ => {
            shared.with(|model| model.faults.push(format!("no such route: {method} {path}")));
            (404, json!({"code": 0, "message": "404: Not Found"}))
        }
    };
    let text = if answer.is_null() { String::new() } else { answer.to_string() };
    let mut headers = HeaderMap::new();
    if !text.is_empty() {
        headers.insert("content-type", HeaderValue::from_static("application/json"));
    }
    if status == 429 {
        for (name, value) in [("retry-after", "1"), ("x-ratelimit-scope", "user")] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    (StatusCode::from_u16(status).unwrap(), headers, text)
}

fn register(model: &mut Model, commands: &Value) -> (u16, Value) {
    model.faults.extend(limits::commands(commands));
    let mut stored = commands.as_array().cloned().unwrap_or_default();
    for command in &mut stored {
        let kind = command["type"].as_u64().unwrap_or(1);
        command["type"] = json!(kind);
        command["id"] = json!(model.new_id());
        command["application_id"] = json!(APPLICATION);
        command["version"] = json!(model.new_id());
        command["default_member_permissions"] = Value::Null;
        let description = command["description"].as_str().unwrap_or_default().to_owned();
        command["description"] = json!(description);
    }
    model.commands.clone_from(&stored);
    model.registrations += 1;
    (200, json!(stored))
}

fn callback(model: &mut Model, id: &str, token: &str, body: Value) -> (u16, Value) {
    if let Some(status) = model.next_callbacks.pop_front() {
        return (
            status,
            json!({"code": 0, "message": "failing as told", "retry_after": 1.0, "global": false}),
        );
    }
    let Some(interaction) = model.interactions.get_mut(id).filter(|known| known.token == token)
    else {
        return (404, json!({"code": 10062, "message": "Unknown interaction"}));
    };
    if interaction.response.is_some() {
        interaction.repeated += 1;
        return (400, json!({"code": 40060, "message": "already acknowledged"}));
    }
    let after = interaction.created.elapsed();
    if after > ANSWER_WITHIN {
        model.faults.push(format!("an answer after {after:?}"));
        return (404, json!({"code": 10062, "message": "Unknown interaction"}));
    }
    let faults = limits::callback(&body);
    if !faults.is_empty() {
        model.faults.extend(faults);
        return (400, json!({"code": 50035, "message": "Invalid Form Body"}));
    }
    interaction.response = Some((body, after));
    (204, Value::Null)
}

fn post(model: &mut Model, channel: &str, body: Value) -> (u16, Value) {
    if model.closed.iter().any(|closed| closed == channel) {
        return (403, json!({"code": 50013, "message": "Missing Permissions"}));
    }
    let mut body = body;
    let reference = body.as_object_mut().and_then(|body| body.remove("message_reference"));
    let mentions = &mut body["allowed_mentions"];
    if let Some(mentions) = mentions.as_object_mut()
        && mentions.remove("replied_user") != Some(json!(false))
        && reference.is_some()
    {
        model.faults.push("the author of a message is pinged".to_owned());
    }
    model.faults.extend(limits::message(&body));
    let below = reference.map_or(Value::Null, |reference| reference["message_id"].clone());
    let id = model.new_id();
    model.posts.push((channel.to_owned(), below, body.clone()));
    (200, message(&id, &body))
}

fn follow_up(model: &mut Model, token: &str, body: Value) -> (u16, Value) {
    model.faults.extend(limits::message(&body));
    let id = model.new_id();
    let Some(interaction) = model.interactions.values_mut().find(|known| known.token == token)
    else {
        return (404, json!({"code": 10015, "message": "Unknown Webhook"}));
    };
    interaction.follow_up = Some(body.clone());
    (200, message(&id, &body))
}

fn edit(model: &mut Model, token: &str, body: Value) -> (u16, Value) {
    let faults = limits::message(&body);
    if !faults.is_empty() {
        model.faults.extend(faults);
        return (400, json!({"code": 50035, "message": "Invalid Form Body"}));
    }
    let id = model.new_id();
    let Some(interaction) = model.interactions.values_mut().find(|known| known.token == token)
    else {
        return (404, json!({"code": 10015, "message": "Unknown Webhook"}));
    };
    interaction.edit = Some(body.clone());
    (200, message(&id, &body))
}
