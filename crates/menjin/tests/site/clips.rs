//! Clips of what happened at a gate with a real camera, from the event to whoever doubts.

use std::path::PathBuf;
use std::time::Duration;

use alarm::CauseKind;
use jiff::{SignedDuration, Timestamp};
use ledger::{ClipFilter, Reader};
use passage::{ClipKind, ClipOf, ClipState, ClipView, Outcome, PassageId, Verdict};
use serde_json::Value;

use crate::lifts::{alarms, relay};
use crate::support::ffprobe::played;
use crate::support::rtsp_server::RtspServer;
use crate::support::{Daemon, Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);
/// The film has a key picture each two seconds, and a group is kept after four at most.
const KEY: SignedDuration = SignedDuration::from_secs(4);

fn kept(site: &Site) -> Vec<ClipView> {
    let reader = Reader::open(&site.data());
    let clips = reader.and_then(|reader| reader.clips(&ClipFilter::default(), 1000));
    clips.unwrap_or_default()
}

fn of(site: &Site, kind: ClipKind, subject: i64) -> Option<ClipView> {
    let reader = Reader::open(&site.data()).ok()?;
    reader.clip_of(ClipOf { kind, subject }).ok()?
}

fn there(site: &Site) -> Vec<(PathBuf, PathBuf)> {
    let mut files = recorder::clip_files(&[video(site)]).expect("readable");
    files.sort();
    files
}

fn video(site: &Site) -> PathBuf {
    site.folder.path().join("video")
}

/// Every file of the clip plays elsewhere, with each of its pictures, and is the one that its row names.
fn assert_plays(site: &Site, clip: &ClipView) {
    for file in &clip.clip.files {
        let path = video(site).join(&file.path);
        assert_eq!(played(&path), file.pictures, "{clip:?}");
        assert_eq!(path.metadata().expect("there").len(), file.size_bytes);
    }
}

/// Nothing is missing of it, and it is no longer than it must be.
fn assert_whole(clip: &ClipView) {
    let asked = &clip.clip;
    assert_eq!(asked.state, ClipState::Whole, "{clip:?}");
    let [file] = &asked.files[..] else {
        panic!("{clip:?}")
    };
    let before = asked.from.duration_since(file.from);
    let after = file.until.duration_since(asked.until);
    for apart in [before, after] {
        assert!(
            apart > -SignedDuration::from_secs(1) && apart <= KEY,
            "{before} {after}"
        );
    }
}

fn lift(site: &Site) -> i64 {
    let config = site.config();
    let by = ["--who", "李工", "--why", "试验", "--config", &config];
    let out = menjin(&[&["lift", "north-in"], &by[..]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let reader = Reader::open(&site.data()).expect("a ledger");
    let lifts = reader.lifts(Timestamp::UNIX_EPOCH, 1).expect("readable");
    lifts[0].id.0
}

fn until_after(daemon: &mut Daemon, what: &str, moment: Timestamp) {
    daemon.until(what, 3 * MINUTE, |_| Timestamp::now() > moment);
}

fn findings(site: &Site) -> Vec<(String, PathBuf)> {
    let output = menjin(&["verify", "--json", "--config", &site.config()]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = json["clips"]["findings"].as_array().expect("findings");
    let found: Vec<_> = found
        .iter()
        .map(|f| {
            let text = |key: &str| f[key].as_str().unwrap_or("").to_owned();
            (text("code"), text("file").into())
        })
        .collect();
    assert_eq!(
        output.status.code(),
        Some(i32::from(!found.is_empty())),
        "{json}"
    );
    found
}

#[test]
fn what_happens_at_the_gate_has_its_clip_across_a_kill_a_gap_and_whoever_changes_one() {
    let server = RtspServer::start(&[("gate", clip("north-in.mp4"))], None);
    let site = Site::new();
    let (port, _) = relay(site.data(), |_| Ok(0));
    let camera = format!("{{ url = \"{}\" }}", server.url("gate"));
    let site = site
        .lane("north-in", "in", "front", &camera)
        .add(&format!(
            "relay = {{ url = \"http://127.0.0.1:{port}/raise\" }}\n"
        ))
        .add("[gate]\nread = \"deny\"\n[recorder]\nfolders = [\"video\"]\nreserve_gb = 0\n");
    let mut daemon = site.start(&[]);
    let began = Timestamp::now();
    until_after(
        &mut daemon,
        "ten seconds of video",
        began + SignedDuration::from_secs(16),
    );
    let first = lift(&site);
    let over = Timestamp::now() + SignedDuration::from_secs(61);
    daemon.until("a forced passage", 2 * MINUTE, |_| {
        !alarms(&site, CauseKind::DeniedPassed).is_empty()
    });
    until_after(&mut daemon, "the end of the first clip", over);
    let is_whole = |clip: &ClipView| {
        clip.clip.of.kind == ClipKind::Passage && clip.clip.state == ClipState::Whole
    };
    daemon.until("a passage with all of its video", 3 * MINUTE, |_| {
        kept(&site).iter().any(is_whole)
    });
    // Killed between the event and anybody's looking at it.
    let second = lift(&site);
    daemon.signal("-KILL");
    assert_eq!(daemon.ended(MINUTE).1, None);
    // A start that takes less than a second leaves no hole that counts.
    std::thread::sleep(Duration::from_secs(3));
    let mut daemon = site.start(&[]);
    daemon.until("the first clip", 2 * MINUTE, |_| {
        of(&site, ClipKind::Lift, first).is_some()
    });
    let whole = of(&site, ClipKind::Lift, first).expect("cut");
    assert_whole(&whole);
    // A person wants one more, and the camera goes away.
    let passages = site.passages();
    let asked = passages.last().expect("some came").id;
    let config = site.config();
    let number = asked.to_string();
    let keep = [
        "video",
        "clip",
        "--passage",
        &number,
        "--who",
        "李工",
        "--config",
        &config,
    ];
    let said = menjin(&keep);
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
    assert_eq!(menjin(&keep).status.code(), Some(0), "twice is once");
    drop(server);
    daemon.until("the camera's alarm", MINUTE, |_| {
        !alarms(&site, CauseKind::CameraDown).is_empty()
    });
    let away = alarms(&site, CauseKind::CameraDown).remove(0);
    daemon.until("the last clip", 3 * MINUTE, |_| {
        of(&site, ClipKind::Alarm, away.id.0).is_some()
    });
    daemon.until("all others", MINUTE, |_| {
        Reader::open(&site.data()).is_ok_and(|reader| reader.waiting_clips().is_ok_and(|n| n == 0))
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));

    let reason = |clip: &ClipView| -> Vec<String> {
        let holes = clip.clip.missing.iter();
        holes.map(|hole| hole.reason.clone()).collect()
    };
    let killed = of(&site, ClipKind::Lift, second).expect("cut");
    assert_eq!(killed.clip.state, ClipState::Partly, "{killed:?}");
    assert!(
        reason(&killed).contains(&"service_stopped".to_owned()),
        "{killed:?}"
    );
    let camera = of(&site, ClipKind::Alarm, away.id.0).expect("cut");
    assert_eq!(camera.clip.state, ClipState::Partly, "{camera:?}");
    assert_eq!(
        reason(&camera).last().map(String::as_str),
        Some("camera_away")
    );
    // Each denied passage has one, those that went through included, and so has its alarm.
    let passages = site.passages();
    let denied = passages.iter().filter(|p| p.decision == Verdict::Deny);
    // What is given up for lost long after the camera is away, is so while all this ends.
    let denied = denied.filter(|p| p.decided_at < away.raised_at);
    let denied: Vec<PassageId> = denied.map(|p| p.id).collect();
    assert!(denied.len() >= 5, "{denied:?}");
    let clips = kept(&site);
    for id in &denied {
        let clip = of(&site, ClipKind::Passage, id.0);
        let clip = clip.unwrap_or_else(|| panic!("{id}: {clips:?}"));
        assert_ne!(clip.clip.state, ClipState::LeftOut);
    }
    let forced = alarms(&site, CauseKind::DeniedPassed);
    let through = |id| {
        let mut all = passages.iter();
        all.any(|p| p.id == id && p.finished.is_some_and(|f| f.outcome == Outcome::Passed))
    };
    assert!(
        forced
            .iter()
            .all(|alarm| through(alarm.passage().expect("one")))
    );
    let of_alarm = forced[0].clip().expect("it is of a lane");
    assert!(clips.iter().any(|clip| clip.clip.of == of_alarm));
    let whole = clips.iter().filter(|clip| is_whole(clip));
    whole.for_each(assert_whole);
    clips.iter().for_each(|clip| assert_plays(&site, clip));
    // Nothing was cut twice, and nothing lies there that no row names.
    let mut rows: Vec<_> = clips.iter().flat_map(|clip| &clip.clip.files).collect();
    rows.sort_by_key(|file| file.path.clone());
    let named: Vec<_> = rows.iter().map(|file| PathBuf::from(&file.path)).collect();
    let lies: Vec<_> = there(&site).into_iter().map(|(_, path)| path).collect();
    assert_eq!(lies, named);
    let first_name = rows[0].path.clone();
    assert!(first_name.contains("_A_01_"), "{first_name}");
    let listed = text(&menjin(&["video", "clips", "--config", &config]).stdout);
    assert!(listed.contains(&first_name), "{listed}");
    assert!(listed.contains("the camera sends nothing"), "{listed}");

    assert_eq!(findings(&site), []);
    let path = |at: usize| video(&site).join(&rows[at].path);
    let mut bytes = std::fs::read(path(0)).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(path(0), bytes).expect("written");
    std::fs::remove_file(path(1)).expect("removed");
    let found = findings(&site);
    let named = |code: &str, path: PathBuf| (code.to_owned(), path);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.contains(&named("changed", path(0))), "{found:?}");
    assert!(
        found.contains(&named("removed", rows[1].path.clone().into())),
        "{found:?}"
    );
}
