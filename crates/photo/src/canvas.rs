//! Pixels to draw on. Everything outside the canvas is ignored.

use frame::Picture;

pub(crate) struct Canvas {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Canvas {
    /// `picture` with `band_px` more rows of `color` below it.
    pub(crate) fn below(picture: &Picture, band_px: u32, color: [u8; 3]) -> Self {
        let (width, height) = (picture.width(), picture.height() + band_px);
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        rgb.extend_from_slice(picture.rgb());
        let row = color.repeat(width as usize);
        for _ in 0..band_px {
            rgb.extend_from_slice(&row);
        }
        Self { width, height, rgb }
    }

    pub(crate) fn into_picture(self) -> Picture {
        // The buffer is as long as its sides say, so this cannot fail; an empty picture would be
        // seen at once.
        Picture::new(self.width, self.height, self.rgb)
            .unwrap_or_else(|_| Picture::filled(1, 1, [0; 3]))
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    /// Lays `color` over one pixel, `cover` of it (0 to 1).
    pub(crate) fn blend(&mut self, x: i32, y: i32, color: [u8; 3], cover: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
            return;
        };
        if x >= self.width || y >= self.height {
            return;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        let cover = cover.clamp(0.0, 1.0);
        for (below, above) in self.rgb[at..at + 3].iter_mut().zip(color) {
            let mixed = f32::from(*below) + (f32::from(above) - f32::from(*below)) * cover;
            *below = mixed.round() as u8;
        }
    }

    /// Fills the rectangle from (`left`, `top`), coloured by `color_at` over its width (0 to 1).
    pub(crate) fn fill(
        &mut self,
        (left, top): (i32, i32),
        (width, height): (i32, i32),
        color_at: impl Fn(f32) -> [u8; 3],
    ) {
        for x in 0..width {
            let color = color_at((x as f32 + 0.5) / width as f32);
            for y in 0..height {
                self.blend(left + x, top + y, color, 1.0);
            }
        }
    }

    /// Draws the edge of a rectangle, one `thick` line inside of it.
    pub(crate) fn edge(
        &mut self,
        (left, top): (i32, i32),
        (width, height): (i32, i32),
        thick: i32,
        color: [u8; 3],
    ) {
        self.fill((left, top), (width, thick), |_| color);
        self.fill((left, top + height - thick), (width, thick), |_| color);
        self.fill((left, top), (thick, height), |_| color);
        self.fill((left + width - thick, top), (thick, height), |_| color);
    }
}
