//! A running `cornerman serve` and a small HTTP client to talk to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::TestEnv;

/// The real server on a free port; killed when dropped.
pub struct Server {
    child: Child,
    address: String,
    browser: OnceLock<Browser>,
    data: std::path::PathBuf,
}

/// What a browser keeps of its first visit.
pub struct Browser {
    /// The header that it sends from then on.
    pub cookie: String,
    /// What the forms on its pages bring back.
    pub token: String,
}

/// Asks until it is true, and says how long that took. Each turn is a request, so it waits by
/// working.
pub fn until(what: &str, is_true: impl FnMut() -> bool) -> Duration {
    within(Duration::from_secs(20), what, is_true)
}

/// The same with another limit.
pub fn within(most: Duration, what: &str, mut is_true: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_true() {
        assert!(begun.elapsed() < most, "{what} did not come");
    }
    begun.elapsed()
}

/// One request to a server.
pub fn send(
    address: &str,
    method: &str,
    path: &str,
    headers: &[&str],
    body: &[u8],
) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
    request += &format!("Connection: close\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        request += &format!("{header}\r\n");
    }
    stream.write_all(format!("{request}\r\n").as_bytes())?;
    // A server that refuses a large body answers before it has read it.
    let _ = stream.write_all(body);
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or(std::io::ErrorKind::InvalidData)?;
    let mut reply = Reply { status, head, body: String::new() };
    // chromedriver's end stays open: the browser that it starts inherits it.
    let length = reply.header("content-length").and_then(|length| length.parse().ok());
    let mut body = Vec::new();
    stream.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    if reply.header("transfer-encoding") == Some("chunked") {
        body = whole(&body).ok_or(std::io::ErrorKind::UnexpectedEof)?;
    }
    reply.body = String::from_utf8_lossy(&body).into_owned();
    Ok(reply)
}

/// A body that came in chunks; `None` when it broke off.
fn whole(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(line + 2..line + 2 + size)?);
        chunks = chunks.get(line + 2 + size + 2..)?;
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The value of the first hidden field with this name.
    pub fn hidden(&self, name: &str) -> String {
        let start = self.body.find(&format!("name=\"{name}\" value=\"")).unwrap();
        let value = self.body[start..].split("value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    }

    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

impl Server {
    pub fn start(desk: &TestEnv) -> Self {
        Self::start_with(desk, &[])
    }

    /// With these variables in its environment. What it logs is kept in the file `log`.
    pub fn start_with(desk: &TestEnv, environment: &[(&str, &str)]) -> Self {
        Self::start_at(desk, "127.0.0.1:0", environment)
    }

    /// At an address, as after a restart.
    pub fn start_at(desk: &TestEnv, address: &str, environment: &[(&str, &str)]) -> Self {
        let mut command = desk.command(&["serve", "--listen", address]);
        command.envs(environment.iter().copied());
        Self::spawn(desk, command)
    }

    /// Started by this command, which gets the server and its arguments at its end.
    #[cfg(unix)]
    pub fn start_through(desk: &TestEnv, starter: &[&str]) -> Self {
        let mut command = std::process::Command::new(starter[0]);
        command.args(&starter[1..]).arg(env!("CARGO_BIN_EXE_cornerman"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(desk.path(""));
        Self::spawn(desk, command)
    }

    fn spawn(desk: &TestEnv, mut command: std::process::Command) -> Self {
        let log = std::fs::File::options().append(true).create(true).open(desk.path("log"));
        command.stdout(Stdio::piped()).stderr(log.unwrap());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { child, address, browser: OnceLock::new(), data: desk.path("data") }
    }

    /// The header with the key of this installation.
    pub fn bearer(&self) -> String {
        let key = std::fs::read_to_string(self.data.join("key")).unwrap();
        format!("Authorization: Bearer {}", key.trim())
    }

    /// What `/healthz` says of the playbooks to whoever has the key.
    pub fn problems(&self) -> serde_json::Value {
        self.send("GET", "/healthz", &[&self.bearer()], b"").json()["details"].take()
    }

    #[cfg(unix)]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// A page, in the browser of this test.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[&self.browser().cookie], b"")
    }

    /// The browser of this test, which has been here before.
    pub fn browser(&self) -> &Browser {
        self.browser.get_or_init(|| self.new_browser())
    }

    /// Another one.
    pub fn new_browser(&self) -> Browser {
        let first = self.send("GET", "/", &[], b"");
        let cookie = first.header("set-cookie").unwrap().split(';').next().unwrap();
        let token = first.body.split("name=\"token\" value=\"").nth(1).unwrap();
        Browser {
            cookie: format!("Cookie: {cookie}"),
            token: token.split('"').next().unwrap().to_owned(),
        }
    }

    pub fn post_json(&self, path: &str, body: &serde_json::Value, headers: &[&str]) -> Reply {
        let kind = ["Content-Type: application/json"];
        self.send("POST", path, &[&kind, headers].concat(), body.to_string().as_bytes())
    }

    /// A form, as the browser of this test sends it.
    pub fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let Browser { cookie, token } = self.browser();
        self.post_fields(path, &[fields, &[("token", token)]].concat(), &[cookie])
    }

    /// A form with nothing but these fields and headers.
    pub fn post_fields(&self, path: &str, fields: &[(&str, &str)], headers: &[&str]) -> Reply {
        let encode = |text: &str| {
            let byte = |byte: u8| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            };
            text.bytes().map(byte).collect::<String>()
        };
        let pairs = fields.iter().map(|(key, value)| format!("{key}={}", encode(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let kind = ["Content-Type: application/x-www-form-urlencoded"];
        self.send("POST", path, &[&kind, headers].concat(), body.as_bytes())
    }

    pub fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
        self.try_send(method, path, headers, body).unwrap()
    }

    /// Like [`Server::send`], for a server that may be gone.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[&str],
        body: &[u8],
    ) -> std::io::Result<Reply> {
        send(&self.address, method, path, headers, body)
    }

    /// Ctrl-C; says how the process ended.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        // The shell's own kill: a bare machine may have no other.
        let kill = format!("kill -INT {pid}");
        std::process::Command::new("sh").args(["-c", &kill]).status().unwrap();
        self.child.wait().unwrap().code()
    }

    /// kill -9, at once.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
