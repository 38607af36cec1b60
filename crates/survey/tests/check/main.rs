//! The camera check on the project's footage, as it is and made worse by FFmpeg; as a recording, and over RTSP.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use camera::{Options, Playback, Source};
use frame::Region;
use jiff::Timestamp;
use survey::{Aspect, Examination, Grade, Look, look};
use vision::Models;

#[path = "../../../camera/tests/support/rtsp_server.rs"]
#[allow(
    dead_code,
    reason = "shared with the camera crate, whose tests need all of it"
)]
mod rtsp_server;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn clip(name: &str) -> PathBuf {
    project().join("testdata/footage").join(name)
}

fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| {
        let library = project().join(".runtime/onnxruntime/libonnxruntime.so");
        Models::open(&project().join("models"), Some(&library)).expect("the models")
    })
}

fn how(seconds: u64) -> Look {
    Look {
        time: Duration::from_secs(seconds),
        region: Region::whole(),
        accept: 0.9,
        min_plate_px: 50.0,
    }
}

async fn examined(source: &Source, how: &Look) -> Examination {
    let options = Options {
        min_size: None,
        ..Options::default()
    };
    let recognizer = models().recognizer().expect("a recognizer");
    let examined = look("north-in", source, options, recognizer, how).await;
    examined.expect("looked at")
}

async fn recording(path: &Path, how: &Look) -> Examination {
    let source = Source::file(path, Playback::AsFast, Timestamp::UNIX_EPOCH);
    examined(&source, how).await
}

/// What is not good, in order.
fn wrong(examined: &Examination) -> Vec<(Aspect, Grade)> {
    let all = examined.judged.iter();
    let wrong = all.filter(|judged| judged.grade != Grade::Good);
    wrong.map(|judged| (judged.aspect, judged.grade)).collect()
}

/// Twenty seconds of a clip in daylight, with two vehicles, changed by these filters.
async fn degraded(filters: &str) -> Examination {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("clip.mp4");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-t", "19", "-i"])
        .arg(clip("north-in.mp4"))
        .args(["-vf", filters, "-fps_mode", "vfr"])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20"])
        .arg(&path)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
    recording(&path, &how(60)).await
}

#[tokio::test]
async fn the_projects_clips_are_good() {
    let mut all = Vec::new();
    for name in ["north-in.mp4", "north-out.mp4"] {
        let examined = recording(&clip(name), &how(200)).await;
        all.push((name, wrong(&examined)));
        assert!(examined.figures.plates.vehicles >= 3, "{name}");
    }
    assert_eq!(all, [("north-in.mp4", vec![]), ("north-out.mp4", vec![])]);
}

#[tokio::test]
async fn a_picture_out_of_focus_is_named() {
    let examined = degraded("gblur=sigma=5").await;
    let wrong = wrong(&examined);
    assert!(
        wrong.contains(&(Aspect::Sharpness, Grade::Bad)),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_dark_picture_is_named() {
    let examined = degraded("lutyuv=y='16+(val-16)*0.12'").await;
    let wrong = wrong(&examined);
    let aspects: Vec<_> = wrong.iter().map(|(aspect, _)| *aspect).collect();
    assert!(aspects.contains(&Aspect::Light), "{wrong:?}");
    assert!(aspects.contains(&Aspect::PlateLight), "{wrong:?}");
}

#[tokio::test]
async fn a_burnt_out_picture_is_named() {
    let examined =
        degraded("lutyuv=y='clip(val*2.6,16,254)':u='128+(val-128)*0.3':v='128+(val-128)*0.3'")
            .await;
    let wrong = wrong(&examined);
    let aspects: Vec<_> = wrong.iter().map(|(aspect, _)| *aspect).collect();
    assert!(aspects.contains(&Aspect::PlateLight), "{wrong:?}");
}

#[tokio::test]
async fn plates_that_are_too_small_are_named() {
    let examined = degraded("scale=768:432,pad=1920:1080:576:324").await;
    let wrong = wrong(&examined);
    assert!(
        wrong.iter().any(|(aspect, _)| *aspect == Aspect::Width),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_camera_that_leans_is_named() {
    let examined = degraded("rotate=17*PI/180").await;
    let wrong = wrong(&examined);
    assert!(wrong.contains(&(Aspect::Tilt, Grade::Poor)), "{wrong:?}");
}

#[tokio::test]
async fn a_picture_that_stops_now_and_then_is_named() {
    let examined = degraded("select='not(between(mod(n,150),60,80))'").await;
    let wrong = wrong(&examined);
    assert_eq!(wrong, [(Aspect::Gaps, Grade::Poor)]);
    let examined = degraded("fps=6").await;
    assert!(wrong_aspects(&examined).contains(&Aspect::Rate));
}

fn wrong_aspects(examined: &Examination) -> Vec<Aspect> {
    wrong(examined)
        .into_iter()
        .map(|(aspect, _)| aspect)
        .collect()
}

#[tokio::test]
async fn a_region_that_leaves_the_lane_out_is_named() {
    let corner = Region::new(vec![[0.0, 0.0], [0.1, 0.0], [0.1, 0.1]]).expect("a corner");
    let look = Look {
        region: corner,
        ..how(15)
    };
    let examined = recording(&clip("north-in.mp4"), &look).await;
    assert_eq!(wrong(&examined), [(Aspect::Region, Grade::Bad)]);
}

#[tokio::test]
async fn a_lane_without_vehicles_says_so() {
    let examined = degraded("select='lt(n,3)',loop=200:1:0,setpts=N/25/TB").await;
    let plates = examined
        .judged
        .iter()
        .find(|judged| judged.aspect == Aspect::Plates);
    assert_eq!(plates.map(|judged| judged.grade), Some(Grade::Unknown));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_stream_is_examined_and_its_clock_and_network_as_well() {
    let server = rtsp_server::RtspServer::start(&[("north-in", clip("north-in.mp4"))], None);
    let source = Source::rtsp(&server.url("north-in"), None, None).expect("an address");
    let examined = examined(&source, &how(12)).await;
    let figures = &examined.figures;
    assert!(figures.live && figures.plates.vehicles >= 1, "{figures:?}");
    assert!(
        figures.fps.is_some_and(|fps| (20.0..30.0).contains(&fps)),
        "{figures:?}"
    );
    let aspects: Vec<_> = examined.judged.iter().map(|judged| judged.aspect).collect();
    assert!(aspects.contains(&Aspect::Clock) && aspects.contains(&Aspect::Losses));
    // What a plate is like does not depend on how busy this computer is.
    let bad: Vec<_> = wrong_aspects(&examined);
    let of_plate = [
        Aspect::Width,
        Aspect::Sharpness,
        Aspect::PlateLight,
        Aspect::Tilt,
    ];
    assert!(
        of_plate.iter().all(|aspect| !bad.contains(aspect)),
        "{bad:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_does_not_answer_is_told_of_and_tried_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let url = format!("rtsp://127.0.0.1:{port}/x");
    let source = Source::rtsp(&url, None, None).expect("an address");
    let examined = examined(&source, &how(5)).await;
    assert!(examined.is_blind());
    assert_eq!(examined.state.status.code(), "unreachable");
    assert_eq!(examined.worst(), Grade::Bad);
    assert_eq!(examined.told("north-in").len(), 1);
}
