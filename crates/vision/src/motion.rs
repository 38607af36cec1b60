//! How much of a lane is occupied, whether or not a plate can be seen.
//!
//! A background of the empty lane is kept on a small grey picture. Pixels that differ from it are
//! occupied; pixels that differ from the frame before are moving. Brightness of the whole lane is
//! evened out first, so that a cloud or a camera's exposure is not a vehicle. Beside the
//! background stands a candidate for it: what has looked the same at one place for long enough
//! becomes the background there, so that dusk, a parked trailer or a vehicle that stood in the
//! first frame do not keep the lane occupied for ever.

use frame::{Picture, Region};
use opencv::core::{self, Mat, Scalar};
use opencv::imgproc;
use opencv::prelude::{MatTraitConst, MatTraitConstManual, MatTraitManual};

use crate::Error;
use crate::pixels::with_mat;

/// Width of the small grey picture, in pixels.
const WIDTH: i32 = 160;
/// Grey levels by which a pixel must differ from the background, out of 255.
const OCCUPIED_LEVELS: f64 = 22.0;
/// Grey levels by which a pixel must differ from the frame before.
const MOVING_LEVELS: f64 = 12.0;
/// Frames for which a place must look the same before it is taken for the empty lane: 5 s at eight
/// frames a second. Vehicles that stop for longer are still followed by their plates.
const SETTLED_FRAMES: u16 = 40;
/// Grey levels within which a place looks the same.
const SAME_LEVELS: f32 = 8.0;
/// Share of a difference that is followed slowly: daylight fades, a shadow moves on.
const FOLLOW: f32 = 0.05;
/// Contrast is evened out by this factor at most, either way.
const MOST_GAIN: f32 = 2.0;
/// A lane whose grey levels spread less than this is flat.
const FLAT_LEVELS: f32 = 3.0;
/// Frames in which the background is learned quickly after start.
const FIRST_FRAMES: u32 = 10;

/// Shares of the lane's region, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Presence {
    /// Differs from the empty lane.
    pub occupied: f32,
    /// Changed since the frame before.
    pub moving: f32,
}

/// Watches one lane's region.
pub struct Motion {
    region: Region,
    mask: Mat,
    background: Mat,
    previous: Mat,
    /// What each place has looked like of late, and for how many frames.
    candidate: Vec<(f32, u16)>,
    frames: u32,
}

impl Motion {
    /// Watches `region` of every picture that comes.
    #[must_use]
    pub fn new(region: Region) -> Self {
        Self {
            region,
            mask: Mat::default(),
            background: Mat::default(),
            previous: Mat::default(),
            candidate: Vec::new(),
            frames: 0,
        }
    }

    /// Takes the next picture. `None` while the background is still unknown: for the first frames
    /// and after a change of resolution.
    pub fn observe(&mut self, picture: &Picture) -> Result<Option<Presence>, Error> {
        let gray = small_gray(picture)?;
        if self.background.empty() || self.background.size()? != gray.size()? {
            self.restart(&gray)?;
            return Ok(None);
        }
        let even = self.evened(&gray)?;
        let occupied = self.share_above(&even, &self.background, OCCUPIED_LEVELS)?;
        let moving = self.share_above(&even, &self.previous, MOVING_LEVELS)?;
        self.previous = even.clone();
        self.frames += 1;
        self.learn(&gray)?;
        Ok((self.frames > FIRST_FRAMES).then_some(Presence { occupied, moving }))
    }

    /// Takes over what has settled, and follows slow changes where the lane looks empty.
    fn learn(&mut self, gray: &Mat) -> Result<(), Error> {
        let now = gray.data_typed::<f32>()?;
        let first = self.frames <= FIRST_FRAMES;
        let background = self.background.data_typed_mut::<f32>()?;
        for ((known, &seen), (look, count)) in
            background.iter_mut().zip(now).zip(&mut self.candidate)
        {
            if (seen - *look).abs() < SAME_LEVELS {
                *look += (seen - *look) * FOLLOW;
                *count = count.saturating_add(1);
            } else {
                (*look, *count) = (seen, 0);
            }
            if first {
                *known += (seen - *known) * 0.3;
            } else if *count >= SETTLED_FRAMES {
                *known = *look;
            } else if (seen - *known).abs() < SAME_LEVELS {
                *known += (seen - *known) * FOLLOW;
            }
        }
        Ok(())
    }

    fn restart(&mut self, gray: &Mat) -> Result<(), Error> {
        let size = gray.size()?;
        let mut mask = Mat::new_size_with_default(size, core::CV_8UC1, Scalar::all(0.0))?;
        let corners: core::Vector<core::Point> = self
            .region
            .corners()
            .iter()
            .map(|[x, y]| {
                core::Point::new(
                    (x * size.width as f32) as i32,
                    (y * size.height as f32) as i32,
                )
            })
            .collect();
        let polygons = core::Vector::<core::Vector<core::Point>>::from_iter([corners]);
        imgproc::fill_poly_def(&mut mask, &polygons, Scalar::all(255.0))?;
        self.mask = mask;
        self.background = gray.clone();
        self.previous = gray.clone();
        self.candidate = gray.data_typed::<f32>()?.iter().map(|&g| (g, 0)).collect();
        self.frames = 0;
        Ok(())
    }

    /// `gray` with the brightness and contrast that the background has over the lane.
    fn evened(&self, gray: &Mat) -> Result<Mat, Error> {
        let mask = self.mask.data_bytes()?;
        let (now, now_spread) = middle(gray.data_typed::<f32>()?, mask);
        let (then, then_spread) = middle(self.background.data_typed::<f32>()?, mask);
        // A flat lane has no contrast that could be evened out.
        let flat = now_spread.min(then_spread) < FLAT_LEVELS;
        let ratio = then_spread / now_spread.max(FLAT_LEVELS);
        let gain = if flat {
            1.0
        } else {
            ratio.clamp(1.0 / MOST_GAIN, MOST_GAIN)
        };
        let mut even = Mat::default();
        let shift = f64::from(then) - f64::from(gain) * f64::from(now);
        gray.convert_to(&mut even, core::CV_32F, f64::from(gain), shift)?;
        Ok(even)
    }

    fn share_above(&self, a: &Mat, b: &Mat, levels: f64) -> Result<f32, Error> {
        let mut difference = Mat::default();
        core::absdiff(a, b, &mut difference)?;
        let mut above = Mat::default();
        imgproc::threshold(
            &difference,
            &mut above,
            levels,
            255.0,
            imgproc::THRESH_BINARY,
        )?;
        let mut bytes = Mat::default();
        above.convert_to_def(&mut bytes, core::CV_8U)?;
        // Opening takes out single pixels: rain, noise, insects.
        let kernel =
            imgproc::get_structuring_element_def(imgproc::MORPH_RECT, core::Size::new(3, 3))?;
        let mut opened = Mat::default();
        imgproc::morphology_ex_def(&bytes, &mut opened, imgproc::MORPH_OPEN, &kernel)?;
        let mut inside = Mat::default();
        core::bitwise_and_def(&opened, &self.mask, &mut inside)?;
        let region = core::count_non_zero(&self.mask)?.max(1);
        Ok(core::count_non_zero(&inside)? as f32 / region as f32)
    }
}

/// Median and median distance from it, inside the mask. Medians, because a vehicle on a third of
/// the lane must not count as a change of light.
fn middle(values: &[f32], mask: &[u8]) -> (f32, f32) {
    let mut inside: Vec<f32> = values
        .iter()
        .zip(mask)
        .filter(|(_, m)| **m > 0)
        .map(|(v, _)| *v)
        .collect();
    let half = inside.len() / 2;
    if inside.is_empty() {
        return (0.0, 1.0);
    }
    let median = *inside.select_nth_unstable_by(half, f32::total_cmp).1;
    inside.iter_mut().for_each(|v| *v = (*v - median).abs());
    let spread = *inside.select_nth_unstable_by(half, f32::total_cmp).1;
    (median, spread)
}

/// The picture as a small, slightly blurred grey one of 32-bit floats.
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
    let mut float = Mat::default();
    blurred.convert_to_def(&mut float, core::CV_32F)?;
    Ok(float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(light: u8, truck: Option<u32>) -> Picture {
        let mut rgb = vec![light; 640 * 360 * 3];
        if let Some(left) = truck {
            for y in 100..300 {
                for x in left..left + 200 {
                    let at = (y * 640 + x as usize) * 3;
                    rgb[at..at + 3].copy_from_slice(&[200, 40, 40]);
                }
            }
        }
        Picture::new(640, 360, rgb).expect("640x360")
    }

    fn settled() -> Motion {
        let mut motion = Motion::new(Region::whole());
        for _ in 0..30 {
            motion.observe(&lane(120, None)).expect("observes");
        }
        motion
    }

    #[test]
    fn an_empty_lane_is_empty_and_a_truck_occupies_it() {
        let mut motion = settled();
        let empty = motion
            .observe(&lane(120, None))
            .expect("observes")
            .expect("settled");
        assert!(empty.occupied < 0.01 && empty.moving < 0.01, "{empty:?}");
        let truck = motion
            .observe(&lane(120, Some(100)))
            .expect("observes")
            .expect("settled");
        assert!(truck.occupied > 0.1 && truck.moving > 0.1, "{truck:?}");
        let standing = motion
            .observe(&lane(120, Some(100)))
            .expect("observes")
            .expect("settled");
        assert!(
            standing.occupied > 0.1 && standing.moving < 0.01,
            "{standing:?}"
        );
    }

    #[test]
    fn a_cloud_is_not_a_vehicle() {
        let mut motion = settled();
        let darker = motion
            .observe(&lane(105, None))
            .expect("observes")
            .expect("settled");
        assert!(darker.occupied < 0.01, "{darker:?}");
    }

    #[test]
    fn what_stands_there_for_long_becomes_part_of_the_lane_and_leaves_no_ghost() {
        let mut motion = settled();
        let mut last = Presence::default();
        for _ in 0..2 * SETTLED_FRAMES {
            last = motion
                .observe(&lane(120, Some(100)))
                .expect("observes")
                .expect("settled");
        }
        assert!(last.occupied < 0.01, "{last:?}");
        for _ in 0..2 * SETTLED_FRAMES {
            last = motion
                .observe(&lane(120, None))
                .expect("observes")
                .expect("settled");
        }
        assert!(last.occupied < 0.01, "{last:?}");
    }

    #[test]
    fn a_changed_resolution_starts_over() {
        let mut motion = settled();
        assert_eq!(
            motion
                .observe(&Picture::filled(320, 320, [9, 9, 9]))
                .expect("observes"),
            None
        );
    }
}
