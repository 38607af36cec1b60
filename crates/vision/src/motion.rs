//! How much of a lane is occupied, whether or not a plate can be seen.
//!
//! What the empty lane looks like is kept on a small picture of **local contrast**: the logarithm
//! of each grey level less the mean of its surroundings. Daylight, dusk, lamps and a camera's
//! exposure change a place and its surroundings alike and so vanish; a vehicle's edges do not.
//! Places that differ from the empty lane are occupied, places that differ from the frame before
//! are moving. Where vehicles come towards the camera only the near part of the lane counts, where
//! they stop and where there is a gap between two of them; far away the next one hides the road.
//!
//! Two looks are remembered for each place. What has looked the same for a minute becomes the look
//! of the empty lane, and the one before it is kept: a vehicle that waited for long leaves no ghost.

use frame::{Picture, Region};
use opencv::core::{self, Mat, Scalar};
use opencv::imgproc;
use opencv::prelude::{MatTraitConst, MatTraitConstManual, MatTraitManual};

use crate::Error;
use crate::pixels::with_mat;

/// Width of the small picture, in pixels.
const WIDTH: i32 = 160;
/// Added to grey levels of 0 to 255 before the logarithm, so that noise in the dark stays small.
const DARK_LEVELS: f64 = 12.0;
/// Side of the surroundings a place is compared with, in pixels of the small picture.
const SURROUNDINGS: i32 = 25;
/// Contrast, in natural logarithms, by which a place must differ from the empty lane.
const OCCUPIED: f32 = 0.15;
/// The same against the frame before.
const MOVING: f32 = 0.09;
/// Contrast within which a place looks the same.
const SAME: f32 = 0.06;
/// Frames for which a place must look the same before it is taken for the empty lane: a minute at
/// eight frames a second.
const SETTLED_FRAMES: u16 = 480;
/// Share of a difference that is followed slowly: a shadow moves on, a road dries.
const FOLLOW: f32 = 0.05;
/// Frames in which the empty lane is learned quickly after start.
const FIRST_FRAMES: u32 = 10;
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

/// Shares of the watched part of the lane's region, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Presence {
    /// Differs from the empty lane.
    pub occupied: f32,
    /// Changed since the frame before.
    pub moving: f32,
}

/// What one place of the lane has looked like, in local contrast.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// When empty.
    known: f32,
    /// When empty, before `known` was.
    former: f32,
    /// Of late …
    look: f32,
    /// … and for how many frames.
    count: u16,
    /// On the frame before.
    previous: f32,
}

impl Place {
    fn new(seen: f32) -> Self {
        Self {
            known: seen,
            former: seen,
            look: seen,
            count: 0,
            previous: seen,
        }
    }

    fn is_occupied(&self, seen: f32) -> bool {
        (seen - self.known).abs() > OCCUPIED && (seen - self.former).abs() > OCCUPIED
    }

    fn learn(&mut self, seen: f32, first: bool) {
        self.previous = seen;
        if (seen - self.look).abs() < SAME {
            self.look += (seen - self.look) * FOLLOW;
            self.count = self.count.saturating_add(1);
        } else {
            (self.look, self.count) = (seen, 0);
        }
        if first {
            self.known += (seen - self.known) * 0.3;
            self.former = self.known;
        } else if (seen - self.known).abs() < SAME {
            self.known += (seen - self.known) * FOLLOW;
        } else if self.count >= SETTLED_FRAMES {
            (self.known, self.former) = (self.look, self.known);
        }
    }
}

/// Watches one lane's region.
pub struct Motion {
    region: Region,
    part: Part,
    /// 255 where the lane is watched.
    mask: Mat,
    places: Vec<Place>,
    frames: u32,
}

impl Motion {
    /// Watches a `part` of `region` in every picture that comes.
    #[must_use]
    pub fn new(region: Region, part: Part) -> Self {
        Self {
            region,
            part,
            mask: Mat::default(),
            places: Vec::new(),
            frames: 0,
        }
    }

    /// Takes the next picture. `None` while the empty lane is still unknown: for the first frames
    /// and after a change of resolution.
    pub fn observe(&mut self, picture: &Picture) -> Result<Option<Presence>, Error> {
        let contrast = local_contrast(picture)?;
        if self.places.is_empty() || self.mask.size()? != contrast.size()? {
            self.restart(&contrast)?;
            return Ok(None);
        }
        let seen = contrast.data_typed::<f32>()?;
        let occupied = self.share(seen, Place::is_occupied)?;
        let moving = self.share(seen, |place, seen| (seen - place.previous).abs() > MOVING)?;
        self.frames += 1;
        let first = self.frames <= FIRST_FRAMES;
        for (place, &seen) in self.places.iter_mut().zip(seen) {
            place.learn(seen, first);
        }
        Ok((!first).then_some(Presence { occupied, moving }))
    }

    fn restart(&mut self, contrast: &Mat) -> Result<(), Error> {
        self.mask = mask(&self.region, self.part, contrast.size()?)?;
        let seen = contrast.data_typed::<f32>()?;
        self.places = seen.iter().map(|&seen| Place::new(seen)).collect();
        self.frames = 0;
        Ok(())
    }

    /// Share of the watched lane for which `is` holds, single pixels (rain, noise, insects) apart.
    fn share(&self, seen: &[f32], is: impl Fn(&Place, f32) -> bool) -> Result<f32, Error> {
        let mut marks = self.mask.try_clone()?;
        let places = self.places.iter().zip(seen);
        for (mark, (place, &seen)) in marks.data_bytes_mut()?.iter_mut().zip(places) {
            *mark = if is(place, seen) { 255 } else { 0 };
        }
        let kernel =
            imgproc::get_structuring_element_def(imgproc::MORPH_RECT, core::Size::new(3, 3))?;
        let mut opened = Mat::default();
        imgproc::morphology_ex_def(&marks, &mut opened, imgproc::MORPH_OPEN, &kernel)?;
        let mut inside = Mat::default();
        core::bitwise_and_def(&opened, &self.mask, &mut inside)?;
        let all = core::count_non_zero(&self.mask)?.max(1);
        Ok(core::count_non_zero(&inside)? as f32 / all as f32)
    }
}

/// 255 in the watched part of the region, 0 elsewhere.
fn mask(region: &Region, part: Part, size: core::Size) -> Result<Mat, Error> {
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
fn local_contrast(picture: &Picture) -> Result<Mat, Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(light: u8, truck: Option<u32>) -> Picture {
        let mut rgb = vec![light; 640 * 360 * 3];
        if let Some(left) = truck {
            for y in 100..300 {
                for x in left..left + 200 {
                    let at = (y * 640 + x as usize) * 3;
                    // Paint, glass and shadow alternate; a plain sheet would be no vehicle.
                    let color = if y / 30 % 2 == 0 {
                        [200, 60, 60]
                    } else {
                        [30, 30, 30]
                    };
                    rgb[at..at + 3].copy_from_slice(&color);
                }
            }
        }
        Picture::new(640, 360, rgb).expect("640x360")
    }

    fn settled() -> Motion {
        let mut motion = Motion::new(Region::whole(), Part::Near);
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
    fn clouds_and_dusk_are_no_vehicles() {
        let mut motion = settled();
        for light in [105, 60, 200, 30, 120] {
            let changed = motion
                .observe(&lane(light, None))
                .expect("observes")
                .expect("settled");
            assert!(changed.occupied < 0.01, "{light}: {changed:?}");
        }
    }

    #[test]
    fn a_vehicle_that_waited_for_long_leaves_no_ghost() {
        let mut motion = settled();
        let mut watch = |truck, frames: u16| {
            let mut last = Presence::default();
            for _ in 0..frames {
                last = motion
                    .observe(&lane(120, truck))
                    .expect("observes")
                    .expect("settled");
            }
            last.occupied
        };
        assert!(watch(Some(100), 100) > 0.1);
        assert!(watch(Some(100), 3 * SETTLED_FRAMES) < 0.01);
        assert!(watch(None, 1) < 0.01);
        assert!(watch(Some(300), 1) > 0.1);
    }

    #[test]
    fn only_the_near_part_of_the_region_counts() {
        let upper = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 0.6], [0.0, 0.6]];
        let mut motion = Motion::new(Region::new(upper).expect("a region"), Part::Near);
        for _ in 0..30 {
            motion.observe(&lane(120, None)).expect("observes");
        }
        let occupied = |motion: &mut Motion, top: usize| {
            let mut rgb = lane(120, None).rgb().to_vec();
            for y in top..top + 60 {
                rgb[(y * 640 + 100) * 3..(y * 640 + 400) * 3].fill(220);
            }
            let picture = Picture::new(640, 360, rgb).expect("640x360");
            let presence = motion.observe(&picture).expect("observes");
            presence.expect("settled").occupied
        };
        assert!(occupied(&mut motion, 10) < 0.01, "far away");
        assert!(occupied(&mut motion, 130) > 0.1, "near");
        assert!(occupied(&mut motion, 290) < 0.01, "outside");
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
