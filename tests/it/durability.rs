//! What happens to the log when the disk is full or broken, when its file is damaged or taken away,
//! and when the process is killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::TestEnv;
use crate::server::{Reply, Server, until};

fn tell(server: &Server, text: &str, key: &str) -> std::io::Result<Reply> {
    let key = format!("Idempotency-Key: {key}");
    let headers = ["Content-Type: application/json", key.as_str()];
    let body = json!({"text": text, "channel": "phone"}).to_string();
    server.try_send("POST", "/api/v1/recommendations", &headers, body.as_bytes())
}

/// Recommends until the log refuses, frees it, and waits until it takes them again.
fn refuses_and_recovers(server: &Server, free: impl FnOnce()) {
    let text = "x".repeat(2_000);
    let refused = (0..10_000)
        .find(|round| tell(server, &text, &format!("fill-{round}")).unwrap().status == 503);
    assert!(refused.is_some(), "the disk never got full");
    let ask = || {
        let asked = server.post_json("/api/v1/suggest", &json!({"text": "too expensive"}), &[]);
        assert_eq!(asked.status, 200, "the card comes: {}", asked.body);
        asked.json()["logged"].clone()
    };
    // What is shorter than a recommendation may still find room for a while.
    until("the end of the log", || ask() == false);
    let store = || server.get("/readyz").json()["store"].clone();
    assert_eq!(store(), "down", "it is said");
    assert_eq!(server.get("/healthz").json()["log"]["state"], "down");
    free();
    let begun = Instant::now();
    while tell(server, "back again", "after").unwrap().status != 201 {
        assert!(begun.elapsed() < Duration::from_secs(5), "writes do not come back");
    }
    assert_eq!(store(), "ok");
    assert_eq!(ask(), true);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_was_broken_is_written_again_without_a_restart() {
    let desk = TestEnv::unquestioned();
    // Beyond this size of a file the system refuses to write, which SQLite takes for a broken disk.
    let limited = "trap '' XFSZ; ulimit -S -f 2000; exec \"$0\" \"$@\"";
    let server = Server::start_through(&desk, &["sh", "-c", limited]);
    let pid = server.pid().to_string();
    refuses_and_recovers(&server, || {
        let lifted = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited:"]).status();
        assert!(lifted.unwrap().success());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_was_full_is_written_again_without_a_restart() {
    let desk = TestEnv::unquestioned();
    std::fs::create_dir(desk.path("data")).unwrap();
    let mount = ["-t", "tmpfs", "-o", "size=4m", "tmpfs", "data"];
    let mounted = Command::new("mount").args(mount).current_dir(desk.path("")).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("this system does not allow a small file system to be mounted: not tested");
        return;
    }
    struct Mounted(std::path::PathBuf);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        }
    }
    let _mounted = Mounted(desk.path("data"));
    let ballast = desk.path("data/ballast");
    std::fs::write(&ballast, vec![0; 2 << 20]).unwrap();
    let server = Server::start(&desk);
    refuses_and_recovers(&server, || std::fs::remove_file(&ballast).unwrap());
    assert_eq!(server.interrupt(), Some(0));
}

/// Changes the file as no program of ours does.
fn damage(desk: &TestEnv, statement: &'static str) {
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("data/cornerman.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query(statement).execute(&pool).await.unwrap();
        pool.close().await;
    });
}

#[test]
fn a_log_that_is_gone_or_empty_is_never_begun_anew_in_silence() {
    let desk = TestEnv::unquestioned();
    desk.run(&["ask", "it is too expensive"]);
    let file = desk.path("data/cornerman.db");
    let kept = std::fs::read(&file).unwrap();
    std::fs::write(&file, b"").unwrap();
    for what in ["is empty (0 bytes)", "is missing"] {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["ask", "too expensive"]] {
            let ran = desk.run(command);
            assert_eq!(ran.code, Some(1), "{ran:?}");
            assert!(ran.err.contains(&format!("`data/cornerman.db` {what}")), "{}", ran.err);
            assert!(ran.err.contains("from a backup") && ran.err.contains("delete `data`"));
            assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        }
        let _ = std::fs::remove_file(&file);
    }
    std::fs::write(&file, kept).unwrap();
    assert_eq!(desk.run(&["ask", "it is too expensive"]).code, Some(0));
}

#[test]
fn a_damaged_event_is_left_out_and_named() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    for text in ["it is too expensive", "we have no budget", "is the moon made of cheese"] {
        server.post_json("/api/v1/suggest", &json!({"text": text}), &[]);
    }
    tell(&server, "a case study", "a").unwrap();
    damage(
        &desk,
        "UPDATE events SET body = replace(body, 'answered', 'answ!!ed') WHERE number = 2",
    );
    damage(&desk, "UPDATE events SET body = CAST(x'7b22ff' AS TEXT) WHERE number = 7");
    let export = server.get("/dashboard/export.jsonl");
    assert_eq!((export.status, export.body.lines().count()), (200, 5), "{}", export.body);
    let page = server.get("/dashboard/activity").body;
    assert!(page.contains("2 events are damaged and left out (number 2, 7)"), "{page}");
    let ran = desk.run(&["feedback", "export"]);
    assert_eq!((ran.code, ran.out.lines().count()), (Some(0), 5));
    assert!(ran.err.contains("2 events are damaged"), "{}", ran.err);
    assert_eq!(server.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn a_log_that_is_taken_away_while_it_is_open_is_missed() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    assert_eq!(tell(&server, "before", "a").unwrap().status, 201);
    let (file, moved) = (desk.path("data/cornerman.db"), desk.path("data/moved.db"));
    std::fs::rename(&file, &moved).unwrap();
    let refused = tell(&server, "meanwhile", "b").unwrap();
    assert_eq!(refused.status, 503, "{}", refused.body);
    let begun = Instant::now();
    while server.get("/readyz").json()["store"] != "down" {
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    std::fs::rename(&moved, &file).unwrap();
    assert_eq!(tell(&server, "meanwhile", "b").unwrap().status, 201, "sent again, it counts");
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, b"another").unwrap();
    assert_eq!(tell(&server, "meanwhile", "c").unwrap().status, 503);
}

#[cfg(unix)]
#[test]
fn the_log_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = TestEnv::unquestioned();
    std::fs::create_dir(desk.path("data")).unwrap();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(desk.path("data"), open).unwrap();
    let server = Server::start(&desk);
    tell(&server, "a case study", "a").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&desk.path("data")), 0o700);
    let files = std::fs::read_dir(desk.path("data")).unwrap();
    let modes: BTreeMap<String, u32> = files
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), mode(&entry.path())))
        .collect();
    assert!(modes.len() >= 4, "{modes:?}");
    assert!(modes.values().all(|mode| *mode == 0o600), "{modes:?}");
}

/// Another program may hold the log for as long as it likes.
#[test]
fn a_log_that_is_held_keeps_nobody_waiting() {
    let desk = TestEnv::unquestioned();
    let server = Server::start(&desk);
    let page = server.post_form("/", &[("text", "it is too expensive")]);
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("data/cornerman.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut holder = runtime.block_on(async {
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await.unwrap();
        connection
    });
    let timed = |what: &str, status: u16, act: &dyn Fn() -> Reply| {
        let begun = Instant::now();
        let reply = act();
        let waited = begun.elapsed();
        assert_eq!(reply.status, status, "{what}: {}", reply.body);
        // The deadline is two seconds; the rest is for a busy machine.
        assert!(waited < Duration::from_secs(4), "{what} took {waited:?}");
    };
    timed("the page", 200, &|| server.get("/"));
    timed("the log", 200, &|| server.get("/dashboard/activity"));
    timed("a question", 200, &|| server.post_form("/", &[("text", "too dear")]));
    let (receipt, card) = (page.hidden("receipt"), page.hidden("card_id"));
    let mark =
        [("receipt", receipt.as_str()), ("card_id", &card), ("mark", "worked"), ("key", "k")];
    timed("a mark", 503, &|| server.post_form("/marks", &mark));
    let marking = json!({"receipt": receipt, "mark": "worked"});
    timed("the API", 503, &|| server.post_json("/api/v1/feedback", &marking, &[]));
    runtime.block_on(async {
        sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    });
    let begun = Instant::now();
    while server.post_form("/marks", &mark).status != 303 {
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// `CORNERMAN_TEST_ROUNDS=1000 cargo test --release --test it killed -- --nocapture` kills as often.
#[test]
fn what_was_acknowledged_is_there_once_however_often_it_is_killed() {
    let rounds = std::env::var("CORNERMAN_TEST_ROUNDS").map_or(5, |text| text.parse().unwrap());
    let desk = TestEnv::empty();
    let card =
        "# Price\n\n## Too expensive\n\n- it is too expensive\n\n### Say\n\nCompared with?\n";
    std::fs::write(desk.path("playbooks/price.md"), card).unwrap();
    let mut chance = cornerman::model::Chance::new(rounds);
    let (mut sent, mut acknowledged) = (0, Vec::new());
    let mut server = Server::start(&desk);
    for _ in 0..rounds {
        let pid = server.pid().to_string();
        // Killed after so many milliseconds, wherever it is then.
        let nap = format!("sleep 0.0{:02}; kill -9 {pid}", chance.below(50));
        let mut killer = Command::new("sh").args(["-c", &nap]).spawn().unwrap();
        loop {
            sent += 1;
            let (text, key) = (format!("event {sent}"), format!("key-{sent}"));
            let first = tell(&server, &text, &key).is_ok_and(|reply| reply.status == 201);
            if first {
                acknowledged.push(text.clone());
            }
            match tell(&server, &text, &key) {
                Ok(reply) if reply.status < 300 => {
                    if !first {
                        acknowledged.push(text);
                    }
                }
                _ => break,
            }
        }
        killer.wait().unwrap();
        drop(server);
        server = Server::start(&desk);
        // What nobody acknowledged is sent again after the restart, with its old key.
        let (text, key) = (format!("event {sent}"), format!("key-{sent}"));
        assert!(tell(&server, &text, &key).unwrap().status < 300);
        if acknowledged.last() != Some(&text) {
            acknowledged.push(text);
        }
    }
    let out = desk.run(&["feedback", "export"]).out;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for line in out.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        *found.entry(event["text"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let lost = acknowledged.iter().filter(|text| !found.contains_key(*text)).count();
    let doubled = found.values().filter(|count| **count > 1).count();
    println!("{rounds} kills, {} acknowledged, {lost} lost, {doubled} doubled", acknowledged.len());
    assert_eq!((lost, doubled), (0, 0));
}
