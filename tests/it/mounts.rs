//! Playbook folders as they are mounted elsewhere: links that stay within, links that lead out, and
//! files that are too large to be playbooks.
#![cfg(unix)]

use std::os::unix::fs::symlink;

use crate::TestEnv;
use crate::server::Server;

fn card(say: &str) -> String {
    format!(
        "---\nfamily: price\nowner: sales\nverified: 2026-11-01\n---\n\n# Price\n\n\
         ## Too expensive\n\n> - it is too expensive\n> - that is too much money\n\n\
         ### Say\n\n- {say}\n\n### Ask\n\n- Compared with what?\n"
    )
}

fn said(server: &Server) -> String {
    let question = serde_json::json!({"text": "it is too expensive"});
    let answer = server.post_json("/api/v1/suggest", &question, &[]).json();
    answer["cards"][0]["say"].as_str().unwrap_or_default().to_owned()
}

/// As the kubelet does it: files are links into a hidden link to a hidden folder, and an update
/// swaps the link in the middle.
#[test]
fn a_config_map_is_read_and_its_update_is_seen() {
    let desk = TestEnv::empty();
    let mount = desk.path("playbooks");
    let version = |name: &str, say: &str| {
        std::fs::create_dir_all(mount.join(name).join("team")).unwrap();
        std::fs::write(mount.join(name).join("price.md"), card(say)).unwrap();
        let other = card("Nothing.").replace("Too expensive", "No time");
        let other = other.replace("it is too expensive", "we have no time");
        let other = other.replace("that is too much money", "we are far too busy");
        std::fs::write(mount.join(name).join("team/time.md"), other).unwrap();
    };
    version("..2026_one", "Version one.");
    symlink("..2026_one", mount.join("..data")).unwrap();
    symlink("..data/price.md", mount.join("price.md")).unwrap();
    symlink("..data/team", mount.join("team")).unwrap();
    let server = Server::start(&desk);
    assert_eq!(said(&server), "Version one.");
    assert_eq!(server.get("/healthz").json()["cards"], 2);

    version("..2026_two", "Version two.");
    symlink("..2026_two", mount.join("..data_tmp")).unwrap();
    std::fs::rename(mount.join("..data_tmp"), mount.join("..data")).unwrap();
    let begun = std::time::Instant::now();
    while said(&server) != "Version two." {
        assert!(begun.elapsed().as_secs() < 20);
    }
}

#[test]
fn a_link_out_of_the_folder_or_in_a_circle_is_passed_over_and_named() {
    let desk = TestEnv::empty();
    std::fs::write(desk.path("playbooks/price.md"), card("Here.")).unwrap();
    std::fs::create_dir(desk.path("elsewhere")).unwrap();
    std::fs::write(desk.path("elsewhere/secret.md"), "# Secret\n").unwrap();
    symlink("../elsewhere/secret.md", desk.path("playbooks/secret.md")).unwrap();
    symlink("../elsewhere", desk.path("playbooks/more")).unwrap();
    symlink(".", desk.path("playbooks/again")).unwrap();
    symlink("nowhere.md", desk.path("playbooks/gone.md")).unwrap();
    symlink("price.md", desk.path("playbooks/same.md")).unwrap();
    let ran = desk.run(&["lint"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for part in [
        "secret.md: it is a link that leads out of the playbook directory",
        "more: it is a link that leads out of the playbook directory",
        "again: it is a link to what is read already",
        "gone.md: it is a link that leads nowhere",
        "same.md: it is a link to what is read already",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
}

#[test]
fn a_file_of_a_gigabyte_is_refused_by_its_size() {
    let desk = TestEnv::empty();
    std::fs::write(desk.path("playbooks/price.md"), card("Here.")).unwrap();
    let bomb = std::fs::File::create(desk.path("playbooks/bomb.md")).unwrap();
    bomb.set_len(1 << 30).unwrap();
    // With this little memory nothing of that size can be read.
    let limited = "ulimit -v 700000; exec \"$0\" \"$@\"";
    let binary = env!("CARGO_BIN_EXE_cornerman");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", limited, binary, "lint", "--format", "concise"]);
    let ran = crate::Ran::of(&command.current_dir(desk.path("")).output().unwrap());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("bomb.md:1:1: PB001 the file has 1073741824 bytes"), "{}", ran.out);
}

/// A file of nothing but faults is told about at once, and not all of it.
#[test]
fn a_file_of_faults_takes_no_time() {
    let front = "---\nfamily: price\nowner: sales\nverified: 2026-11-01\n---\n\n# Price\n\n";
    let line = format!("{front}## Z\n\n> - too much\n\n### Say\n\n");
    for (what, text) in [
        ("headings", format!("{front}{}", "## A\n".repeat(50_000))),
        ("wrong headings", format!("{front}{}", "##### A\n".repeat(30_000))),
        ("unknown variables", format!("{line}{}", "- {{ x }}\n".repeat(24_000))),
    ] {
        let desk = TestEnv::empty();
        std::fs::write(desk.path("playbooks/a.md"), text).unwrap();
        let begun = std::time::Instant::now();
        let server = Server::start(&desk);
        let health = server.get("/healthz").body;
        assert!(health.len() < 1_000, "{health}");
        assert!(server.problems().as_array().unwrap().len() <= 101, "{what}");
        // A debug build on a busy machine; before, it took minutes.
        assert!(begun.elapsed().as_secs() < 20, "{what}: {:?}", begun.elapsed());
    }
}
