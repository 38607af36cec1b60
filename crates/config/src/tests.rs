use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use words::Language;

use crate::{Config, load};

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("menjin.toml");
    std::fs::write(&path, text).expect("written");
    (folder, path)
}

fn loaded(text: &str) -> Result<Config, Vec<String>> {
    let (_folder, path) = written(text);
    load(&path).map_err(|error| error.lines())
}

const LANE: &str = r#"
[[lane]]
name = "north-in"
entrance = "A"
barrier = "01"
camera = { url = "rtsp://127.0.0.1/main" }
"#;

#[test]
fn one_lane_with_a_camera_is_enough() {
    let config = loaded(LANE).expect("loads");
    assert_eq!(config.lanes[0].name, "north-in");
    assert_eq!(config.site.zone_name, "Asia/Shanghai");
    assert!(config.mqtt.is_none() && config.platforms.is_empty());
}

#[test]
fn every_mistake_is_reported_at_once_with_its_key() {
    let text = r#"
language = "de"
colour = "blue"
[site]
time_zone = "Mars/Olympus"
[status]
listen = "0.0.0.0:80"
[detection]
fps = 100
[gate]
read = "maybe"
deny = [{ plate = "13812345678" }]
[[lane]]
name = "north in"
entrance = "A"
direction = "up"
region = [[0.0, 0.0], [2.0, 0.0], [1.0, 1.0]]
camera = { url = "http://127.0.0.1/", password = "hunter2" }
relay = { url = "http://127.0.0.1/", headers = { Authorization = "hunter2" } }
[[platform]]
name = "p"
adapter = "p.toml"
base_url = "ftp://x"
timeout = "soon"
secret = "hunter2"
"#;
    let problems = loaded(text).expect_err("full of mistakes").join("\n");
    for key in [
        "language",
        "colour",
        "site.time_zone",
        "status.listen",
        "detection.fps",
        "gate.read",
        "lane[0].name",
        "lane[0].barrier",
        "lane[0].direction",
        "lane[0].region",
        "lane[0].camera.url",
        "lane[0].camera.password",
        "lane[0].relay.headers.Authorization",
        "platform[0].base_url",
        "platform[0].timeout",
        "platform[0].secret",
        "platform[0].adapter: ",
    ] {
        assert!(problems.contains(key), "{key} is missing in:\n{problems}");
    }
    assert!(!problems.contains("hunter2"), "{problems}");
}

#[test]
fn two_lanes_of_one_name_are_refused() {
    let problems = loaded(&LANE.repeat(2)).expect_err("the name is used twice");
    assert_eq!(
        problems,
        ["line 9: lane[1].name: \"north-in\" is used twice"]
    );
}

#[test]
fn a_secret_comes_from_a_file_that_only_its_owner_reads_and_is_never_shown() {
    let text = format!(
        "{LANE}\n[mqtt]\nhost = \"127.0.0.1\"\nusername = \"gate\"\npassword_file = \"broker\"\n"
    );
    let (folder, path) = written(&text);
    let secret = folder.path().join("broker");
    std::fs::write(&secret, "hunter2\n").expect("written");
    let mode = |mode| std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode));

    mode(0o644).expect("set");
    let error = load(&path)
        .expect_err("others may read it")
        .text(Language::En);
    assert!(
        error.contains("mqtt.password_file") && error.contains("chmod 600"),
        "{error}"
    );

    mode(0o600).expect("set");
    let config = load(&path).expect("loads");
    assert_eq!(
        config.mqtt.as_ref().expect("mqtt").password.expose(),
        "hunter2"
    );
    let shown = config.effective() + &format!("{config:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn what_is_no_toml_is_said_with_its_line() {
    let problems = loaded("[site\n").expect_err("no bracket");
    assert!(problems[0].contains("line 1"), "{problems:?}");
}

#[test]
fn less_than_24_months_of_photos_is_refused_with_the_rule_that_forbids_it() {
    let problems = loaded(&format!("{LANE}\n[retention]\nphotos_months = 12\n"))
        .expect_err("too short")
        .join("\n");
    assert!(problems.contains("retention.photos_months"), "{problems}");
    assert!(problems.contains("HJ 1321-2023"), "{problems}");
    let config = loaded(&format!("{LANE}\n[retention]\nphotos_months = 36\n")).expect("longer");
    assert_eq!(config.retention.photos_months, 36);
    assert_eq!(
        config.retention.keep_free_bytes, 0,
        "space removes nothing unasked"
    );
}

#[test]
fn a_backup_needs_a_folder_and_a_time_of_the_day() {
    let text = format!("{LANE}\n[backup]\ntime = \"25:00\"\nkeep = 0\n");
    let problems = loaded(&text).expect_err("three mistakes").join("\n");
    for key in ["backup.folder", "backup.time", "backup.keep"] {
        assert!(problems.contains(key), "{key} is missing in:\n{problems}");
    }
    assert!(loaded(LANE).expect("loads").backup.is_none());
    // A store alone is a plan as well, and every mistake in it is told.
    let text = format!("{LANE}\n[backup.s3]\nurl = \"ftp://store\"\nbucket = \"b\"\n");
    let problems = loaded(&text).expect_err("five mistakes").join("\n");
    for key in [
        "backup.s3.url",
        "backup.s3.prefix",
        "backup.s3.access_key",
        "backup.s3.secret_key_file",
        "backup.s3.encryption_key_file",
    ] {
        assert!(problems.contains(key), "{key} in {problems}");
    }
    assert!(!problems.contains("backup.folder"), "{problems}");
}

#[test]
fn a_weighbridge_needs_an_address_and_a_token_that_nobody_guesses() {
    let text = format!("{LANE}\n[weighbridge]\nlisten = \"here\"\nwindow = \"2d\"\n");
    let problems = loaded(&text).expect_err("full of mistakes").join("\n");
    for key in [
        "weighbridge.listen",
        "weighbridge.token_file",
        "weighbridge.window",
    ] {
        assert!(problems.contains(key), "{key} is missing in:\n{problems}");
    }
    let text =
        format!("{LANE}\n[weighbridge]\nlisten = \"127.0.0.1:9181\"\ntoken_file = \"token\"\n");
    let (folder, path) = written(&text);
    let token = folder.path().join("token");
    let write = |text: &str| {
        std::fs::write(&token, text).expect("written");
        std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o600)).expect("set");
    };
    write("hunter2\n");
    let short = load(&path).expect_err("too short").text(Language::En);
    assert!(short.contains("16 characters"), "{short}");
    write("hunter2-hunter2-hunter2\n");
    let config = load(&path).expect("loads");
    let shown = config.effective() + &format!("{config:?}");
    assert!(
        shown.contains("127.0.0.1:9181") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn a_scale_needs_its_lanes_port_format_and_unit_and_no_http() {
    let text = format!(
        "{LANE}\n[weighbridge]\nleast_load_kg = 0\n[[weighbridge.scale]]\nname = \"a b\"\nlanes = [\"nowhere\"]\n\
         port = \"COM3\"\nformat = \"xk3190\"\nwindow = \"2h\"\ntypo = 1\n\
         [[weighbridge.scale]]\nname = \"b\"\nport = \"tcp://10.0.0.9:4001\"\nbaud = 9600\nformat = \"toledo\"\nunit = \"kg\"\n"
    );
    let problems = loaded(&text).expect_err("full of mistakes").join("\n");
    for key in [
        "weighbridge.least_load_kg",
        "weighbridge.scale[0].name",
        "weighbridge.scale[0].lanes: there is no lane \"nowhere\"",
        "weighbridge.scale[0].port: must be a serial line",
        "weighbridge.scale[0].unit: is required",
        "weighbridge.scale[0].window",
        "weighbridge.scale[0].typo",
        "weighbridge.scale[1].lanes: is required",
        "weighbridge.scale[1].baud: is set in the converter",
        "weighbridge.scale[1].unit: is sent by the indicator",
    ] {
        assert!(problems.contains(key), "{key} is missing in:\n{problems}");
    }
    assert!(!problems.contains("token_file"), "{problems}");
    let text = format!(
        "{LANE}\n[[weighbridge.scale]]\nname = \"south\"\nlanes = [\"north-in\"]\nport = \"/dev/ttyUSB0\"\n\
         format = \"xk3190\"\nunit = \"t\"\nbaud = 4800\n"
    );
    let config = loaded(&text).expect("loads");
    assert!(config.weighbridge.is_none());
    let shown = config.effective();
    for line in [
        "[[weighbridge.scale]]",
        "baud = 4800",
        "unit = \"t\"",
        "least_load_kg = 200",
    ] {
        assert!(shown.contains(line), "{line} is missing in:\n{shown}");
    }
}

/// What stands in the configuration, without the moment at which recordings begin.
fn meaning(config: &Config) -> String {
    let text = format!("{config:#?}");
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("start: "));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn shown_loads_again(path: &std::path::Path) -> String {
    let config = load(path).expect("loads");
    let shown = config.effective();
    let (_folder, elsewhere) = written(&shown);
    let again = load(&elsewhere).expect("what is shown loads");
    assert_eq!(again.effective(), shown);
    let (before, after) = (meaning(&config), meaning(&again));
    // A platform's own passwords folder is the one of its file.
    let same = |text: &str| -> Vec<String> {
        let lines = text.lines().scan(false, |skip, line| {
            let was = std::mem::replace(skip, line.trim() == "secrets_folder: Some(");
            Some((was, line.to_owned()))
        });
        lines
            .filter(|(skip, _)| !skip)
            .map(|(_, line)| line)
            .collect()
    };
    assert_eq!(same(&after), same(&before));
    shown
}

#[test]
fn the_reference_is_what_the_defaults_are() {
    let reference = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/menjin.toml");
    shown_loads_again(std::path::Path::new(reference));
    let bare = LANE.replace("127.0.0.1/main", "192.168.1.64/Streaming/Channels/101");
    let (_folder, path) = written(&bare);
    let places = |text: String| -> String {
        let lines = text.lines().filter(|line| !line.starts_with("folder = "));
        lines.collect::<Vec<_>>().join("\n")
    };
    let effective = |path| places(load(path).expect("loads").effective());
    assert_eq!(effective(&path), effective(std::path::Path::new(reference)));
}

#[test]
fn a_configuration_with_every_section_loads_again_as_it_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "hunter2-hunter2-hunter2\n").expect("written");
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, mode).expect("set");
    };
    for name in [
        "camera", "relay", "header", "platform", "ftp", "mqtt", "token",
    ] {
        secret(name);
    }
    secret("robot");
    let robot = "https://robot.example.com/send?key=hunter2\n";
    std::fs::write(folder.path().join("robot"), robot).expect("written");
    secret("backup-key");
    let key = format!("MENJIN-BACKUP-KEY-1-{}\n", "0a".repeat(32));
    std::fs::write(folder.path().join("backup-key"), key).expect("written");
    let adapters = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/regulators");
    let path = folder.path().join("menjin.toml");
    let text = include_str!("tests/full.toml").replace("REGULATORS", adapters);
    std::fs::write(&path, text).expect("written");

    let shown = shown_loads_again(&path);
    assert!(!shown.contains("hunter2"), "{shown}");
    for line in [
        "[lane.relay.secret_headers]",
        "[[gate.allow]]",
        "[platform.ftp]",
        "[backup.s3]",
        "[mqtt.tls]",
        "[[notify]]",
        "[[alarms.stay]]",
        "[[weighbridge.scale]]",
        "heartbeat = \"1m 30s\"",
        "stable_for = \"4s\"",
    ] {
        assert!(shown.contains(line), "{line} is missing in:\n{shown}");
    }
    let file = folder.path().join("camera").display().to_string();
    assert!(
        shown.contains(&format!("password_file = \"{file}\"")),
        "{shown}"
    );
}

#[test]
fn every_mistake_has_its_line_and_every_length_of_time_the_same_words() {
    let text = format!(
        "{LANE}give_up_after = \"soon\"\n[watching]\nstall_after = \"soon\"\n\
         [mqtt]\nhost = \"x\"\ntimeout = \"soon\"\n[mqtt.pace]\npoll = \"soon\"\n"
    );
    let problems = loaded(&text).expect_err("four mistakes");
    let at = [
        "line 7: lane[0].give_up_after: ",
        "line 9: watching.stall_after: ",
        "line 12: mqtt.timeout: ",
        "line 14: mqtt.pace.poll: ",
    ];
    let words =
        "\"soon\" is not a length of time; write \"500ms\", \"30s\", \"1m 30s\", \"2h\" or \"10d\"";
    let expected: Vec<_> = at.iter().map(|at| format!("{at}{words}")).collect();
    assert_eq!(problems, expected);
}

#[test]
fn full_width_punctuation_is_called_by_its_name() {
    let problems = loaded("[site]\nname ＝ “厂”\n").expect_err("not TOML");
    assert!(
        problems[0].contains("line 2: full-width punctuation"),
        "{problems:?}"
    );
}
