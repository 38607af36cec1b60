//! Scaling, rectifying and judging pixels, through OpenCV.

use frame::{Picture, Point, Quad, Rect};
use opencv::boxed_ref::BoxedRef;
use opencv::core::{self, BORDER_CONSTANT, BORDER_REPLICATE, Mat, Point2f, Scalar, Vector};
use opencv::imgproc;
use opencv::prelude::{MatTraitConst, MatTraitConstManual};

use crate::{Error, Size};

/// Fill of the detector's input beside the picture.
const GREY: f64 = 114.0;

/// A picture scaled to fit a network's input, and the way back.
pub(crate) struct Fitted {
    pub(crate) rgb: Vec<u8>,
    pub(crate) size: Size,
    /// Picture pixels per input pixel, across and down: whole pixels were scaled to whole pixels.
    step: (f32, f32),
    left: f32,
    top: f32,
}

impl Fitted {
    /// Corners on the input as corners on the picture.
    pub(crate) fn to_picture(&self, quad: &Quad) -> Quad {
        quad.map(self.step.0, self.step.1, self.left, self.top)
    }
}

/// Lends a picture's pixels to OpenCV as a three-channel matrix, without copying them.
pub(crate) fn with_mat<T>(
    picture: &Picture,
    work: impl FnOnce(&BoxedRef<'_, Mat>) -> Result<T, Error>,
) -> Result<T, Error> {
    let bytes = Mat::from_slice(picture.rgb())?;
    let rows = i32::try_from(picture.height()).unwrap_or(i32::MAX);
    let mat = bytes.reshape(3, rows)?;
    work(&mat)
}

/// Scales the whole picture into `largest`, padding right and bottom with grey to sides that are
/// divisible by 32. Aspect is kept; a picture smaller than the input is enlarged.
pub(crate) fn fit_whole(picture: &Picture, largest: Size) -> Result<Fitted, Error> {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let scale =
        (largest.width.max(largest.height) as f32 / w.max(h)).min(2.0 * largest.width as f32 / w);
    let inner = ((w * scale).round().max(1.0), (h * scale).round().max(1.0));
    let size = Size {
        width: round_up(inner.0),
        height: round_up(inner.1),
    };
    let rect = Rect::new(
        0.0,
        0.0,
        size.width as f32 / scale,
        size.height as f32 / scale,
    );
    fit(picture, rect, scale, size)
}

/// Scales the window `rect` of the picture (which may reach beyond it) to exactly `size`.
pub(crate) fn fit_window(picture: &Picture, rect: Rect, size: Size) -> Result<Fitted, Error> {
    fit(picture, rect, size.width as f32 / rect.width(), size)
}

fn round_up(side: f32) -> u32 {
    (side as u32).div_ceil(32).max(1) * 32
}

fn fit(picture: &Picture, rect: Rect, scale: f32, size: Size) -> Result<Fitted, Error> {
    // Area averaging below 1:1 keeps thin strokes; OpenCV offers it only in `resize`.
    let inside = rect.intersect(&Rect::new(
        0.0,
        0.0,
        picture.width() as f32,
        picture.height() as f32,
    ));
    let part = core::Rect::new(
        inside.left as i32,
        inside.top as i32,
        (inside.right.ceil() as i32 - inside.left as i32).max(1),
        (inside.bottom.ceil() as i32 - inside.top as i32).max(1),
    );
    let mut scaled = Mat::default();
    let target = core::Size::new(
        ((part.width as f32 * scale).round() as i32).clamp(1, size.width as i32),
        ((part.height as f32 * scale).round() as i32).clamp(1, size.height as i32),
    );
    let filter = if scale < 1.0 {
        imgproc::INTER_AREA
    } else {
        imgproc::INTER_LINEAR
    };
    with_mat(picture, |source| {
        let view = Mat::roi(source, part)?;
        Ok(imgproc::resize(
            &view,
            &mut scaled,
            target,
            0.0,
            0.0,
            filter,
        )?)
    })?;
    let left_px = (((part.x as f32 - rect.left) * scale).round() as i32)
        .clamp(0, size.width as i32 - target.width);
    let top_px = (((part.y as f32 - rect.top) * scale).round() as i32)
        .clamp(0, size.height as i32 - target.height);
    let mut padded = Mat::default();
    core::copy_make_border(
        &scaled,
        &mut padded,
        top_px,
        size.height as i32 - target.height - top_px,
        left_px,
        size.width as i32 - target.width - left_px,
        BORDER_CONSTANT,
        Scalar::all(GREY),
    )?;
    let step = (
        part.width as f32 / target.width as f32,
        part.height as f32 / target.height as f32,
    );
    Ok(Fitted {
        rgb: padded.data_bytes()?.to_vec(),
        size,
        step,
        left: part.x as f32 - left_px as f32 * step.0,
        top: part.y as f32 - top_px as f32 * step.1,
    })
}

/// The plate in `quad`, seen straight on, `size` pixels, RGB.
///
/// When the plate is much larger than the result the picture around it is shrunk first, because a
/// perspective warp samples points and would alias.
pub fn rectify(picture: &Picture, quad: &Quad, size: Size) -> Result<Vec<u8>, Error> {
    let shrink = (quad.width() / size.width as f32).max(quad.height() / size.height as f32);
    let bounds = quad.bounds();
    let margin = 4.0 + 2.0 * shrink;
    let whole = Rect::new(0.0, 0.0, picture.width() as f32, picture.height() as f32);
    let near = Rect::new(
        bounds.left - margin,
        bounds.top - margin,
        bounds.right + margin,
        bounds.bottom + margin,
    )
    .intersect(&whole);
    let (left, top) = (
        near.left.min(whole.right - 1.0) as i32,
        near.top.min(whole.bottom - 1.0) as i32,
    );
    let part = core::Rect::new(
        left,
        top,
        (near.width() as i32).clamp(1, picture.width() as i32 - left),
        (near.height() as i32).clamp(1, picture.height() as i32 - top),
    );
    let corners = quad.map(1.0, 1.0, -part.x as f32, -part.y as f32);
    with_mat(picture, |source| {
        let view = Mat::roi(source, part)?;
        if shrink <= 1.5 {
            return warp(&view, &corners, size);
        }
        let factor = 1.5 / shrink;
        let target = core::Size::new(
            ((part.width as f32 * factor).round() as i32).max(1),
            ((part.height as f32 * factor).round() as i32).max(1),
        );
        let mut small = Mat::default();
        imgproc::resize(&view, &mut small, target, 0.0, 0.0, imgproc::INTER_AREA)?;
        let (sx, sy) = (
            target.width as f32 / part.width as f32,
            target.height as f32 / part.height as f32,
        );
        warp(&small, &corners.map(sx, sy, 0.0, 0.0), size)
    })
}

fn warp(from: &impl core::ToInputArray, corners: &Quad, size: Size) -> Result<Vec<u8>, Error> {
    let (w, h) = (size.width as f32, size.height as f32);
    let flat = Quad::from_rect(Rect::new(0.0, 0.0, w, h));
    // OpenCV's pixel centres are whole numbers, ours lie half a pixel further.
    let points = |q: &Quad| -> Vector<Point2f> {
        q.0.iter()
            .map(|p: &Point| Point2f::new(p.x - 0.5, p.y - 0.5))
            .collect()
    };
    let matrix =
        imgproc::get_perspective_transform(&points(corners), &points(&flat), core::DECOMP_LU)?;
    let mut out = Mat::default();
    imgproc::warp_perspective(
        from,
        &mut out,
        &matrix,
        core::Size::new(size.width as i32, size.height as i32),
        imgproc::INTER_LINEAR,
        BORDER_REPLICATE,
        Scalar::default(),
    )?;
    Ok(out.data_bytes()?.to_vec())
}

/// How sharp a rectified plate is: variance of its Laplacian over the variance of its brightness,
/// so that contrast does not count as sharpness. 0 for a flat picture; a crisp plate is above 0.5.
pub fn sharpness(rgb: &[u8], size: Size) -> Result<f32, Error> {
    let flat = Mat::from_slice(rgb)?;
    let shaped = flat.reshape(3, size.height as i32)?;
    let mut gray = Mat::default();
    imgproc::cvt_color_def(&shaped, &mut gray, imgproc::COLOR_RGB2GRAY)?;
    let mut edges = Mat::default();
    imgproc::laplacian_def(&gray, &mut edges, core::CV_32F)?;
    let (edge, light) = (variance(&edges)?, variance(&gray)?);
    Ok(if light > 1.0 {
        (edge / light) as f32
    } else {
        0.0
    })
}

fn variance(mat: &Mat) -> Result<f64, Error> {
    let (mut mean, mut deviation) = (Mat::default(), Mat::default());
    core::mean_std_dev_def(mat, &mut mean, &mut deviation)?;
    Ok(deviation.at::<f64>(0)?.powi(2))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let size = Size {
            width: 192,
            height: 96,
        };
        for shift in [0.0, 0.3, 0.5, 0.9, 31.7] {
            let rect = Rect::new(103.2 + shift, 178.6, 499.4 + shift, 376.7);
            let fitted = fit_window(&picture, rect, size).expect("a window");
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
}
