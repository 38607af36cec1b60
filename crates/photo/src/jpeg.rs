//! Encoding and hashing.

use frame::Picture;
use jpeg_encoder::{ColorType, Encoder};
use sha2::{Digest, Sha256};

use crate::Error;

/// A photo encoded to fit a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The JPEG file.
    pub jpeg: Vec<u8>,
    /// The quality it was encoded with.
    pub quality: u8,
    /// Whether it is within the limit. If not, it is at the lowest quality allowed.
    pub within: bool,
}

/// `picture` as a JPEG file of `quality` 1 to 100. Below 90 colour is kept at half resolution,
/// as cameras do.
///
/// # Errors
/// [`Error::TooLarge`] for more than 65,535 pixels a side, [`Error::Encode`] when the encoder fails.
pub fn encode_jpeg(picture: &Picture, quality: u8) -> Result<Vec<u8>, Error> {
    let (width, height) = (picture.width(), picture.height());
    let (Ok(w), Ok(h)) = (u16::try_from(width), u16::try_from(height)) else {
        return Err(Error::TooLarge { width, height });
    };
    let mut jpeg = Vec::with_capacity(picture.rgb().len() / 16);
    let encoder = Encoder::new(&mut jpeg, quality.clamp(1, 100));
    encoder.encode(picture.rgb(), w, h, ColorType::Rgb)?;
    Ok(jpeg)
}

/// The picture of a JPEG file; `None` when it is none.
#[must_use]
pub fn decode_jpeg(jpeg: &[u8]) -> Option<Picture> {
    let rgb = image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg);
    let rgb = rgb.ok()?.into_rgb8();
    let (width, height) = rgb.dimensions();
    Picture::new(width, height, rgb.into_raw()).ok()
}

/// Longest side of a picture that somebody hands in.
const LONGEST_SIDE_PX: u32 = 12_000;
/// Memory for decoding one.
const DECODING_BYTES: u64 = 512 << 20;

/// A picture that somebody hands in, JPEG or PNG, encoded anew as a JPEG file of at most `width` pixels and, at
/// a lower quality, `limit_bytes`: nothing that stood beside its pixels is kept. `None` when it is no such picture,
/// or has more than 12,000 pixels a side.
#[must_use]
pub fn encoded_anew(bytes: &[u8], width: u32, limit_bytes: usize) -> Option<Vec<u8>> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes));
    reader.set_format(match bytes {
        [0xFF, 0xD8, ..] => image::ImageFormat::Jpeg,
        [0x89, b'P', b'N', b'G', ..] => image::ImageFormat::Png,
        _ => return None,
    });
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE_PX);
    limits.max_image_height = Some(LONGEST_SIDE_PX);
    limits.max_alloc = Some(DECODING_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = image::ImageDecoder::orientation(&mut decoder).ok();
    let mut image = image::DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let rgb = image.into_rgb8();
    let (w, h) = rgb.dimensions();
    let picture = Picture::new(w, h, rgb.into_raw()).ok()?;
    let picture = match picture.width() > width {
        true => crate::smaller(&picture, width),
        false => picture,
    };
    let fitted = encode_jpeg_within(&picture, 88, limit_bytes, 30).ok()?;
    Some(fitted.jpeg)
}

/// `picture` at the best quality up to `quality` whose file has at most `limit_bytes`, but not
/// below the quality `floor`: a plate that cannot be read is worse than a file that is too large.
/// Encodes up to six times.
///
/// # Errors
/// As [`encode_jpeg`]; a file that stays above the limit is not an error.
pub fn encode_jpeg_within(
    picture: &Picture,
    quality: u8,
    limit_bytes: usize,
    floor: u8,
) -> Result<Fitted, Error> {
    let quality = quality.clamp(1, 100);
    let floor = floor.clamp(1, quality);
    let fitted = |quality, jpeg: Vec<u8>| Fitted {
        quality,
        within: jpeg.len() <= limit_bytes,
        jpeg,
    };
    let best = fitted(quality, encode_jpeg(picture, quality)?);
    if best.within || floor == quality {
        return Ok(best);
    }
    let mut found = fitted(floor, encode_jpeg(picture, floor)?);
    if !found.within {
        return Ok(found);
    }
    // Size grows with quality: halve the span between one that fits and one that does not, until
    // the eye could not tell a difference.
    let (mut fits, mut too_large) = (floor, quality);
    while too_large - fits > 4 {
        let middle = fits + (too_large - fits) / 2;
        let tried = fitted(middle, encode_jpeg(picture, middle)?);
        if tried.within {
            (fits, found) = (middle, tried);
        } else {
            too_large = middle;
        }
    }
    Ok(found)
}

/// SHA-256 of `bytes` in 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture that compresses badly.
    fn busy() -> Picture {
        let mut state = 12345_u32;
        let rgb = (0..320 * 240 * 3)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        Picture::new(320, 240, rgb).expect("320x240")
    }

    #[test]
    fn a_photo_decodes_to_what_was_encoded() {
        let picture = Picture::filled(64, 48, [200, 60, 30]);
        let jpeg = encode_jpeg(&picture, 85).expect("encoded");
        let decoded = image::load_from_memory(&jpeg).expect("a JPEG").to_rgb8();
        assert_eq!(decoded.dimensions(), (64, 48));
        let pixel = decoded.get_pixel(30, 30).0;
        assert!(
            pixel
                .iter()
                .zip([200, 60, 30])
                .all(|(a, b)| a.abs_diff(b) < 6)
        );
    }

    #[test]
    fn what_somebody_hands_in_is_encoded_anew_within_its_bounds_or_is_no_picture() {
        let picture = busy();
        let mut jpeg = encode_jpeg(&picture, 95).expect("encoded");
        jpeg.extend_from_slice(b"<script>and something behind it</script>");
        let anew = encoded_anew(&jpeg, 100, 20_000).expect("a picture");
        assert!(anew.len() < 20_000 && !anew.ends_with(b"</script>"));
        let decoded = image::load_from_memory(&anew).expect("a JPEG");
        assert_eq!((decoded.width(), decoded.height()), (100, 75));
        // A PNG that says it is 60,000 pixels wide costs nothing.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([
            0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0,
        ]);
        for nothing in [&png[..], &jpeg[..200], b"%PDF-1.7", b"GIF89a", b""] {
            assert_eq!(encoded_anew(nothing, 100, 20_000), None);
        }
    }

    #[test]
    fn quality_falls_until_the_file_fits() {
        let picture = busy();
        let full = encode_jpeg(&picture, 85).expect("encoded").len();
        let low = encode_jpeg(&picture, 40).expect("encoded").len();
        let limit = usize::midpoint(full, low);
        let fitted = encode_jpeg_within(&picture, 85, limit, 40).expect("encoded");
        assert!(fitted.within && fitted.jpeg.len() <= limit);
        assert!((40..85).contains(&fitted.quality));
    }

    #[test]
    fn quality_never_falls_below_the_floor() {
        let fitted = encode_jpeg_within(&busy(), 85, 100, 60).expect("encoded");
        assert_eq!((fitted.quality, fitted.within), (60, false));
        let exact = encode_jpeg_within(&busy(), 70, 100, 90).expect("encoded");
        assert_eq!(exact.quality, 70);
    }

    #[test]
    fn a_side_beyond_jpeg_is_an_error_not_a_panic() {
        let wide = Picture::filled(70_000, 1, [0; 3]);
        let error = encode_jpeg(&wide, 85).expect_err("too wide");
        assert!(
            error
                .to_string()
                .starts_with("a 70000x1 picture is too large")
        );
    }

    #[test]
    fn the_hash_is_the_one_the_world_knows() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
