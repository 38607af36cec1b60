//! Recorded files and folders, and the colours that come out of them.

#[path = "support/clips.rs"]
mod clips;

use std::path::{Path, PathBuf};
use std::process::Command;

use camera::{CameraStatus, spawn};
use camera::{Codec, Error, ErrorKind, FileFrames, FileOptions, Options, Playback, Rate, Source};
use frame::{ClockSource, Frame};
use jiff::Timestamp;

/// Pictures in each clip: 3 s at 15 a second.
const FRAMES: u64 = 45;

fn read(path: &Path) -> Vec<Frame> {
    let frames = FileFrames::open(path, &FileOptions::default()).expect("opens");
    frames.map(|frame| frame.expect("decodes")).collect()
}

fn remuxed(from: &Path, name: &str) -> PathBuf {
    let from = from.to_str().expect("plain path");
    clips::clip(name, &["-i", from, "-c", "copy"])
}

#[test]
fn every_container_gives_every_picture_in_order() {
    let (avc, hevc) = (clips::h264_720p(), clips::h265_1080p());
    let files = [
        (avc.clone(), Codec::H264),
        (remuxed(&avc, "h264-720p.mkv"), Codec::H264),
        (remuxed(&avc, "h264-720p.h264"), Codec::H264),
        (hevc.clone(), Codec::H265),
        (remuxed(&hevc, "h265-1080p.h265"), Codec::H265),
    ];
    for (path, codec) in files {
        let options = FileOptions {
            assumed_fps: 15.0,
            ..FileOptions::default()
        };
        let mut file = FileFrames::open(&path, &options).expect("opens");
        assert_eq!(file.codec(), codec);
        let frames: Vec<_> = file.by_ref().map(|f| f.expect("decodes")).collect();
        assert!(frames.iter().map(|f| f.sequence).eq(0..FRAMES), "{path:?}");
        assert!(frames.windows(2).all(|w| w[1].at > w[0].at), "{path:?}");
        let last = frames.last().expect("not empty");
        assert!(
            last.at.as_ms().abs_diff(44 * 1000 / 15) <= 2,
            "{path:?} {:?}",
            last.at
        );
        assert_eq!(last.clock, ClockSource::File);
        assert_eq!(file.decode_errors(), 0);
    }
}

#[test]
fn reordered_pictures_come_out_in_order_of_display() {
    let path = clips::clip(
        "b-frames.mkv",
        &[
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=640x360:rate=15:duration=3",
            "-c:v",
            "libx264",
            "-bf",
            "3",
            "-threads",
            "1",
        ],
    );
    let frames = read(&path);
    assert_eq!(frames.len() as u64, FRAMES);
    assert!(frames.windows(2).all(|w| w[1].at > w[0].at));
}

#[test]
fn a_size_that_changes_in_mid_stream_is_followed() {
    let large = remuxed(&clips::h264_720p(), "h264-720p.h264");
    let small = clips::clip("h264-360p.mp4", &clips::moving("640x360", "libx264"));
    let small = remuxed(&small, "h264-360p.h264");
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("both.h264");
    let both = [large, small]
        .map(|p| std::fs::read(p).expect("made before"))
        .concat();
    std::fs::write(&path, both).expect("writable");
    let widths: Vec<_> = read(&path).iter().map(|f| f.picture.width()).collect();
    let expected = [[1280; FRAMES as usize], [640; FRAMES as usize]].concat();
    assert_eq!(widths, expected);
}

#[test]
fn only_the_picked_pictures_are_converted() {
    let options = FileOptions {
        rate: Rate::new(Some(5.0)),
        ..FileOptions::default()
    };
    let mut file = FileFrames::open(clips::h264_720p(), &options).expect("opens");
    let sequences: Vec<_> = file
        .by_ref()
        .map(|f| f.expect("decodes").sequence)
        .collect();
    assert_eq!(sequences, (0..45).step_by(3).collect::<Vec<_>>());
    assert_eq!(file.decoded(), FRAMES);
}

#[tokio::test]
async fn a_file_in_the_place_of_a_camera_loses_nothing_when_played_as_fast_as_possible() {
    let start: Timestamp = "2026-03-01T08:00:00Z".parse().expect("a time");
    let source = Source::file(clips::h264_720p(), Playback::AsFast, start);
    let options = Options {
        analyse_fps: None,
        ..Options::default()
    };
    let mut camera = spawn("bench", source, options).expect("starts");
    let mut sequences = Vec::new();
    while let Some(frame) = camera.frames.next().await {
        let millis = frame.captured.duration_since(start).as_millis();
        assert!(millis.abs_diff(i128::from(frame.at.as_ms())) <= 1);
        sequences.push(frame.sequence);
    }
    assert!(sequences.into_iter().eq(0..FRAMES));
    camera.handle.stop().await;
    let state = camera.state.borrow().clone();
    assert_eq!(
        (state.status, state.frames_decoded),
        (CameraStatus::Ended, FRAMES)
    );
}

#[tokio::test]
async fn a_repeated_file_goes_on_in_time_and_number() {
    let source = Source::File {
        path: clips::h264_720p(),
        pace: Playback::AsFast,
        start: Timestamp::UNIX_EPOCH,
        repeat: true,
    };
    let options = Options {
        analyse_fps: None,
        ..Options::default()
    };
    let mut camera = spawn("loop", source, options).expect("starts");
    let mut last = camera.frames.next().await.expect("a frame");
    for expected in 1..2 * FRAMES {
        let next = camera.frames.next().await.expect("a frame");
        assert_eq!(next.sequence, expected);
        assert_eq!(
            next.at.since(last.at).as_millis() / 10,
            6,
            "picture {expected}"
        );
        last = next;
    }
    camera.handle.stop().await;
}

#[tokio::test]
async fn a_file_at_real_speed_takes_its_time() {
    let source = Source::file(clips::h264_720p(), Playback::RealTime, Timestamp::now());
    let mut camera = spawn("replay", source, Options::default()).expect("starts");
    let (began, mut last) = (std::time::Instant::now(), camera::mono_now());
    while let Some(frame) = camera.frames.next().await {
        assert!(frame.at >= last, "the origin is that of live cameras");
        last = frame.at;
    }
    assert!(began.elapsed().as_millis() >= 2500);
}

/// What the states say of a clip that repeats one picture for ever.
async fn status_of_still(name: &str, source: &str) -> CameraStatus {
    let clip = clips::clip(
        name,
        &[
            "-f", "lavfi", "-i", source, "-c:v", "libx264", "-threads", "1",
        ],
    );
    let source = Source::File {
        path: clip,
        pace: Playback::AsFast,
        start: Timestamp::UNIX_EPOCH,
        repeat: true,
    };
    let mut camera = spawn(name, source, Options::default()).expect("starts");
    for _ in 0..8 * 25 {
        camera.frames.next().await.expect("repeats for ever");
    }
    let status = camera.state.borrow().status;
    camera.handle.stop().await;
    status
}

#[tokio::test]
async fn a_frozen_a_black_and_a_living_picture_are_told_apart() {
    let still = "testsrc2=size=1280x720:rate=8:duration=0.125,loop=23:1";
    assert_eq!(
        status_of_still("still.mp4", still).await,
        CameraStatus::Frozen
    );
    let black = "color=black:size=1280x720:rate=8:duration=3";
    assert_eq!(
        status_of_still("black.mp4", black).await,
        CameraStatus::Black
    );
    let living = "testsrc2=size=1280x720:rate=8:duration=3";
    assert_eq!(
        status_of_still("living.mp4", living).await,
        CameraStatus::Live
    );
}

#[tokio::test]
async fn a_file_is_refused_as_a_lane_when_too_small_and_read_all_the_same() {
    let small = clips::clip("h264-360p.mp4", &clips::moving("640x360", "libx264"));
    assert_eq!(read(&small).len() as u64, FRAMES);
    let source = Source::file(small, Playback::AsFast, Timestamp::UNIX_EPOCH);
    let mut camera = spawn("small", source, Options::default()).expect("starts");
    assert!(camera.frames.next().await.is_none());
    assert_eq!(camera.state.borrow().status, CameraStatus::TooSmall);
}

#[test]
fn a_missing_or_empty_or_foreign_file_is_a_clear_error() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let open = |path: &Path| FileFrames::open(path, &FileOptions::default());
    let error = open(&folder.path().join("none.mp4")).expect_err("missing");
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    let error = open(folder.path()).expect_err("no pictures");
    assert!(matches!(error, Error::EmptyFolder { .. }));
    // A playlist must not lead us to other files.
    for (name, text) in [
        ("empty.mp4", ""),
        ("text.h264", "this is no video at all"),
        (
            "list.mp4",
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n/etc/passwd\n",
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writable");
        let error = open(&path).and_then(|f| f.collect::<Result<Vec<_>, _>>());
        let error = error.expect_err("not a video");
        assert_eq!(error.kind(), ErrorKind::NoPictures, "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn damage_in_the_middle_costs_pictures_and_nothing_else() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (clip, name) in [
        (clips::h264_720p(), "a.mp4"),
        (clips::h265_1080p(), "b.mp4"),
    ] {
        let mut bytes = std::fs::read(clip).expect("made before");
        let (third, half) = (bytes.len() / 3, bytes.len() / 2);
        for (i, byte) in bytes[third..half].iter_mut().enumerate() {
            *byte = (i * 7919 % 251) as u8;
        }
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).expect("writable");
        let mut file = FileFrames::open(&path, &FileOptions::default()).expect("opens");
        let good = file.by_ref().filter(|f| f.is_ok()).count();
        assert!((5..45).contains(&good), "{good} of {name}");
        assert!(file.decode_errors() > 0);
        // Cut off before the index: nothing to be had, but no crash either.
        std::fs::write(&path, &bytes[..half]).expect("writable");
        let error = FileFrames::open(&path, &FileOptions::default())
            .and_then(|f| f.collect::<Result<Vec<_>, _>>());
        if let Err(error) = error {
            assert_eq!(error.kind(), ErrorKind::NoPictures);
        }
    }
}

#[test]
fn a_folder_of_pictures_is_played_in_order_of_names_and_survives_a_broken_one() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let clip = clips::h264_720p();
    let status = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-nostdin", "-i"])
        .arg(&clip)
        .args(["-frames:v", "4"])
        .arg(folder.path().join("%03d.png"))
        .status()
        .expect("ffmpeg is installed");
    assert!(status.success());
    std::fs::write(folder.path().join("002.png"), "not a picture").expect("writable");
    std::fs::write(folder.path().join("notes.txt"), "not a picture").expect("writable");
    let options = FileOptions {
        assumed_fps: 10.0,
        ..FileOptions::default()
    };
    let items: Vec<_> = FileFrames::open(folder.path(), &options)
        .expect("opens")
        .collect();
    let times: Vec<_> = items
        .iter()
        .map(|i| i.as_ref().ok().map(|f| f.at.as_ms()))
        .collect();
    assert_eq!(times, [Some(0), None, Some(200), Some(300)]);
    assert!(matches!(items[1], Err(Error::Picture { .. })));
}

/// The colours of plates, and the corners of the colour cube, side by side.
const BARS: [[u8; 3]; 8] = [
    [255, 255, 255],
    [250, 185, 0],
    [10, 60, 190],
    [40, 170, 90],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [20, 20, 20],
];

/// ffmpeg makes the colours, converts them by its own scaler and encodes them; what we decode
/// must be those colours. A swapped channel, the wrong matrix or the wrong range all fail.
#[test]
fn colour_bars_come_back_in_their_colours() {
    let tagged_709 = ["-colorspace", "bt709", "-color_range", "tv"];
    let tagged_601 = ["-colorspace", "smpte170m", "-color_range", "tv"];
    let cases: [(&str, u32, &str, &str, &[&str]); 5] = [
        (
            "bars-709.mp4",
            720,
            "libx264",
            "out_color_matrix=bt709:out_range=tv",
            &tagged_709,
        ),
        (
            "bars-601.mp4",
            720,
            "libx264",
            "out_color_matrix=bt601:out_range=tv",
            &tagged_601,
        ),
        (
            "bars-hd-untagged.mp4",
            720,
            "libx265",
            "out_color_matrix=bt709:out_range=tv",
            &[],
        ),
        (
            "bars-sd-untagged.mp4",
            480,
            "libx264",
            "out_color_matrix=bt601:out_range=tv",
            &[],
        ),
        (
            "bars-full.mp4",
            720,
            "libx264",
            "out_color_matrix=bt709:out_range=pc",
            &["-colorspace", "bt709", "-color_range", "pc"],
        ),
    ];
    for (name, height, encoder, conversion, tags) in cases {
        let sources: String = BARS
            .iter()
            .map(|[r, g, b]| {
                format!("color=0x{r:02x}{g:02x}{b:02x}:s=160x{height}:d=0.4:r=5,format=gbrp;")
            })
            .zip("abcdefgh".chars())
            .map(|(source, pad)| source.replace(';', &format!("[{pad}];")))
            .collect();
        let graph = format!(
            "{sources}[a][b][c][d][e][f][g][h]hstack=inputs=8,scale={conversion},format=yuv420p[v]"
        );
        let mut args = vec![
            "-filter_complex",
            &graph,
            "-map",
            "[v]",
            "-c:v",
            encoder,
            "-threads",
            "1",
        ];
        args.extend(tags);
        if encoder == "libx265" {
            args.extend(["-x265-params", "log-level=error"]);
        }
        let path = clips::clip(name, &args);
        let picture = read(&path).remove(0).picture;
        for (i, expected) in BARS.into_iter().enumerate() {
            let got = picture
                .pixel(i as u32 * 160 + 80, height / 2)
                .expect("inside");
            let worst = got.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
            assert!(worst <= Some(8), "{name}: {got:?} instead of {expected:?}");
        }
    }
}

#[test]
fn a_recording_in_h265_is_coded_anew_for_browsers_with_every_picture_at_its_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (clips::h265_1080p(), folder.path().join("anew.mp4"));
    camera::as_h264(&from, &to).expect("coded");
    let coded = FileFrames::open(&to, &FileOptions::default()).expect("opens");
    assert_eq!(coded.codec(), Codec::H264);
    let (was, is) = (read(&from), read(&to));
    assert_eq!(is.len() as u64, FRAMES);
    assert_eq!((is[0].picture.width(), is[0].picture.height()), (1280, 720));
    for (was, is) in was.iter().zip(&is) {
        let apart = was.at.since(is.at) + is.at.since(was.at);
        assert!(apart.as_millis() <= 2, "{apart:?}");
    }
    let noise = folder.path().join("noise.mp4");
    std::fs::write(&noise, [7; 999]).expect("written");
    camera::as_h264(&noise, &to).expect_err("no video");
}
