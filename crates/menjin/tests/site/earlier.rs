//! What people do in the first week, in the order in which they do it: the platform comes last, and
//! things are typed as they are at a gate.

use std::time::Duration;

use simulator::{Options, serve};

use crate::support::{Site, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);
const BY: [&str; 4] = ["--who", "李工", "--why", "平台后接"];

fn site() -> Site {
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    Site::new().lane("north-in", "in", "front", camera)
}

/// Runs a command of the site; its exit code and all that it says.
fn told(config: &str, args: &[&str]) -> (Option<i32>, String) {
    let (command, rest) = args.split_first().expect("a command");
    let out = menjin(&[&[*command, "--config", config], rest].concat());
    (out.status.code(), text(&out.stdout) + &text(&out.stderr))
}

#[track_caller]
fn enter(config: &str, at: &str, more: &[&str]) -> (Option<i32>, String) {
    let paper = "--plate 苏A12345 --color 黄 --direction in --entrance A --barrier 01";
    let args = ["enter", "--at", at].into_iter();
    let args: Vec<&str> = args.chain(paper.split(' ')).chain(BY).collect();
    told(config, &[&args, more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn passages_of_before_the_platform_are_told_at_once_and_sent_when_a_person_says_so() {
    let alone = site();
    let config = alone.config();
    for at in ["2026-03-01 08:30", "2026-03-02 08:30", "2026-03-03 08:30"] {
        assert_eq!(enter(&config, at, &[]).0, Some(0));
    }
    assert!(!told(&config, &["status"]).1.contains("not queued"));

    let platform = serve(Options::default()).await.expect("listens");
    let site = alone.regulator(platform.addr.port());
    let mut daemon = site.start(&[]);
    let config = site.config();
    let said = "3 passages of before it was configured";
    assert!(daemon.log().contains(said), "{}", daemon.log());
    for command in [&["status"][..], &["uploads"], &["check", "--offline"]] {
        let (_, words) = told(&config, command);
        assert!(
            words.contains(said) && words.contains("--queue-from"),
            "{words}"
        );
    }
    assert_eq!(told(&config, &["check", "--offline"]).0, Some(1));

    let order = |from: &str| {
        told(
            &config,
            &[&["uploads", "--queue-from", from][..], &BY].concat(),
        )
    };
    let nobody = told(&config, &["uploads", "--queue-from", "2026-03-02"]);
    assert_eq!(nobody.0, Some(2), "{}", nobody.1);
    assert_eq!(order("neulich").0, Some(2));
    let queued = order("2026-03-02");
    assert_eq!(
        queued,
        (Some(0), "2 passages were queued for upload\n".to_owned())
    );
    daemon.until("both arrived", MINUTE, |_| platform.counts().passages == 2);
    assert!(order("2026-03-02").1.starts_with("0 passages"), "not twice");
    let (code, words) = told(&config, &["check", "--offline"]);
    assert_eq!(code, Some(0), "the first one stays on purpose: {words}");
    daemon.signal("-TERM");
    let (lines, code) = daemon.ended(MINUTE);
    assert_eq!(code, Some(0));
    assert!(lines[0].contains(said), "{lines:?}");
    let replayed = lines.iter().any(|line| line.starts_with('#'));
    assert!(!replayed, "what was there before the start: {lines:?}");
    platform.stop().await;
}

#[test]
fn a_run_for_a_while_that_never_saw_a_picture_fails_and_names_the_camera() {
    let site = site();
    let out = menjin(&["run", "--config", &site.config(), "--seconds", "1"]);
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(
        said.contains("camera north-in never delivered a picture"),
        "{said}"
    );
}

#[test]
fn what_is_not_said_of_the_cargo_stays_and_kilograms_for_tonnes_are_refused() {
    let site = site();
    let config = site.config();
    assert_eq!(enter(&config, "2026-03-01 08:30", &[]).0, Some(0));
    let cargo = |more: &[&str]| {
        let number = ["cargo", "１"];
        told(&config, &[&number[..], &BY, more].concat())
    };
    let held = || site.passages()[0].cargo.clone().expect("cargo");
    assert_eq!(
        cargo(&["--name", "焦炭", "--amount", "３１．５"]).0,
        Some(0)
    );
    let (code, said) = cargo(&[]);
    assert_eq!(code, Some(2), "{said}");
    let (code, said) = cargo(&["--amount", "31500"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("31500 t") && said.contains("write 31.5"),
        "{said}"
    );
    assert_eq!(held().amount, Some(31.5));
    assert_eq!(cargo(&["--name", "矿石"]).0, Some(0));
    assert_eq!(
        (held().name.as_deref(), held().amount),
        (Some("矿石"), Some(31.5))
    );
    assert_eq!(cargo(&["--amount", "150", "--large-amount"]).0, Some(0));
    assert_eq!(held().amount, Some(150.0));
}

#[test]
fn a_paper_passage_is_entered_once_and_only_at_a_place_that_is_known() {
    let site = site();
    let config = site.config();
    assert_eq!(
        enter(&config, "２０２６年３月１日８时３０分", &[]).0,
        Some(0)
    );
    let (code, said) = enter(&config, "2026-03-01 08:30", &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("number 1") && said.contains("--again"),
        "{said}"
    );
    assert_eq!(enter(&config, "2026-03-01 08:30", &["--again"]).0, Some(0));
    let elsewhere = "enter --at 2026-03-01T12:00 --plate 苏A12345 --color 黄 --direction in --entrance Z --barrier 99";
    let args: Vec<&str> = elsewhere.split(' ').chain(BY).collect();
    let (code, said) = told(&config, &args);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("no entrance \"Z\"") && said.contains("Known entrances: A"),
        "{said}"
    );
    assert_eq!(site.passages().len(), 2);
}
