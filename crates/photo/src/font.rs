//! The font that captions are written in, checked for every character they need.

use std::path::{Path, PathBuf};

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont};
use plate::Symbol;
use words::{Key, Language};

use crate::Error;
use crate::canvas::Canvas;

/// Where Debian keeps fonts that hold every character a plate or caption can show.
const USUAL_PLACES: [&str; 3] = [
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
];
/// Tables of the catalogue that captions draw from.
const CAPTION_TABLES: [&str; 4] = ["caption.", "plate_color.", "direction.", "photo."];
/// Characters that captions hold beside words and plates.
const PUNCTUATION: &str = "0123456789-:…—·";

/// A font, loaded once and shared by all lanes.
pub struct Font {
    face: FontVec,
    path: PathBuf,
}

impl Font {
    /// Loads the font at `path` (the first face of a collection) and checks that it has the
    /// characters of all plates and of all captions in both languages.
    ///
    /// # Errors
    /// When the file cannot be read, is not a font, or lacks a character; the error names what is missing.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(Error::FontUnreadable { path, source }),
        };
        let Ok(face) = FontVec::try_from_vec_and_index(bytes, 0) else {
            return Err(Error::FontBroken { path });
        };
        let font = Self { face, path };
        let missing = font.missing(&required());
        if missing.is_empty() {
            Ok(font)
        } else {
            let path = font.path;
            Err(Error::FontLacks { path, missing })
        }
    }

    /// The font at `path`, or without one the first that is found.
    ///
    /// # Errors
    /// See [`Font::load`] and [`Font::find`].
    pub fn open(path: Option<&Path>) -> Result<Self, Error> {
        path.map_or_else(Self::find, Self::load)
    }

    /// Loads the first font that exists of the places where Debian installs Chinese fonts.
    ///
    /// # Errors
    /// [`Error::FontNotFound`] with the places looked at, or what [`Font::load`] says of the font found.
    pub fn find() -> Result<Self, Error> {
        match USUAL_PLACES.iter().find(|place| Path::new(place).exists()) {
            Some(place) => Self::load(place),
            None => Err(Error::FontNotFound {
                looked_for: USUAL_PLACES.iter().map(PathBuf::from).collect(),
            }),
        }
    }

    /// The file it was loaded from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The characters of `text` that this font cannot draw, each once: for checking names of
    /// sites and lanes when a configuration is read.
    #[must_use]
    pub fn missing(&self, text: &str) -> String {
        let mut missing = String::new();
        for c in text.chars() {
            let drawn = c == ' ' || self.face.glyph_id(c).0 != 0;
            if !drawn && !missing.contains(c) {
                missing.push(c);
            }
        }
        missing
    }

    /// Width of `text` in pixels when its line is `size_px` high.
    pub(crate) fn width(&self, text: &str, size_px: f32) -> f32 {
        let scaled = self.face.as_scaled(PxScale::from(size_px));
        text.chars()
            .map(|c| scaled.h_advance(scaled.glyph_id(c)))
            .sum()
    }

    /// `text`, cut with an ellipsis so that it is at most `room_px` wide.
    pub(crate) fn cut(&self, text: &str, size_px: f32, room_px: f32) -> String {
        if self.width(text, size_px) <= room_px {
            return text.to_owned();
        }
        let ellipsis = self.width("…", size_px);
        let mut width = 0.0;
        let mut kept = String::new();
        for c in text.chars() {
            width += self.width(c.encode_utf8(&mut [0; 4]), size_px);
            if width + ellipsis > room_px {
                break;
            }
            kept.push(c);
        }
        kept + "…"
    }

    /// Draws `text` from `left`, centred on the line `middle`.
    pub(crate) fn draw(
        &self,
        canvas: &mut Canvas,
        (left, middle): (f32, f32),
        size_px: f32,
        text: &str,
        color: [u8; 3],
    ) {
        let scaled = self.face.as_scaled(PxScale::from(size_px));
        // Chinese characters and capitals stand on the baseline; the middle of a capital is what
        // the eye takes for the middle of the line.
        let baseline = (middle + self.cap_height(size_px) / 2.0).round();
        let mut pen = left.round();
        for c in text.chars() {
            let mut glyph = scaled.scaled_glyph(c);
            glyph.position = ab_glyph::point(pen, baseline);
            pen += scaled.h_advance(glyph.id);
            let Some(outlined) = self.face.outline_glyph(glyph) else {
                continue;
            };
            let origin = outlined.px_bounds().min;
            outlined.draw(|x, y, cover| {
                canvas.blend(
                    origin.x as i32 + x as i32,
                    origin.y as i32 + y as i32,
                    color,
                    cover,
                );
            });
        }
    }

    fn cap_height(&self, size_px: f32) -> f32 {
        let scaled = self.face.as_scaled(PxScale::from(size_px));
        let capital = scaled.scaled_glyph('E');
        match self.face.outline_glyph(capital) {
            Some(outlined) => outlined.px_bounds().height(),
            None => size_px * 0.6,
        }
    }
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Font({})", self.path.display())
    }
}

fn required() -> String {
    let mut text: String = Symbol::all().filter_map(Symbol::as_char).collect();
    text.push_str(PUNCTUATION);
    for &key in Key::ALL {
        if CAPTION_TABLES.iter().any(|t| key.as_str().starts_with(t)) {
            text.extend(Language::ALL.map(|language| language.text(key)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn the_usual_font_has_every_plate_and_caption_character() {
        let font = Font::find().expect("fonts-wqy-microhei is installed");
        for needed in [
            '冀', '挂', '学', '警', '港', '澳', '领', '使', '应', '急', '航',
        ] {
            assert!(required().contains(needed));
        }
        assert_eq!(font.missing("某某水泥有限公司 Gate 1"), "");
        assert_eq!(font.missing("a\u{10ffff}b\u{10ffff}"), "\u{10ffff}");
    }

    #[test]
    fn a_missing_font_names_the_package_to_install() {
        let error = Font::load("/nowhere/at-all.ttc").expect_err("no such file");
        assert_eq!(error.kind(), ErrorKind::Font);
        let text = error.to_string();
        assert!(text.contains("/nowhere/at-all.ttc") && text.contains("fonts-wqy-microhei"));
    }

    #[test]
    fn a_file_that_is_no_font_is_refused() {
        let file = tempfile::NamedTempFile::new().expect("temporary file");
        std::fs::write(file.path(), b"not a font").expect("written");
        let error = Font::load(file.path()).expect_err("no font");
        assert!(matches!(error, Error::FontBroken { .. }));
    }

    #[test]
    fn a_long_name_is_cut_to_its_room() {
        let font = Font::find().expect("font");
        let cut = font.cut("某某特别长的水泥有限公司", 30.0, 120.0);
        assert!(cut.ends_with('…') && font.width(&cut, 30.0) <= 120.0);
        assert_eq!(font.cut("短", 30.0, 120.0), "短");
    }
}
