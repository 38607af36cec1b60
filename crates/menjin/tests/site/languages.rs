//! One language: what a person reads is in that of the site, whatever goes wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::{Site, project, text};

/// Everything that one command prints, with whatever language the computer itself speaks.
fn told(args: &[&str], config: &Path, lang: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_menjin"))
        .args(args)
        .args(["--config", &config.to_string_lossy()])
        .current_dir(project())
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", lang)
        .env("RUST_LOG", "off")
        .output()
        .expect("the program starts");
    text(&output.stdout) + &text(&output.stderr)
}

/// A text without what is the same in every language: what stands in quotes or braces, paths, keys, and
/// the technical part that says it is one.
fn sentences(text: &str) -> String {
    let mut plain = String::new();
    for line in text.lines() {
        let line = line.split("（技术信息：").next().unwrap_or_default();
        let quoted = line.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        plain += &quoted;
        plain.push('\n');
    }
    plain
}

/// Three words of small letters in a row, no list of keys: an English sentence. `menjin register items` is a command.
fn english(text: &str) -> Option<String> {
    sentences(text).lines().find_map(|line| {
        let words: Vec<_> = line.split(' ').collect();
        let is_word = |word: &&str| {
            let word = word.trim_end_matches(['.', ';', ':']);
            word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase())
        };
        let mut runs = words.windows(3).enumerate();
        runs.find(|(at, run)| {
            let of_command = (0..3)
                .any(|back| at.checked_sub(back).map(|i| words[i]) == Some("menjin"))
                || run[0].ends_with("menjin");
            run.iter().all(is_word) && !of_command
        })
        .map(|_| line.to_owned())
    })
}

/// Chinese that is no plate to go by, no name of this site, and no character that somebody typed.
fn chinese(text: &str) -> Option<String> {
    let own = ["冀A12345", "冀AD12345", "测试厂", "北门"];
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    text.lines()
        .map(|line| {
            own.iter()
                .fold(line.to_owned(), |line, own| line.replace(own, ""))
        })
        .find(|line| line.contains(is_chinese))
}

#[track_caller]
fn speaks(language: &str, said: &str, about: &str) {
    assert!(!said.trim().is_empty(), "{about}: nothing was said");
    let foreign = match language {
        "zh" => english(said),
        _ => chinese(said),
    };
    assert_eq!(foreign, None, "{about} in {language}:\n{said}");
    assert_eq!(
        chinese(said).is_some(),
        language == "zh",
        "{about} in {language}:\n{said}"
    );
}

/// Configurations in which something is wrong: nearly everything, the adapter, the syntax, the signs.
fn broken(language: &str) -> Vec<(&'static str, String)> {
    let many = r#"
colour = "blue"
[site]
time_zone = "Mars/Olympus"
name = 5
[status]
listen = "0.0.0.0:80"
[detection]
fps = 100
lowest_fps = "slow"
[retention]
photos_months = 6
[backup]
time = "25:00"
keep = 0
[gate]
read = "maybe"
deny = [{ plate = "13812345678", from = "soon", color = "pink" }]
[registers]
optional = ["horse.name"]
[[lane]]
name = "north in"
entrance = "A"
barrier = "01"
direction = "up"
region = [[0.0, 0.0], [2.0, 0.0], [1.0, 1.0]]
camera = { url = "http://127.0.0.1/", password = "hunter2" }
relay = { url = "ftp://127.0.0.1/", body = "{who}", headers = { Authorization = "x", "a b" = "y" } }
[[lane]]
name = "b"
entrance = "A"
barrier = "02"
region = [[0.0, 0.0]]
decide_after = "soon"
camera = { file = "x.mp4", url = "rtsp://127.0.0.1/x", pace = "slowly" }
[[lane]]
name = "b"
entrance = 3
[[platform]]
name = "p"
adapter = "nowhere.toml"
base_url = "ftp://u:p@x"
timeout = "0s"
private_key_file = "nothing.pem"
[platform.pace]
batch = 0
[[platform]]
name = "q"
adapter = "adapter.toml"
base_url = "http://127.0.0.1:1/"
[mqtt]
host = ""
port = 0
keep_alive = "10ms"
password_file = "open"
tls = {}
[weighbridge]
listen = "here"
window = "2d"
token_env = "NO_SUCH_VARIABLE"
[[weighbridge.scale]]
name = "a b"
lanes = ["nowhere"]
port = "COM3"
format = "xk3190"
"#;
    let set = |text: &str| format!("language = \"{language}\"\n{text}");
    vec![
        ("many mistakes", set(many)),
        ("a key twice", set("[site]\nname = \"a\"\nname = \"b\"\n")),
        (
            "a key below a commented header",
            set("[site]\nname = \"a\"\n# [backup]\nname = \"b\"\n"),
        ),
        ("an open quote", set("[site]\nname = \"a\n")),
        ("full-width signs", set("[site]\nname ＝ “a”\n")),
        ("what nobody expects", set("[site]\nname = 0x_1\n")),
    ]
}

const ADAPTER: &str = r#"
nonsense = 1
title = 5
[answer]
success = ["0"]
busy = ["0"]
[serial]
template = "{who}"
[codes.fuelType]
unknown = "9"
[passage]
mandatory = ["horse"]
[passage.fields.a]
item = "plat"
codes = "none"
date = "%"
max_chars = 0
[login]
send = { header = "a b" }
[signing]
kind = "rsa2"
"#;

fn written(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

#[test]
fn every_mistake_of_a_configuration_is_told_in_its_language() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path(), "adapter.toml", ADAPTER);
    let open = written(folder.path(), "open", "hunter2");
    std::fs::set_permissions(open, std::fs::Permissions::from_mode(0o644)).expect("set");
    for language in ["zh", "en"] {
        for (about, toml) in broken(language) {
            let config = written(folder.path(), "menjin.toml", &toml);
            for command in ["check", "run", "config"] {
                // The computer speaks the other language.
                let lang = if language == "zh" {
                    "en_US.UTF-8"
                } else {
                    "zh_CN.UTF-8"
                };
                let said = told(&[command], &config, lang);
                speaks(language, &said, about);
                assert!(!said.contains("hunter2"), "{said}");
            }
        }
    }
}

#[test]
fn without_a_configuration_the_computers_language_is_spoken_and_else_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = folder.path().join("menjin.toml");
    speaks("zh", &told(&["check"], &nowhere, "zh_CN.UTF-8"), "no file");
    speaks("en", &told(&["check"], &nowhere, "en_GB.UTF-8"), "no file");
    let both = told(&["check"], &nowhere, "C.UTF-8");
    assert_eq!(both.lines().count(), 2, "{both}");
    assert!(both.contains("无法读取配置文件") && both.contains("cannot read the configuration"));
    // What Notepad calls ANSI.
    std::fs::write(&nowhere, b"language = \"zh\"\n# \xd6\xd0\n").expect("written");
    speaks(
        "zh",
        &told(&["check"], &nowhere, "zh_CN.UTF-8"),
        "not UTF-8",
    );
}

fn site(language: &str) -> Site {
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    Site::speaking(language).lane("north-in", "in", "front", camera)
}

/// Commands that can't do as they are told, beside a ledger or without one.
const IN_VAIN: [&[&str]; 19] = [
    &["check"],
    &["verify"],
    &["status"],
    &["status", "--require-acknowledged"],
    &["uploads"],
    &["uploads", "--resend", "7", "--who", "a", "--why", "b"],
    &["report"],
    &["report", "--day", "tomorrow"],
    &["passages"],
    &["passages", "--after", "x"],
    &["passages", "--decision", "perhaps"],
    &["passages", "--from", "2026-03-02", "--until", "2026-03-01"],
    &["passages", "--visits"],
    &["correct", "7", "--plate", "x", "--who", "a", "--why", "b"],
    &[
        "cargo", "7", "--amount", "1", "--unit", "kg", "--who", "a", "--why", "b",
    ],
    &["register", "show", "vehicle", "nobody"],
    &[
        "register",
        "import",
        "vehicle",
        "nowhere.csv",
        "--who",
        "a",
        "--why",
        "b",
    ],
    &["backup"],
    &["verify", "--anchors", "nowhere.jsonl"],
];

#[test]
fn what_cannot_be_done_is_told_in_the_sites_language() {
    for language in ["zh", "en"] {
        let site = site(language);
        let config = site.config();
        let all = |about: &str| {
            for args in IN_VAIN {
                let said = told(args, Path::new(&config), "C");
                if !said.is_empty() {
                    speaks(language, &said, &format!("{about}: {args:?}"));
                }
            }
        };
        all("no ledger yet");
        site.make_ledger();
        all("an empty ledger");
        std::fs::write(site.data().join("photos").join("stray.jpg"), "x").expect("written");
        let database = site.data().join("ledger.sqlite3");
        std::fs::write(database, "no database at all".repeat(500)).expect("written");
        all("a damaged ledger");
    }
}

#[test]
fn a_start_that_fails_is_told_in_the_sites_language() {
    for language in ["zh", "en"] {
        let site = site(language);
        let taken = std::net::TcpListener::bind(("127.0.0.1", site.status_port)).expect("free");
        let config = site.config();
        speaks(
            language,
            &told(&["run"], Path::new(&config), "C"),
            "a port in use",
        );
        drop(taken);
        std::fs::write(site.data(), "a file").expect("written");
        speaks(
            language,
            &told(&["run"], Path::new(&config), "C"),
            "no data folder",
        );
        let site = self::site(language).add("[photos]\nfont = \"/nowhere.ttf\"\n");
        let config = site.config();
        speaks(
            language,
            &told(&["run"], Path::new(&config), "C"),
            "no font",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_page_tells_a_cameras_fault_in_the_sites_language() {
    for language in ["zh", "en"] {
        let site = site(language);
        let daemon = site.start(&[]);
        let page = format!("http://127.0.0.1:{}/healthz", site.status_port);
        let client = reqwest::Client::new();
        let mut fault = serde_json::Value::Null;
        for _ in 0..100 {
            let answer = client.get(&page).send().await.expect("answers");
            let health: serde_json::Value =
                serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
            fault = health["reasons"][0].clone();
            if fault["status"] == "unreachable" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        for key in ["reason", "next_step"] {
            let said = fault[key].as_str().unwrap_or_default();
            speaks(language, said, key);
        }
        assert!(!fault["detail"].is_null(), "{fault}");
        drop(daemon);
    }
}

/// The test's own eyes.
#[test]
fn a_sentence_of_the_other_language_would_be_seen() {
    assert!(english("menjin: cannot read the file").is_some());
    assert!(english("请运行 menjin register items 查看").is_none());
    assert!(english("有错误：\"is not a plate\"").is_none());
    assert!(chinese("menjin: 没有权限").is_some());
    assert!(chinese("write it like 冀A12345").is_none());
}
