//! Cameras against a real RTSP server.

#[path = "support/clips.rs"]
mod clips;
#[path = "support/rtsp_server.rs"]
mod rtsp_server;

use std::time::{Duration, Instant};

use camera::{Camera, CameraStatus, Codec, Options, Packet, Secret, Source, State, spawn};
use frame::{ClockSource, Frame};
use jiff::Timestamp;
use line::Backoff;
use rtsp_server::RtspServer;
use tokio::time::timeout;

/// Longest wait for anything; test machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "p@ss-geheim-4711";

fn options() -> Options {
    Options {
        analyse_fps: None,
        stall_after: Duration::from_secs(4),
        backoff: Backoff {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(1),
        },
        refused_retry: Duration::from_millis(500),
        ..Options::default()
    }
}

fn start(url: &str, options: Options) -> Camera {
    let source = Source::rtsp(url, None, None).expect("a valid URL");
    spawn("lane 1", source, options).expect("starts")
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
            let _ = timeout(Duration::from_millis(100), camera.state.changed()).await;
        }
    });
    waited
        .await
        .unwrap_or_else(|_| panic!("waited for {what}, but: {:?}", last.borrow()))
}

async fn frame(camera: &mut Camera) -> Frame {
    timeout(PATIENCE, camera.frames.next())
        .await
        .expect("in time")
        .expect("still running")
}

fn password_file() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("temporary folder");
    std::fs::write(file.path(), PASSWORD).expect("writable");
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h264_and_h265_with_digest_login_deliver_frames_with_sane_times() {
    let file = password_file();
    let mounts = [("avc", clips::h264_720p()), ("hevc", clips::h265_1080p())];
    let server = RtspServer::start(&mounts, Some(("admin", file.path())));
    for (mount, codec, size) in [
        ("avc", Codec::H264, (1280, 720)),
        ("hevc", Codec::H265, (1920, 1080)),
    ] {
        let password = Some(Secret::new(PASSWORD));
        let source = Source::rtsp(&server.url(mount), Some("admin"), password).expect("valid");
        let mut camera = spawn(mount, source, options()).expect("starts");
        let mut last = frame(&mut camera).await;
        assert_eq!((last.picture.width(), last.picture.height()), size);
        // Sender reports come after some seconds; until then the arrival counts.
        let began = Instant::now();
        while last.clock != ClockSource::CameraNtp {
            assert!(began.elapsed() < PATIENCE, "no time from the camera");
            let next = frame(&mut camera).await;
            assert!(next.at >= last.at && next.captured >= last.captured);
            assert!(next.sequence > last.sequence);
            let age = Timestamp::now().duration_since(next.captured).as_secs_f64();
            assert!((-1.0..15.0).contains(&age), "{age} s old");
            last = next;
        }
        let state = until(&mut camera, "live", |s| s.status == CameraStatus::Live).await;
        let video = state.video.expect("known by now");
        assert_eq!((video.codec, (video.width, video.height)), (codec, size));
        let offset = state.clock_offset_ms.expect("a sender report came");
        assert!(offset.abs() < 10_000, "{offset} ms on one computer");
        let shown = serde_json::to_string(&state).expect("serialises");
        assert!(
            shown.contains(r#""status":"live""#) && !shown.contains(PASSWORD),
            "{shown}"
        );
        camera.handle.stop().await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_unauthorized_and_appears_nowhere() {
    let file = password_file();
    let server = RtspServer::start(
        &[("lane", clips::h264_720p())],
        Some(("admin", file.path())),
    );
    let wrong = "wr0ng-password";
    let url = server
        .url("lane")
        .replace("rtsp://", &format!("rtsp://admin:{wrong}@"));
    let mut camera = start(&url, options());
    let state = until(&mut camera, "unauthorized", |s| {
        s.status == CameraStatus::Unauthorized
    })
    .await;
    let wait = state
        .retry_at
        .expect("tries again")
        .duration_since(Timestamp::now());
    assert!(
        wait.as_secs() > 100,
        "a camera locks accounts after few failures: {wait}"
    );
    let shown = format!(
        "{state:?} {} {:?} {:?}",
        serde_json::to_string(&state).expect("serialises"),
        camera,
        Source::rtsp(&url, None, None)
    );
    assert!(!shown.contains(wrong), "{shown}");
    assert!(state.reason.contains("401"), "{}", state.reason);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_was_killed_and_comes_back_is_connected_again() {
    let mounts = [("lane", clips::h264_720p())];
    let server = RtspServer::start(&mounts, None);
    let (port, url) = (server.port(), server.url("lane"));
    let mut camera = start(&url, options());
    let before = frame(&mut camera).await;
    until(&mut camera, "live", |s| s.status == CameraStatus::Live).await;
    drop(server);
    until(&mut camera, "fault", |s| {
        s.status == CameraStatus::Unreachable && s.attempt >= 3
    })
    .await;
    while camera.frames.try_next().is_some() {}
    let _server = RtspServer::on_port(port, &mounts, None);
    let state = until(&mut camera, "live again", |s| {
        s.status == CameraStatus::Live
    })
    .await;
    assert!(state.connections >= 2);
    let after = frame(&mut camera).await;
    assert!(after.sequence > before.sequence && after.at > before.at);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_hangs_is_stalled_and_recovers_when_it_wakes() {
    let server = RtspServer::start(&[("lane", clips::h264_720p())], None);
    let mut camera = start(
        &server.url("lane"),
        Options {
            answer_timeout: Duration::from_secs(6),
            ..options()
        },
    );
    frame(&mut camera).await;
    until(&mut camera, "live", |s| s.status == CameraStatus::Live).await;
    server.freeze();
    until(&mut camera, "stalled", |s| {
        s.status == CameraStatus::Stalled
    })
    .await;
    server.thaw();
    until(&mut camera, "live again", |s| {
        s.status == CameraStatus::Live
    })
    .await;
    frame(&mut camera).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_size_and_coding_on_the_same_address_is_noticed() {
    let server = RtspServer::start(&[("lane", clips::h264_720p())], None);
    let (port, url) = (server.port(), server.url("lane"));
    let mut camera = start(&url, options());
    assert_eq!(frame(&mut camera).await.picture.width(), 1280);
    until(&mut camera, "live", |s| s.status == CameraStatus::Live).await;
    drop(server);
    let _server = RtspServer::on_port(port, &[("lane", clips::h265_1080p())], None);
    let state = until(&mut camera, "changed video", |s| s.video_changes == 1).await;
    let video = state.video.expect("known");
    assert_eq!(
        (video.codec, video.width, video.height),
        (Codec::H265, 1920, 1080)
    );
    while frame(&mut camera).await.picture.width() != 1920 {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sub_stream_is_refused_as_too_small() {
    let small = clips::clip("h264-360p.mp4", &clips::moving("640x360", "libx264"));
    let server = RtspServer::start(&[("sub", small)], None);
    let mut camera = start(&server.url("sub"), options());
    let state = until(&mut camera, "too small", |s| {
        s.status == CameraStatus::TooSmall
    })
    .await;
    assert!(state.reason.contains("640x360") && state.reason.contains("1280x720"));
    assert!(state.retry_at.is_some(), "somebody may change the setting");
    assert!(camera.frames.try_next().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_path_and_a_dead_port_are_told_apart() {
    let server = RtspServer::start(&[("lane", clips::h264_720p())], None);
    let mut camera = start(&server.url("nothing-here"), options());
    until(&mut camera, "not found", |s| {
        s.status == CameraStatus::NotFound
    })
    .await;
    // Port 9 (discard) has no listener.
    let mut camera = start("rtsp://127.0.0.1:9/lane", options());
    until(&mut camera, "unreachable", |s| {
        s.status == CameraStatus::Unreachable && s.attempt > 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_consumer_skips_pictures_and_gets_a_fresh_one() {
    let server = RtspServer::start(&[("lane", clips::h264_720p())], None);
    let mut camera = start(&server.url("lane"), options());
    frame(&mut camera).await;
    until(&mut camera, "skipped frames", |s| s.frames_skipped >= 10).await;
    let next = frame(&mut camera).await;
    let age = camera::mono_now().since(next.at);
    assert!(age < Duration::from_secs(5), "{age:?} old");
    assert!(camera.frames.skipped() >= 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_camera_leaves_no_thread_and_says_so() {
    let server = RtspServer::start(&[("lane", clips::h264_720p())], None);
    let Camera {
        mut frames,
        state,
        handle,
        stream: _,
    } = start(&server.url("lane"), options());
    assert!(
        timeout(PATIENCE, frames.next())
            .await
            .expect("in time")
            .is_some()
    );
    timeout(PATIENCE, handle.stop())
        .await
        .expect("stops in time");
    assert_eq!(state.borrow().status, CameraStatus::Stopped);
    while frames.next().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_compressed_stream_comes_from_the_same_connection_as_the_pictures() {
    for (clip, codec, width, entry) in [
        (clips::h264_720p(), Codec::H264, 1280, "avc1"),
        (clips::h265_1080p(), Codec::H265, 1920, "hvc1"),
    ] {
        let server = RtspServer::start(&[("lane", clip)], None);
        let mut camera = start(&server.url("lane"), options());
        let mut packets = camera.stream.read();
        let mut next = async || {
            let packet = timeout(PATIENCE, packets.next()).await.expect("in time");
            packet.expect("still running")
        };
        let Packet::Begin(format) = next().await else {
            panic!("a connection begins with its format");
        };
        assert_eq!((format.codec, format.width), (codec, width));
        assert_eq!(&format.sample_entry[4..8], entry.as_bytes());
        // Behind the 86 bytes of a visual sample entry and a box's head: version 1 of a decoder configuration.
        assert_eq!(format.sample_entry[94], 1, "{:?}", format.sample_entry);
        let mut units = Vec::new();
        while units.len() < 40 {
            match next().await {
                Packet::Unit(unit) => units.push(unit),
                other => panic!("{other:?} among units"),
            }
        }
        assert!(units[0].key, "decoding can begin with the first");
        assert!(
            units
                .iter()
                .all(|unit| unit.data.starts_with(&[0, 0, 0, 1]))
        );
        assert!(units.iter().is_sorted_by_key(|unit| unit.at));
        frame(&mut camera).await;
        assert_eq!(camera.state.borrow().connections, 1);
    }
}
