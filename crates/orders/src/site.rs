//! What orders need to know of a site.

use std::path::PathBuf;
use std::sync::Arc;

use housekeeping::RetentionPlan;
use jiff::tz::TimeZone;
use photo::Font;
use words::Language;

use crate::Refused;

/// What orders need to know of a site.
#[derive(Debug, Clone)]
pub struct Site {
    /// As it stands on photos.
    pub name: String,
    /// That of photos.
    pub language: Language,
    /// Its clock.
    pub zone: TimeZone,
    /// Ledger and photos.
    pub data_folder: PathBuf,
    /// Quality of photos, 1 to 100.
    pub jpeg_quality: u8,
    /// Annotated photos are encoded smaller until they fit.
    pub max_kilobytes: u32,
    /// The font of annotated photos; usual places are searched without it.
    pub font: Option<PathBuf>,
    /// How long photos are kept.
    pub retention: RetentionPlan,
}

impl Site {
    /// The font that photos are annotated with.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub fn font(&self) -> Result<Arc<Font>, Refused> {
        Font::open(self.font.as_deref())
            .map(Arc::new)
            .map_err(|e| Refused::failed(e.to_string()))
    }
}
