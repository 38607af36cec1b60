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

/// Red above left, blue below, with more tolerance than one way of storing colours needs.
#[track_caller]
fn assert_upright(path: &Path) {
    let read = read_picture(path).expect("a photo");
    let (width, height) = (read.width() as usize, read.height() as usize);
    assert_eq!(width * 2, height * 3, "{}", path.display());
    let rgb = read.into_rgb();
    let at = |x: usize, y: usize| &rgb[(y * height / 64 * width + x * width / 96) * 3..][..3];
    let (red, blue) = (at(10, 10), at(80, 55));
    assert!(red[0] > 170 && red[2] < 90, "{}: {red:?}", path.display());
    assert!(
        blue[2] > 150 && blue[0] < 90,
        "{}: {blue:?}",
        path.display()
    );
}

#[test]
fn a_photo_is_read_however_its_colours_are_stored() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let picture = image::DynamicImage::from(upright());
    for (name, stored) in [
        ("deep.png", image::DynamicImage::from(picture.to_rgb16())),
        ("clear.png", image::DynamicImage::from(picture.to_rgba8())),
        (
            "deep-clear.png",
            image::DynamicImage::from(picture.to_rgba16()),
        ),
        ("clear.webp", image::DynamicImage::from(picture.to_rgba8())),
    ] {
        let path = folder.path().join(name);
        stored.save(&path).expect("saved");
        assert_upright(&path);
    }
    // As printers' programs store it: ink, and inverted ink.
    let ink: Vec<u8> = upright()
        .pixels()
        .flat_map(|Rgb([r, g, b])| {
            let k = 255 - r.max(g).max(b);
            let of = |c: &u8| 255 - c - k;
            [of(r), of(g), of(b), k]
        })
        .collect();
    for (name, kind) in [
        ("cmyk.jpg", jpeg_encoder::ColorType::Cmyk),
        ("ycck.jpg", jpeg_encoder::ColorType::CmykAsYcck),
    ] {
        let path = folder.path().join(name);
        let encoder = jpeg_encoder::Encoder::new_file(&path, 95).expect("a file");
        encoder.encode(&ink, 96, 64, kind).expect("encodes");
        assert_upright(&path);
    }
    let grey = folder.path().join("grey.png");
    picture.to_luma16().save(&grey).expect("saved");
    let read = read_picture(&grey).expect("a grey photo").into_rgb();
    assert!(read[0] == read[1] && read[1] == read[2]);
}

#[test]
fn what_is_transparent_is_white_and_not_what_lies_below_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("cut-out.png");
    let hidden = image::RgbaImage::from_pixel(8, 8, image::Rgba([200, 0, 0, 0]));
    hidden.save(&path).expect("saved");
    let read = read_picture(&path).expect("a picture").into_rgb();
    assert!(read.iter().all(|&c| c == 255), "{read:?}");
}

#[test]
fn of_a_moving_picture_the_first_is_read() {
    let source = "color=red:size=96x64:rate=2:duration=1";
    let args = [
        "-f",
        "lavfi",
        "-i",
        source,
        "-c:v",
        "libwebp_anim",
        "-loop",
        "0",
    ];
    let path = clips::clip("moving.webp", &args);
    let read = read_picture(&path).expect("its first picture");
    assert_eq!((read.width(), read.height()), (96, 64));
    let rgb = read.into_rgb();
    assert!(rgb[0] > 200 && rgb[2] < 60, "{:?}", &rgb[..3]);
}

#[test]
fn what_cannot_be_read_is_named_as_what_it_is_with_what_to_do() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (bytes, name, next) in [
        (
            &b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..],
            "HEIC",
            "save it as JPEG",
        ),
        (b"II*\0\x08\0\0\0", "TIFF", "save it as JPEG"),
        (b"GIF89a\x01\0\x01\0", "GIF", "save it as JPEG"),
        (b"%PDF-1.7\n", "PDF", "save it as JPEG"),
        (b"PK\x03\x04\x14\0\0\0", "ZIP", "unpack it"),
        (b"Rar!\x1A\x07\x01\0", "RAR", "unpack it"),
        (b"\0\0\0\x18ftypheim\0\0\0\0mif1", "HEIC", "save it as JPEG"),
        (b"<html>\n<body>404 Not Found", "text", "404 Not Found"),
        (b"{\"code\":401}", "text", "401"),
    ] {
        let path = written(folder.path(), "photo.jpg", bytes);
        let words = read_picture(&path).expect_err(name).to_string();
        assert!(words.contains(name) && words.contains(next), "{words}");
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

#[test]
fn a_video_that_is_none_is_told_with_a_reason() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = written(folder.path(), "zeros.mp4", &[0; 4000]);
    let error = FileFrames::open(&path, &FileOptions::default()).expect_err("zeros");
    let Error::Container { reason, .. } = error else {
        panic!("{error}");
    };
    assert!(!reason.is_empty());
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
