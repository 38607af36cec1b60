//! RGB pixels that are cheap to share between the lane, the photo and the reader.

use std::fmt;
use std::sync::Arc;

use crate::Rect;

/// An 8-bit RGB picture. Cloning it shares the pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Arc<Vec<u8>>,
}

/// The pixels handed over do not fit the size given with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureError {
    width: u32,
    height: u32,
    bytes: usize,
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            width,
            height,
            bytes,
        } = self;
        write!(
            f,
            "a {width}x{height} RGB picture cannot be made of {bytes} bytes"
        )
    }
}

impl std::error::Error for PictureError {}

impl Picture {
    /// Takes `rgb`, which must hold exactly `width * height * 3` bytes of a non-empty picture.
    ///
    /// # Errors
    /// [`PictureError`] when a side is 0 or `rgb` has another length.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, PictureError> {
        let expected = u64::from(width) * u64::from(height) * 3;
        if width == 0 || height == 0 || expected != rgb.len() as u64 {
            return Err(PictureError {
                width,
                height,
                bytes: rgb.len(),
            });
        }
        Ok(Self {
            width,
            height,
            rgb: Arc::new(rgb),
        })
    }

    /// A picture of one colour; a side of 0 becomes 1.
    #[must_use]
    pub fn filled(width: u32, height: u32, rgb: [u8; 3]) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let pixels = rgb.repeat(width as usize * height as usize);
        Self {
            width,
            height,
            rgb: Arc::new(pixels),
        }
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row, three bytes each.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The pixels as an own buffer; copies only when they are shared.
    #[must_use]
    pub fn into_rgb(self) -> Vec<u8> {
        Arc::try_unwrap(self.rgb).unwrap_or_else(|shared| (*shared).clone())
    }

    /// The colour at column `x`, row `y`, or `None` outside.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        Some([self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]])
    }

    /// The part of the picture inside `rect`, cut at the picture's edges; `None` when nothing is.
    #[must_use]
    pub fn crop(&self, rect: Rect) -> Option<Self> {
        let left = rect.left.floor().clamp(0.0, self.width as f32) as u32;
        let top = rect.top.floor().clamp(0.0, self.height as f32) as u32;
        let right = rect.right.ceil().clamp(0.0, self.width as f32) as u32;
        let bottom = rect.bottom.ceil().clamp(0.0, self.height as f32) as u32;
        if right <= left || bottom <= top {
            return None;
        }
        let row_bytes = self.width as usize * 3;
        let mut rgb = Vec::with_capacity((right - left) as usize * (bottom - top) as usize * 3);
        for y in top..bottom {
            let row = &self.rgb[y as usize * row_bytes..][..row_bytes];
            rgb.extend_from_slice(&row[left as usize * 3..right as usize * 3]);
        }
        Some(Self {
            width: right - left,
            height: bottom - top,
            rgb: Arc::new(rgb),
        })
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_of_the_wrong_length_is_refused_with_its_figures() {
        let error = Picture::new(4, 2, vec![0; 23]).expect_err("23 bytes are not 24");
        assert_eq!(
            error.to_string(),
            "a 4x2 RGB picture cannot be made of 23 bytes"
        );
        assert!(Picture::new(0, 0, Vec::new()).is_err());
    }

    #[test]
    fn a_crop_is_cut_at_the_edges_of_the_picture() {
        let rgb = (0..4 * 3 * 3).collect();
        let picture = Picture::new(4, 3, rgb).expect("4x3");
        let part = picture
            .crop(Rect::new(2.0, 1.0, 9.0, 9.0))
            .expect("overlaps");
        assert_eq!((part.width(), part.height()), (2, 2));
        assert_eq!(part.pixel(0, 0), picture.pixel(2, 1));
        assert_eq!(part.pixel(1, 1), picture.pixel(3, 2));
        assert!(picture.crop(Rect::new(5.0, 0.0, 9.0, 2.0)).is_none());
    }
}
