//! Cameras that rest while nobody needs their pictures, against a real RTSP server.

#[path = "support/clips.rs"]
mod clips;
#[path = "support/rtsp_server.rs"]
#[allow(dead_code)]
mod rtsp_server;

use std::path::PathBuf;
use std::time::Duration;

use camera::{Attention, Camera, CameraStatus, FileFrames, FileOptions, Options, Source, spawn};
use frame::{Frame, MonoTime};
use rtsp_server::RtspServer;
use tokio::time::{sleep, timeout};

/// Longest wait for anything; test machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pictures a second of the clips.
const FPS: f32 = 15.0;

async fn frame(camera: &mut Camera) -> Frame {
    let next = timeout(PATIENCE, camera.frames.next()).await;
    next.expect("in time").expect("still running")
}

fn start(server: &RtspServer, attention: &Attention) -> Camera {
    let source = Source::rtsp(&server.url("lane"), None, None).expect("a valid URL");
    let options = Options {
        analyse_fps: None,
        stall_after: Duration::from_secs(4),
        attention: attention.clone(),
        ..Options::default()
    };
    spawn("lane 1", source, options).expect("starts")
}

/// Lets a camera rest after two seconds; the time of the last picture that is to show nothing.
async fn at_rest(camera: &mut Camera, attention: &Attention) -> MonoTime {
    let first = frame(camera).await;
    loop {
        let next = frame(camera).await;
        if next.at.since(first.at) > Duration::from_secs(2) {
            attention.rest(next.at);
            return next.at;
        }
    }
}

/// Takes a picture of a camera that rests and says that it showed nothing.
async fn settle(camera: &mut Camera, attention: &Attention, settled: &mut MonoTime) -> bool {
    let next = frame(camera).await;
    assert!(next.at > *settled && attention.quiet(next.at));
    *settled = next.at;
    camera.frames.is_look()
}

/// Wakes a camera: every picture since `settled` comes, in order, until it has nearly caught up.
async fn catches_up(camera: &mut Camera, attention: &Attention, settled: MonoTime) {
    attention.wake();
    let mut last: Option<Frame> = None;
    loop {
        let next = frame(camera).await;
        if last.is_none() && camera.frames.is_look() {
            continue;
        }
        assert!(!camera.frames.is_look());
        let before = last.as_ref().map_or(settled, |last| last.at);
        assert!(next.at > settled && next.at >= before);
        let gap = next.at.since(before);
        assert!(
            gap < Duration::from_millis(900),
            "{gap:?} without a picture"
        );
        if let Some(last) = &last {
            assert_eq!(
                next.sequence,
                last.sequence + 1,
                "none is replaced by a newer one"
            );
        }
        if camera::mono_now().since(next.at) < Duration::from_millis(800) {
            return;
        }
        last = Some(next);
    }
}

async fn rests_and_wakes(clip: PathBuf) {
    let server = RtspServer::start(&[("lane", clip)], None);
    let attention = Attention::default();
    let mut camera = start(&server, &attention);
    let mut settled = at_rest(&mut camera, &attention).await;
    let began = settled;
    let mut looks = 0;
    while looks < 4 {
        looks += u32::from(settle(&mut camera, &attention, &mut settled).await);
    }
    let rested = settled.since(began).as_secs_f32();
    assert!((2.5..12.0).contains(&rested), "4 looks in {rested} s");
    let state = camera.state.borrow().clone();
    assert_eq!(state.status, CameraStatus::Live, "{state:?}");
    let undecoded = state.frames_undecoded as f32;
    assert!(undecoded > 0.5 * FPS * rested, "{undecoded} in {rested} s");
    let fps = state.video.and_then(|video| video.fps).expect("measured");
    assert!(
        (0.6 * FPS..1.5 * FPS).contains(&fps),
        "{fps} pictures come a second"
    );
    sleep(Duration::from_millis(1_500)).await;
    catches_up(&mut camera, &attention, settled).await;
    camera.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_rests_is_live_and_misses_no_picture_when_it_wakes() {
    rests_and_wakes(clips::noisy(
        "rest.mp4",
        "libx264",
        "keyint=15:min-keyint=15:bframes=0",
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_pictures_are_coded_out_of_order_too() {
    rests_and_wakes(clips::noisy(
        "rest-b.mp4",
        "libx264",
        "keyint=15:min-keyint=15:bframes=2",
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_sends_h265_too() {
    let parameters = "keyint=30:min-keyint=30:bframes=0:log-level=error";
    rests_and_wakes(clips::noisy("rest-hevc.mp4", "libx265", parameters)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_sends_nothing_but_key_pictures_too() {
    rests_and_wakes(clips::noisy("rest-keys.mp4", "libx264", "keyint=1")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guarded_camera_with_a_key_picture_every_ten_seconds_is_not_stalled_and_misses_none() {
    let clip = clips::noisy(
        "rest-10s.mp4",
        "libx264",
        "keyint=150:min-keyint=150:bframes=0",
    );
    let server = RtspServer::start(&[("lane", clip)], None);
    let attention = Attention::default();
    attention.guard(true);
    let mut camera = start(&server, &attention);
    let mut settled = at_rest(&mut camera, &attention).await;
    // Longer than a camera may be silent.
    let quiet = async {
        loop {
            settle(&mut camera, &attention, &mut settled).await;
        }
    };
    let _ = timeout(Duration::from_secs(6), quiet).await;
    assert!(attention.rests());
    let state = camera.state.borrow().clone();
    assert_eq!(
        (state.status, state.connections),
        (CameraStatus::Live, 1),
        "{state:?}"
    );
    catches_up(&mut camera, &attention, settled).await;
    camera.handle.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_is_cut_off_while_it_rests_comes_back_awake() {
    let clip = clips::noisy("rest.mp4", "libx264", "keyint=15:min-keyint=15:bframes=0");
    let mounts = [("lane", clip)];
    let server = RtspServer::start(&mounts, None);
    let attention = Attention::default();
    let mut camera = start(&server, &attention);
    let settled = at_rest(&mut camera, &attention).await;
    let port = server.port();
    drop(server);
    while camera.frames.try_next().is_some() {}
    let _server = RtspServer::on_port(port, &mounts, None);
    let next = loop {
        let next = frame(&mut camera).await;
        if !camera.frames.is_look() {
            break next;
        }
    };
    assert!(next.at > settled && !attention.rests());
}

#[test]
fn a_recording_rests_as_a_camera_does_and_its_end_is_seen_whole() {
    let clip = clips::noisy("rest.mp4", "libx264", "keyint=15:min-keyint=15:bframes=0");
    let options = FileOptions::default();
    let attention = options.attention.clone();
    let mut frames = FileFrames::open(&clip, &options).expect("opens");
    let (mut looks, mut all) = (Vec::new(), Vec::new());
    let mut rests = [2_000, 9_000].into_iter().peekable();
    while let Some(frame) = frames.next() {
        let at = frame.expect("decoded").at;
        if frames.is_look() {
            looks.push(at.as_ms());
            // Something comes at five seconds.
            if at.as_ms() == 5_000 {
                attention.wake();
            } else {
                assert!(attention.quiet(at));
            }
        } else {
            all.push(at.as_ms());
            if rests.next_if(|&from| at.as_ms() >= from).is_some() {
                attention.rest(at);
            }
        }
    }
    assert_eq!(looks, [3_000, 4_000, 5_000, 10_000, 11_000]);
    let between = |from: u64, to: u64| all.iter().filter(|&&at| from < at && at <= to).count();
    assert_eq!(between(2_000, 4_000), 0, "what looks showed to be nothing");
    assert_eq!(
        between(4_000, 9_000),
        75,
        "from behind the last look that showed nothing"
    );
    assert_eq!(between(9_000, 11_000), 0);
    assert_eq!(
        between(11_000, 12_000),
        14,
        "nobody said of the last ones that nothing came"
    );
    assert_eq!(frames.undecoded(), 4 * 14);
}
