//! A small picture of local contrast: what a scene looks like whatever light it is in.

use frame::Picture;

const WIDTH: usize = 64;
const HEIGHT: usize = 36;
/// Samples of a cell along each side.
const SAMPLES: usize = 4;
/// Places that are judged one by one, along and across.
const ALONG: usize = 8;
const ACROSS: usize = 6;
pub(crate) const BLOCKS: usize = ALONG * ACROSS;
/// Cells around one whose mean its contrast is against.
const AROUND: usize = 4;
/// Added to levels before their logarithm is taken: below it is noise.
const NOISE_LEVELS: f32 = 12.0;
/// Deviation of contrast from which a place has structure. Asphalt has 0.02, kerbs and posts 0.1 and more.
const STRUCTURE: f32 = 0.05;
/// A place has lost it with less than this share of it.
const LOST: f32 = 0.3;
/// Correlation from which a place looks the same.
const SAME: f32 = 0.5;
/// Steps of a search, cells and degrees, and how far it goes.
const STEP: usize = 2;
const FARTHEST_X: isize = 28;
const FARTHEST_Y: isize = 16;
const ANGLES: [f32; 11] = [
    0.0, -6.0, 6.0, -12.0, 12.0, -18.0, 18.0, -24.0, 24.0, -30.0, 30.0,
];
/// Share of the picture that has to overlap.
const OVERLAP: usize = WIDTH * HEIGHT * 2 / 5;
/// Correlation of the whole by which a view is surely found elsewhere. `north-in` moved by a quarter of its width
/// is found with 0.44 to 0.64, rotated by 12 and 25 degrees with 0.36 to 0.64; the views of other clips come to 0.32
/// at most over the whole search.
const FOUND: f32 = 0.34;
/// By how much it has to be better there than where it was: the same clips, where it was, come to 0.1.
const BETTER: f32 = 0.25;

/// Local contrast, in natural logarithms.
#[derive(Debug, Clone)]
pub(crate) struct ContrastMap(Vec<f32>);

/// How places look beside what they were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Places {
    /// Those that had structure.
    pub(crate) known: usize,
    /// Share of them that look the same.
    pub(crate) same: f32,
    /// Share of them that have no structure now.
    pub(crate) flat: f32,
}

/// Where a view was found in another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Displaced {
    correlation: f32,
    /// The same where nothing is displaced.
    in_place: f32,
}

impl Displaced {
    pub(crate) fn is_sure(self) -> bool {
        self.correlation >= FOUND && self.correlation >= self.in_place + BETTER
    }
}

impl ContrastMap {
    pub(crate) fn of(picture: &Picture) -> Self {
        let levels = levels(picture);
        let mut contrast = Vec::with_capacity(WIDTH * HEIGHT);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let rows = y.saturating_sub(AROUND)..(y + AROUND + 1).min(HEIGHT);
                let columns = x.saturating_sub(AROUND)..(x + AROUND + 1).min(WIDTH);
                let cells = (rows.len() * columns.len()) as f32;
                let sum: f32 = rows
                    .map(|row| {
                        let row = &levels[row * WIDTH..][..WIDTH];
                        row[columns.clone()].iter().sum::<f32>()
                    })
                    .sum();
                contrast.push(levels[y * WIDTH + x] - sum / cells);
            }
        }
        Self(contrast)
    }

    /// Becomes more like what is seen, by this share of the difference.
    pub(crate) fn follow(&mut self, seen: &Self, share: f32) {
        for (own, seen) in self.0.iter_mut().zip(&seen.0) {
            *own += (seen - *own) * share;
        }
    }

    /// Place by place.
    pub(crate) fn compare(&self, seen: &Self) -> Places {
        let (mut known, mut same, mut flat) = (0, 0, 0);
        for block in 0..BLOCKS {
            let (own, other) = (self.block(block), seen.block(block));
            let (was, is) = (deviation(&own), deviation(&other));
            if was < STRUCTURE {
                continue;
            }
            known += 1;
            if is < was * LOST {
                flat += 1;
            } else if correlation(own.iter().copied().zip(other.iter().copied())) >= SAME {
                same += 1;
            }
        }
        let share = |count: usize| count as f32 / known.max(1) as f32;
        Places {
            known,
            same: share(same),
            flat: share(flat),
        }
    }

    /// Looks for this view in another, moved and rotated; `None` where nothing has any structure.
    pub(crate) fn found_in(&self, seen: &Self) -> Option<Displaced> {
        let in_place = self.at(seen, 0, 0)?;
        let mut best = in_place;
        for angle in ANGLES {
            let rotated = self.rotated(angle);
            for dy in (-FARTHEST_Y..=FARTHEST_Y).step_by(STEP) {
                for dx in (-FARTHEST_X..=FARTHEST_X).step_by(STEP) {
                    let found = rotated.at(seen, dx, dy);
                    best = best.max(found.unwrap_or(-1.0));
                }
            }
            let displaced = Displaced {
                correlation: best,
                in_place,
            };
            if displaced.is_sure() {
                return Some(displaced);
            }
        }
        Some(Displaced {
            correlation: best,
            in_place,
        })
    }

    /// How this view, moved so, correlates with another; `None` where they hardly overlap.
    fn at(&self, seen: &Self, dx: isize, dy: isize) -> Option<f32> {
        let rows = dy.max(0)..HEIGHT as isize + dy.min(0);
        let columns = dx.max(0)..WIDTH as isize + dx.min(0);
        let pairs = rows.flat_map(|y| {
            columns.clone().map(move |x| {
                let own = (y - dy) as usize * WIDTH + (x - dx) as usize;
                (own, y as usize * WIDTH + x as usize)
            })
        });
        let pairs: Vec<_> = pairs
            .map(|(own, other)| (self.0[own], seen.0[other]))
            // Where a rotation leaves nothing there is nothing to compare.
            .filter(|(own, _)| !own.is_nan())
            .collect();
        (pairs.len() >= OVERLAP).then(|| correlation(pairs.into_iter()))
    }

    /// Turned around its middle; outside of it is not a number.
    fn rotated(&self, degrees: f32) -> Self {
        if degrees == 0.0 {
            return self.clone();
        }
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (mid_x, mid_y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
        let from = |index: usize| {
            let x = (index % WIDTH) as f32 + 0.5 - mid_x;
            let y = (index / WIDTH) as f32 + 0.5 - mid_y;
            let (x, y) = (x * cos + y * sin + mid_x, y * cos - x * sin + mid_y);
            let is_inside = x >= 0.0 && y >= 0.0 && x < WIDTH as f32 && y < HEIGHT as f32;
            if is_inside {
                self.0[y as usize * WIDTH + x as usize]
            } else {
                f32::NAN
            }
        };
        Self((0..WIDTH * HEIGHT).map(from).collect())
    }

    fn block(&self, block: usize) -> Vec<f32> {
        let (wide, high) = (WIDTH / ALONG, HEIGHT / ACROSS);
        let (left, top) = (block % ALONG * wide, block / ALONG * high);
        let rows = top..top + high;
        rows.flat_map(|y| self.0[y * WIDTH + left..][..wide].iter().copied())
            .collect()
    }
}

/// Means of cells, as logarithms; green carries most of the brightness.
fn levels(picture: &Picture) -> Vec<f32> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let rgb = picture.rgb();
    let at = |index: usize, count: usize, of: usize| (index * of / count).min(of - 1);
    let mut levels = Vec::with_capacity(WIDTH * HEIGHT);
    for cell_y in 0..HEIGHT {
        for cell_x in 0..WIDTH {
            let mut sum = 0.0;
            for y in 0..SAMPLES {
                let row = at(cell_y * SAMPLES + y, HEIGHT * SAMPLES, height);
                for x in 0..SAMPLES {
                    let column = at(cell_x * SAMPLES + x, WIDTH * SAMPLES, width);
                    sum += f32::from(rgb[(row * width + column) * 3 + 1]);
                }
            }
            let mean = sum / (SAMPLES * SAMPLES) as f32;
            levels.push((mean + NOISE_LEVELS).ln());
        }
    }
    levels
}

fn deviation(values: &[f32]) -> f32 {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let squares: f32 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (squares / count).sqrt()
}

/// Pearson's; 0 where one side has no structure.
fn correlation(pairs: impl Iterator<Item = (f32, f32)>) -> f32 {
    let (mut count, mut a, mut b, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (own, other) in pairs {
        let (own, other) = (f64::from(own), f64::from(other));
        count += 1.0;
        a += own;
        b += other;
        aa += own * own;
        bb += other * other;
        ab += own * other;
    }
    let spread = (count * aa - a * a) * (count * bb - b * b);
    if spread <= 1e-9 {
        return 0.0;
    }
    ((count * ab - a * b) / spread.sqrt()) as f32
}
