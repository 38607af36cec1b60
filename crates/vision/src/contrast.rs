//! Where a lane is watched, and what is looked at there: **local contrast**, the logarithm of each
//! grey level less the mean of its surroundings. Daylight, dusk, lamps and a camera's exposure
//! change a place and its surroundings alike and so vanish; a vehicle's edges do not.

use frame::{Picture, Region};
use opencv::core::{self, Mat, Scalar};
use opencv::imgproc;
use opencv::prelude::MatTraitConst;

use crate::Error;
use crate::pixels::with_mat;

/// Width of the small picture, in pixels.
const WIDTH: i32 = 160;
/// Added to grey levels of 0 to 255 before the logarithm, so that noise in the dark stays small.
const DARK_LEVELS: f64 = 12.0;
/// Side of the surroundings a place is compared with, in pixels of the small picture.
const SURROUNDINGS: i32 = 25;
/// The near part of a region is what lies below this share of its height.
const NEAR_FROM: f32 = 0.45;

/// Which part of its region a lane is watched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// What is near the camera.
    Near,
}

/// 255 in the watched part of the region, 0 elsewhere.
pub(crate) fn mask(region: &Region, part: Part, size: core::Size) -> Result<Mat, Error> {
    let mut mask = Mat::new_size_with_default(size, core::CV_8UC1, Scalar::all(0.0))?;
    let scaled = |[x, y]: &[f32; 2]| {
        core::Point::new(
            (x * size.width as f32) as i32,
            (y * size.height as f32) as i32,
        )
    };
    let corners: core::Vector<core::Point> = region.corners().iter().map(scaled).collect();
    let rows = || region.corners().iter().map(|[_, y]| *y);
    let (top, bottom) = (rows().fold(1.0, f32::min), rows().fold(0.0, f32::max));
    let polygons = core::Vector::<core::Vector<core::Point>>::from_iter([corners]);
    imgproc::fill_poly_def(&mut mask, &polygons, Scalar::all(255.0))?;
    let skipped = if part == Part::Near { NEAR_FROM } else { 0.0 };
    let from = (top + skipped * (bottom - top)) * size.height as f32;
    let far = core::Rect::new(0, 0, size.width, (from as i32).clamp(0, size.height));
    imgproc::rectangle(
        &mut mask,
        far,
        Scalar::all(0.0),
        imgproc::FILLED,
        imgproc::LINE_8,
        0,
    )?;
    Ok(mask)
}

/// The picture, small, as the logarithm of its grey levels less that of their surroundings.
pub(crate) fn local_contrast(picture: &Picture) -> Result<Mat, Error> {
    let mut light = Mat::default();
    let gray = small_gray(picture)?;
    gray.convert_to(&mut light, core::CV_32F, 1.0, DARK_LEVELS)?;
    let mut level = Mat::default();
    core::log(&light, &mut level)?;
    let mut around = Mat::default();
    let side = core::Size::new(SURROUNDINGS, SURROUNDINGS);
    imgproc::blur_def(&level, &mut around, side)?;
    let mut contrast = Mat::default();
    core::subtract_def(&level, &around, &mut contrast)?;
    Ok(contrast)
}

/// The picture as a small, slightly blurred grey one.
fn small_gray(picture: &Picture) -> Result<Mat, Error> {
    let height = (WIDTH as f32 * picture.height() as f32 / picture.width() as f32) as i32;
    let mut small = Mat::default();
    with_mat(picture, |mat| {
        let size = core::Size::new(WIDTH, height.clamp(1, 4 * WIDTH));
        // Sampling every n-th pixel first is ten times cheaper than averaging all of them.
        let mut coarse = Mat::default();
        let twice = core::Size::new(size.width * 3, size.height * 3);
        imgproc::resize(mat, &mut coarse, twice, 0.0, 0.0, imgproc::INTER_NEAREST)?;
        Ok(imgproc::resize(
            &coarse,
            &mut small,
            size,
            0.0,
            0.0,
            imgproc::INTER_AREA,
        )?)
    })?;
    let mut gray = Mat::default();
    imgproc::cvt_color_def(&small, &mut gray, imgproc::COLOR_RGB2GRAY)?;
    let mut blurred = Mat::default();
    imgproc::gaussian_blur_def(&gray, &mut blurred, core::Size::new(5, 5), 0.0)?;
    Ok(blurred)
}
