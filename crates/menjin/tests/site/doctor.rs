//! One file for an engineer elsewhere.

use std::io::Read as _;

use alarm::{Cause, CauseKind};
use frame::ClockSource;
use passage::*;

use crate::support::{Site, menjin, text};

/// Plates of every form, and one that was read wrongly.
const PLATES: [&str; 8] = [
    "苏A12345",
    "冀AD12345",
    "粤Z1234港",
    "军V12345",
    "使014578",
    "新A5678挂",
    "沪AF12345",
    "鲁B98K77",
];

pub(crate) fn truck(plate: &str, ms: i64) -> NewPassage {
    let at = |ms| jiff::Timestamp::from_millisecond(ms).expect("a time");
    NewPassage {
        key: PassageKey::random(),
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: at(ms - 4000),
        decided_at: at(ms),
        clock: ClockSource::CameraNtp,
        clock_trusted: true,
        camera: "north-in".to_owned(),
        reading: Reading {
            plate: plate.to_owned(),
            recognised: true,
            ..Reading::unread()
        },
        decision: Verdict::Deny,
        reason: "on_deny_list".to_owned(),
        grounds: Grounds::default(),
    }
}

pub(crate) fn photo() -> [NewPhoto<'static>; 1] {
    [NewPhoto {
        kind: PhotoKind::Head,
        camera: "north-in",
        taken_at: jiff::Timestamp::UNIX_EPOCH,
        jpeg: b"a photo that nobody is to see",
    }]
}

/// The files of a bundle, by name.
fn unpacked(path: &std::path::Path) -> Vec<(String, String)> {
    let file = std::fs::File::open(path).expect("written");
    let mut zip = zip::ZipArchive::new(file).expect("a zip");
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index(index).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("whole");
            (entry.name().to_owned(), text(&bytes))
        })
        .collect()
}

#[test]
fn what_is_gathered_for_an_engineer_holds_no_plate_of_the_ledger_and_no_secret() {
    let site = Site::new().lane(
        "north-in",
        "in",
        "front",
        "{ url = \"rtsp://127.0.0.1:9/x\", user = \"gate\", password_file = \"camera\" }",
    );
    site.secret("camera", "hunter2-hunter2");
    let lists = format!(
        "[[gate.deny]]\nplate = \"{}\"\nreason = \"{} 超标\"\n[[alarms.stay]]\nplates = [\"{}\"]\nlimit = \"1h\"\n\
         [console]\nlisten = \"127.0.0.1:0\"\n[console.screens]\npersons = [\"环保负责人：张三 0311-1234567\"]\n",
        PLATES[1], PLATES[2], PLATES[0]
    );
    let site = site.add(&lists);
    std::fs::create_dir_all(site.data()).expect("made");
    let mut writer =
        ledger::Writer::open(&site.data(), ledger::Options::default()).expect("a ledger");
    let now = jiff::Timestamp::now();
    for (index, plate) in (1..).zip(PLATES) {
        let at = now.as_millisecond() - index * 60_000;
        writer.decide(&truck(plate, at), &photo()).expect("kept");
        let cause = Cause {
            plate: plate.to_owned(),
            ..Cause::of(CauseKind::DeniedCame, plate).in_lane("north-in")
        };
        writer.raise_alarm(&cause, false, now).expect("raised");
    }
    drop(writer);
    let bundle = site.folder.path().join("bundle.zip");
    let to = bundle.to_string_lossy();
    let output = menjin(&[
        "doctor",
        "--no-cameras",
        "--to",
        &to,
        "--config",
        &site.config(),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));

    let files = unpacked(&bundle);
    let named = |name: &str| {
        files
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, text)| text)
    };
    for name in [
        "about.txt",
        "version.txt",
        "configuration.toml",
        "status.json",
        "check.json",
        "alarms.json",
        "system/disks.txt",
        "system/memory.txt",
        "data-folder.txt",
        "daemon/healthz",
    ] {
        assert!(
            named(name).is_some_and(|text| !text.is_empty()),
            "{name} is missing"
        );
    }
    assert!(
        files
            .iter()
            .filter(|(name, _)| name.starts_with("week/"))
            .count()
            == 7
    );
    // It tells something, and not of whom.
    assert!(named("alarms.json").is_some_and(|text| text.contains("denied_came")));
    assert!(named("configuration.toml").is_some_and(|text| text.contains("[[gate.deny]]")));
    assert!(named("status.json").is_some_and(|text| text.contains("\"passages\":8")));
    let secrets = ["hunter2", "张三", "1234567", "nobody is to see"];
    for (name, text) in &files {
        for hidden in PLATES.iter().chain(&secrets) {
            assert!(!text.contains(hidden), "{hidden} stands in {name}:\n{text}");
        }
        assert!(!name.ends_with(".jpg"));
    }
    // Once more under the same name would write over what was sent.
    let again = menjin(&[
        "doctor",
        "--no-cameras",
        "--to",
        &to,
        "--config",
        &site.config(),
    ]);
    assert_eq!(again.status.code(), Some(1));
}

#[test]
fn a_configuration_that_does_not_load_is_one_more_thing_to_tell() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("menjin.toml");
    std::fs::write(&config, "[site\n").expect("written");
    let to = folder.path().join("bundle.zip");
    let config = config.to_string_lossy();
    let output = menjin(&["doctor", "--to", &to.to_string_lossy(), "--config", &config]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let files = unpacked(&to);
    let told = files.iter().find(|(name, _)| name == "configuration.toml");
    assert!(
        told.is_some_and(|(_, text)| text.contains("line 1")),
        "{told:?}"
    );
}
