//! Decoded pictures to RGB, by the matrix and range that the stream names.
//!
//! The decoder's own scaler, as its safe interface offers it, always assumes BT.601: yellow and
//! green plates would shift on every HD camera.

use ffmpeg_next::color::{Range, Space};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame::Video;
use ffmpeg_next::software::scaling;
use frame::Picture;
use yuv::{YuvPlanarImage, YuvRange, YuvStandardMatrix, yuv420_to_rgb};

/// Pictures at least this high are BT.709 when the stream does not say (ITU-R BT.709 is the
/// matrix of HDTV, BT.601 that of 576 lines and fewer).
const HD_HEIGHT: u32 = 720;

/// How a stream says its colours are coded.
fn coding(frame: &Video) -> (YuvStandardMatrix, YuvRange) {
    let matrix = match frame.color_space() {
        Space::BT709 => YuvStandardMatrix::Bt709,
        Space::BT470BG | Space::SMPTE170M => YuvStandardMatrix::Bt601,
        Space::SMPTE240M => YuvStandardMatrix::Smpte240,
        Space::FCC => YuvStandardMatrix::Fcc,
        Space::BT2020NCL | Space::BT2020CL => YuvStandardMatrix::Bt2020,
        _ if frame.height() >= HD_HEIGHT => YuvStandardMatrix::Bt709,
        _ => YuvStandardMatrix::Bt601,
    };
    let full = frame.color_range() == Range::JPEG || is_full_range(frame.format());
    let range = if full {
        YuvRange::Full
    } else {
        YuvRange::Limited
    };
    (matrix, range)
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

/// Converts a decoded picture at its own size. The error says why it cannot be.
pub(crate) fn to_picture(frame: &Video) -> Result<Picture, String> {
    let (width, height) = (frame.width(), frame.height());
    let rgb = match frame.format() {
        Pixel::YUV420P | Pixel::YUVJ420P => planar_to_rgb(frame, coding(frame))?,
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
            planar_to_rgb(&rescaled(frame, target)?, coding(frame))?
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

fn planar_to_rgb(
    frame: &Video,
    (matrix, range): (YuvStandardMatrix, YuvRange),
) -> Result<Vec<u8>, String> {
    let [y, u, v] = [0, 1, 2].map(|plane| (frame.data(plane), frame.stride(plane) as u32));
    let planes = YuvPlanarImage {
        y_plane: y.0,
        y_stride: y.1,
        u_plane: u.0,
        u_stride: u.1,
        v_plane: v.0,
        v_stride: v.1,
        width: frame.width(),
        height: frame.height(),
    };
    let row_bytes = frame.width() * 3;
    let mut rgb = vec![0; row_bytes as usize * frame.height() as usize];
    yuv420_to_rgb(&planes, &mut rgb, row_bytes, range, matrix).map_err(|e| e.to_string())?;
    Ok(rgb)
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

    /// The formulas of ITU-R BT.709, limited range; luma below black counts as black.
    #[test]
    fn every_sample_value_converts_to_within_a_level() {
        let (width, height) = (66, 33);
        let mut frame = Video::new(Pixel::YUV420P, width, height);
        frame.set_color_space(Space::BT709);
        let samples = [
            0, 1, 15, 16, 17, 64, 127, 128, 129, 192, 235, 236, 240, 241, 254, 255,
        ];
        for (plane, step) in [(0, 1), (1, 3), (2, 7)] {
            let stride = frame.stride(plane);
            for (i, sample) in frame.data_mut(plane).iter_mut().enumerate() {
                *sample = samples[(i % stride * step + i / stride * (step + 2)) % samples.len()];
            }
        }
        let picture = to_picture(&frame).expect("convertible");
        let (kr, kb) = (0.2126, 0.0722);
        let kg = 1.0 - kr - kb;
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let at = |plane: usize, x: u32, y: u32| {
                f64::from(frame.data(plane)[y as usize * frame.stride(plane) + x as usize])
            };
            let luma = (at(0, x, y) - 16.0).max(0.0) * 255.0 / 219.0;
            let u = (at(1, x / 2, y / 2) - 128.0) * 255.0 / 224.0;
            let v = (at(2, x / 2, y / 2) - 128.0) * 255.0 / 224.0;
            let expected = [
                luma + 2.0 * (1.0 - kr) * v,
                luma - 2.0 * (kb * (1.0 - kb) * u + kr * (1.0 - kr) * v) / kg,
                luma + 2.0 * (1.0 - kb) * u,
            ];
            let got = picture.pixel(x, y).expect("inside");
            for (got, expected) in got.into_iter().zip(expected) {
                let off = (f64::from(got) - expected.clamp(0.0, 255.0)).abs();
                assert!(off <= 1.0, "at {x}, {y}: {got}, not {expected:.1}");
            }
        }
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
