//! Cameras from the command line: found, shown as a lane to paste, and checked.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output};

use serde_json::Value;

use crate::support::{clip, project, python_server, text};

/// An independent camera in Python.
struct Ipycam {
    process: Child,
    http: String,
    discovery: String,
}

impl Ipycam {
    fn start() -> Self {
        let (process, line) = python_server("onvif_camera.py");
        let mut ports = line
            .split_whitespace()
            .map(|port| format!("127.0.0.1:{port}"));
        let mut port = || ports.next().expect("two ports");
        Self {
            http: port(),
            discovery: port(),
            process,
        }
    }
}

impl Drop for Ipycam {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn menjin(language: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_menjin"))
        .args(args)
        .env("LC_ALL", language)
        .current_dir(project())
        .output()
        .expect("the program starts")
}

fn password(folder: &Path) -> String {
    let path = folder.join("camera");
    std::fs::write(&path, "secret\n").expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("closed");
    path.display().to_string()
}

#[test]
fn a_camera_that_is_found_becomes_a_lane_that_check_accepts() {
    let camera = Ipycam::start();
    let folder = tempfile::tempdir().expect("a folder");
    let password = password(folder.path());
    let found = menjin(
        "zh_CN.UTF-8",
        &[
            "onvif",
            "discover",
            "--seconds",
            "1",
            "--address",
            &camera.discovery,
        ],
    );
    let found = text(&found.stdout);
    assert!(
        found.starts_with(&camera.http) && found.contains("Gate"),
        "{found}"
    );

    let login = ["--user", "admin", "--password-file", &password];
    let lane = ["--lane", "north-in", "--entrance", "A", "--barrier", "01"];
    let show = [&["onvif", "show", &camera.http][..], &login, &lane].concat();
    let shown = menjin("zh_CN.UTF-8", &show);
    let out = text(&shown.stdout);
    assert!(shown.status.success(), "{out}{}", text(&shown.stderr));
    assert!(out.contains("时钟：") && out.contains("1920×1080"), "{out}");
    assert!(!out.contains("secret\n"), "{out}");
    let lane = &out[out.find("[[lane]]").expect("a lane")..];
    let models = project().join("models").display().to_string();
    let config = folder.path().join("menjin.toml");
    let written = format!("{lane}\n[models]\nfolder = {models:?}\n");
    std::fs::write(&config, written).expect("written");
    let config = config.display().to_string();
    let checked = menjin("zh_CN.UTF-8", &["config", "--config", &config]);
    let effective = text(&checked.stdout);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    assert!(effective.contains("name = \"north-in\""), "{effective}");
    assert!(
        effective.contains("url = \"rtsp://127.0.0.1:"),
        "{effective}"
    );

    let json = menjin("C", &[&show[..], &["--json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(json["device"]["manufacturer"], "PythonCam");
    assert!(
        json["lane"]
            .as_str()
            .is_some_and(|lane| lane.contains("[[lane]]"))
    );
}

#[test]
fn what_a_camera_refuses_or_does_not_have_is_told_with_the_next_step() {
    let camera = Ipycam::start();
    let folder = tempfile::tempdir().expect("a folder");
    let password = password(folder.path());
    let login = ["--user", "admin", "--password-file", &password];
    let set = [&["onvif", "set-osd", &camera.http][..], &login].concat();
    let told = menjin("en_GB.UTF-8", &set);
    assert_eq!(told.status.code(), Some(1));
    let told = text(&told.stderr);
    assert!(
        told.contains("set the overlay") && told.contains("does not have it"),
        "{told}"
    );

    std::fs::write(&password, "wrong\n").expect("written");
    let show = [&["onvif", "show", &camera.http][..], &login].concat();
    let told = menjin("zh_CN.UTF-8", &show);
    assert_eq!(told.status.code(), Some(1));
    let told = text(&told.stderr);
    assert!(
        told.contains("用户名或密码不对") && !told.contains("wrong"),
        "{told}"
    );

    std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o644)).expect("opened");
    let told = menjin("en_GB.UTF-8", &show);
    assert_eq!(told.status.code(), Some(2), "{}", text(&told.stderr));
    let told = menjin(
        "en_GB.UTF-8",
        &["onvif", "show", "http://admin:hunter2@127.0.0.1"],
    );
    assert_eq!(told.status.code(), Some(2));
    assert!(!text(&told.stderr).contains("hunter2"));
}

#[test]
fn a_lanes_camera_is_checked_in_the_sites_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("menjin.toml");
    let lane = |language: &str| {
        let lane = format!(
            "language = {language:?}\n[models]\nfolder = {:?}\nonnxruntime = {:?}\n[[lane]]\nname = \"north-in\"\nentrance = \"A\"\nbarrier = \"01\"\n[lane.camera]\nfile = {:?}\npace = \"as_fast\"\n",
            project().join("models"),
            project().join(".runtime/onnxruntime/libonnxruntime.so"),
            clip("north-in.mp4"),
        );
        std::fs::write(&config, lane).expect("written");
    };
    let path = config.display().to_string();
    let check = [
        "camera",
        "check",
        "north-in",
        "--seconds",
        "20",
        "--config",
        &path,
    ];
    lane("zh");
    let checked = menjin("C", &check);
    let out = text(&checked.stdout);
    assert!(checked.status.success(), "{out}{}", text(&checked.stderr));
    assert!(out.contains("号牌宽度") && out.contains("都好"), "{out}");
    lane("en");
    let json = menjin("C", &[&check[..], &["--json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let width = json["figures"]["plates"]["width_px"]
        .as_f64()
        .expect("a width");
    assert!(width > 100.0, "{json}");
    let unknown = menjin("C", &["camera", "check", "south", "--config", &path]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("north-in"));
}
