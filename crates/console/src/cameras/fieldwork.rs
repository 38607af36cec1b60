//! What an installer does from the page, as whoever holds cameras and configuration does it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use passage::Direction;
use secret::Secret;
use survey::Examination;
use words::Said;

/// A camera's work takes its time.
pub type Working<'a, T> = Pin<Box<dyn Future<Output = Result<T, Said>> + Send + 'a>>;

/// What an installer does from the page, as whoever holds cameras and configuration does it.
pub trait Fieldwork: Send + Sync {
    /// The lanes with their cameras, as the daemon runs them.
    fn lanes(&self) -> Vec<LaneInField>;

    /// Where the configuration is.
    fn file(&self) -> String;

    /// Whether something else stands in the configuration than what the daemon runs.
    fn has_changed(&self) -> bool;

    /// Who the site is, as it stands in the configuration.
    ///
    /// # Errors
    /// Why that does not load.
    fn identity(&self) -> Result<Identity, Said>;

    /// Writes who the site is into the configuration, for the next start.
    ///
    /// # Errors
    /// Why nothing was changed, with what to do.
    fn set_identity(&self, identity: Identity) -> Result<(), Said>;

    /// Adds a lane to the configuration, for the next start.
    ///
    /// # Errors
    /// Why nothing was changed, with what to do.
    fn add_lane(&self, lane: NewLane) -> Result<(), Said>;

    /// Sets where plates count in a lane's picture, for the next start. Corners are shares of the picture.
    ///
    /// # Errors
    /// Why nothing was changed, with what to do.
    fn set_region(&self, lane: &str, corners: Vec<[f32; 2]>) -> Result<(), Said>;

    /// Looks at a lane's camera for a while, over a connection of its own.
    fn survey<'a>(&'a self, lane: &'a str, time: Duration) -> Working<'a, Examination>;

    /// One picture of a camera that no lane has yet, as a JPEG of at most so many pixels' width.
    fn peek<'a>(&'a self, stream: PlayedStream, widest_px: u32) -> Working<'a, Vec<u8>>;

    /// Ends the daemon as a signal would, and begins anew with what stands in the configuration.
    fn restart(&self);
}

/// Who a site is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The enterprise's name.
    pub name: String,
    /// The code that the regulator gave it.
    pub code: String,
}

/// A lane as the daemon runs it.
#[derive(Debug, Clone)]
pub struct LaneInField {
    /// Its name.
    pub name: String,
    /// Where its camera is, without user and password; nothing for a recording.
    pub camera: Option<String>,
    /// Where plates count, as shares of the picture.
    pub region: Vec<[f32; 2]>,
}

/// A stream that is played.
#[derive(Debug, Clone)]
pub struct PlayedStream {
    /// Where, without user and password.
    pub url: String,
    /// As whom the camera is asked.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
}

/// A lane that is to be.
#[derive(Debug, Clone)]
pub struct NewLane {
    /// Its name.
    pub name: String,
    /// Number of its entrance.
    pub entrance: String,
    /// Number of its barrier.
    pub barrier: String,
    /// Which way vehicles usually go in it.
    pub direction: Direction,
    /// The camera sees vehicles from behind.
    pub sees_rear: bool,
    /// What is watched.
    pub stream: PlayedStream,
}
