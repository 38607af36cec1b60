//! Decoded pictures to RGB, by the matrix and range that the stream names.
//!
//! The conversion is our own because the scaler of the library, as its safe interface offers it,
//! always assumes BT.601: yellow and green plates would shift on every HD camera.

use ffmpeg_next::color::{Range, Space};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame::Video;
use ffmpeg_next::software::scaling;
use frame::Picture;

/// Pictures at least this high are BT.709 when the stream does not say (ITU-R BT.709 is the
/// matrix of HDTV, BT.601 that of 576 lines and fewer).
const HD_HEIGHT: u32 = 720;

/// Weights of red and blue in luma, and the range of the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix {
    kr: f64,
    kb: f64,
    full_range: bool,
}

impl Matrix {
    fn of(frame: &Video) -> Self {
        let (kr, kb) = match frame.color_space() {
            Space::BT709 => (0.2126, 0.0722),
            Space::BT470BG | Space::SMPTE170M => (0.299, 0.114),
            Space::SMPTE240M => (0.212, 0.087),
            Space::FCC => (0.30, 0.11),
            Space::BT2020NCL | Space::BT2020CL => (0.2627, 0.0593),
            _ if frame.height() >= HD_HEIGHT => (0.2126, 0.0722),
            _ => (0.299, 0.114),
        };
        let full_range = frame.color_range() == Range::JPEG || is_full_range(frame.format());
        Self { kr, kb, full_range }
    }
}

/// The older way to say full range.
fn is_full_range(format: Pixel) -> bool {
    matches!(
        format,
        Pixel::YUVJ420P | Pixel::YUVJ422P | Pixel::YUVJ444P | Pixel::YUVJ440P
    )
}

fn is_rgb(format: Pixel) -> bool {
    matches!(
        format,
        Pixel::RGB24
            | Pixel::BGR24
            | Pixel::RGBA
            | Pixel::BGRA
            | Pixel::ARGB
            | Pixel::ABGR
            | Pixel::GBRP
            | Pixel::PAL8
    )
}

/// Contribution of each sample value to a channel, in 1/65536 levels.
struct Tables {
    luma: [i32; 256],
    red_v: [i32; 256],
    green_u: [i32; 256],
    green_v: [i32; 256],
    blue_u: [i32; 256],
}

impl Tables {
    fn new(m: Matrix) -> Self {
        let (black, luma_scale, chroma_scale) = if m.full_range {
            (0.0, 1.0, 1.0)
        } else {
            (16.0, 255.0 / 219.0, 255.0 / 224.0)
        };
        let kg = 1.0 - m.kr - m.kb;
        let table = |zero: f64, factor: f64, add: f64| -> [i32; 256] {
            std::array::from_fn(|i| (((i as f64 - zero) * factor + add) * 65536.0).round() as i32)
        };
        Self {
            luma: table(black, luma_scale, 0.5),
            red_v: table(128.0, 2.0 * (1.0 - m.kr) * chroma_scale, 0.0),
            green_u: table(128.0, -2.0 * m.kb * (1.0 - m.kb) / kg * chroma_scale, 0.0),
            green_v: table(128.0, -2.0 * m.kr * (1.0 - m.kr) / kg * chroma_scale, 0.0),
            blue_u: table(128.0, 2.0 * (1.0 - m.kb) * chroma_scale, 0.0),
        }
    }

    /// What the chroma samples add to red, green and blue.
    fn chroma(&self, u: u8, v: u8) -> [i32; 3] {
        let (u, v) = (usize::from(u), usize::from(v));
        [
            self.red_v[v],
            self.green_u[u].wrapping_add(self.green_v[v]),
            self.blue_u[u],
        ]
    }
}

/// Converts a decoded picture at its own size. The error says why it cannot be.
pub(crate) fn to_picture(frame: &Video) -> Result<Picture, String> {
    let (width, height) = (frame.width(), frame.height());
    let rgb = match frame.format() {
        Pixel::YUV420P | Pixel::YUVJ420P => planar_to_rgb(frame, Matrix::of(frame)),
        format if is_rgb(format) => {
            let rgb = rescaled(frame, Pixel::RGB24)?;
            let row_bytes = width as usize * 3;
            let rows = rgb.data(0).chunks(rgb.stride(0)).take(height as usize);
            rows.flat_map(|row| &row[..row_bytes]).copied().collect()
        }
        // Other samplings and depths first become 4:2:0 in the same matrix and range.
        format => {
            let target = if is_full_range(format) {
                Pixel::YUVJ420P
            } else {
                Pixel::YUV420P
            };
            planar_to_rgb(&rescaled(frame, target)?, Matrix::of(frame))
        }
    };
    Picture::new(width, height, rgb).map_err(|e| e.to_string())
}

fn rescaled(frame: &Video, format: Pixel) -> Result<Video, String> {
    let (w, h) = (frame.width(), frame.height());
    let mut out = Video::empty();
    scaling::Context::get(frame.format(), w, h, format, w, h, scaling::Flags::BILINEAR)
        .and_then(|mut context| context.run(frame, &mut out))
        .map_err(|e| format!("pixel format {:?}: {e}", frame.format()))?;
    Ok(out)
}

fn planar_to_rgb(frame: &Video, matrix: Matrix) -> Vec<u8> {
    let t = Tables::new(matrix);
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let mut rgb = vec![0_u8; width * height * 3];
    let row = |plane: usize, y: usize, bytes: usize| {
        &frame.data(plane)[y * frame.stride(plane)..][..bytes]
    };
    for (y, out) in rgb.chunks_exact_mut(width * 3).enumerate() {
        let luma = row(0, y, width);
        let (us, vs) = (
            row(1, y / 2, width.div_ceil(2)),
            row(2, y / 2, width.div_ceil(2)),
        );
        // Two pixels share a chroma sample; fixed lengths let the compiler drop bounds checks.
        let (mut out, mut luma) = (out.chunks_exact_mut(6), luma.chunks_exact(2));
        for ((pixels, y), (&u, &v)) in out.by_ref().zip(luma.by_ref()).zip(us.iter().zip(vs)) {
            let [red, green, blue] = t.chroma(u, v);
            let (y0, y1) = (t.luma[usize::from(y[0])], t.luma[usize::from(y[1])]);
            pixels[0] = level(y0.wrapping_add(red));
            pixels[1] = level(y0.wrapping_add(green));
            pixels[2] = level(y0.wrapping_add(blue));
            pixels[3] = level(y1.wrapping_add(red));
            pixels[4] = level(y1.wrapping_add(green));
            pixels[5] = level(y1.wrapping_add(blue));
        }
        // The last pixel of an odd width.
        let (rest, y) = (out.into_remainder(), luma.remainder());
        if let (Some(&y), Some(&u), Some(&v)) = (y.first(), us.last(), vs.last()) {
            let y = t.luma[usize::from(y)];
            let channels = t.chroma(u, v).map(|chroma| level(y.wrapping_add(chroma)));
            rest.copy_from_slice(&channels);
        }
    }
    rgb
}

/// From 1/65536 levels to a level.
fn level(fixed: i32) -> u8 {
    (fixed >> 16).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(format: Pixel, yuv: [u8; 3], space: Space, range: Range) -> [u8; 3] {
        let mut frame = Video::new(format, 6, 4);
        for (plane, value) in yuv.into_iter().enumerate() {
            frame.data_mut(plane).fill(value);
        }
        frame.set_color_space(space);
        frame.set_color_range(range);
        to_picture(&frame)
            .expect("convertible")
            .pixel(5, 3)
            .expect("inside")
    }

    fn near(a: [u8; 3], b: [u8; 3]) -> bool {
        a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 2)
    }

    /// Sample values of pure yellow from ITU-R BT.709 and BT.601, limited range.
    #[test]
    fn yellow_is_yellow_by_each_matrix() {
        let yellow = [255, 255, 0];
        let by_709 = plain(Pixel::YUV420P, [219, 16, 138], Space::BT709, Range::MPEG);
        assert!(near(by_709, yellow), "{by_709:?}");
        let by_601 = plain(
            Pixel::YUV420P,
            [210, 16, 146],
            Space::SMPTE170M,
            Range::MPEG,
        );
        assert!(near(by_601, yellow), "{by_601:?}");
    }

    #[test]
    fn full_range_is_recognised_by_flag_and_by_format() {
        for (format, range) in [
            (Pixel::YUV420P, Range::JPEG),
            (Pixel::YUVJ420P, Range::Unspecified),
        ] {
            assert_eq!(
                plain(format, [255, 128, 128], Space::BT709, range),
                [255; 3]
            );
            assert_eq!(plain(format, [16, 128, 128], Space::BT709, range), [16; 3]);
        }
        let limited = plain(Pixel::YUV420P, [235, 128, 128], Space::BT709, Range::MPEG);
        assert_eq!(limited, [255; 3]);
    }

    #[test]
    fn four_four_four_goes_the_same_way() {
        let yellow = plain(Pixel::YUV444P, [219, 16, 138], Space::BT709, Range::MPEG);
        assert!(near(yellow, [255, 255, 0]), "{yellow:?}");
    }

    #[test]
    fn odd_sizes_are_converted_to_the_last_pixel() {
        let mut frame = Video::new(Pixel::YUV420P, 5, 3);
        (0..3).for_each(|plane| frame.data_mut(plane).fill(128));
        let picture = to_picture(&frame).expect("convertible");
        assert_eq!(picture.pixel(4, 2), picture.pixel(0, 0));
    }
}
