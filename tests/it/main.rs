//! Starts the real binary and looks at what its users would see.
#![expect(clippy::unwrap_used, reason = "a harness fails by panicking")]

use std::process::Command;

fn cornerman() -> Command {
    Command::new(env!("CARGO_BIN_EXE_cornerman"))
}

#[test]
fn version_names_the_package() {
    let output = cornerman().arg("--version").output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        text.trim(),
        concat!("cornerman ", env!("CARGO_PKG_VERSION"))
    );
}
