//! Models are data: `models/manifest.toml` says what each file is, and nothing is run that does
//! not match it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::Error;

/// The largest model file that is read; ours are a few megabytes.
const MAX_MODEL_BYTES: u64 = 64 << 20;

/// A picture size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// Shares of a plate's own width and height.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ShareXY {
    pub x: f32,
    pub y: f32,
}

/// How a found plate is looked at again, from nearby.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondLook {
    /// Size the window is scaled to, in pixels.
    pub input: Size,
    /// Width of the window in plate widths.
    pub plate_widths: f32,
    /// What is less probable than this when seen from nearby is no plate.
    pub veto_below: f32,
}

/// The plate detector. Input: RGB bytes `[N, height, width, 3]`, sides divisible by 32. Outputs:
/// `heat` `[N, 2, h, w]` probabilities of a single or double plate centred in a cell, `corners`
/// `[N, 8, h, w]` offsets in input pixels from the cell's centre, clockwise from top left.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DetectorSpec {
    pub file: String,
    pub sha256: String,
    pub licence: String,
    pub training_run: String,
    pub card: String,
    pub normalisation: String,
    /// Largest input of the first look.
    pub input: Size,
    /// Input pixels per cell.
    pub stride: u32,
    pub classes: Vec<String>,
    /// Probability from which a cell is a candidate.
    pub threshold: f32,
    pub second_look: Option<SecondLook>,
}

/// The plate reader. Input: RGB bytes `[N, height, width, 3]`. Outputs: logits `chars`
/// `[N, 8, 88]`, `color` `[N, 7]`, `layout` `[N, 2]`, `plate` `[N, 1]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReaderSpec {
    pub file: String,
    pub sha256: String,
    pub licence: String,
    pub training_run: String,
    pub card: String,
    pub normalisation: String,
    pub input: Size,
    /// What is kept around the plate when it is rectified.
    pub margin: ShareXY,
    /// Classes in order, without the blank that comes first.
    pub alphabet: String,
    pub colors: Vec<String>,
}

/// Which models there are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ModelManifest {
    pub detector: DetectorSpec,
    pub reader: ReaderSpec,
}

impl ModelManifest {
    /// Reads and checks `manifest.toml` in `folder`, without opening the models.
    ///
    /// # Errors
    /// [`Error::Unreadable`] without the file, [`Error::Manifest`] when it describes no models
    /// that this program can use.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("manifest.toml");
        let text = std::fs::read_to_string(&path).map_err(|source| Error::Unreadable {
            path: path.clone(),
            source,
        })?;
        let invalid = |reason: String| Error::Manifest {
            path: path.clone(),
            reason,
        };
        let manifest: Self = toml::from_str(&text).map_err(|e| invalid(e.to_string()))?;
        manifest.check().map_err(invalid)?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        let known: String = plate::Symbol::all()
            .filter_map(plate::Symbol::as_char)
            .collect();
        if self.reader.alphabet != known {
            return Err("[reader] alphabet differs from the classes this program knows".into());
        }
        let colors: Vec<_> = plate::Color::READABLE.iter().map(|c| c.as_str()).collect();
        if self.reader.colors != colors {
            return Err(format!("[reader] colors must be {colors:?}"));
        }
        if self.detector.classes != ["single", "double"] {
            return Err("[detector] classes must be [\"single\", \"double\"]".into());
        }
        let mut sizes = vec![("[detector] input", self.detector.input)];
        sizes.extend(
            self.detector
                .second_look
                .map(|l| ("[detector] second_look.input", l.input)),
        );
        for (key, size) in sizes {
            let sides = [size.width, size.height];
            if sides
                .iter()
                .any(|s| s % 32 != 0 || !(32..=4096).contains(s))
            {
                return Err(format!("{key} must be divisible by 32, from 32 to 4096"));
            }
        }
        if ![2, 4, 8, 16].contains(&self.detector.stride) {
            return Err("[detector] stride must be 2, 4, 8 or 16".into());
        }
        let reader = self.reader.input;
        if !(16..=1024).contains(&reader.width) || !(16..=1024).contains(&reader.height) {
            return Err("[reader] input must be 16 to 1024 pixels a side".into());
        }
        Ok(())
    }
}

/// The bytes of `folder/file`, if they are the ones that the manifest describes.
pub(crate) fn verified_bytes(folder: &Path, file: &str, sha256: &str) -> Result<Vec<u8>, Error> {
    let path: PathBuf = folder.join(file);
    let unreadable = |source| Error::Unreadable {
        path: path.clone(),
        source,
    };
    let bytes_in_file = std::fs::metadata(&path).map_err(unreadable)?.len();
    if bytes_in_file > MAX_MODEL_BYTES {
        return Err(Error::Manifest {
            path,
            reason: format!("{bytes_in_file} bytes are more than any model of ours"),
        });
    }
    let bytes = std::fs::read(&path).map_err(unreadable)?;
    let actual = hex::encode(Sha256::digest(&bytes));
    if !actual.eq_ignore_ascii_case(sha256) {
        return Err(Error::Checksum {
            path,
            expected: sha256.to_owned(),
            actual,
        });
    }
    Ok(bytes)
}
