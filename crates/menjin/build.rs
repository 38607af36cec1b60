//! Puts the commit into `--version`: from git where the sources are a checkout, else from
//! `MENJIN_COMMIT`, which whoever packs them may set, else not at all.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=MENJIN_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    // Written at each commit and checkout; without it the answer can't change.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"])
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
    let commit = std::env::var("MENJIN_COMMIT")
        .ok()
        .filter(|commit| !commit.trim().is_empty())
        .or_else(|| git(&["rev-parse", "--short=12", "HEAD"]))
        .unwrap_or_default();
    let commit = commit.trim();
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let whole = match commit {
        "" => version,
        commit => format!("{version} ({commit})"),
    };
    println!("cargo::rustc-env=MENJIN_BUILD_COMMIT={commit}");
    println!("cargo::rustc-env=MENJIN_BUILD_VERSION={whole}");
}

/// What git says; nothing where there is no git, or these sources lie in somebody else's checkout.
fn git(args: &[&str]) -> Option<String> {
    let said = |args: &[&str]| {
        let output = Command::new("git").args(args).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    said(&["ls-files", "--error-unmatch", "build.rs"])?;
    said(args)
}
