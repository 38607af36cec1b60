//! A drawn gate scene for tests: sky, yard, a truck and its plate.

use std::sync::OnceLock;

use frame::{Picture, Point, Quad, Rect};
use passage::{Direction, KeyPhoto};
use plate::Color;
use words::Language;

use crate::canvas::Canvas;
use crate::{Caption, Font, chip};

/// The font of all tests.
pub(crate) fn font() -> &'static Font {
    static FONT: OnceLock<Font> = OnceLock::new();
    FONT.get_or_init(|| Font::find().expect("the package fonts-wqy-microhei is installed"))
}

/// A caption with everything on it.
pub(crate) fn caption() -> Caption {
    Caption {
        plate: Some("冀A12345".into()),
        color: Color::Blue,
        time: "2026-03-08T07:05:09[Asia/Shanghai]"
            .parse()
            .expect("a time in Shanghai"),
        clock_trusted: true,
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "东门1号车道".into(),
        direction: Some(Direction::In),
        kind: KeyPhoto::Head,
        sees_rear: false,
        by_person: false,
        site: "某某水泥有限公司".into(),
        language: Language::Zh,
    }
}

/// A truck head-on whose plate is in the middle of its bumper, with the corners of the plate.
pub(crate) fn truck(
    (width, height): (u32, u32),
    light: f32,
    (plate, color): (&str, Color),
) -> (Picture, Quad) {
    let shade = |rgb: [u8; 3]| rgb.map(|c| (f32::from(c) * light) as u8);
    let scene = Picture::filled(width, height, shade([150, 178, 205]));
    let mut canvas = Canvas::below(&scene, 0, [0; 3]);
    let (w, h) = (width as f32, height as f32);
    let mut block = |left: f32, top: f32, right: f32, low: f32, rgb: [u8; 3]| {
        let corner = ((left * w) as i32, (top * h) as i32);
        let sides = (((right - left) * w) as i32, ((low - top) * h) as i32);
        canvas.fill(corner, sides, |_| shade(rgb));
    };
    block(0.0, 0.45, 1.0, 1.0, [108, 110, 112]);
    block(0.05, 0.2, 0.16, 0.5, [172, 164, 150]);
    block(0.34, 0.12, 0.66, 0.86, [178, 52, 44]);
    block(0.37, 0.18, 0.63, 0.44, [44, 56, 70]);
    block(0.35, 0.66, 0.65, 0.84, [62, 62, 66]);
    block(0.36, 0.56, 0.42, 0.64, [236, 232, 214]);
    block(0.58, 0.56, 0.64, 0.64, [236, 232, 214]);
    block(0.35, 0.86, 0.41, 0.95, [24, 24, 26]);
    block(0.59, 0.86, 0.65, 0.95, [24, 24, 26]);
    let size = h * 0.045;
    let (left, middle) = (w * 0.5 - chip::width(font(), plate, size) / 2.0, h * 0.75);
    let high = size * 1.5;
    chip::draw(
        &mut canvas,
        font(),
        (left, middle),
        (size, high),
        (plate, color),
    );
    let right = left + chip::width(font(), plate, size);
    let plate = Rect::new(left, middle - high / 2.0, right, middle + high / 2.0);
    (canvas.into_picture(), Quad::from_rect(plate))
}

/// The corners of a plate seen from the side.
pub(crate) fn askew(quad: Quad) -> Quad {
    let [tl, tr, br, bl] = quad.0;
    let lift = quad.height() * 0.15;
    Quad([
        Point::new(tl.x - lift, tl.y - lift),
        Point::new(tr.x + lift, tr.y),
        Point::new(br.x + lift, br.y + lift),
        bl,
    ])
}
