//! Photos and recordings as phones, recorders and file shares hand them over.

#[path = "support/clips.rs"]
mod clips;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use camera::{Codec, Error, FileFrames, FileKind, FileOptions, kind_of, read_picture};
use image::imageops::{rotate90, rotate180, rotate270};
use image::{ImageFormat, Rgb, RgbImage};

/// Red above left, blue below: no turn of it is like another.
fn upright() -> RgbImage {
    RgbImage::from_fn(96, 64, |x, y| match (x < 48, y < 32) {
        (true, true) => Rgb([230, 20, 20]),
        (_, false) => Rgb([20, 20, 230]),
        _ => Rgb([240, 240, 240]),
    })
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

/// The JPEG with an Exif segment that holds the orientation and nothing else.
fn tagged(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("writable");
    path
}

#[test]
fn a_photo_is_read_as_its_orientation_shows_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    // How the sensor's picture lies in the file when the phone was held so.
    let lying = [
        (1, upright()),
        (3, rotate180(&upright())),
        (6, rotate270(&upright())),
        (8, rotate90(&upright())),
    ];
    for (orientation, picture) in lying {
        let jpeg = tagged(&encoded(&picture, ImageFormat::Jpeg), orientation);
        let path = written(folder.path(), "photo.jpg", &jpeg);
        let read = read_picture(&path).expect("a photo");
        assert_eq!((read.width(), read.height()), (96, 64), "{orientation}");
        let rgb = read.into_rgb();
        let at = |x: usize, y: usize| &rgb[(y * 96 + x) * 3..][..3];
        let red = at(10, 10);
        assert!(red[0] > 180 && red[2] < 80, "{orientation}: {red:?}");
        let blue = at(80, 55);
        assert!(blue[2] > 180 && blue[0] < 80, "{orientation}: {blue:?}");
    }
}

#[test]
fn a_photo_that_breaks_off_is_told_and_never_read_as_grey() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (format, name) in [
        (ImageFormat::Jpeg, "cut.jpg"),
        (ImageFormat::Png, "cut.png"),
        (ImageFormat::WebP, "cut.webp"),
        (ImageFormat::Bmp, "cut.bmp"),
    ] {
        let whole = encoded(&upright(), format);
        let path = written(folder.path(), name, &whole);
        assert!(read_picture(&path).is_ok(), "{name}");
        for part in [3, 6, 9] {
            written(folder.path(), name, &whole[..whole.len() * part / 10]);
            let error = read_picture(&path).expect_err("a part of a photo");
            assert!(matches!(error, Error::Picture { .. }), "{name}: {error}");
        }
    }
}

#[test]
fn a_recording_is_known_by_its_content_whatever_its_name() {
    let clip = clips::h264_720p();
    let clip = clip.to_str().expect("plain path");
    for (name, muxer) in [
        ("ch01-transport-stream.mp4", "mpegts"),
        ("ch01.mts", "mpegts"),
        ("phone.m4v", "mp4"),
        ("clip.webm", "matroska"),
        ("clip.flv", "flv"),
        ("ch01.dav", "h264"),
        ("old.avi", "avi"),
    ] {
        let args = ["-i", clip, "-c", "copy", "-f", muxer];
        let path = clips::clip(&format!("export-{name}"), &args);
        assert_eq!(kind_of(&path).expect("readable"), FileKind::Video, "{name}");
        let mut file = FileFrames::open(&path, &FileOptions::default()).expect(name);
        assert_eq!(file.codec(), Codec::H264, "{name}");
        let frames = file.by_ref().filter(Result::is_ok).count();
        assert!(frames >= 44, "{name}: {frames}");
    }
}

/// ffmpeg writes a program stream without a map of its streams, and then takes the video for sound;
/// recorders write the map. What cannot be read is called a video all the same, never a picture.
#[test]
fn a_program_stream_that_does_not_say_what_it_holds_is_named_as_a_video() {
    let clip = clips::h264_720p();
    let args = [
        "-i",
        clip.to_str().expect("plain path"),
        "-c",
        "copy",
        "-f",
        "vob",
    ];
    let stream = clips::clip("export-program-stream.mp4", &args);
    let bytes = std::fs::read(stream).expect("made");
    let folder = tempfile::tempdir().expect("temporary folder");
    // Hikvision puts 40 bytes of its own in front.
    let headed = [&b"IMKH\x02\x01"[..], &[0; 34], &bytes].concat();
    for (name, bytes) in [("ch01.mpg", &bytes), ("hiv00001.mp4", &headed)] {
        let path = written(folder.path(), name, bytes);
        assert_eq!(kind_of(&path).expect("readable"), FileKind::Video, "{name}");
        let error = FileFrames::open(&path, &FileOptions::default()).expect_err("no map");
        assert!(error.to_string().contains("no video"), "{error}");
    }
}
