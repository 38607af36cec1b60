//! A guard holds a gate open through the program: what passes is judged as ever, and says so.

use std::time::Duration;

use alarm::CauseKind;
use passage::{Outcome, Verdict};

use crate::lifts::{alarms, relay};
use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn who_passes_a_gate_held_open_is_judged_and_told_as_ever_and_the_hold_survives_a_restart() {
    let site = Site::new();
    let (port, known) = relay(site.data(), |reader| {
        reader
            .holds(jiff::Timestamp::UNIX_EPOCH, 9)
            .map(|holds| holds.len())
    });
    let film = clip("north-in.mp4");
    let camera = format!("{{ file = \"{}\", pace = \"real_time\" }}", film.display());
    let raise = format!("relay = {{ url = \"http://127.0.0.1:{port}/raise\" }}\n");
    let site = site
        .lane("north-in", "in", "front", &camera)
        .add(&raise)
        .lane("shown", "in", "front", "{ url = \"rtsp://127.0.0.1:9/x\" }")
        .add("[gate]\nread = \"deny\"\n");
    let config = site.config();
    let run = |args: &[&str]| {
        let by = ["--who", "李工", "--why", "车队进厂", "--config", &config];
        let out = menjin(&[args, &by[..]].concat());
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    };
    let (code, said) = run(&["hold", "north-in", "--minutes", "30"]);
    assert_eq!(code, Some(1), "no daemon, no arm: {said}");
    let mut daemon = site.start(&[]);
    let (code, said) = run(&["hold", "north-in", "--minutes", "1441"]);
    assert!(code != Some(0) && said.contains("24 hours"), "{said}");
    for wrong in [
        &["hold", "north-in"][..],
        &["hold", "shown", "--minutes", "5"],
        &["hold", "nowhere", "--minutes", "5"],
        &["hold", "north-in", "--end"],
    ] {
        let (code, said) = run(wrong);
        assert_ne!(code, Some(0), "{wrong:?}: {said}");
    }
    assert!(
        known.lock().expect("whole").is_empty(),
        "nothing moved so far"
    );
    let (code, said) = run(&["hold", "north-in", "--minutes", "30"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("never lowers"), "{said}");
    assert_eq!(
        *known.lock().expect("whole"),
        [1],
        "evidence first, one order"
    );
    let status = text(&menjin(&["status", "--config", &config]).stdout);
    assert!(
        status.contains("held open until") && status.contains("arm: unknown"),
        "{status}"
    );

    let told = || {
        let mut told = alarms(&site, CauseKind::DeniedPassed);
        // One that had passed before says nothing of it.
        told.retain(|alarm| alarm.what(words::Language::En).contains("held open"));
        told.pop()
    };
    daemon.until("a denied vehicle passes", 2 * MINUTE, |_| told().is_some());
    let passage = told()
        .and_then(|alarm| alarm.passage())
        .expect("about a passage");
    let rows = site.passages();
    let row = rows.iter().find(|row| row.id == passage).expect("kept");
    assert_eq!(row.decision, Verdict::Deny, "the rules stay");
    assert_eq!(row.finished.map(|end| end.outcome), Some(Outcome::Passed));
    assert!(row.hold.is_some(), "the row says so");
    assert!(alarms(&site, CauseKind::Followed).is_empty());
    let held = alarms(&site, CauseKind::HeldOpen);
    assert_eq!(held.len(), 1);
    assert!(held[0].seen().is_some(), "who and why are said");
    let address = format!("http://127.0.0.1:{}/metrics", site.status_port);
    let metrics = reqwest::get(address).await.expect("answers");
    let metrics = metrics.text().await.expect("text");
    assert!(
        metrics.contains("menjin_barrier_held_open{lane=\"north-in\"} 1"),
        "{metrics}"
    );

    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let before = known.lock().expect("whole").len();
    let mut daemon = site.start(&[]);
    daemon.until("it is raised after a restart", MINUTE, |_| {
        known.lock().expect("whole").len() > before
    });
    let (code, said) = run(&["hold", "north-in", "--end"]);
    assert_eq!(code, Some(0), "{said}");
    let ended = known.lock().expect("whole").len();
    let (code, said) = run(&["hold", "north-in", "--end"]);
    assert!(code != Some(0) && said.contains("not held open"), "{said}");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(
        known.lock().expect("whole").len(),
        ended,
        "an end moves nothing"
    );
    let listed = text(&menjin(&["lifts", "--config", &config]).stdout);
    assert!(
        listed.contains("hold #1") && listed.contains("ended at"),
        "{listed}"
    );
}
