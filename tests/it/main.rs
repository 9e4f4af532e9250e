//! Starts the real binary and looks at what its users would see.
#![expect(clippy::unwrap_used, reason = "a harness fails by panicking")]

mod access;
mod api;
mod ask;
mod browser;
mod chat;
mod connections;
mod conversation;
mod dashboard;
mod desk;
mod desk_browser;
mod discord;
mod durability;
mod encoder;
mod eval;
mod fold_laws;
mod golden;
mod inbox;
mod laws;
mod lint;
mod log;
mod log_v1;
mod mounts;
mod negotiation;
mod pages;
mod platforms;
mod policy_lint;
mod price;
mod price_laws;
mod ranking_laws;
mod redact;
mod reload;
mod replay;
mod rooms;
mod server;
mod stores;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// A fresh folder in which the binary works, removed at the end.
struct TestEnv {
    folder: tempfile::TempDir,
}

impl TestEnv {
    /// With the shipped playbooks and their index, which is made once for all tests.
    fn shipped() -> Self {
        static INDEX: OnceLock<tempfile::TempDir> = OnceLock::new();
        let index = INDEX.get_or_init(|| {
            // What the compiler has just written would hold up the first logs: a sync of theirs has
            // to wait for it.
            let _ = Command::new("sync").status();
            let first = Self::unlearned();
            let ran = first.run(&["ask", "it is too expensive"]);
            assert_eq!(ran.code, Some(0), "{ran:?}");
            first.folder
        });
        let desk = Self::unlearned();
        copy(&index.path().join("index"), &desk.path("index"));
        desk
    }

    /// Like [`TestEnv::shipped`], without the golden questions: it starts and reloads faster.
    fn unquestioned() -> Self {
        let desk = Self::shipped();
        std::fs::remove_file(desk.path("playbooks/questions.toml")).unwrap();
        desk
    }

    /// With the shipped playbooks and no index yet.
    fn unlearned() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        copy(&root().join("playbooks"), &desk.path("playbooks"));
        desk
    }

    /// With an empty folder for playbooks.
    fn empty() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(desk.path("playbooks")).unwrap();
        desk
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// The command, with nothing of the caller's settings.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cornerman"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs with this text on standard input.
    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        use std::io::Write;
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        Ran::of(&output)
    }
}

/// What a command left behind.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn version_names_the_package() {
    let ran = TestEnv::empty().run(&["--version"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.out.trim(), concat!("cornerman ", env!("CARGO_PKG_VERSION")));
}
