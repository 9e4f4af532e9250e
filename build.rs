//! Tells the tests whether the browser they drive is there: what cannot run on a bare machine is
//! then reported as ignored, with the line that installs it.

use std::path::PathBuf;

fn main() {
    println!("cargo:rustc-check-cfg=cfg(no_browser)");
    println!("cargo:rerun-if-env-changed=CI");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).filter(|path| path.is_dir()).collect();
    let driver = format!("chromedriver{}", std::env::consts::EXE_SUFFIX);
    let found = folders.iter().map(|folder| folder.join(&driver)).find(|file| file.is_file());
    // Not PATH itself: an editor's differs from a terminal's, and each change would build all anew.
    let watched = found.clone().map_or(folders, |file| vec![file]);
    for place in watched {
        println!("cargo:rerun-if-changed={}", place.display());
    }
    // Where everything has to run, what is missing is a failure.
    if found.is_none() && std::env::var_os("CI").is_none() {
        println!("cargo:rustc-cfg=no_browser");
    }
}
