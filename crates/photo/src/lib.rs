//! Key photos: annotate, encode, hash.
//!
//! HJ 1321-2023 asks for two photos of every passage, the head and the whole body, with plate
//! number, time, entrance number and barrier number on them (software function 10). [`annotate`]
//! writes these on a band **below** the picture: the canvas grows and no pixel of the scene is
//! covered, wherever the plate is. The one thing drawn on the scene is a thin frame that runs
//! outside of the plate's edges. The band also shows the plate once more, rectified and enlarged.
//!
//! Everything here is a pure function of pixels and words; it knows no disk (but for the font
//! file), no ledger and no camera.

mod annotate;
mod band;
mod canvas;
mod caption;
mod chip;
mod error;
mod font;
mod inset;
mod jpeg;
mod outline;
mod section;
mod smaller;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod scene;

pub use annotate::annotate;
pub use caption::Caption;
pub use error::{Error, ErrorKind};
pub use font::Font;
pub use inset::rectify;
pub use jpeg::{Fitted, decode_jpeg, encode_jpeg, encode_jpeg_within, encoded_anew, sha256_hex};
pub use section::PhotoSettings;
pub use smaller::smaller;
