//! The band below the picture: what goes where, and drawing it.

use frame::Picture;

use crate::canvas::Canvas;
use crate::caption::{Caption, Cell};
use crate::chip;
use crate::font::Font;

pub(crate) const GROUND: [u8; 3] = [20, 25, 32];
const RULE: [u8; 3] = [70, 80, 92];
const VALUE: [u8; 3] = [238, 241, 244];
const LABEL: [u8; 3] = [146, 156, 168];
const WARNING: [u8; 3] = [255, 178, 36];

/// Rows of text at most; a picture so narrow that they do not suffice loses the last ones.
const MOST_ROWS: usize = 8;
/// A picture narrower than this many units has no room for the enlarged plate.
const INSET_FROM_UNITS: f32 = 44.0;

/// Sizes of a band, all in pixels, from the width of its picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Height of a line of text.
    unit: f32,
    row: f32,
    margin: f32,
    /// Height of the enlarged plate.
    pub(crate) inset: u32,
}

impl Sizes {
    pub(crate) fn for_width(width: u32) -> Self {
        let unit = (width as f32 / 52.0).clamp(14.0, 96.0);
        Self {
            unit,
            row: unit * 1.5,
            margin: unit * 0.48,
            inset: (unit * 3.0).round() as u32,
        }
    }

    pub(crate) fn has_inset(&self, width: u32) -> bool {
        width as f32 >= self.unit * INSET_FROM_UNITS
    }

    fn size_of(&self, cell: &Cell) -> f32 {
        match cell {
            Cell::Plate(_) => self.unit * 1.15,
            _ => self.unit,
        }
    }

    fn width_of(&self, font: &Font, cell: &Cell) -> f32 {
        let size = self.size_of(cell);
        match cell {
            Cell::Plate(plate) => chip::width(font, plate, size),
            Cell::Value(text) | Cell::Warning(text) | Cell::Aside(text) => font.width(text, size),
            Cell::Labelled(label, value) => {
                font.width(label, size) + self.unit * 0.35 + font.width(value, size)
            }
        }
    }
}

/// A band laid out but not yet drawn.
pub(crate) struct Band {
    sizes: Sizes,
    width: u32,
    inset: Option<Picture>,
    /// Cells with the place where each begins.
    rows: Vec<Vec<(f32, Cell)>>,
}

impl Band {
    pub(crate) fn lay_out(
        caption: &Caption,
        font: &Font,
        width: u32,
        inset: Option<Picture>,
    ) -> Self {
        let sizes = Sizes::for_width(width);
        let left = match &inset {
            Some(plate) => sizes.margin * 2.6 + plate.width() as f32,
            None => sizes.margin,
        };
        let right = width as f32 - sizes.margin;
        let mut rows = Vec::new();
        for paragraph in caption.paragraphs() {
            flow(&mut rows, paragraph, &sizes, font, (left, right));
        }
        rows.truncate(MOST_ROWS);
        Self {
            sizes,
            width,
            inset,
            rows,
        }
    }

    /// Height in pixels.
    pub(crate) fn height(&self) -> u32 {
        let inset = self.inset.as_ref().map_or(0.0, |p| p.height() as f32);
        let text = self.rows.len().max(1) as f32 * self.sizes.row;
        (text.max(inset) + 2.0 * self.sizes.margin).ceil() as u32
    }

    /// Draws the band from row `top` down.
    pub(crate) fn draw(&self, canvas: &mut Canvas, caption: &Caption, font: &Font, top: u32) {
        let Sizes {
            unit, row, margin, ..
        } = self.sizes;
        let rule = (unit / 16.0).round().max(1.0) as i32;
        canvas.fill((0, top as i32), (self.width as i32, rule), |_| RULE);
        let middle = top as f32 + self.height() as f32 / 2.0;
        if let Some(plate) = &self.inset {
            let corner = (
                margin.round() as i32,
                (middle - plate.height() as f32 / 2.0).round() as i32,
            );
            paste(canvas, plate, corner);
            let sides = (plate.width() as i32, plate.height() as i32);
            canvas.edge(corner, sides, rule, RULE);
        }
        let first = middle - (self.rows.len() as f32 - 1.0) / 2.0 * row;
        for (i, cells) in self.rows.iter().enumerate() {
            for (left, cell) in cells {
                let at = (*left, first + i as f32 * row);
                self.draw_cell(canvas, caption, font, at, cell);
            }
        }
    }

    fn draw_cell(
        &self,
        canvas: &mut Canvas,
        caption: &Caption,
        font: &Font,
        at: (f32, f32),
        cell: &Cell,
    ) {
        let size = self.sizes.size_of(cell);
        match cell {
            Cell::Plate(plate) => {
                let sizes = (size, self.sizes.row * 0.92);
                chip::draw(canvas, font, at, sizes, (plate, caption.color));
            }
            Cell::Value(text) => font.draw(canvas, at, size, text, VALUE),
            Cell::Warning(text) => font.draw(canvas, at, size, text, WARNING),
            Cell::Aside(text) => font.draw(canvas, at, size, text, LABEL),
            Cell::Labelled(label, value) => {
                font.draw(canvas, at, size, label, LABEL);
                let after = at.0 + font.width(label, size) + self.sizes.unit * 0.35;
                font.draw(canvas, (after, at.1), size, value, VALUE);
            }
        }
    }
}

/// Sets `cells` one after the other, on a new row whenever one is full.
fn flow(
    rows: &mut Vec<Vec<(f32, Cell)>>,
    cells: Vec<Cell>,
    sizes: &Sizes,
    font: &Font,
    (left, right): (f32, f32),
) {
    let room = right - left;
    if room < sizes.unit * 2.0 {
        return;
    }
    let mut row = Vec::new();
    let mut pen = left;
    for cell in cells {
        let cell = cut_to(cell, sizes, font, room);
        let width = sizes.width_of(font, &cell);
        if pen + width > right && !row.is_empty() {
            rows.push(std::mem::take(&mut row));
            pen = left;
        }
        let place = match cell {
            Cell::Aside(_) => right - width,
            _ => pen,
        };
        row.push((place, cell));
        pen = place + width + sizes.unit * 1.1;
    }
    if !row.is_empty() {
        rows.push(row);
    }
}

/// The cell with its text cut so that it fits a row of its own.
fn cut_to(cell: Cell, sizes: &Sizes, font: &Font, room: f32) -> Cell {
    let over = sizes.width_of(font, &cell) - room;
    if over <= 0.0 {
        return cell;
    }
    let size = sizes.size_of(&cell);
    let cut = |text: &str| font.cut(text, size, font.width(text, size) - over);
    match cell {
        Cell::Plate(text) => Cell::Plate(cut(&text)),
        Cell::Value(text) => Cell::Value(cut(&text)),
        Cell::Warning(text) => Cell::Warning(cut(&text)),
        Cell::Aside(text) => Cell::Aside(cut(&text)),
        Cell::Labelled(label, text) => Cell::Labelled(label, cut(&text)),
    }
}

fn paste(canvas: &mut Canvas, picture: &Picture, (left, top): (i32, i32)) {
    for y in 0..picture.height() {
        for x in 0..picture.width() {
            if let Some(color) = picture.pixel(x, y) {
                canvas.blend(left + x as i32, top + y as i32, color, 1.0);
            }
        }
    }
}
