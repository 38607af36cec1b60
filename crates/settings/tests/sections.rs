//! What a room reads, what it is told, and what it shows.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use settings::{Document, Printer, Section};

fn told<T>(text: &str, read: impl FnOnce(&Section) -> T) -> Vec<String> {
    let document = Document::parse(text).expect("valid TOML");
    match document.read(Path::new("/etc/menjin"), read) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = r#"speed = "fast"
[camera]
url = 7
wait = "10"
size = [1, "two"]
typo = true
[[lane]]
name = "a b"
[[lane]]
barrier = 99
"#;
    let told = told(text, |root| {
        let _ = root.number("speed", 1.0, 0.0..=2.0);
        root.table("camera", |camera| {
            let _ = camera.required("url", "rtsp://10.0.0.1");
            let _ = camera.length("wait", Duration::from_secs(1));
            let _ = camera.typed::<Vec<u32>>("size", "[1, 2]");
        });
        root.tables("lane", |lane| {
            let _ = lane.name("name", "north");
            let _ = lane.integer("barrier", 1, 1..=9);
            Some(())
        });
    });
    let begins = [
        "line 1: speed: must be a number from 0 to 2, not text",
        "line 3: camera.url: must be text in quotes, not a number",
        "line 4: camera.wait: \"10\" is not a length of time",
        "line 5: camera.size: ",
        "line 6: camera.typo: unknown key; known here: size, url, wait",
        "line 8: lane[0].name: may hold letters",
        "line 9: lane[1].name: is required, for example name = \"north\"",
        "line 10: lane[1].barrier: must be a whole number from 1 to 9, not 99",
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for (told, begin) in told.iter().zip(begins) {
        assert!(
            told.starts_with(begin),
            "{told}\nshould begin with\n{begin}"
        );
    }
}

#[test]
fn a_missing_key_stands_where_its_table_does() {
    let text = "[a]\nb = 1\n[lane]\ncamera = { file = \"x\" }\n";
    let told = told(text, |root| {
        root.table("a", |a| {
            let _ = a.flag("b", false);
        });
        root.table("lane", |lane| {
            lane.table("camera", |camera| {
                let _ = camera.text("file");
                let _ = camera.required("url", "x");
            });
            lane.table("relay", |relay| {
                let _ = relay.required("url", "x");
            });
        });
    });
    assert_eq!(
        told,
        [
            "line 2: a.b: must be true or false, not a number",
            "line 3: lane.relay.url: is required, for example url = \"x\"",
            "line 4: lane.camera.url: is required, for example url = \"x\"",
        ]
    );
}

#[test]
fn an_unknown_key_below_a_commented_header_names_the_header() {
    let told = told("[upload]\n# [mqtt]\nhost = \"x\"\n", |root| {
        root.table("upload", |_| ());
    });
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("line 3: upload.host: unknown key"));
    assert!(
        told[0].contains("[mqtt] in line 2, is commented out"),
        "{told:?}"
    );
}

#[test]
fn a_secret_is_shown_as_the_place_where_it_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("camera");
    std::fs::write(&file, "hunter2\n").expect("written");
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&file, mode).expect("set");
    };
    let document = Document::parse("password_file = \"camera\"\n").expect("valid TOML");
    let read = || document.read(folder.path(), |root| root.secret("password"));

    mode(0o640);
    let problems = read().expect_err("others may read it");
    assert!(
        problems[0].to_string().contains("chmod 600"),
        "{problems:?}"
    );

    mode(0o600);
    let secret = read().expect("in order").expect("a secret");
    assert_eq!(secret.expose(), "hunter2");
    let mut printer = Printer::default();
    printer.secret("password", &secret);
    printer.secret_place("X-Token", &secret);
    let path = file.display();
    assert_eq!(
        printer.into_text(),
        format!("password_file = \"{path}\"\nX-Token = {{ file = \"{path}\" }}\n")
    );
}

#[test]
fn a_device_or_a_recording_is_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("recording");
    let long = std::fs::File::create(&file).expect("made");
    long.set_len(1 << 40).expect("sparse");
    for path in ["/dev/zero", &file.display().to_string()] {
        let told = told(&format!("password_file = \"{path}\"\n"), |root| {
            root.secret("password")
        });
        assert!(
            told.iter().any(|told| told.contains("65536 bytes at most")),
            "{told:?}"
        );
    }
}

#[test]
fn a_secret_in_the_configuration_is_refused_and_not_repeated() {
    let told = told("password = \"hunter2\"\n", |root| root.secret("password"));
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("password_file") && !told[0].contains("hunter2"),
        "{told:?}"
    );
}

#[test]
fn what_is_printed_is_read_again() {
    let mut printer = Printer::default();
    printer.value("text", "\"quotes\", \\ and\nlines 号");
    printer.number("share", 0.9_f32);
    printer.number("whole", 8.0_f64);
    printer.value("list", vec!["a", "b"]);
    printer.maybe("absent", None::<&str>);
    printer.length("pause", Duration::from_millis(1500));
    printer.note("for people");
    printer.table("names", |names| {
        names.value("record.barrier", "gate info");
        names.table("中文", |deeper| deeper.value("on", true));
    });
    printer.one_of_tables("lane", |lane| {
        lane.word("way", &[("in", 1), ("out", 2)], &2);
    });
    let text = printer.into_text();
    let document = Document::parse(&text).expect("valid TOML");
    let read = document.read(Path::new("/"), |root| {
        assert_eq!(
            root.text("text").as_deref(),
            Some("\"quotes\", \\ and\nlines 号")
        );
        assert_eq!(root.number("share", 0.0, 0.0..=1.0) as f32, 0.9_f32);
        assert_eq!(root.number("whole", 0.0, 0.0..=9.0), 8.0);
        assert_eq!(
            root.typed::<Vec<String>>("list", "[]")
                .expect("a list")
                .len(),
            2
        );
        assert_eq!(root.length("pause", Duration::ZERO).as_millis(), 1500);
        root.table("names", |names| {
            assert_eq!(names.text("record.barrier").as_deref(), Some("gate info"));
            names.table("中文", |deeper| assert!(deeper.flag("on", false)));
        });
        let ways = root.tables("lane", |lane| Some(lane.one_of("way", &[("out", 2)], 0)));
        assert_eq!(ways, [2]);
    });
    read.expect("without mistakes");
}
