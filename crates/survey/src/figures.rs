//! What was measured.

use serde::Serialize;

use crate::PlateFigures;

/// Everything that was measured in the time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SurveyFigures {
    /// For how long, in seconds of the stream.
    pub seconds: f32,
    /// Width and height of the picture in pixels.
    pub size_px: (u32, u32),
    /// Whether it is a camera; a recording's pace and clock are not judged.
    pub live: bool,
    /// Pictures a second.
    pub fps: Option<f32>,
    /// The longest time without a picture, milliseconds.
    pub longest_gap_ms: Option<f32>,
    /// Network packets that were lost.
    pub packets_lost: u64,
    /// Pictures or packets that could not be decoded.
    pub damaged: u64,
    /// Camera's clock less ours, milliseconds; nothing where it sends none.
    pub clock_ahead_ms: Option<i64>,
    /// Mean brightness of the picture, 0 to 255.
    pub brightness: Option<f32>,
    /// Of the plates, where there were any.
    pub plates: PlateFigures,
    /// Narrower plates do not vote, pixels: as the lane is set.
    pub min_plate_px: f32,
}
