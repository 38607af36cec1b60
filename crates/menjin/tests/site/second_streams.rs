//! A camera's second stream: recorded instead of the main one, or watched so that the main one may rest.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use alarm::CauseKind;
use recorder::{GapReason, VideoIndex, VideoSpan};

use crate::alarms::page;
use crate::lifts::alarms;
use crate::support::ffprobe::played;
use crate::support::rtsp_server::RtspServer;
use crate::support::{Site, clip, text};

const MINUTE: Duration = Duration::from_secs(60);

fn span(site: &Site) -> Option<VideoSpan> {
    let index = VideoIndex::open_to_read(&site.data()).ok()?;
    let all = index.span("north-in", jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    all.ok()
}

/// Width and height of a file's pictures.
fn size(file: &Path) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0"])
        .args(["-show_entries", "stream=width,height", "-of", "csv=p=0"])
        .arg(file)
        .output()
        .expect("ffprobe is installed");
    text(&output.stdout).trim().trim_end_matches(',').to_owned()
}

/// The film of a quiet gate, coded otherwise.
fn recoded(site: &Site, name: &str, how: &[&str]) -> PathBuf {
    let path = site.folder.path().join(name);
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(clip("quiet-in.mp4"))
        // The first vehicle and the second one; nothing moves after them.
        .args(["-t", "72", "-an", "-c:v", "libx264", "-preset", "ultrafast"])
        .args(how)
        .arg(&path)
        .status()
        .expect("ffmpeg is installed");
    assert!(status.success());
    path
}

#[test]
fn a_second_stream_is_recorded_and_when_it_is_away_that_is_a_gap_and_passages_go_on() {
    let main = RtspServer::start(&[("main", clip("north-in.mp4"))], None);
    let small = RtspServer::start(&[("small", clip("small-640.mp4"))], None);
    let port = small.port();
    let camera = format!("{{ url = \"{}\" }}", main.url("main"));
    let site = Site::new()
        .lane("north-in", "in", "front", &camera)
        .add(&format!("record_url = \"{}\"\n", small.url("small")))
        .add("[recorder]\nfolders = [\"video\"]\nreserve_gb = 0\n");
    let mut daemon = site.start(&[]);
    let pictures = || {
        let metrics = page(site.status_port, "/metrics");
        let mut lines = metrics.lines();
        let line = lines.find(|line| line.starts_with("menjin_video_pictures_total"));
        let count = line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
        count.unwrap_or_default()
    };
    daemon.until("the second stream is kept", MINUTE, |_| pictures() > 50);
    drop(small);
    daemon.until("it is missed", MINUTE, |_| {
        !alarms(&site, CauseKind::VideoStopped).is_empty()
    });
    let before = site.passages().len();
    daemon.until("passages go on", 2 * MINUTE, |_| {
        site.passages().len() > before
    });
    assert!(
        alarms(&site, CauseKind::CameraDown).is_empty(),
        "it is seen"
    );
    let _small = RtspServer::on_port(port, &[("small", clip("small-640.mp4"))], None);
    let known = pictures();
    daemon.until("it is kept again", 2 * MINUTE, |_| pictures() > known + 50);
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let span = span(&site).expect("an index");
    assert!(span.videos.len() >= 2, "{span:?}");
    for video in &span.videos {
        assert_eq!(size(&video.file), "640,360", "not the main stream");
        assert_eq!(played(&video.file), video.pictures);
    }
    let away = span
        .gaps
        .iter()
        .filter(|gap| gap.reason == GapReason::CameraAway);
    assert!(away.count() >= 1, "{:?}", span.gaps);
    // Evidence is of the main stream all the same.
    let reader = ledger::Reader::open(&site.data()).expect("a ledger");
    for passage in site.passages() {
        let photo = passage.photo(passage::PhotoKind::HeadOriginal);
        let photo = reader.photo_file(photo.expect("its photo"));
        assert_eq!(size(&photo), "1920,1080");
    }
}

#[test]
fn a_camera_rests_while_its_second_stream_is_watched_and_misses_nobody() {
    let site = Site::new();
    let main = ["-crf", "27", "-x264-params", "keyint=50:scenecut=0"];
    let small = ["-vf", "scale=704:396", "-x264-params", "keyint=25"];
    let main = recoded(&site, "main.mp4", &main);
    let small = recoded(&site, "small.mp4", &small);
    let server = RtspServer::start(&[("main", main), ("small", small)], None);
    let (main, small) = (server.url("main"), server.url("small"));
    let camera = format!("{{ url = \"{main}\", watch_url = \"{small}\" }}");
    let site = site
        .lane("north-in", "in", "front", &camera)
        .add("[detection]\nidle = \"rest\"\n");
    let mut daemon = site.start(&[]);
    let undecoded = || {
        let metrics = page(site.status_port, "/metrics");
        let name = "menjin_camera_frames_undecoded_total{camera=\"north-in\"";
        let line = metrics.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
    };
    let is_read = |plate: &str| site.passages().iter().any(|p| p.reading.plate == plate);
    daemon.until("both vehicles", 3 * MINUTE, |_| {
        is_read("皖Y35473") && is_read("湘Y47159")
    });
    let rested = undecoded().expect("a figure");
    assert!(rested > 250.0, "{rested} of 25 a second");
    let passages = site.passages();
    let of = |plate: &str| passages.iter().filter(|p| p.reading.plate == plate).count();
    assert_eq!((of("皖Y35473"), of("湘Y47159")), (1, 1), "{passages:?}");
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
}
