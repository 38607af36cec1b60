//! Rectifying and judging pixels, through OpenCV.

use frame::{Picture, Point, Quad, Rect};
use opencv::boxed_ref::BoxedRef;
use opencv::core::{self, BORDER_REPLICATE, Mat, Point2f, Scalar, Vector};
use opencv::imgproc;
use opencv::prelude::{MatTraitConst, MatTraitConstManual};

use crate::{Error, Size};

/// All of a picture.
pub(crate) fn whole(picture: &Picture) -> Rect {
    Rect::new(0.0, 0.0, picture.width() as f32, picture.height() as f32)
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

/// The plate in `quad`, seen straight on, `size` pixels, RGB.
///
/// When the plate is much larger than the result the picture around it is shrunk first, because a
/// perspective warp samples points and would alias.
///
/// # Errors
/// [`Error::OpenCv`] when the picture cannot be warped.
pub fn rectify(picture: &Picture, quad: &Quad, size: Size) -> Result<Vec<u8>, Error> {
    let shrink = (quad.width() / size.width as f32).max(quad.height() / size.height as f32);
    let bounds = quad.bounds();
    let margin = 4.0 + 2.0 * shrink;
    let whole = whole(picture);
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
///
/// # Errors
/// [`Error::OpenCv`] when `rgb` is not a picture of `size` pixels.
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
