//! A plate that was found, as a line for people or for programs.

use std::fmt::Write as _;
use std::path::Path;

use plate::CharRead;
use serde::Serialize;
use words::{Key, Language, Said};

use crate::FoundPlate;
use crate::files::SURE;

/// How many characters of each doubtful place are told: what was read, and what it may be instead.
const CANDIDATES: usize = 2;
/// What may stand in a place with less than this is no candidate.
const CANDIDATE: f32 = 0.02;

/// One plate, as programs get it.
#[derive(Debug, Serialize)]
struct Line<'a> {
    file: &'a str,
    /// Position in a video of the best view of this plate.
    #[serde(skip_serializing_if = "Option::is_none")]
    t_ms: Option<u64>,
    plate: &'a str,
    color: plate::Color,
    layout: plate::Layout,
    confidence: f32,
    /// False: a plate was found, and `plate` is only the likeliest of what it may say.
    sure: bool,
    /// The places in doubt, counted from 0; empty when it is sure.
    doubtful: Vec<usize>,
    chars: &'a [CharRead],
    /// In the picture.
    width_px: f32,
    corners: [[f32; 2]; 4],
}

impl FoundPlate {
    /// The plate with a `?` behind each character that is in doubt, so that nobody takes it for
    /// read; `?` alone when there is none.
    #[must_use]
    pub fn marked(&self) -> String {
        let mut text = String::new();
        for char in &self.read.chars {
            text.push(char.symbol);
            if is_doubtful(char) {
                text.push('?');
            }
        }
        if text.is_empty() {
            text.push('?');
        }
        text
    }

    /// A line for people, in one language or several.
    #[must_use]
    pub fn line(&self, file: &Path, languages: &[Language]) -> String {
        let told = |said: Said| {
            let texts: Vec<_> = languages.iter().map(|l| said.text(*l)).collect();
            texts.join(" ")
        };
        let read = &self.read;
        let at = self.at.map_or_else(String::new, |at| {
            format!(" {:.1}s", at.as_ms() as f64 / 1000.0)
        });
        let (plate, doubt) = if self.is_sure() {
            (read.plate.clone(), String::new())
        } else {
            let doubt = told(Key::ConsoleNotSure.into());
            (self.marked(), format!("  {doubt}{}", self.candidates()))
        };
        format!(
            "{}{at}  {plate}  {}  {}  {:.1}%{doubt}",
            file.display(),
            read.color,
            read.layout,
            read.confidence * 100.0
        )
    }

    /// What is told of a plate that is too small for anybody to judge, without a guess.
    #[must_use]
    pub fn too_small(&self) -> Said {
        let width = self.best.quad.width();
        Said::with(Key::ConsoleTooSmall, "width", format!("{width:.0}"))
    }

    /// One JSON object.
    ///
    /// # Errors
    /// When a figure can't be written.
    pub fn json(&self, file: &Path) -> serde_json::Result<String> {
        let read = &self.read;
        serde_json::to_string(&Line {
            file: &file.to_string_lossy(),
            t_ms: self.at.map(|at| at.as_ms()),
            plate: &read.plate,
            color: read.color,
            layout: read.layout,
            confidence: read.confidence,
            sure: self.is_sure(),
            doubtful: self.doubtful().map(|(place, _)| place).collect(),
            chars: &read.chars,
            width_px: self.best.quad.width().round(),
            corners: self.best.quad.0.map(|p| [p.x, p.y]),
        })
    }

    /// The characters in doubt, each with its place.
    fn doubtful(&self) -> impl Iterator<Item = (usize, &CharRead)> {
        let chars = self.read.chars.iter().enumerate();
        chars.filter(|(_, char)| is_doubtful(char))
    }

    /// What may stand in each doubtful place: ` [3: 1 62% 7 31%]`, counted from 1 as people do.
    fn candidates(&self) -> String {
        let mut text = String::new();
        for (place, char) in self.doubtful() {
            let _ = write!(
                text,
                " [{}: {} {:.0}%",
                place + 1,
                char.symbol,
                char.p * 100.0
            );
            let others = char
                .alternatives
                .iter()
                .filter(|other| other.p >= CANDIDATE);
            for other in others.take(CANDIDATES - 1) {
                let _ = write!(text, " {} {:.0}%", other.symbol, other.p * 100.0);
            }
            text.push(']');
        }
        text
    }
}

fn is_doubtful(char: &CharRead) -> bool {
    char.p < SURE
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::{MonoTime, Point, Quad};
    use plate::{Alternative, Color, Evidence, Layout, PlateRead};
    use vision::PlateReading;

    fn found(width: f32, p_of_third: f32) -> FoundPlate {
        let evidence = Evidence::of_plate("冀A12345", Color::Blue, Layout::Single, 0.99);
        let mut read = PlateRead::of(&evidence);
        read.confidence = p_of_third;
        read.chars[2].p = p_of_third;
        read.chars[2].alternatives = vec![
            Alternative {
                symbol: '7',
                p: 0.31,
            },
            Alternative {
                symbol: 'T',
                p: 0.07,
            },
        ];
        FoundPlate {
            at: Some(MonoTime::from_ms(1500)),
            best: PlateReading {
                quad: Quad(
                    [[0.0, 0.0], [width, 0.0], [width, 9.0], [0.0, 9.0]]
                        .map(|[x, y]| Point { x, y }),
                ),
                found: 0.9,
                read: read.clone(),
                evidence,
                sharpness: 0.5,
            },
            read,
        }
    }

    #[test]
    fn a_doubtful_place_stands_with_both_of_what_it_may_be() {
        let doubtful = found(90.0, 0.62);
        let line = doubtful.line(Path::new("a.jpg"), &Language::ALL);
        assert!(line.starts_with("a.jpg 1.5s  冀A1?2345  blue"), "{line}");
        assert!(line.ends_with("[3: 1 62% 7 31%]"), "{line}");
        let json: serde_json::Value =
            serde_json::from_str(&doubtful.json(Path::new("a.jpg")).expect("JSON")).expect("JSON");
        assert_eq!(json["sure"], false);
        assert_eq!(json["doubtful"], serde_json::json!([2]));
        assert_eq!(json["chars"][2]["alternatives"][0]["char"], "7");
    }

    #[test]
    fn a_sure_plate_has_no_marks() {
        let line = found(20.0, 0.97).line(Path::new("a.jpg"), &Language::ALL);
        assert!(
            line.contains("  冀A12345  ") && line.ends_with("97.0%"),
            "{line}"
        );
    }

    #[test]
    fn a_plate_too_small_for_anybody_is_told_without_a_guess() {
        let far = found(20.0, 0.3);
        assert!(!far.is_judgeable() && found(20.0, 0.97).is_judgeable());
        let told = far.too_small().text(Language::Zh);
        assert!(told.contains("20 px") && !told.contains("冀"), "{told}");
    }
}
