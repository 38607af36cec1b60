//! Notes and tags of a vehicle from the command line, without a daemon.

use crate::support::{Site, menjin, text};

#[test]
fn a_note_is_written_shown_and_taken_back_and_stays() {
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new().lane("north-in", "in", "front", camera);
    let config = site.config();
    let note = |args: &[&str]| {
        let out = menjin(&[&["note", "--config", &config], args].concat());
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    };
    let (code, said) = note(&["苏a·12345", "--tag", "访客"]);
    assert_ne!(code, Some(0), "nobody says so: {said}");
    let (code, said) = note(&["苏a·12345", "--tag", "访客", "--who", "张三"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = note(&["苏A12345", "--note", "常来送煤", "--who", "张三"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = note(&["苏A12345", "--note", "\u{1b}[2J", "--who", "张三"]);
    assert_ne!(code, Some(0), "{said}");
    let (_, said) = note(&["苏A12345"]);
    assert!(said.contains("访客") && said.contains("常来送煤"), "{said}");

    assert_ne!(
        note(&["苏A12345", "--withdraw", "1", "--who", "李四"]).0,
        Some(0)
    );
    let why = ["--who", "李四", "--why", "不是访客"];
    let (code, said) = note(&[&["苏A12345", "--withdraw", "1"][..], &why].concat());
    assert_eq!(code, Some(0), "{said}");
    let (_, said) = note(&["苏A12345"]);
    assert!(said.contains("访客") && said.contains("不是访客"), "{said}");
    let (_, said) = note(&["苏A12345", "--json"]);
    assert_eq!(said.lines().count(), 2, "{said}");
    let out = menjin(&["verify", "--config", &config]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stdout));
}
