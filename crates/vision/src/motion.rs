//! How much of a lane is occupied, whether or not a plate can be seen.
//!
//! What the empty lane looks like is kept on a small picture of local contrast. Places that differ from the empty lane are occupied, places that differ from the frame before
//! are moving. Where vehicles come towards the camera only the near part of the lane counts, where
//! they stop and where there is a gap between two of them; far away the next one hides the road.
//!
//! Two looks are remembered for each place. What has looked the same for a minute becomes the look
//! of the empty lane, and the one before it is kept: a vehicle that waited for long leaves no ghost.

use frame::{MonoTime, Picture, Region};
use opencv::core::{self, Mat};
use opencv::imgproc;
use opencv::prelude::{MatTraitConst, MatTraitConstManual, MatTraitManual};

use crate::Error;
use crate::contrast::{Part, local_contrast, mask};

/// Contrast, in natural logarithms, by which a place must differ from the empty lane.
const OCCUPIED: f32 = 0.15;
/// The same against the frame before.
const MOVING: f32 = 0.09;
/// Contrast within which a place looks the same.
const SAME: f32 = 0.06;
/// A place that has looked the same for this long is the empty lane.
const SETTLED_S: f32 = 60.0;
/// A small difference is followed with this time constant: a shadow moves on, a road dries.
const FOLLOW_S: f32 = 2.5;
/// Of a longer time between two frames no more counts: nobody looked.
const UNSEEN_AFTER_S: f32 = 1.0;
/// Frames in which the empty lane is learned quickly after start.
const FIRST_FRAMES: u32 = 10;

/// Shares of the watched part of the lane's region, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RegionShares {
    /// Differs from the empty lane.
    pub occupied: f32,
    /// Changed since the frame before.
    pub moving: f32,
}

/// A picture that was looked at, of which nothing is learned yet.
#[derive(Debug)]
pub struct Glance {
    contrast: Mat,
    /// `None` while the empty lane is still unknown.
    pub shares: Option<RegionShares>,
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
    /// … and for how many seconds.
    same_s: f32,
    /// On the frame before.
    previous: f32,
}

impl Place {
    fn new(seen: f32) -> Self {
        Self {
            known: seen,
            former: seen,
            look: seen,
            same_s: 0.0,
            previous: seen,
        }
    }

    fn is_occupied(&self, seen: f32) -> bool {
        (seen - self.known).abs() > OCCUPIED && (seen - self.former).abs() > OCCUPIED
    }

    /// `spent_s` seconds after the frame before, of which `share` of a difference is followed.
    fn learn(&mut self, seen: f32, first: bool, (spent_s, share): (f32, f32)) {
        self.previous = seen;
        if (seen - self.look).abs() < SAME {
            self.look += (seen - self.look) * share;
            self.same_s += spent_s;
        } else {
            (self.look, self.same_s) = (seen, 0.0);
        }
        if first {
            self.known += (seen - self.known) * 0.3;
            self.former = self.known;
        } else if (seen - self.known).abs() < SAME {
            self.known += (seen - self.known) * share;
        } else if self.same_s >= SETTLED_S {
            (self.known, self.former) = (self.look, self.known);
        }
    }
}

/// Watches one lane's region.
pub struct MotionDetector {
    region: Region,
    part: Part,
    /// 255 where the lane is watched.
    mask: Mat,
    places: Vec<Place>,
    frames: u32,
    last: MonoTime,
}

impl MotionDetector {
    /// Watches a `part` of `region` in every picture that comes.
    #[must_use]
    pub fn new(region: Region, part: Part) -> Self {
        Self {
            region,
            part,
            mask: Mat::default(),
            places: Vec::new(),
            frames: 0,
            last: MonoTime::default(),
        }
    }

    /// Takes the next picture, seen `at` this time. `None` while the empty lane is still unknown: for the first frames
    /// and after a change of resolution.
    ///
    /// # Errors
    /// [`Error::OpenCv`] when the picture cannot be processed.
    pub fn observe(
        &mut self,
        picture: &Picture,
        at: MonoTime,
    ) -> Result<Option<RegionShares>, Error> {
        let glance = self.glance(picture)?;
        self.learn(&glance, at)?;
        Ok(glance.shares)
    }

    /// Looks at the next picture without learning anything of it.
    ///
    /// # Errors
    /// [`Error::OpenCv`] when the picture cannot be processed.
    pub fn glance(&self, picture: &Picture) -> Result<Glance, Error> {
        let contrast = local_contrast(picture)?;
        if self.places.is_empty() || self.mask.size()? != contrast.size()? {
            let shares = None;
            return Ok(Glance { contrast, shares });
        }
        let seen = contrast.data_typed::<f32>()?;
        let occupied = self.share(seen, Place::is_occupied)?;
        let moving = self.share(seen, |place, seen| (seen - place.previous).abs() > MOVING)?;
        let known = self.frames >= FIRST_FRAMES;
        let shares = known.then_some(RegionShares { occupied, moving });
        Ok(Glance { contrast, shares })
    }

    /// Learns from a picture that was glanced at, seen `at` this time.
    ///
    /// # Errors
    /// [`Error::OpenCv`] when the picture cannot be processed.
    pub fn learn(&mut self, glance: &Glance, at: MonoTime) -> Result<(), Error> {
        let contrast = &glance.contrast;
        let spent_s = at.since(self.last).as_secs_f32().min(UNSEEN_AFTER_S);
        self.last = at;
        if self.places.is_empty() || self.mask.size()? != contrast.size()? {
            return self.restart(contrast);
        }
        self.frames += 1;
        let first = self.frames <= FIRST_FRAMES;
        let followed = (spent_s, 1.0 - (-spent_s / FOLLOW_S).exp());
        for (place, &seen) in self.places.iter_mut().zip(contrast.data_typed::<f32>()?) {
            place.learn(seen, first, followed);
        }
        Ok(())
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

    /// Shows pictures at a steady rate.
    struct Camera {
        motion: MotionDetector,
        frame_ms: u64,
        at_ms: u64,
    }

    impl Camera {
        fn new(region: Region, frame_ms: u64) -> Self {
            let motion = MotionDetector::new(region, Part::Near);
            let mut camera = Self {
                motion,
                frame_ms,
                at_ms: 0,
            };
            for _ in 0..30 {
                camera.look(&lane(120, None));
            }
            camera
        }

        fn look(&mut self, picture: &Picture) -> Option<RegionShares> {
            self.at_ms += self.frame_ms;
            let at = MonoTime::from_ms(self.at_ms);
            self.motion.observe(picture, at).expect("observes")
        }

        fn show(&mut self, picture: &Picture) -> RegionShares {
            self.look(picture).expect("settled")
        }
    }

    fn settled() -> Camera {
        Camera::new(Region::whole(), 125)
    }

    #[test]
    fn an_empty_lane_is_empty_and_a_truck_occupies_it() {
        let mut camera = settled();
        let empty = camera.show(&lane(120, None));
        assert!(empty.occupied < 0.01 && empty.moving < 0.01, "{empty:?}");
        let truck = camera.show(&lane(120, Some(100)));
        assert!(truck.occupied > 0.1 && truck.moving > 0.1, "{truck:?}");
        let standing = camera.show(&lane(120, Some(100)));
        assert!(
            standing.occupied > 0.1 && standing.moving < 0.01,
            "{standing:?}"
        );
    }

    #[test]
    fn clouds_and_dusk_are_no_vehicles() {
        let mut camera = settled();
        for light in [105, 60, 200, 30, 120] {
            let changed = camera.show(&lane(light, None));
            assert!(changed.occupied < 0.01, "{light}: {changed:?}");
        }
    }

    #[test]
    fn a_vehicle_that_waited_for_long_leaves_no_ghost_at_any_rate() {
        for frame_ms in [125, 400] {
            let mut camera = Camera::new(Region::whole(), frame_ms);
            let mut watch = |truck, seconds: u64| {
                let mut last = RegionShares::default();
                for _ in 0..(seconds * 1000).div_ceil(frame_ms) {
                    last = camera.show(&lane(120, truck));
                }
                last.occupied
            };
            assert!(watch(Some(100), 30) > 0.1, "{frame_ms} ms");
            assert!(watch(Some(100), 40) < 0.01, "{frame_ms} ms");
            assert!(watch(None, 1) < 0.01, "{frame_ms} ms");
            assert!(watch(Some(300), 1) > 0.1, "{frame_ms} ms");
        }
    }

    #[test]
    fn only_the_near_part_of_the_region_counts() {
        let upper = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 0.6], [0.0, 0.6]];
        let mut camera = Camera::new(Region::new(upper).expect("a region"), 125);
        let mut occupied = |top: usize| {
            let mut rgb = lane(120, None).rgb().to_vec();
            for y in top..top + 60 {
                rgb[(y * 640 + 100) * 3..(y * 640 + 400) * 3].fill(220);
            }
            let picture = Picture::new(640, 360, rgb).expect("640x360");
            camera.show(&picture).occupied
        };
        assert!(occupied(10) < 0.01, "far away");
        assert!(occupied(130) > 0.1, "near");
        assert!(occupied(290) < 0.01, "outside");
    }

    #[test]
    fn a_changed_resolution_starts_over() {
        let mut camera = settled();
        assert_eq!(camera.look(&Picture::filled(320, 320, [9, 9, 9])), None);
    }
}
