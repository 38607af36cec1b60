//! A guard raises an arm through the program, beside the running daemon.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alarm::{AlarmView, CauseKind};
use jiff::Timestamp;
use ledger::{AlarmFilter, Reader};
use passage::{LiftStep, LiftView};

use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);

fn lifts(data: &std::path::Path) -> Vec<LiftView> {
    let lifts = Reader::open(data).and_then(|reader| reader.lifts(Timestamp::UNIX_EPOCH, 100));
    lifts.unwrap_or_default()
}

pub(crate) fn alarms(site: &Site, kind: CauseKind) -> Vec<AlarmView> {
    let reader = Reader::open(&site.data());
    let all = reader.and_then(|reader| reader.alarms(&AlarmFilter::default(), 100));
    let mut all = all.unwrap_or_default();
    all.retain(|alarm| alarm.cause.kind == kind);
    all
}

/// A relay that notes, at each request, how many of something the ledger knew by then.
pub(crate) fn relay(
    data: PathBuf,
    count: impl Fn(&Reader) -> ledger::Result<usize> + Send + 'static,
) -> (u16, Arc<Mutex<Vec<usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let known = Arc::<Mutex<Vec<usize>>>::default();
    let into = Arc::clone(&known);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(stream.try_clone().expect("a line")).lines();
            let head: Vec<_> = lines
                .map_while(Result::ok)
                .take_while(|l| !l.is_empty())
                .collect();
            if !head.is_empty() {
                let counted = Reader::open(&data).and_then(|reader| count(&reader));
                into.lock()
                    .expect("whole")
                    .push(counted.unwrap_or_default());
            }
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    (port, known)
}

#[test]
fn a_lift_is_kept_before_the_arm_moves_and_tied_to_who_passed() {
    let site = Site::new();
    let (port, known) = relay(site.data(), |reader| {
        reader
            .lifts(Timestamp::UNIX_EPOCH, 100)
            .map(|lifts| lifts.len())
    });
    let film = clip("north-in.mp4");
    let camera = format!("{{ file = \"{}\", pace = \"real_time\" }}", film.display());
    let relay = format!("relay = {{ url = \"http://127.0.0.1:{port}/raise\" }}\n");
    let gone = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = site
        .lane("north-in", "in", "front", &camera)
        .add(&relay)
        .lane("gone", "in", "front", gone)
        .add(&relay)
        .lane("shown", "in", "front", gone)
        .add("[gate]\nread = \"deny\"\n[alarms]\nlift_window = \"20s\"\n");
    let config = site.config();
    let lift = |lane: &str, who: &str| {
        let by = ["--who", who, "--why", "号牌读不出", "--config", &config];
        let out = menjin(&[&["lift", lane], &by[..]].concat());
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    };
    let (code, said) = lift("north-in", "李工");
    assert_eq!(code, Some(1), "no daemon, no arm: {said}");
    let mut daemon = site.start(&[]);
    let (code, said) = lift("north-in", "李工");
    assert_eq!(code, Some(0), "{said}");
    for (lane, who) in [("shown", "李工"), ("nowhere", "李工"), ("north-in", " ")] {
        let (code, said) = lift(lane, who);
        assert_ne!(code, Some(0), "{lane} {who}: {said}");
    }
    assert_eq!(
        *known.lock().expect("whole"),
        [1],
        "evidence first, one order"
    );
    let (code, said) = lift("gone", "王工");
    assert_eq!(code, Some(0), "{said}");

    daemon.until("the lift has its passage", 2 * MINUTE, |_| {
        lifts(&site.data())
            .iter()
            .any(|lift| lift.passage().is_some())
    });
    let kept = lifts(&site.data());
    let first = kept
        .iter()
        .find(|lift| lift.lift.lane == "north-in")
        .expect("kept");
    assert!(first.step(LiftStep::Obeyed).is_some());
    let passage = first.passage().expect("tied");
    // The next vehicle was let through by nobody.
    daemon.until("the next breaks through", 2 * MINUTE, |_| {
        !alarms(&site, CauseKind::DeniedPassed).is_empty()
    });
    for kind in [CauseKind::DeniedPassed, CauseKind::Followed] {
        let about = alarms(&site, kind);
        assert!(
            about.iter().all(|alarm| alarm.passage() != Some(passage)),
            "{about:?}"
        );
    }
    daemon.until("a lift without a vehicle is told", 3 * MINUTE, |_| {
        !alarms(&site, CauseKind::LiftUnused).is_empty()
    });
    assert_eq!(
        alarms(&site, CauseKind::LiftUnused)[0]
            .cause
            .lane
            .as_deref(),
        Some("gone")
    );
    let manual = alarms(&site, CauseKind::ManualLift);
    assert_eq!(manual.len(), 2);
    assert!(
        manual.iter().all(|alarm| alarm.seen().is_some()),
        "who and why are said"
    );
    let listed = text(&menjin(&["lifts", "--config", &config]).stdout);
    assert!(listed.contains(&format!("passage #{passage}")), "{listed}");
    assert!(listed.contains("no vehicle passed"), "{listed}");
}
