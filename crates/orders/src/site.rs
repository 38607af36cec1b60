//! What orders need to know of a site.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use gate::Arms;
use housekeeping::RetentionPlan;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::LanePlace;
use photo::Font;
use records::Rules;
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
    /// Its lanes and where they are.
    pub lanes: Vec<LanePlace>,
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
    /// The arms at the gate; none but in the daemon.
    pub arms: Option<Arms>,
    /// What the registers' validators go by, on some day; see [`Site::register_rules`].
    pub registers: Rules,
}

impl Site {
    /// What the registers' validators go by on the day of `now`.
    #[must_use]
    pub fn register_rules(&self, now: Timestamp) -> Rules {
        Rules {
            today: now.to_zoned(self.zone.clone()).date(),
            ..self.registers.clone()
        }
    }

    /// The lanes at a barrier, by name.
    pub(crate) fn lanes_at(&self, entrance: &str, barrier: &str) -> BTreeSet<&str> {
        let there = |lane: &&LanePlace| lane.entrance == entrance && lane.barrier == barrier;
        let lanes = self.lanes.iter().filter(there);
        lanes.map(|lane| lane.lane.as_str()).collect()
    }

    /// Whether this lane's camera sees vehicles from behind.
    pub(crate) fn sees_rear(&self, lane: &str) -> bool {
        let mut lanes = self.lanes.iter();
        lanes.any(|known| known.lane == lane && known.sees_rear)
    }

    /// The font that photos are annotated with.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub fn font(&self) -> Result<Arc<Font>, Refused> {
        Font::open(self.font.as_deref())
            .map(Arc::new)
            .map_err(|e| Refused::failed(e.said()))
    }
}
