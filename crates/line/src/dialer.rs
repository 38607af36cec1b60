//! Opens one line again and again.

use std::io;

use crate::{Backoff, Line, LineSettings, Retry};

/// Opens a line that is to stay open, and paces the tries while it does not.
///
/// Its owner calls [`Dialer::open`], uses the line until it fails, calls [`Dialer::pause`] and
/// begins again. A line that opens is not yet one that works, so the pauses grow until
/// [`Dialer::works`] says so.
#[derive(Debug)]
pub struct Dialer {
    settings: LineSettings,
    retry: Retry,
}

impl Dialer {
    /// For the line of `settings`, with pauses of `backoff`. Opens nothing yet.
    #[must_use]
    pub fn new(settings: LineSettings, backoff: Backoff) -> Self {
        Self {
            settings,
            retry: Retry::new(backoff),
        }
    }

    /// Tries once.
    ///
    /// # Errors
    /// See [`LineSettings::open`].
    pub async fn open(&self) -> io::Result<Line> {
        self.settings.open().await
    }

    /// What came over the line made sense: the next pause is the first again.
    pub fn works(&mut self) {
        self.retry.reset();
    }

    /// Waits until it is time for the next try.
    pub async fn pause(&mut self) {
        tokio::time::sleep(self.retry.after_failure(rand::random())).await;
    }
}
