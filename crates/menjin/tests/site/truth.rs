//! What people take away with photos, and what a site learns of its own accuracy from its corrections.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use zip::ZipArchive;

use crate::support::{Site, clip, menjin, text};

fn names(path: &Path) -> Vec<String> {
    let zip = ZipArchive::new(File::open(path).expect("a file")).expect("a zip");
    zip.file_names().map(str::to_owned).collect()
}

#[test]
fn corrections_are_taken_away_as_truth_that_the_bench_scores_and_passages_with_their_photos() {
    let camera = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::new().lane("north-in", "in", "front", &camera);
    let ended = site
        .start(&["--until-done"])
        .ended(Duration::from_secs(120));
    assert_eq!(ended.1, Some(0));
    let config = site.config();
    let plate = site.passages()[0].reading.plate.clone();
    let run = |args: &[&str]| {
        let (command, rest) = args.split_first().expect("a command");
        let out = menjin(&[&[*command, "--config", &config], rest].concat());
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let taken = |option: &str, name: &str| {
        let path = at(name);
        run(&["passages", option, &path.to_string_lossy()]);
        path
    };
    // What nobody corrected is no truth: the machine would be its own judge.
    assert_eq!(names(&taken("--truth", "none.zip")), ["truth.csv"]);

    for (to, why) in [("苏A00000", "看错了"), (&plate, "=又看了一次")] {
        run(&["correct", "1", "--plate", to, "--who", "王", "--why", why]);
    }
    let truth = taken("--truth", "truth.zip");
    let mut zip = ZipArchive::new(File::open(&truth).expect("a file")).expect("a zip");
    zip.extract(at("truth")).expect("extracted");
    let mut table = String::new();
    let opened = zip
        .by_name("truth.csv")
        .expect("there")
        .read_to_string(&mut table);
    opened.expect("text");
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(table.contains(&format!(",full,{plate},")), "{table}");
    assert!(table.contains(",王,'=又看了一次,"), "{table}");
    let scored = menjin(&[
        "bench",
        "images",
        &at("truth").to_string_lossy(),
        "--json",
        "-",
    ]);
    assert_eq!(scored.status.code(), Some(0), "{}", text(&scored.stderr));
    let scored: Value = serde_json::from_slice(&scored.stdout).expect("JSON");
    assert_eq!((&scored["n"], &scored["exact"]), (&1.into(), &1.into()));

    let photos = names(&taken("--zip", "photos.zip"));
    assert_eq!(photos.len(), 3, "{photos:?}");
    for end in ["-1-head.jpg", "-1-body.jpg", "passages.xlsx"] {
        assert!(photos.iter().any(|name| name.ends_with(end)), "{photos:?}");
    }
    let refused = menjin(&["passages", "--config", &config, "--zip", "photos.rar"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains(".zip"));
}
