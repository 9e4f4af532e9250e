//! The gateway of the fake Discord: hello, identify, heartbeats, dispatches, resume.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::fake::{APPLICATION, GUILD, Shared};

/// What a test has the open connection do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Close with a code.
    Close(u16),
    /// Ask to reconnect.
    Reconnect,
    /// Let the line drop without a word.
    Drop,
}

pub async fn listen(listener: TcpListener, shared: Arc<Shared>, address: String) {
    while let Ok((stream, _)) = listener.accept().await {
        let (shared, address) = (Arc::clone(&shared), address.clone());
        tokio::spawn(async move {
            if let Ok(socket) = tokio_tungstenite::accept_async(stream).await {
                // A broken line is what some tests are about.
                let _ = talk(socket, &shared, &address).await;
            }
        });
    }
}

type Socket = WebSocketStream<TcpStream>;
type Ended = tokio_tungstenite::tungstenite::Error;

async fn say(socket: &mut Socket, value: Value) -> Result<(), Ended> {
    socket.send(Message::Text(value.to_string())).await
}

async fn talk(mut socket: Socket, shared: &Shared, address: &str) -> Result<(), Ended> {
    say(&mut socket, json!({"op": 10, "d": {"heartbeat_interval": 1_000}, "s": null})).await?;
    let mut sent: Option<usize> = None; // how many dispatches this connection has had
    let mut obeyed = shared.peek(|model| model.orders.len());
    loop {
        let woken = shared.wake.notified();
        if let Some(mut done) = sent {
            for dispatch in shared.peek(|model| model.dispatches[done..].to_vec()) {
                say(&mut socket, dispatch).await?;
                done += 1;
            }
            sent = Some(done);
            let orders = shared.peek(|model| model.orders[obeyed..].to_vec());
            obeyed += orders.len();
            for order in orders {
                match order {
                    Order::Close(code) => {
                        let frame = CloseFrame { code: code.into(), reason: "as told".into() };
                        return socket.close(Some(frame)).await;
                    }
                    Order::Reconnect => say(&mut socket, json!({"op": 7, "d": null})).await?,
                    Order::Drop => return Ok(()),
                }
            }
        }
        let heard = tokio::select! {
            heard = socket.next() => heard,
            () = woken => continue,
        };
        let Some(message) = heard.transpose()? else { return Ok(()) };
        let Ok(text) = message.into_text() else { continue };
        let Ok(heard) = serde_json::from_str::<Value>(&text) else { continue };
        match heard["op"].as_u64() {
            Some(1) => {
                let deaf = shared.with(|model| {
                    model.heartbeats += 1;
                    model.deaf
                });
                if !deaf {
                    say(&mut socket, json!({"op": 11, "d": null})).await?;
                }
            }
            Some(2) => {
                // In one go: what is dispatched after this identify belongs to this session.
                let (refuse, from) = shared.with(|model| {
                    model.identifies += 1;
                    model.remaining = model.remaining.saturating_sub(1);
                    (model.refuse_sessions, model.dispatches.len())
                });
                if refuse {
                    say(&mut socket, json!({"op": 9, "d": false})).await?
                } else {
                    sent = Some(from);
                    say(&mut socket, ready(address)).await?;
                }
            }
            Some(6) => sent = Some(resume(&mut socket, shared, &heard).await?),
            _ => {}
        }
    }
}

/// Hands over what was missed, and says how many dispatches there were so far.
async fn resume(socket: &mut Socket, shared: &Shared, heard: &Value) -> Result<usize, Ended> {
    shared.with(|model| model.resumes += 1);
    let seen = heard["d"]["seq"].as_u64().unwrap_or_default();
    let seen = usize::try_from(seen).unwrap().saturating_sub(1);
    let missed = shared.peek(|model| model.dispatches[seen..].to_vec());
    let number = seen + missed.len();
    for dispatch in missed {
        say(socket, dispatch).await?;
    }
    say(socket, json!({"op": 0, "t": "RESUMED", "s": number + 1, "d": {}})).await?;
    Ok(number)
}

/// The bot's own user.
pub fn user() -> Value {
    json!({"id": APPLICATION, "username": "cornerman", "discriminator": "0", "global_name": null,
           "avatar": null, "bot": true, "verified": true, "email": null, "mfa_enabled": false,
           "flags": 0})
}

fn ready(address: &str) -> Value {
    json!({"op": 0, "t": "READY", "s": 1, "d": {
        "v": 10,
        "user": user(),
        "guilds": [{"id": GUILD, "unavailable": true}],
        "session_id": "session", "resume_gateway_url": address, "shard": [0, 1],
        "application": {"id": APPLICATION, "flags": 0},
    }})
}
