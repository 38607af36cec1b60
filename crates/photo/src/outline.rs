//! A thin frame around the plate, drawn outside of its edges.

use frame::Quad;

use crate::canvas::Canvas;

/// Draws a frame whose inner edge stays `gap` pixels away from `quad` and whose line is `thick`
/// pixels. No pixel inside `quad` changes, nor any row from `bottom` down.
pub(crate) fn draw(
    canvas: &mut Canvas,
    quad: Quad,
    (gap, thick): (f32, f32),
    bottom: u32,
    color: [u8; 3],
) {
    let bounds = quad.bounds();
    // A sharp corner reaches further than the line is away; four times covers all but needles.
    let reach = (gap + thick + 1.0) * 4.0;
    let column = |x: f32| x.clamp(0.0, canvas.width() as f32) as i32;
    let row = |y: f32| y.clamp(0.0, bottom.min(canvas.height()) as f32) as i32;
    let (left, right) = (column(bounds.left - reach), column(bounds.right + reach));
    let (top, low) = (row(bounds.top - reach), row(bounds.bottom + reach));
    let edges = edges(quad);
    for y in top..low {
        for x in left..right {
            let away = distance(&edges, x as f32 + 0.5, y as f32 + 0.5);
            // Half a pixel of soft edge on either side, never reaching into the gap's last half.
            let cover = (away - gap + 0.5).min(gap + thick - away + 0.5);
            if cover > 0.0 {
                canvas.blend(x, y, color, cover);
            }
        }
    }
}

/// For each edge the line `a*x + b*y + c`, positive outside, in pixels.
fn edges(Quad(corners): Quad) -> [[f32; 3]; 4] {
    std::array::from_fn(|i| {
        let (from, to) = (corners[i], corners[(i + 1) % 4]);
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = dx.hypot(dy).max(1e-6);
        let (a, b) = (dy / length, -dx / length);
        [a, b, -(a * from.x + b * from.y)]
    })
}

/// How far (`x`, `y`) is beyond the edge it is furthest beyond; negative inside.
fn distance(edges: &[[f32; 3]; 4], x: f32, y: f32) -> f32 {
    edges
        .iter()
        .map(|[a, b, c]| a * x + b * y + c)
        .fold(f32::MIN, f32::max)
}
