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
    /// Input pixels per picture pixel.
    scale: f32,
    left: f32,
    top: f32,
}

impl Fitted {
    /// Corners on the input as corners on the picture.
    pub(crate) fn to_picture(&self, quad: &Quad) -> Quad {
        let back = 1.0 / self.scale;
        quad.map(back, back, self.left, self.top)
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
    Ok(Fitted {
        rgb: padded.data_bytes()?.to_vec(),
        size,
        scale,
        left: part.x as f32 - left_px as f32 / scale,
        top: part.y as f32 - top_px as f32 / scale,
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
