//! Cameras that are covered or turned away, on the project's footage, and all that is neither.

use std::path::PathBuf;
use std::sync::LazyLock;

use camera::{FileFrames, FileOptions, Rate, ViewLook, ViewWatch};
use frame::{MonoTime, Picture};

/// Seconds between two looks.
const EVERY_S: u64 = 2;
const MINUTE: u64 = 60;

fn pictures(clip: &str) -> Vec<Picture> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/footage");
    let options = FileOptions {
        rate: Rate::new(Some(0.5)),
        ..FileOptions::default()
    };
    let frames = FileFrames::open(path.join(clip), &options).expect("a clip");
    let small = |picture: &Picture| {
        let (width, height) = (picture.width() / 4, picture.height() / 4);
        let rgb = (0..width * height).flat_map(|at| {
            let pixel = picture.pixel(at % width * 4 + 2, at / width * 4 + 2);
            pixel.unwrap_or_default()
        });
        Picture::new(width, height, rgb.collect()).expect("a picture")
    };
    frames
        .map(|frame| small(&frame.expect("decoded").picture))
        .collect()
}

static NORTH_IN: LazyLock<Vec<Picture>> = LazyLock::new(|| pictures("north-in.mp4"));
static CLIPS: LazyLock<Vec<Vec<Picture>>> = LazyLock::new(|| {
    let others = ["north-out.mp4", "south-in.mp4", "short-1080p.mp4"].map(pictures);
    std::iter::once(NORTH_IN.clone()).chain(others).collect()
});

/// A camera that shows a clip again and again.
struct Camera<'a> {
    clip: &'a [Picture],
    watch: ViewWatch,
    at_s: u64,
}

impl<'a> Camera<'a> {
    /// One that has seen its scene for twenty minutes.
    fn that_knows(clip: &'a [Picture]) -> Self {
        let mut camera = Self {
            clip,
            watch: ViewWatch::default(),
            at_s: 0,
        };
        let seen = camera.shows(20 * MINUTE, |picture, _| picture.clone());
        assert_eq!(seen, None, "nothing happened");
        camera
    }

    /// Shows the clip for so long, each picture and its second changed by `change`; when something is first
    /// told, and what.
    fn shows(
        &mut self,
        seconds: u64,
        change: impl Fn(&Picture, u64) -> Picture,
    ) -> Option<(u64, ViewLook)> {
        let begun = self.at_s;
        let mut told = None;
        while self.at_s < begun + seconds {
            let picture = &self.clip[(self.at_s / EVERY_S) as usize % self.clip.len()];
            let look = self.look(&change(picture, self.at_s - begun), false);
            if look != ViewLook::Usual {
                told.get_or_insert((self.at_s - begun, look));
            }
        }
        told
    }

    fn look(&mut self, picture: &Picture, plate: bool) -> ViewLook {
        self.at_s += EVERY_S;
        self.watch
            .look(MonoTime::from_ms(self.at_s * 1000), picture, plate)
    }
}

/// Each pixel from another place of the picture, or of this colour.
fn mapped(
    picture: &Picture,
    from: impl Fn(f32, f32) -> Option<(f32, f32)>,
    else_: [u8; 3],
) -> Picture {
    let (width, height) = (picture.width(), picture.height());
    let rgb = (0..width * height).flat_map(|at| {
        let place = from((at % width) as f32, (at / width) as f32);
        let pixel = place.and_then(|(x, y)| {
            (x >= 0.0 && y >= 0.0)
                .then(|| picture.pixel(x as u32, y as u32))
                .flatten()
        });
        pixel.unwrap_or(else_)
    });
    Picture::new(width, height, rgb.collect()).expect("a picture")
}

fn half_covered(picture: &Picture, color: [u8; 3]) -> Picture {
    let half = picture.width() as f32 / 2.0;
    mapped(picture, |x, y| (x >= half).then_some((x, y)), color)
}

fn shifted(picture: &Picture) -> Picture {
    let quarter = picture.width() as f32 / 4.0;
    mapped(picture, |x, y| Some((x + quarter, y)), [90, 95, 90])
}

fn rotated(picture: &Picture, degrees: f32) -> Picture {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (mid_x, mid_y) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    let from = |x: f32, y: f32| {
        let (x, y) = (x - mid_x, y - mid_y);
        Some((x * cos + y * sin + mid_x, y * cos - x * sin + mid_y))
    };
    mapped(picture, from, [90, 95, 90])
}

fn lit(picture: &Picture, share: f32) -> Picture {
    let rgb = picture
        .rgb()
        .iter()
        .map(|v| (f32::from(*v) * share).min(255.0) as u8);
    Picture::new(picture.width(), picture.height(), rgb.collect()).expect("a picture")
}

#[test]
fn footage_as_it_is_raises_nothing_for_an_hour() {
    for clip in &*CLIPS {
        let mut camera = Camera::that_knows(clip);
        let told = camera.shows(60 * MINUTE, |picture, _| picture.clone());
        assert_eq!(told, None, "a clip of {} looks", clip.len());
    }
}

#[test]
fn a_camera_that_is_half_covered_is_told_within_minutes_and_no_longer_once_it_is_free() {
    for color in [[170, 165, 160], [8, 8, 9]] {
        let mut camera = Camera::that_knows(&NORTH_IN);
        let told = camera.shows(16 * MINUTE, |picture, _| half_covered(picture, color));
        let (after, look) = told.expect("told");
        assert_eq!(look, ViewLook::Covered);
        assert!((290..=900).contains(&after), "after {after} s");
        let still = camera.shows(60 * MINUTE, |picture, _| half_covered(picture, color));
        assert_eq!(still.expect("stands").1, ViewLook::Covered);
        camera.shows(MINUTE, |picture, _| picture.clone());
        let free = camera.shows(10 * MINUTE, |picture, _| picture.clone());
        assert_eq!(free, None);
    }
}

#[test]
fn a_camera_that_is_turned_is_told_within_a_minute_or_two_and_its_new_view_counts_after_half_an_hour()
 {
    let changes: [fn(&Picture) -> Picture; 3] =
        [shifted, |p| rotated(p, 12.0), |p| rotated(p, -25.0)];
    for (number, change) in changes.iter().enumerate() {
        let mut camera = Camera::that_knows(&NORTH_IN);
        let told = camera.shows(5 * MINUTE, |picture, _| change(picture));
        let (after, look) = told.expect("told");
        assert_eq!(look, ViewLook::Turned, "{number}");
        assert!(after <= 150, "{number}: after {after} s");
        camera.shows(30 * MINUTE, |picture, _| change(picture));
        let then = camera.shows(20 * MINUTE, |picture, _| change(picture));
        assert_eq!(then, None, "{number}: it is the usual view");
    }
}

#[test]
fn neither_dusk_nor_headlights_nor_a_cloud_is_a_covered_camera() {
    let mut camera = Camera::that_knows(&NORTH_IN);
    let dusk = |second: u64| 1.0 - 0.85 * (second as f32 / (40.0 * 60.0)).min(1.0);
    let told = camera.shows(60 * MINUTE, |picture, second| lit(picture, dusk(second)));
    assert_eq!(told, None, "dusk");
    let mut camera = Camera::that_knows(&NORTH_IN);
    let told = camera.shows(20 * MINUTE, |picture, second| {
        lit(picture, if second / 20 % 2 == 0 { 0.45 } else { 1.3 })
    });
    assert_eq!(told, None, "clouds");
    let mut camera = Camera::that_knows(&NORTH_IN);
    let told = camera.shows(20 * MINUTE, |picture, second| {
        let glare = second / 60 % 3 == 0;
        let (mid_x, mid_y) = (picture.width() as f32 * 0.45, picture.height() as f32 * 0.6);
        let radius = picture.height() as f32 * 0.3;
        let is_lit = |x: f32, y: f32| (x - mid_x).hypot(y - mid_y) < radius;
        mapped(
            picture,
            |x, y| (!(glare && is_lit(x, y))).then_some((x, y)),
            [255, 255, 250],
        )
    });
    assert_eq!(told, None, "headlights");
}

#[test]
fn a_truck_that_stands_in_view_for_ten_minutes_is_a_truck() {
    for clip in &*CLIPS {
        for (number, truck) in clip.iter().enumerate().step_by(3) {
            let mut camera = Camera::that_knows(clip);
            for plate in [true, false] {
                for _ in 0..10 * MINUTE / EVERY_S {
                    let look = camera.look(truck, plate);
                    assert_eq!(look, ViewLook::Usual, "look {number}, plate {plate}");
                }
                camera.shows(5 * MINUTE, |picture, _| picture.clone());
            }
        }
    }
}
