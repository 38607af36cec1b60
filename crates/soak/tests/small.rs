//! The long trials in small: the same program, a few minutes shorter.

use std::process::Command;

/// Runs a trial to its end and gives its figures.
fn soak(args: &[&str]) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_soak"))
        .args(args)
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    let line = String::from_utf8(output.stdout).expect("text");
    serde_json::from_str(line.trim()).expect("figures")
}

#[test]
fn nothing_is_lost_or_doubled_when_the_uploading_process_is_killed_twenty_times() {
    let figures = soak(&["kills", "--kills", "20", "--longest-life-ms", "1500"]);
    // As many as a slow computer gets done between two kills.
    assert!(figures["passages"].as_u64() >= Some(20), "{figures}");
    assert!(figures["corrections"].as_u64() >= Some(1), "{figures}");
    assert_eq!(figures["passages"], figures["at_the_platform"]);
}

#[test]
fn a_backlog_drains_while_live_rows_arrive_within_two_seconds() {
    let small = "backlog --rows 200 --rate 20 --live-every-ms 250";
    let figures = soak(&small.split(' ').collect::<Vec<_>>());
    assert!(figures["live"].as_u64() >= Some(20), "{figures}");
    // The cap holds: 200 rows at 20 a second can't leave in less, but for the first handful.
    assert!(figures["drained_in_s"].as_f64() >= Some(8.0), "{figures}");
}

#[test]
fn what_three_days_of_outage_left_arrives_exactly_once() {
    let figures = soak(&["outage", "--rows", "150", "--rate", "100"]);
    assert_eq!(figures["rows"], 150);
    assert_eq!(figures["at_the_platform"], 150);
    assert_eq!(figures["conflicts"], 0);
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("mine"), "x").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_soak"))
        .args(["kills", "--kills", "1", "--folder"])
        .arg(folder.path())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not empty"));
}
