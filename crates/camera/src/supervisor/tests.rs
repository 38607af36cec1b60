#[path = "../../tests/support/rtsp_server.rs"]
#[allow(dead_code)]
mod rtsp_server;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use line::Backoff;

use super::*;
use crate::decoder::fault;
use crate::{Camera, Options, Playback, Source, State, spawn};

/// Longest wait for anything; test machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

fn footage() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/footage/short-720p.mp4")
}

fn options() -> Options {
    Options {
        backoff: Backoff {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(1),
        },
        ..Options::default()
    }
}

async fn until(camera: &mut Camera, what: &str, is: impl Fn(&State) -> bool) -> State {
    let last = camera.state.clone();
    let waited = timeout(PATIENCE, async {
        loop {
            let state = camera.state.borrow_and_update().clone();
            if is(&state) {
                return state;
            }
            // Counters change without waking us.
            let _ = timeout(Duration::from_millis(50), camera.state.changed()).await;
        }
    });
    let state = waited.await;
    state.unwrap_or_else(|_| panic!("waited for {what}, but: {:?}", last.borrow()))
}

/// Every picture that is there is thrown away; the next one is waited for.
async fn fresh_frame(camera: &mut Camera) -> u64 {
    while camera.frames.try_next().is_some() {}
    let next = timeout(PATIENCE, camera.frames.next()).await;
    next.expect("in time").expect("still running").sequence
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoder_that_panics_begins_again_and_nothing_else_stops() {
    let server = rtsp_server::RtspServer::start(&[("a", footage()), ("b", footage())], None);
    let start = |name: &str| {
        let source = Source::rtsp(&server.url(name), None, None).expect("an address");
        spawn(name, source, options()).expect("starts")
    };
    let (mut a, mut b) = (start("a"), start("b"));
    let live = |s: &State| s.status == CameraStatus::Live;
    until(&mut a, "a to be live", live).await;
    let before = until(&mut b, "b to be live", live).await;
    for panics in 1..=2 {
        let last = fresh_frame(&mut a).await;
        fault::order("a");
        let failed = until(&mut a, "the fault to be seen", |s| {
            s.status == CameraStatus::DecoderFailed
        });
        let failed = failed.await;
        assert!(
            failed.reason.contains("mistake of this program"),
            "{failed:?}"
        );
        let again = until(&mut a, "a to be live again", live).await;
        assert_eq!(again.decoder_panics, panics);
        assert!(fresh_frame(&mut a).await > last);
    }
    fresh_frame(&mut b).await;
    let other = b.state.borrow().clone();
    assert!(live(&other), "{other:?}");
    assert_eq!((other.connections, other.decoder_panics), (1, 0));
    assert_eq!(other.since, before.since, "never anything but live");
    a.handle.stop().await;
    b.handle.stop().await;
}

#[tokio::test]
async fn a_recording_whose_decoding_panics_begins_again_or_says_why_it_ended() {
    for (name, repeat) in [("repeated", true), ("once", false)] {
        let source = Source::File {
            path: footage(),
            pace: Playback::RealTime,
            start: Timestamp::now(),
            repeat,
        };
        let mut camera = spawn(name, source, options()).expect("starts");
        let last = fresh_frame(&mut camera).await;
        fault::order(name);
        let failed = |s: &State| s.status == CameraStatus::DecoderFailed;
        assert_eq!(
            until(&mut camera, "the fault", failed).await.decoder_panics,
            1
        );
        if repeat {
            assert!(fresh_frame(&mut camera).await > last);
            until(&mut camera, "live", |s| s.status == CameraStatus::Live).await;
        } else {
            while camera.frames.next().await.is_some() {}
            assert_eq!(camera.state.borrow().status, CameraStatus::DecoderFailed);
        }
        camera.handle.stop().await;
    }
}

#[tokio::test]
async fn a_session_that_panics_has_failed_like_any_other() {
    let broken = async {
        let answer: Option<Failure> = std::hint::black_box(None);
        answer.expect("an answer")
    };
    let failure = survived(broken).await;
    assert_eq!(failure.status, CameraStatus::Unexpected);
    assert!(failure.reason.contains("mistake of this program"));
    let fine = async { Failure::new(CameraStatus::Lost, "closed") };
    assert_eq!(survived(fine).await.status, CameraStatus::Lost);
}
