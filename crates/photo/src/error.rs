//! What can go wrong with a photo.

use std::path::PathBuf;

use words::{Key, Said};

/// Why a font was not taken or a picture not encoded.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.said())]
#[allow(missing_docs)]
pub enum Error {
    FontUnreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    FontBroken {
        path: PathBuf,
    },
    FontLacks {
        path: PathBuf,
        missing: String,
    },
    FontNotFound {
        looked_for: Vec<PathBuf>,
    },
    TooLarge {
        width: u32,
        height: u32,
    },
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

    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        let of = |key, path: &PathBuf| Said::with(key, "path", path.display());
        match self {
            Self::FontUnreadable { path, .. } => of(Key::FontUnreadable, path),
            Self::FontBroken { path } => of(Key::FontBroken, path),
            Self::FontLacks { path, missing } => of(Key::FontLacks, path).and("missing", missing),
            Self::FontNotFound { looked_for } => {
                let looked: Vec<_> = looked_for.iter().map(|p| p.display().to_string()).collect();
                Said::with(Key::FontNotFound, "looked", looked.join(", "))
            }
            Self::TooLarge { width, height } => {
                Said::with(Key::FontTooLarge, "width", width).and("height", height)
            }
            Self::Encode(error) => Said::with(Key::FontNotEncoded, "why", error),
        }
    }
}
