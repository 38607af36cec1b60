//! Cameras on the wire, recorded, and counted by a player that is none of ours.

#[path = "../../camera/tests/support/clips.rs"]
mod clips;
#[path = "../../camera/tests/support/rtsp_server.rs"]
#[allow(
    dead_code,
    reason = "shared with the camera crate, whose tests need all of it"
)]
mod rtsp_server;
mod support;

use std::time::Duration;

use camera::{Options, Source, spawn};
use line::Backoff;
use recorder::{GapReason, RepairScope};
use rtsp_server::RtspServer;
use support::{Shelf, played};

fn options() -> Options {
    Options {
        stall_after: Duration::from_secs(4),
        backoff: Backoff {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(1),
        },
        ..Options::default()
    }
}

/// Records a clip for some seconds, and gives the files with what was counted of them.
async fn recorded(name: &str, clip: std::path::PathBuf, seconds: u64) -> (Shelf, Vec<(u64, u64)>) {
    let server = RtspServer::start(&[(name, clip)], None);
    let source = Source::rtsp(&server.url(name), None, None).expect("valid");
    let shelf = Shelf::new();
    let camera = spawn(name, source, options()).expect("starts");
    let mut recorder = shelf.recorder();
    let meter = recorder.add(&support::of(name, &camera)).expect("records");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    recorder.stop().await;
    let state = camera.state.borrow().clone();
    camera.handle.stop().await;
    let videos = shelf.videos(name);
    assert!(!videos.is_empty(), "{state:?}");
    let counted: Vec<_> = videos
        .iter()
        .map(|video| (video.pictures, played(&video.file)))
        .collect();
    let pictures: u64 = videos.iter().map(|video| video.pictures).sum();
    assert_eq!(meter.now().pictures, pictures);
    for video in &videos {
        shelf.assert_proved(video);
    }
    (shelf, counted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h264_h265_and_b_frames_play_picture_for_picture_elsewhere() {
    let b_frames = clips::clip(
        "h264-b-frames-720p.mp4",
        &[
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=1280x720:rate=25:duration=4",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-x264-params",
            "keyint=25:bframes=3:b-adapt=0",
            "-pix_fmt",
            "yuv420p",
        ],
    );
    let h264 = recorded("avc", clips::h264_720p(), 8);
    let h265 = recorded("hevc", clips::h265_1080p(), 8);
    let b_frames = recorded("b", b_frames, 8);
    let (h264, h265, b_frames) = tokio::join!(h264, h265, b_frames);
    for (name, (_, counted), least) in [("avc", h264, 60), ("hevc", h265, 60), ("b", b_frames, 100)]
    {
        let pictures: u64 = counted.iter().map(|(ours, _)| ours).sum();
        assert!(pictures >= least, "{name}: {pictures}");
        for (ours, theirs) in counted {
            assert_eq!(ours, theirs, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_goes_away_and_comes_back_leaves_two_files_and_a_gap_with_its_reason() {
    let clip = clips::h264_720p();
    let server = RtspServer::start(&[("gate", clip.clone())], None);
    let port = server.port();
    let source = Source::rtsp(&server.url("gate"), None, None).expect("valid");
    let shelf = Shelf::new();
    let camera = spawn("gate", source, options()).expect("starts");
    let mut recorder = shelf.recorder();
    let meter = recorder
        .add(&support::of("gate", &camera))
        .expect("records");
    support::until("the first pictures", || meter.now().pictures > 20).await;
    drop(server);
    support::until("the gap", || meter.now().missing.is_some()).await;
    let (reason, since) = meter.now().missing.expect("a gap");
    assert_eq!(reason, GapReason::CameraAway);
    let before = meter.now().pictures;
    let _server = RtspServer::on_port(port, &[("gate", clip)], None);
    support::until("pictures again", || meter.now().pictures > before + 20).await;
    recorder.stop().await;
    camera.handle.stop().await;
    let span = shelf.span("gate");
    let away: Vec<_> = span
        .gaps
        .iter()
        .filter(|gap| gap.reason == GapReason::CameraAway)
        .collect();
    let [gap] = &away[..] else { panic!("{span:?}") };
    assert_eq!(gap.from.as_millisecond(), since.as_millisecond());
    let before = span.videos.iter().rfind(|video| video.start < gap.from);
    let after = span.videos.iter().find(|video| video.start > gap.from);
    let (before, after) = before.zip(after).expect("video on both sides");
    assert_eq!(gap.until, Some(after.start), "to the millisecond");
    // What was kept before the loss goes up to it.
    let apart = gap.from.duration_since(before.end()).abs();
    assert!(apart.as_millis() < 500, "{apart:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_loss_of_power_leaves_open_is_closed_at_its_last_whole_fragment() {
    let server = RtspServer::start(&[("gate", clips::h264_720p())], None);
    let source = Source::rtsp(&server.url("gate"), None, None).expect("valid");
    let shelf = Shelf::new();
    let camera = spawn("gate", source, options()).expect("starts");
    let mut recorder = shelf.recorder();
    let meter = recorder
        .add(&support::of("gate", &camera))
        .expect("records");
    support::until("some fragments", || meter.now().pictures >= 75).await;
    // As the disk would be found: the file as it is, and half of what came next.
    let part = support::files(&shelf.root())
        .into_iter()
        .find(|file| file.ends_with(".mp4.part"));
    let part = part.expect("one is open");
    let later = Shelf::new();
    let copy = later.root().join(
        part.strip_prefix(&shelf.root().display().to_string())
            .expect("below")
            .trim_start_matches('/'),
    );
    std::fs::create_dir_all(copy.parent().expect("a folder")).expect("made");
    let mut bytes = std::fs::read(&part).expect("readable");
    let half = bytes[..bytes.len() / 3].to_vec();
    bytes.extend(half);
    std::fs::write(&copy, bytes).expect("written");
    recorder.stop().await;
    camera.handle.stop().await;

    let repaired = later.repair(RepairScope::Recent);
    let whole = copy.with_extension("");
    assert_eq!(repaired.closed, [whole.as_path()]);
    let videos = later.videos("gate");
    let [video] = &videos[..] else {
        panic!("{videos:?}")
    };
    assert!(video.repaired && video.pictures >= 15, "{video:?}");
    assert_eq!(played(&whole), video.pictures);
    later.assert_proved(video);
    assert_eq!(
        later.repair(RepairScope::All),
        recorder::Repaired::default(),
        "nothing is left to mend"
    );
}
