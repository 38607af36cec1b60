//! What installers and integrators use: options, output for programs, completions and pages.

use serde_json::Value;

use crate::support::{Site, menjin, project, text};

fn json(args: &[&str]) -> Vec<Value> {
    let output = menjin(args);
    let lines = text(&output.stdout);
    let objects = lines.lines().map(serde_json::from_str);
    objects
        .collect::<Result<_, _>>()
        .unwrap_or_else(|e| panic!("{args:?}: {e}: {lines} {}", text(&output.stderr)))
}

/// A ledger without passages, as the first start leaves it.
fn site_with_a_ledger() -> Site {
    let site = Site::new().lane("a", "in", "front", "{ url = \"rtsp://127.0.0.1:9/x\" }");
    let options = ledger::Options::default();
    std::fs::create_dir_all(site.data()).expect("made");
    drop(ledger::Writer::open(&site.data(), options).expect("a ledger"));
    site
}

#[test]
fn the_configuration_may_be_named_before_the_command_and_at_its_end() {
    let site = site_with_a_ledger();
    let config = site.config();
    let config = config.as_str();
    for args in [
        &["--config", config, "status"][..],
        &["status", "--config", config],
        &["--config", config, "register", "list", "enterprise"],
        &["register", "--config", config, "list", "enterprise"],
        &["register", "list", "enterprise", "--config", config],
        &["register", "list", "--config", config, "enterprise"],
    ] {
        let output = menjin(args);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {error}");
    }
}

#[test]
fn what_people_read_programs_get_as_json() {
    let site = site_with_a_ledger();
    let config = site.config();
    let config = config.as_str();
    let status = json(&["status", "--json", "--config", config]);
    assert_eq!(status[0]["ledger"]["passages"], 0);
    assert!(status[0]["sinks"].is_array() && status[0]["ledger_file"].is_string());
    let check = json(&["check", "--offline", "--json", "--config", config]);
    assert!(
        check[0]["fine"]
            .as_array()
            .is_some_and(|fine| fine.len() > 3)
    );
    assert!(check[0]["wrong"].is_array());
    assert!(json(&["uploads", "--json", "--config", config]).is_empty());
    assert!(json(&["report", "--json", "--config", config]).is_empty());
}

#[test]
fn a_table_is_written_only_under_a_name_that_says_what_it_is() {
    let site = site_with_a_ledger();
    let wrong = site.folder.path().join("out.txt");
    let wrong = wrong.to_string_lossy();
    for args in [
        ["report", "--xlsx", &wrong],
        ["passages", "--xlsx", &wrong],
        ["passages", "--csv", &wrong],
    ] {
        let output = menjin(&[&args[..], &["--config", &site.config()]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains("must end in ."), "{args:?}");
    }
    assert!(!site.folder.path().join("out.txt").exists());
}

#[test]
fn the_version_names_the_commit_that_it_was_built_from() {
    let version = text(&menjin(&["--version"]).stdout);
    assert!(version.starts_with(concat!("menjin ", env!("CARGO_PKG_VERSION"))));
    let head = std::process::Command::new("git")
        .args(["log", "-1", "--format=%H"])
        .current_dir(project())
        .output();
    // Sources without git have no commit to name.
    if head.is_ok_and(|head| head.status.success()) {
        let (_, commit) = version.split_once('(').expect("a commit");
        let commit = commit.trim_end().trim_end_matches(')');
        let hex = commit.len() >= 12 && commit.chars().all(|c| c.is_ascii_hexdigit());
        assert!(hex, "{version}");
    }
}

#[test]
fn shells_complete_commands_and_man_has_a_page_for_each() {
    for shell in ["bash", "zsh", "fish"] {
        let script = text(&menjin(&["completions", shell]).stdout);
        assert!(
            script.contains("weighbridge") && script.contains("config"),
            "{shell}"
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("man1");
    let output = menjin(&["man", "--to", &pages.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let check = std::fs::read_to_string(pages.join("menjin-check.1")).expect("a page");
    assert!(check.contains("offline"), "{check}");
    assert!(pages.join("menjin.1").exists() && pages.join("menjin-run.1").exists());
}

#[test]
fn the_bench_finds_the_truth_that_lies_beside_the_photos() {
    let kind = ["--only", "kind=crop", "--json", "-"];
    let report = menjin(&[&["bench", "images", "testdata/images"], &kind[..]].concat());
    assert_eq!(report.status.code(), Some(0), "{}", text(&report.stderr));
    let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
    assert!(report["n"].as_u64().is_some_and(|n| n >= 6));
    let empty = tempfile::tempdir().expect("a folder");
    let none = menjin(&["bench", "images", &empty.path().to_string_lossy()]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("truth.csv"));
}
