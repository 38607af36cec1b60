//! What can go wrong with a photo.

use std::path::PathBuf;

/// Why a font was not taken or a picture not encoded.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum Error {
    #[error("cannot read the font {}: install the package fonts-wqy-microhei or name another font", path.display())]
    FontUnreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} is not a TrueType or OpenType font", path.display())]
    FontBroken { path: PathBuf },
    #[error("the font {} lacks the characters \"{missing}\": use fonts-wqy-microhei or another Chinese font", path.display())]
    FontLacks { path: PathBuf, missing: String },
    #[error("no Chinese font found (looked for {}): install the package fonts-wqy-microhei", looked_for.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    FontNotFound { looked_for: Vec<PathBuf> },
    #[error("a {width}x{height} picture is too large for JPEG, which ends at 65535 pixels a side")]
    TooLarge { width: u32, height: u32 },
    #[error("cannot encode the picture as JPEG")]
    Encode(#[from] jpeg_encoder::EncodingError),
}

/// The sort of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The installation or a setting must be mended before photos can be annotated.
    Font,
    /// This one picture could not be encoded.
    Picture,
}

impl Error {
    /// The sort of error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::FontUnreadable { .. }
            | Self::FontBroken { .. }
            | Self::FontLacks { .. }
            | Self::FontNotFound { .. } => ErrorKind::Font,
            Self::TooLarge { .. } | Self::Encode(_) => ErrorKind::Picture,
        }
    }
}
