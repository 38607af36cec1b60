//! A camera that a bench plays: what it sends is handed in, and its readers get it as from any other.

use tokio::sync::watch;

use crate::reporter::Reporter;
use crate::{AccessUnit, Format, State, Stream};

/// Sends what it is told to.
pub struct PlayedCamera {
    stream: Stream,
    state: watch::Receiver<State>,
}

impl PlayedCamera {
    /// One that has sent nothing yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let (_, state) = Reporter::new(name);
        let stream = Stream::default();
        Self { stream, state }
    }

    /// What it sends.
    #[must_use]
    pub fn stream(&self) -> Stream {
        self.stream.clone()
    }

    /// How it is; that never changes.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Its pictures are coded like this.
    pub fn begin(&self, format: Format) {
        self.stream.begin(format);
    }

    /// Sends a picture; a reader that does not keep up misses it.
    pub fn send(&self, unit: AccessUnit) {
        self.stream.unit(unit);
    }

    /// The connection is over.
    pub fn end(&self) {
        self.stream.end("played to the end");
    }
}
