//! Pictures scaled to what a network takes, and the way back.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use frame::{Picture, Quad, Rect};

use crate::pixels::whole;
use crate::{Error, Size};

/// Fill of a network's input beside the picture.
const GREY: u8 = 114;

/// A picture scaled to fit a network's input, and the way back.
pub(crate) struct Fitted {
    pub(crate) rgb: Vec<u8>,
    pub(crate) size: Size,
    /// Picture pixels per input pixel, across and down.
    step: (f32, f32),
    /// Where the input's corner lies in the picture.
    left: f32,
    top: f32,
}

impl Fitted {
    /// Corners on the input as corners on the picture.
    pub(crate) fn to_picture(&self, quad: &Quad) -> Quad {
        quad.map(self.step.0, self.step.1, self.left, self.top)
    }
}

/// Scales the whole picture into `largest`, padding right and bottom with grey to sides that are
/// divisible by 32. Aspect is kept; a picture smaller than the input is enlarged.
pub(crate) fn fit_whole(
    resizer: &mut Resizer,
    picture: &Picture,
    largest: Size,
) -> Result<Fitted, Error> {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let scale =
        (largest.width.max(largest.height) as f32 / w.max(h)).min(2.0 * largest.width as f32 / w);
    let size = Size {
        width: round_up(w * scale),
        height: round_up(h * scale),
    };
    let rect = Rect::new(
        0.0,
        0.0,
        size.width as f32 / scale,
        size.height as f32 / scale,
    );
    fit_window(resizer, picture, rect, size)
}

fn round_up(side: f32) -> u32 {
    (side.round() as u32).div_ceil(32).max(1) * 32
}

/// Scales the window `rect` of the picture to `size`; what lies beyond the picture is grey.
pub(crate) fn fit_window(
    resizer: &mut Resizer,
    picture: &Picture,
    rect: Rect,
    size: Size,
) -> Result<Fitted, Error> {
    let inside = rect.intersect(&whole(picture));
    let across = Span::of(
        (inside.left, inside.right),
        (rect.left, rect.right),
        size.width,
    );
    let down = Span::of(
        (inside.top, inside.bottom),
        (rect.top, rect.bottom),
        size.height,
    );
    let (row, start) = (size.width as usize * 3, across.start as usize * 3);
    let mut rgb = vec![GREY; row * size.height as usize];
    let fitted = |rgb| Fitted {
        rgb,
        size,
        step: (across.step, down.step),
        left: inside.left - across.start as f32 * across.step,
        top: inside.top - down.start as f32 * down.step,
    };
    if inside.width() <= 0.0 || inside.height() <= 0.0 {
        return Ok(fitted(rgb));
    }
    let mut part = Image::new(across.length, down.length, PixelType::U8x3);
    let source = ImageRef::new(
        picture.width(),
        picture.height(),
        picture.rgb(),
        PixelType::U8x3,
    )?;
    // Every pixel counts when a picture is shrunk, which keeps thin strokes. Of three filters this one
    // served best on 229 photos: with box or triangle one or two plates or colours more were wrong.
    let filter = if across.step > 1.0 {
        FilterType::Hamming
    } else {
        FilterType::Bilinear
    };
    let [left, top, right, bottom] =
        [inside.left, inside.top, inside.right, inside.bottom].map(f64::from);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(left, top, right - left, bottom - top);
    resizer.resize(&source, &mut part, &options)?;
    let rows = rgb.chunks_exact_mut(row).skip(down.start as usize);
    let wide = across.length as usize * 3;
    for (to, from) in rows.zip(part.buffer().chunks_exact(wide)) {
        to[start..start + wide].copy_from_slice(from);
    }
    Ok(fitted(rgb))
}

/// Which whole pixels of an input's side a part of a picture takes.
struct Span {
    start: u32,
    length: u32,
    /// Picture pixels per input pixel.
    step: f32,
}

impl Span {
    fn of(inside: (f32, f32), rect: (f32, f32), pixels: u32) -> Self {
        let scale = pixels as f32 / (rect.1 - rect.0);
        let start = (((inside.0 - rect.0) * scale).round() as u32).min(pixels - 1);
        let end = (((inside.1 - rect.0) * scale).round() as u32).clamp(start + 1, pixels);
        Self {
            start,
            length: end - start,
            step: (inside.1 - inside.0) / (end - start) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Size = Size {
        width: 192,
        height: 96,
    };

    /// A black picture with one white rectangle.
    fn with_rectangle(width: u32, height: u32, at: [u32; 4]) -> Picture {
        let [left, top, right, bottom] = at;
        let mut rgb = vec![0; (width * height * 3) as usize];
        for y in top..bottom {
            for x in left..right {
                let i = ((y * width + x) * 3) as usize;
                rgb[i..i + 3].fill(255);
            }
        }
        Picture::new(width, height, rgb).expect("the bytes of a picture")
    }

    /// Bounds of what is white on a network's input; half-white pixels count for half.
    fn white(fitted: &Fitted) -> Quad {
        let (w, h) = (fitted.size.width as usize, fitted.size.height as usize);
        let at = |x: usize, y: usize| f32::from(fitted.rgb[(y * w + x) * 3]) / 255.0;
        let (row, column) = (h / 2, w / 2);
        let edge = |line: Vec<f32>| {
            let first = line.iter().position(|&v| v > 0.9).expect("something white");
            let last = line
                .iter()
                .rposition(|&v| v > 0.9)
                .expect("something white");
            let before = if first > 0 { line[first - 1] } else { 0.0 };
            let after = line.get(last + 1).copied().unwrap_or(0.0);
            (first as f32 - before, last as f32 + 1.0 + after)
        };
        let (left, right) = edge((0..w).map(|x| at(x, row)).collect());
        let (top, bottom) = edge((0..h).map(|y| at(column, y)).collect());
        Quad::from_rect(Rect::new(left, top, right, bottom))
    }

    #[test]
    fn what_is_found_in_a_window_is_mapped_back_to_within_a_third_of_a_pixel() {
        let picture = with_rectangle(720, 580, [203, 251, 399, 307]);
        for shift in [0.0, 0.3, 0.5, 0.9, 31.7] {
            let rect = Rect::new(103.2 + shift, 178.6, 499.4 + shift, 376.7);
            let fitted = fit_window(&mut Resizer::new(), &picture, rect, LOOK).expect("a window");
            let back = fitted.to_picture(&white(&fitted)).bounds();
            for (found, truth) in [
                (back.left, 203.0),
                (back.right, 399.0),
                (back.top, 251.0),
                (back.bottom, 307.0),
            ] {
                assert!(
                    (found - truth).abs() < 0.34,
                    "{found} for {truth}, shift {shift}"
                );
            }
        }
    }

    #[test]
    fn a_window_that_reaches_beyond_the_picture_is_grey_there() {
        let picture = Picture::filled(100, 50, [255; 3]);
        let rect = Rect::new(-50.0, -25.0, 150.0, 75.0);
        let fitted = fit_window(&mut Resizer::new(), &picture, rect, LOOK).expect("a window");
        assert_eq!(fitted.rgb[0], GREY);
        let middle = ((48 * 192 + 96) * 3) as usize;
        assert_eq!(fitted.rgb[middle], 255);
        assert_eq!(fitted.rgb.last(), Some(&GREY));
        let back = fitted.to_picture(&white(&fitted)).bounds();
        assert!(
            back.iou(&Rect::new(0.0, 0.0, 100.0, 50.0)) > 0.97,
            "{back:?}"
        );
    }

    #[test]
    fn a_window_beside_the_picture_is_all_grey() {
        let picture = Picture::filled(100, 50, [255; 3]);
        let rect = Rect::new(200.0, 10.0, 300.0, 60.0);
        let size = Size {
            width: 64,
            height: 32,
        };
        let fitted = fit_window(&mut Resizer::new(), &picture, rect, size).expect("a window");
        assert!(fitted.rgb.iter().all(|&v| v == GREY));
    }

    #[test]
    fn pictures_of_any_shape_are_fitted() {
        let largest = Size {
            width: 640,
            height: 384,
        };
        for (width, height) in [
            (1, 1),
            (1, 2000),
            (2000, 1),
            (641, 3),
            (1920, 1080),
            (33, 31),
        ] {
            let picture = Picture::filled(width, height, [0; 3]);
            let fitted = fit_whole(&mut Resizer::new(), &picture, largest).expect("fitted");
            let Size {
                width: w,
                height: h,
            } = fitted.size;
            assert_eq!(fitted.rgb.len(), (w * h * 3) as usize);
            assert!(w % 32 == 0 && h % 32 == 0, "{width} x {height}: {w} x {h}");
        }
    }
}
