//! The plate once more, turned upright and enlarged, for the band.

use frame::{Picture, Point, Quad};

/// Around the plate, in shares of its width and height, so that its rim shows.
const MARGIN: (f32, f32) = (0.04, 0.10);
/// A plate's width over its height: two rows 2.0, one row 3.1, new energy 3.4; seen from the
/// side it looks narrower.
const ASPECT: (f32, f32) = (1.4, 3.8);
/// A smaller plate shows nothing worth enlarging.
const SMALLEST_PX: f32 = 12.0;

/// The plate inside `quad` turned upright, `height` pixels high, or `None` when there is none to show.
#[must_use]
pub fn rectify(picture: &Picture, quad: Quad, height: u32) -> Option<Picture> {
    let bounds = quad.bounds();
    let outside = bounds.right <= 0.0
        || bounds.bottom <= 0.0
        || bounds.left >= picture.width() as f32
        || bounds.top >= picture.height() as f32;
    if outside || quad.width() < SMALLEST_PX || quad.height() < SMALLEST_PX / 4.0 {
        return None;
    }
    let wide = quad.expand(MARGIN.0, MARGIN.1);
    let map = Perspective::onto(if wide.is_sane() { wide } else { quad });
    let aspect = (quad.width() / quad.height()).clamp(ASPECT.0, ASPECT.1);
    let width = (height as f32 * aspect).round().max(1.0) as u32;
    // A plate larger than its inset is averaged over several samples a pixel.
    let samples = (quad.height() / height as f32).ceil().clamp(1.0, 4.0) as u32;
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0.0_f32; 3];
            for i in 0..samples * samples {
                let (sx, sy) = (i % samples, i / samples);
                let within = |at: u32, s: u32| at as f32 + (s as f32 + 0.5) / samples as f32;
                let u = within(x, sx) / width as f32;
                let v = within(y, sy) / height as f32;
                let color = sample(picture, map.at(u, v));
                sum = std::array::from_fn(|c| sum[c] + color[c]);
            }
            rgb.extend(sum.map(|s| (s / (samples * samples) as f32).round() as u8));
        }
    }
    Picture::new(width, height, rgb).ok()
}

/// The colour at `point`, between the four pixels around it; the picture's edge goes on outside.
fn sample(picture: &Picture, point: Point) -> [f32; 3] {
    let (last_x, last_y) = (picture.width() - 1, picture.height() - 1);
    let x = (point.x - 0.5).clamp(0.0, last_x as f32);
    let y = (point.y - 0.5).clamp(0.0, last_y as f32);
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(last_x), (top + 1).min(last_y));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let rgb = picture.rgb();
    let at = |x: u32, y: u32| (y as usize * picture.width() as usize + x as usize) * 3;
    let (tl, tr) = (at(left, top), at(right, top));
    let (bl, br) = (at(left, bottom), at(right, bottom));
    std::array::from_fn(|c| {
        let value = |i: usize| f32::from(rgb[i + c]);
        let upper = value(tl) + (value(tr) - value(tl)) * fx;
        let lower = value(bl) + (value(br) - value(bl)) * fx;
        upper + (lower - upper) * fy
    })
}

/// The perspective that carries the unit square onto four corners.
struct Perspective {
    x: [f32; 3],
    y: [f32; 3],
    w: [f32; 2],
}

impl Perspective {
    /// `corners` must be convex.
    fn onto(Quad([tl, tr, br, bl]): Quad) -> Self {
        let (ax, ay) = (tr.x - br.x, tr.y - br.y);
        let (bx, by) = (bl.x - br.x, bl.y - br.y);
        let (sx, sy) = (tl.x - tr.x + br.x - bl.x, tl.y - tr.y + br.y - bl.y);
        let area = ax * by - bx * ay;
        let wu = (sx * by - bx * sy) / area;
        let wv = (ax * sy - sx * ay) / area;
        Self {
            x: [tr.x - tl.x + wu * tr.x, bl.x - tl.x + wv * bl.x, tl.x],
            y: [tr.y - tl.y + wu * tr.y, bl.y - tl.y + wv * bl.y, tl.y],
            w: [wu, wv],
        }
    }

    fn at(&self, u: f32, v: f32) -> Point {
        let w = self.w[0] * u + self.w[1] * v + 1.0;
        let along = |row: &[f32; 3]| (row[0] * u + row[1] * v + row[2]) / w;
        Point::new(along(&self.x), along(&self.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_of_the_square_fall_on_the_corners_of_the_plate() {
        let corners = [(10.0, 12.0), (94.0, 20.0), (90.0, 52.0), (14.0, 40.0)];
        let quad = Quad(corners.map(|(x, y)| Point::new(x, y)));
        let map = Perspective::onto(quad);
        for ((u, v), corner) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
            .into_iter()
            .zip(quad.0)
        {
            assert!(map.at(u, v).distance(corner) < 1e-3);
        }
    }

    #[test]
    fn a_plate_outside_the_picture_or_too_small_has_no_inset() {
        let picture = Picture::filled(200, 100, [90; 3]);
        let far = Quad::from_rect(frame::Rect::new(300.0, 10.0, 400.0, 40.0));
        let tiny = Quad::from_rect(frame::Rect::new(10.0, 10.0, 16.0, 12.0));
        assert!(rectify(&picture, far, 40).is_none());
        assert!(rectify(&picture, tiny, 40).is_none());
    }
}
