//! What lanes work with.

use std::sync::Arc;

use camera::Watching;
use gate::{Arms, InputEvent};
use jiff::tz::TimeZone;
use ledger::Handle;
use photo::Font;
use rules::GateRules;
use status::Status;
use sync::JustDecided;
use tokio::sync::broadcast;
use vision::Models;
use words::Language;

use crate::DetectionRate;

/// What lanes work with, the same for all of them.
pub struct LaneParts {
    /// What plates are found and read with.
    pub models: Models,
    /// Where passages are written.
    pub ledger: Handle,
    /// Where it is told how lanes and cameras are.
    pub status: Arc<Status>,
    /// The rules in force.
    pub rules: GateRules,
    /// Who is told of decisions as they fall. Nobody waits for whoever listens.
    pub decisions: broadcast::Sender<Arc<JustDecided>>,
    /// Who is told of inputs beside barriers as they change. Nobody waits for whoever listens.
    pub inputs: broadcast::Sender<InputEvent>,
    /// The arms that persons may raise through the program.
    pub arms: Arms,
    /// Pictures a second.
    pub detection: DetectionRate,
    /// When a camera is no longer believed.
    pub watching: Watching,
    /// Whether the site records video.
    pub records: bool,
    /// The site's name, as photos show it.
    pub site: String,
    /// The site's clock.
    pub zone: TimeZone,
    /// That of photos.
    pub language: Language,
    /// How photos are encoded.
    pub photos: photo::PhotoSettings,
    /// What photos are annotated with.
    pub font: Arc<Font>,
}
