//! Small clips made by ffmpeg, kept between runs in the target folder.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a gate camera sends, 15 pictures a second for 3 s, a key frame every second.
pub(crate) fn h264_720p() -> PathBuf {
    clip("h264-720p.mp4", &moving("1280x720", "libx264"))
}

pub(crate) fn h265_1080p() -> PathBuf {
    clip("h265-1080p.mp4", &moving("1920x1080", "libx265"))
}

/// A scene in which nothing moves but the noise of the sensor, 12 seconds at 15 pictures a second, coded with
/// these parameters.
pub(crate) fn noisy(name: &str, encoder: &str, parameters: &str) -> PathBuf {
    let flag = if encoder == "libx265" {
        "-x265-params"
    } else {
        "-x264-params"
    };
    let source = "smptebars=size=1280x720:rate=15:duration=12,noise=alls=6:allf=t";
    let quality = ["-preset", "ultrafast", "-crf", "30", "-pix_fmt", "yuv420p"];
    let begin = ["-f", "lavfi", "-i", source, "-c:v", encoder];
    let all: Vec<&str> = begin
        .into_iter()
        .chain(quality)
        .chain([flag, parameters])
        .collect();
    clip(name, &all)
}

/// Runs ffmpeg with `args` and gives the clip of this name; does nothing when it was made before.
pub(crate) fn clip(name: &str, args: &[&str]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !path.exists() {
        // Tests run side by side: the last one to rename wins, and nobody sees half a clip.
        let nonce = format!("{}-{:?}", std::process::id(), std::thread::current().id());
        let half = path.with_file_name(format!("{nonce}-{name}"));
        let status = Command::new("ffmpeg")
            .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
            .args(args)
            .arg(&half)
            .status()
            .expect("ffmpeg is installed");
        assert!(status.success(), "ffmpeg {args:?}");
        std::fs::rename(&half, &path).expect("same folder");
    }
    path
}

/// A moving test picture of three seconds.
pub(crate) fn moving(size: &str, encoder: &'static str) -> [&'static str; 14] {
    let source = match size {
        "1280x720" => "testsrc2=size=1280x720:rate=15:duration=3",
        "1920x1080" => "testsrc2=size=1920x1080:rate=15:duration=3",
        _ => "testsrc2=size=640x360:rate=15:duration=3",
    };
    let parameters = if encoder == "libx265" {
        "-x265-params"
    } else {
        "-x264-params"
    };
    let values = if encoder == "libx265" {
        "keyint=15:bframes=0:log-level=error"
    } else {
        "keyint=15:bframes=0"
    };
    [
        "-f",
        "lavfi",
        "-i",
        source,
        "-c:v",
        encoder,
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
        parameters,
        values,
        "-threads",
        "1",
    ]
}

/// A raw stream with a delimiter before each access unit, as handshake files name it.
pub(crate) fn stream(name: &str) -> PathBuf {
    let (size, encoder, parameters) = match name {
        "h264-720p" => ("1280x720", "libx264", "keyint=15:bframes=0:aud=1"),
        "h264-upright" => ("1080x1920", "libx264", "keyint=15:bframes=0:aud=1"),
        // More than a decoder may hold: of so many pixels, and of so many bytes a pixel.
        "h264-8192" => ("8192x8192", "libx264", "keyint=15:bframes=0:aud=1"),
        "h264-444" => ("4800x4400", "libx264", "keyint=15:bframes=0:aud=1"),
        // One IDR picture at the start, then I pictures with a recovery point.
        "h264-open-gop" => (
            "1280x720",
            "libx264",
            "open-gop=1:bframes=1:b-adapt=0:keyint=10:min-keyint=10:ref=1:scenecut=0:aud=1",
        ),
        // No I picture but the first: a column of each picture is refreshed.
        "h264-intra-refresh" => (
            "1280x720",
            "libx264",
            "intra-refresh=1:bframes=0:keyint=10:ref=1:aud=1",
        ),
        "h265-1080p" => (
            "1920x1080",
            "libx265",
            "keyint=15:bframes=0:aud=1:log-level=error",
        ),
        // CRA pictures and leading pictures after the first IDR.
        "h265-open-gop" => (
            "1280x720",
            "libx265",
            "open-gop=1:keyint=10:min-keyint=10:bframes=1:aud=1:log-level=error",
        ),
        other => panic!("no clip {other:?}"),
    };
    let (seconds, sampling) = match name {
        "h264-8192" => (1, "yuv420p"),
        "h264-444" => (1, "yuv444p"),
        _ => (4, "yuv420p"),
    };
    let source = format!("testsrc2=size={size}:rate=15:duration={seconds}");
    let (option, format) = match encoder {
        "libx265" => ("-x265-params", "hevc"),
        _ => ("-x264-params", "h264"),
    };
    let file = format!("stream-{name}.{format}");
    let args = [
        "-f",
        "lavfi",
        "-i",
        &source,
        "-c:v",
        encoder,
        "-preset",
        "ultrafast",
        "-pix_fmt",
        sampling,
        option,
        parameters,
        "-threads",
        "1",
        "-f",
        format,
    ];
    clip(&file, &args)
}
