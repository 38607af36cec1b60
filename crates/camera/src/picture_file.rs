//! One picture file, as a viewer would show it.

use std::io::{Cursor, Read};
use std::path::Path;

use frame::Picture;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, Rgba};

use crate::Error;
use crate::decoder::MAX_SIDE_PX;

/// What a file is by its first bytes; its name may say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// JPEG, PNG, BMP or WebP.
    Picture,
    /// A picture of a kind that is not read here, such as HEIC: its name.
    OtherPicture(&'static str),
    /// A container or a bare stream of video.
    Video,
    /// Neither.
    Unknown,
}

/// The largest picture that is read, 8192 x 8192, with four bytes a pixel and not packed.
const MAX_BYTES: u64 = 257 << 20;
/// How much of a file its kind is told from.
const HEAD_BYTES: usize = 600;

/// Looks at the first bytes of a file.
///
/// # Errors
/// [`Error::Missing`] when it cannot be opened or read, [`Error::NotAFile`] when it is a device or a pipe.
pub fn kind_of(path: &Path) -> Result<FileKind, Error> {
    Ok(kind(&first_bytes(path, HEAD_BYTES as u64)?))
}

/// So many bytes of a file, or all it has. Devices and pipes are never opened: they may have no end, and
/// what is taken from a pipe is gone for whoever looks next.
fn first_bytes(path: &Path, count: u64) -> Result<Vec<u8>, Error> {
    let missing = |source| Error::Missing {
        path: path.to_owned(),
        source,
    };
    must_be_file(path)?;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(missing)?;
    file.take(count).read_to_end(&mut bytes).map_err(missing)?;
    Ok(bytes)
}

/// # Errors
/// [`Error::Missing`] and [`Error::NotAFile`].
pub(crate) fn must_be_file(path: &Path) -> Result<(), Error> {
    let metadata = std::fs::metadata(path).map_err(|source| Error::Missing {
        path: path.to_owned(),
        source,
    })?;
    if metadata.is_file() || metadata.is_dir() {
        return Ok(());
    }
    Err(Error::NotAFile {
        path: path.to_owned(),
    })
}

fn kind(head: &[u8]) -> FileKind {
    match image::guess_format(head) {
        Ok(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Bmp | ImageFormat::WebP) => {
            return FileKind::Picture;
        }
        Ok(ImageFormat::Gif) => return FileKind::OtherPicture("GIF"),
        Ok(ImageFormat::Tiff) => return FileKind::OtherPicture("TIFF"),
        Ok(ImageFormat::Avif) => return FileKind::OtherPicture("AVIF"),
        _ => {}
    }
    if let Some(name) = other_picture(head) {
        return FileKind::OtherPicture(name);
    }
    let brand = (head.get(4..8) == Some(b"ftyp"))
        .then(|| head.get(8..12))
        .flatten();
    match brand {
        Some(
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" | b"mif1"
            | b"msf1",
        ) => FileKind::OtherPicture("HEIC"),
        Some(b"avif" | b"avis") => FileKind::OtherPicture("AVIF"),
        _ if is_video(head) => FileKind::Video,
        _ => FileKind::Unknown,
    }
}

/// What viewers show and this does not, by its mark.
fn other_picture(head: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 6] = [
        (b"%PDF-", "PDF"),
        (b"8BPS", "Photoshop"),
        (b"\0\0\0\x0CjP  ", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\0\0\0\x0CJXL ", "JPEG XL"),
        (b"\xFF\x0A", "JPEG XL"),
    ];
    let found = marks.iter().find(|(mark, _)| head.starts_with(mark));
    found.map(|(_, name)| *name)
}

/// What has to be unpacked first.
fn archive(head: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "ZIP"),
        (b"Rar!\x1A\x07", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7-Zip"),
        (b"\x1F\x8B", "gzip"),
    ];
    let found = marks.iter().find(|(mark, _)| head.starts_with(mark));
    found.map(|(_, name)| *name)
}

/// The first words of what is text: a web page or an answer in JSON that somebody saved as a photo.
fn beginning_of_text(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(HEAD_BYTES))?;
    let text = String::from_utf8_lossy(head);
    let words = text.trim_start_matches('\u{feff}').trim();
    // The head may end within a character.
    let is_text = |c: char| !c.is_control() || c.is_whitespace();
    let all = words.trim_end_matches(char::REPLACEMENT_CHARACTER);
    let text = !all.is_empty() && all.chars().all(is_text) && !all.contains('\u{fffd}');
    text.then(|| all.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|line| line.chars().take(60).collect())
}

/// Marks that recorders, phones and cameras put at the front of video.
fn is_video(head: &[u8]) -> bool {
    let starts = |mark: &[u8]| head.starts_with(mark);
    let at = |place: usize, mark: &[u8]| head.get(place..place + mark.len()) == Some(mark);
    let boxes: [&[u8]; 6] = [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"];
    boxes.iter().any(|name| at(4, name))
        || starts(&[0x1A, 0x45, 0xDF, 0xA3]) // Matroska and WebM
        || (starts(b"RIFF") && at(8, b"AVI "))
        || starts(b"FLV")
        || starts(b"DHAV") // Dahua
        || starts(b"IMKH") // Hikvision, a program stream behind it
        || starts(&[0, 0, 1, 0xBA]) // program stream
        || starts(&[0, 0, 1, 0xB3]) // MPEG-1 and -2
        || (at(0, b"G") && at(188, b"G")) // transport stream
        || (at(4, b"G") && at(196, b"G")) // the same with times, .mts of camcorders
        || is_bare_stream(head)
}

/// H.264 or H.265 without a container begins with a parameter set or an access unit's delimiter.
fn is_bare_stream(head: &[u8]) -> bool {
    let (unit, next) = match head {
        [0, 0, 0, 1, unit, next, ..] | [0, 0, 1, unit, next, ..] => (*unit, *next),
        _ => return false,
    };
    // H.265 has a second byte of head: layer 0, temporal layer 0.
    let avc = matches!(unit & 0x1F, 5..=9);
    let hevc = matches!((unit >> 1) & 0x3F, 32..=35 | 39) && next == 1;
    unit & 0x80 == 0 && (avc || hevc)
}

/// Decodes one picture file of any size up to 8192 x 8192, whatever its name says, and turns it as
/// its Exif data ask.
///
/// # Errors
/// [`Error::Missing`] and [`Error::NotAFile`] when it cannot be opened; [`Error::Picture`] when it is no picture that can be
/// read, or breaks off.
pub fn read_picture(path: &Path) -> Result<Picture, Error> {
    let broken = |reason: String| Error::Picture {
        path: path.to_owned(),
        reason,
    };
    let bytes = first_bytes(path, MAX_BYTES + 1)?;
    if bytes.len() as u64 > MAX_BYTES {
        let mib = MAX_BYTES >> 20;
        return Err(broken(format!("no picture has more than {mib} MiB")));
    }
    picture_in(&bytes).map_err(broken)
}

/// The picture that a file's bytes are, of any size up to 8192 x 8192.
///
/// # Errors
/// Why they are none, for whoever knows pictures: it is English, and no sentence.
pub fn picture_in(bytes: &[u8]) -> Result<Picture, String> {
    match kind(&bytes[..bytes.len().min(HEAD_BYTES)]) {
        FileKind::OtherPicture(name) => {
            return Err(format!("{name} is not supported; save it as JPEG or PNG"));
        }
        FileKind::Video => return Err("it is a video".to_owned()),
        FileKind::Picture | FileKind::Unknown => {}
    }
    if let Some(name) = archive(bytes) {
        return Err(format!(
            "it is a {name} archive; unpack it and name the folder"
        ));
    }
    if let Some(words) = beginning_of_text(bytes) {
        return Err(format!("it is text and no picture, and begins: {words}"));
    }
    // The decoder fills what is missing with grey, which is no evidence of anything.
    if bytes.starts_with(&[0xFF, 0xD8]) && !is_whole_jpeg(bytes) {
        return Err("the file breaks off: it was not copied to its end".to_owned());
    }
    let rgb = on_white(decode(bytes).map_err(|e| e.to_string())?);
    let (width, height) = rgb.dimensions();
    Picture::new(width, height, rgb.into_raw()).map_err(|e| e.to_string())
}

fn decode(bytes: &[u8]) -> image::ImageResult<DynamicImage> {
    // By content, not by name: cameras save JPEG as .bmp and worse.
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    // Broken Exif data leave the picture as it lies.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// What is transparent is shown on white, as viewers do: the colour that lies below it is often
/// black, and anything may stand there.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let shown = rgba.pixels().flat_map(|Rgba([r, g, b, a])| {
        let over = |c: u8| {
            let (c, a) = (u16::from(c), u16::from(*a));
            u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX)
        };
        [*r, *g, *b].map(over)
    });
    let (width, height) = rgba.dimensions();
    RgbImage::from_raw(width, height, shown.collect()).unwrap_or_default()
}

/// Whether a JPEG reaches its end mark (ITU-T T.81, annex B). Marks inside a preview that Exif data
/// carry do not count: segments are walked by their lengths.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        // Between segments, and inside coded data, the next mark is 0xFF and a byte that is
        // neither stuffing nor a restart mark.
        let Some(found) = bytes[at..].windows(2).position(|pair| {
            pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0x01 | 0xD0..=0xD7 | 0xFF)
        }) else {
            return false;
        };
        at += found + 2;
        if bytes[at - 1] == 0xD9 {
            return true;
        }
        let Some(&[high, low]) = bytes.get(at..at + 2) else {
            return false;
        };
        at += usize::from(u16::from_be_bytes([high, low]));
        if at >= bytes.len() {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let padded = |mark: &[u8]| [mark, &[7; 300]].concat();
        for video in [
            padded(b"\0\0\0\x18ftypmp42"),
            padded(&[0x1A, 0x45, 0xDF, 0xA3]),
            padded(b"RIFF\0\0\0\0AVI LIST"),
            padded(b"IMKH"),
            padded(b"DHAV"),
            padded(&[0, 0, 1, 0xBA]),
            padded(&[0, 0, 0, 1, 0x67, 0x64]),
            padded(&[0, 0, 0, 1, 0x40, 1]),
            [&[0x47_u8; 1][..], &[0; 187], &[0x47; 1]].concat(),
        ] {
            assert_eq!(kind(&video), FileKind::Video, "{:?}", &video[..12]);
        }
        assert_eq!(kind(b"\xFF\xD8\xFF\xE0"), FileKind::Picture);
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), FileKind::Picture);
        assert_eq!(kind(b"\0\0\0\x18ftypheic"), FileKind::OtherPicture("HEIC"));
        assert_eq!(kind(b"%PDF-1.7"), FileKind::OtherPicture("PDF"));
        let desktop = [0, 0, 0, 1, b'B', b'u', b'd', b'1'];
        for stranger in [
            &b"[.ShellClassInfo]"[..],
            &[0xD0, 0xCF, 0x11, 0xE0],
            &desktop,
            &[],
        ] {
            assert_eq!(kind(stranger), FileKind::Unknown);
        }
    }

    #[test]
    fn an_end_mark_inside_a_preview_is_not_the_end_of_the_photo() {
        let preview = [0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 0, 0];
        let scan = [0xFF, 0xDA, 0, 4, 1, 2, 9, 9, 0xFF, 0x00, 9, 0xFF, 0xD0, 9];
        let whole = [&[0xFF, 0xD8][..], &preview, &scan, &[0xFF, 0xD9]].concat();
        assert!(is_whole_jpeg(&whole));
        for end in 0..whole.len() {
            let cut = &whole[..end.max(2)];
            assert!(!is_whole_jpeg(cut), "cut at {end}");
        }
        // Some cameras pad behind the end.
        assert!(is_whole_jpeg(&[&whole[..], &[0; 32]].concat()));
    }

    /// The CRC that PNG has behind each of its parts.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
            })
        })
    }

    #[test]
    fn a_head_that_promises_a_huge_picture_is_refused_by_its_head() {
        let side = u32::MAX >> 1;
        let part = [
            b"IHDR",
            &side.to_be_bytes()[..],
            &side.to_be_bytes(),
            &[16, 6, 0, 0, 0],
        ]
        .concat();
        let png = [
            b"\x89PNG\r\n\x1A\n\0\0\0\x0D",
            &part[..],
            &crc(&part).to_be_bytes(),
        ]
        .concat();
        let frame = [0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0];
        let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0xFF, 0xD9];
        let jpeg = [&[0xFF, 0xD8][..], &frame, &scan].concat();
        let webp = b"RIFF\x16\0\0\0WEBPVP8L\x0A\0\0\0\x2F\xFF\xFF\xFF\x0F\0\0\0\0\0";
        let mut bmp = [
            &b"BM\xFF\xFF\xFF\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..],
            &[0; 36],
        ]
        .concat();
        for at in [18, 22] {
            bmp[at..at + 4].copy_from_slice(&(i32::MAX / 2).to_le_bytes());
        }
        bmp[26..30].copy_from_slice(&[1, 0, 24, 0]);
        for (name, bytes, said) in [
            ("PNG", &png[..], "limit"),
            ("JPEG", &jpeg, "limit"),
            ("BMP", &bmp, "limit"),
            ("WebP", webp, "sizes"),
        ] {
            let reason = picture_in(bytes).expect_err(name);
            assert!(reason.contains(said), "{name}: {reason}");
        }
    }
}
