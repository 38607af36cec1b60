//! Doors for the targets in `fuzz/`: files and cameras that say anything. They are compiled with
//! `--cfg fuzzing` alone.

use std::sync::Arc;
use std::time::Duration;

use frame::Picture;
use retina::client::SessionGroup;
use tokio::sync::{mpsc, watch};

use crate::receive::{FEED_DEPTH, Feed, Report};
use crate::reporter::Reporter;
use crate::session::Line;
use crate::{Address, CameraStatus, Login, Options, State};

/// The picture that bytes are.
///
/// # Errors
/// In words, when they are none.
pub fn picture(bytes: &[u8]) -> Result<Picture, String> {
    crate::picture_file::picture_in(bytes)
}

/// One connection to whoever listens at `address`, from DESCRIBE to its end: how it ended, what was
/// said of it, the state that was reported, and how many access units and bytes came.
pub async fn session(
    address: Address,
    login: Option<Login>,
) -> (CameraStatus, String, State, (usize, usize)) {
    let (feed, mut fed) = mpsc::channel(FEED_DEPTH);
    let (_decoder, report) = watch::channel(Report::default());
    let (reporter, state) = Reporter::new("fuzz");
    let answer = Duration::from_millis(500);
    let options = Options {
        answer_timeout: answer,
        stall_after: answer,
        ..Options::default()
    };
    let mut line = Line {
        address,
        login,
        options,
        group: Arc::new(SessionGroup::default()),
        feed,
        stream: crate::Stream::default(),
        report,
        reporter: Arc::new(reporter),
        live_since: None,
    };
    let failure = line.session(1).await;
    let (mut units, mut bytes) = (0, 0);
    while let Ok(message) = fed.try_recv() {
        if let Feed::Unit(unit) = message {
            units += 1;
            bytes += unit.data.len();
        }
    }
    let state = state.borrow().clone();
    (failure.status, failure.reason, state, (units, bytes))
}
