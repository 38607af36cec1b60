//! One plate on one picture, and the picture's light.

use frame::{MonoTime, Picture, Quad};
use plate::{Color, Layout};
use vision::{PlateReading, Size, rectify};

/// A plate as large as most are read, for measures of its light.
const MEASURED: Size = Size {
    width: 160,
    height: 50,
};
/// Brighter than this nothing can be told apart any more.
const CLIPPED: f32 = 250.0;
/// Every so many pixels of the picture tells its light well enough.
const STRIDE: usize = 997;

/// What one plate on one picture is like.
#[derive(Debug, Clone)]
pub(crate) struct PlateLook {
    pub(crate) at: MonoTime,
    pub(crate) quad: Quad,
    pub(crate) number: String,
    /// Of the weakest character, that it is legible included.
    pub(crate) surety: f32,
    pub(crate) sharpness: f32,
    /// Mean brightness, 0 to 255.
    pub(crate) brightness: f32,
    /// Standard deviation of the brightness.
    pub(crate) contrast: f32,
    /// Share of pixels that are nothing but white.
    pub(crate) clipped: f32,
    /// How far its upper and lower edge lean, degrees.
    pub(crate) tilt_deg: f32,
    /// How far from the side it is seen, degrees, where its kind is known.
    pub(crate) side_deg: Option<f32>,
    pub(crate) inside: bool,
}

impl PlateLook {
    pub(crate) fn of(
        picture: &Picture,
        at: MonoTime,
        reading: &PlateReading,
        inside: bool,
    ) -> Result<Self, vision::Error> {
        let rgb = rectify(picture, &reading.quad, MEASURED)?;
        let light: Vec<f32> = rgb.chunks_exact(3).map(luma).collect();
        let count = light.len().max(1) as f32;
        let brightness = light.iter().sum::<f32>() / count;
        let spread = light.iter().map(|l| (l - brightness).powi(2)).sum::<f32>() / count;
        let clipped = light.iter().filter(|l| **l >= CLIPPED).count() as f32 / count;
        let read = &reading.read;
        Ok(Self {
            at,
            quad: reading.quad,
            number: read.plate.clone(),
            surety: read.confidence * read.legible,
            sharpness: reading.sharpness,
            brightness,
            contrast: spread.sqrt(),
            clipped,
            tilt_deg: tilt_deg(&reading.quad),
            side_deg: shape(read.layout, read.color).map(|shape| side_deg(&reading.quad, shape)),
            inside,
        })
    }

    pub(crate) fn width_px(&self) -> f32 {
        self.quad.width()
    }
}

/// Mean brightness of a picture, 0 to 255.
pub(crate) fn brightness(picture: &Picture) -> f32 {
    let pixels = picture.rgb().chunks_exact(3).step_by(STRIDE);
    let light: Vec<f32> = pixels.map(luma).collect();
    light.iter().sum::<f32>() / light.len().max(1) as f32
}

fn luma(rgb: &[u8]) -> f32 {
    0.299 * f32::from(rgb[0]) + 0.587 * f32::from(rgb[1]) + 0.114 * f32::from(rgb[2])
}

fn tilt_deg(quad: &Quad) -> f32 {
    let [tl, tr, br, bl] = quad.0;
    let (x, y) = (tr.x - tl.x + br.x - bl.x, tr.y - tl.y + br.y - bl.y);
    y.atan2(x).to_degrees().abs()
}

/// Width over height, by GA 36-2018: 440 x 140 mm, 480 x 140 with new energy, 440 x 220 with two rows.
fn shape(layout: Layout, color: Color) -> Option<f32> {
    match (layout, color) {
        (Layout::Single, Color::Green | Color::YellowGreen) => Some(480.0 / 140.0),
        (Layout::Single, Color::Blue | Color::Yellow) => Some(440.0 / 140.0),
        (Layout::Double, _) => Some(440.0 / 220.0),
        _ => None,
    }
}

/// A plate that is seen from the side looks narrower than it is.
fn side_deg(quad: &Quad, shape: f32) -> f32 {
    let seen = quad.width() / quad.height().max(1.0);
    (seen / shape).clamp(0.0, 1.0).acos().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::{Point, Rect};

    #[test]
    fn angles_are_those_of_the_plate_on_the_picture() {
        let level = Quad::from_rect(Rect::new(0.0, 0.0, 440.0, 140.0));
        assert!(tilt_deg(&level) < 0.1);
        assert!(side_deg(&level, 440.0 / 140.0) < 0.1);
        let leans = Quad(
            [(0.0, 0.0), (100.0, 20.0), (95.0, 50.0), (-5.0, 30.0)].map(|(x, y)| Point::new(x, y)),
        );
        assert!((tilt_deg(&leans) - 11.3).abs() < 0.1);
        let narrow = Quad::from_rect(Rect::new(0.0, 0.0, 220.0, 140.0));
        assert!((side_deg(&narrow, 440.0 / 140.0) - 60.0).abs() < 0.1);
    }

    #[test]
    fn light_is_that_of_the_whole_picture() {
        let grey = Picture::filled(320, 200, [100, 100, 100]);
        assert!((brightness(&grey) - 100.0).abs() < 0.5);
    }
}
