//! `[photos]`: how photos are made at a site, read and shown.

use std::path::PathBuf;

use settings::{Printer, Section};

/// How photos are made at a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoSettings {
    /// Font of the band of words; without one the usual places of the system are searched.
    pub font: Option<PathBuf>,
    /// JPEG quality, 40 to 98.
    pub jpeg_quality: u8,
    /// Annotated photos are encoded smaller until they fit, KiB.
    pub max_kilobytes: u32,
}

impl PhotoSettings {
    /// Reads `[photos]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        Self {
            font: section.path("font"),
            jpeg_quality: section.integer("jpeg_quality", 85, 40..=98) as u8,
            max_kilobytes: section.integer("max_kilobytes", 300, 50..=10_000),
        }
    }

    /// Shows what [`PhotoSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.maybe_path("font", self.font.as_deref());
        printer.value("jpeg_quality", self.jpeg_quality);
        printer.value("max_kilobytes", self.max_kilobytes);
    }
}
