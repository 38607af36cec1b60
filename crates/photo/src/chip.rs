//! The plate number on a field of its own colour, as the eye knows it from the vehicle.

use plate::Color;

use crate::canvas::Canvas;
use crate::font::Font;

const BLUE: [u8; 3] = [20, 78, 170];
const YELLOW: [u8; 3] = [247, 190, 30];
const GREEN: [u8; 3] = [74, 190, 118];
const PALE: [u8; 3] = [226, 242, 230];
const WHITE: [u8; 3] = [242, 244, 246];
const BLACK: [u8; 3] = [12, 13, 15];
const GREY: [u8; 3] = [112, 120, 130];
/// Part of a large new energy plate, from the left, that is yellow.
const YELLOW_SHARE: f32 = 0.27;

/// Room left and right of the number, in parts of the height of its line.
const SIDE: f32 = 0.4;

pub(crate) fn width(font: &Font, plate: &str, size_px: f32) -> f32 {
    font.width(plate, size_px) + 2.0 * SIDE * size_px
}

/// Draws the chip from `left`, `height` high and centred on `middle`.
pub(crate) fn draw(
    canvas: &mut Canvas,
    font: &Font,
    (left, middle): (f32, f32),
    (size_px, height): (f32, f32),
    (plate, color): (&str, Color),
) {
    let corner = (left.round() as i32, (middle - height / 2.0).round() as i32);
    let sides = (
        width(font, plate, size_px).round() as i32,
        height.round() as i32,
    );
    canvas.fill(corner, sides, |share| field(color, share));
    let thick = (size_px / 20.0).round().max(1.0) as i32;
    canvas.edge(corner, sides, thick, rim(color));
    let text = (left + SIDE * size_px, middle);
    font.draw(canvas, text, size_px, plate, ink(color));
}

fn field(color: Color, share: f32) -> [u8; 3] {
    match color {
        Color::Blue => BLUE,
        Color::Yellow => YELLOW,
        Color::Green => mix(PALE, GREEN, share),
        Color::YellowGreen if share < YELLOW_SHARE => YELLOW,
        Color::YellowGreen => GREEN,
        Color::White => WHITE,
        Color::Black => BLACK,
        Color::Other | Color::Unknown => GREY,
    }
}

fn ink(color: Color) -> [u8; 3] {
    match color {
        Color::Blue | Color::Black | Color::Other | Color::Unknown => WHITE,
        Color::Yellow | Color::Green | Color::YellowGreen | Color::White => BLACK,
    }
}

fn rim(color: Color) -> [u8; 3] {
    mix(ink(color), field(color, 1.0), 0.5)
}

fn mix(from: [u8; 3], to: [u8; 3], share: f32) -> [u8; 3] {
    std::array::from_fn(|i| {
        let (a, b) = (f32::from(from[i]), f32::from(to[i]));
        (a + (b - a) * share).round() as u8
    })
}
