//! The annotated photo: picture, frame around the plate, band below.

use frame::{Picture, Quad};

use crate::band::{self, Band, Sizes};
use crate::canvas::Canvas;
use crate::caption::Caption;
use crate::font::Font;
use crate::{inset, outline};

const READ: [u8; 3] = [46, 230, 140];
const UNREAD: [u8; 3] = [255, 178, 36];

/// `picture` with its caption on a band below it and a thin frame around the plate at `quad`.
///
/// The result is as wide as `picture` and higher by the band. No pixel inside `quad` is changed,
/// and none of the scene but those of the frame. A `quad` that is no sane shape is passed over.
#[must_use]
pub fn annotate(picture: &Picture, caption: &Caption, quad: Option<Quad>, font: &Font) -> Picture {
    let width = picture.width();
    let sizes = Sizes::for_width(width);
    let quad = quad.filter(Quad::is_sane);
    let plate = quad
        .filter(|_| sizes.has_inset(width))
        .and_then(|quad| inset::rectify(picture, quad, sizes.inset));
    let band = Band::lay_out(caption, font, width, plate);
    let mut canvas = Canvas::below(picture, band.height(), band::GROUND);
    if let Some(quad) = quad {
        let color = if caption.plate.is_some() {
            READ
        } else {
            UNREAD
        };
        let thick = (width as f32 / 800.0).clamp(1.0, 6.0);
        outline::draw(
            &mut canvas,
            quad,
            (thick + 2.0, thick),
            picture.height(),
            color,
        );
    }
    band.draw(&mut canvas, caption, font, picture.height());
    canvas.into_picture()
}

#[cfg(test)]
mod tests {
    use frame::{Point, Rect};
    use proptest::prelude::*;

    use super::*;
    use crate::scene::{caption, font};

    /// Whether `quad` holds the middle of the pixel.
    fn holds(quad: Quad, x: u32, y: u32) -> bool {
        let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
        (0..4).all(|i| {
            let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
            (b.x - a.x) * (py - a.y) - (b.y - a.y) * (px - a.x) >= 0.0
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn no_pixel_of_the_plate_is_touched_wherever_it_is(
            width in 40_u32..700, height in 30_u32..300,
            corners in proptest::array::uniform8(0.0_f32..1.0),
        ) {
            let (w, h) = (width as f32, height as f32);
            let corner = |i: usize, right: f32, low: f32| Point::new(
                (corners[i] * 0.5 + right) * w,
                (corners[i + 1] * 0.5 + low) * h,
            );
            let quad = Quad([corner(0, 0.0, 0.0), corner(2, 0.5, 0.0),
                corner(4, 0.5, 0.5), corner(6, 0.0, 0.5)]);
            let picture = Picture::filled(width, height, [90, 100, 110]);
            let photo = annotate(&picture, &caption(), Some(quad), font());
            prop_assert_eq!(photo.width(), width);
            prop_assert!(photo.height() > height);
            if quad.is_sane() {
                for y in 0..height {
                    for x in (0..width).filter(|&x| holds(quad, x, y)) {
                        prop_assert_eq!(photo.pixel(x, y), picture.pixel(x, y));
                    }
                }
            }
        }
    }

    #[test]
    fn without_a_plate_the_scene_stays_as_it_was() {
        let rgb = (0..640 * 360 * 3).map(|i| (i * 7 % 251) as u8).collect();
        let picture = Picture::new(640, 360, rgb).expect("640x360");
        let photo = annotate(&picture, &caption(), None, font());
        assert_eq!(&photo.rgb()[..picture.rgb().len()], picture.rgb());
    }

    #[test]
    fn pictures_of_hostile_sizes_are_annotated_all_the_same() {
        let everywhere = Rect::new(-50.0, -50.0, 20_000.0, 9_000.0);
        let nan = Quad([Point::new(f32::NAN, 0.0); 4]);
        for (width, height) in [
            (1, 1),
            (1, 4000),
            (10_000, 50),
            (17, 3),
            (300, 1),
            (5000, 4000),
        ] {
            let picture = Picture::filled(width, height, [60; 3]);
            for quad in [None, Some(Quad::from_rect(everywhere)), Some(nan)] {
                let photo = annotate(&picture, &caption(), quad, font());
                assert_eq!(photo.width(), width);
                assert!(photo.height() > height, "{width}x{height} has no band");
            }
        }
    }

    #[test]
    fn endless_names_are_cut_and_cost_no_more_rows() {
        let picture = Picture::filled(1280, 720, [60; 3]);
        let usual = annotate(&picture, &caption(), None, font());
        let words = Caption {
            site: "厂".repeat(5000),
            lane: "道".repeat(5000),
            ..caption()
        };
        let photo = annotate(&picture, &words, None, font());
        assert!(photo.height() <= usual.height() + 200);
    }
}
