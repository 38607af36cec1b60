//! Hands frames from a decoding thread to one consumer, by one of two rules: the newest frame
//! replaces one that was not taken (live), or the thread waits until it is taken (files).

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use frame::Frame;
use tokio::sync::Notify;

/// Frames that may wait for a consumer that wants all of them. Few: 1080p frames are 6 MB each.
const LOSSLESS_DEPTH: usize = 2;

#[derive(Default)]
struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
    ready: Notify,
}

#[derive(Default)]
struct Inner {
    /// Each with whether it is a look.
    waiting: VecDeque<(Frame, bool)>,
    skipped: u64,
    closed: bool,
}

impl Inner {
    fn is_full(&self) -> bool {
        !self.closed && self.waiting.len() >= LOSSLESS_DEPTH
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing here can be left half done by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.wake();
    }

    fn wake(&self) {
        self.changed.notify_all();
        self.ready.notify_one();
    }
}

/// The consumer's side: frames in order. Dropping it stops the camera.
pub struct Frames {
    shared: Arc<Shared>,
    looks: bool,
}

/// The decoding thread's side.
pub(crate) struct FrameSender(Arc<Shared>);

/// Closes a slot from outside, so that a thread waiting for its consumer ends.
#[derive(Clone)]
pub(crate) struct Closer(Arc<Shared>);

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Waiting,
    ReplacedOlder,
    /// Nobody listens any more.
    Closed,
}

pub(crate) fn slot() -> (FrameSender, Frames) {
    let shared = Arc::new(Shared::default());
    let sender = FrameSender(Arc::clone(&shared));
    let looks = false;
    (sender, Frames { shared, looks })
}

impl FrameSender {
    /// The newest frame wins.
    pub(crate) fn newest(&self, frame: Frame) -> Pushed {
        self.replace(frame, false)
    }

    /// The newest frame wins, and is a look.
    pub(crate) fn look(&self, frame: Frame) -> Pushed {
        self.replace(frame, true)
    }

    fn replace(&self, frame: Frame, look: bool) -> Pushed {
        let mut inner = self.0.lock();
        if inner.closed {
            return Pushed::Closed;
        }
        let replaced = inner.waiting.len();
        inner.waiting.clear();
        inner.waiting.push_back((frame, look));
        inner.skipped += replaced as u64;
        drop(inner);
        self.0.wake();
        if replaced == 0 {
            Pushed::Waiting
        } else {
            Pushed::ReplacedOlder
        }
    }

    /// Waits for room.
    pub(crate) fn lossless(&self, frame: Frame, look: bool) -> Pushed {
        let inner = self
            .0
            .changed
            .wait_while(self.0.lock(), |inner| inner.is_full())
            .unwrap_or_else(PoisonError::into_inner);
        self.push(inner, (frame, look))
    }

    /// Waits for room for as long as this; then the newest frame wins.
    pub(crate) fn patient(&self, frame: Frame, patience: Duration) -> Pushed {
        let (inner, waited) = self
            .0
            .changed
            .wait_timeout_while(self.0.lock(), patience, |inner| inner.is_full())
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            drop(inner);
            return self.newest(frame);
        }
        self.push(inner, (frame, false))
    }

    fn push(&self, mut inner: MutexGuard<'_, Inner>, frame: (Frame, bool)) -> Pushed {
        if inner.closed {
            return Pushed::Closed;
        }
        inner.waiting.push_back(frame);
        drop(inner);
        self.0.wake();
        Pushed::Waiting
    }

    pub(crate) fn closer(&self) -> Closer {
        Closer(Arc::clone(&self.0))
    }
}

impl Drop for FrameSender {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Closer {
    pub(crate) fn close(&self) {
        self.0.close();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.lock().closed
    }
}

impl Frames {
    /// The next frame; `None` when the camera was stopped or the file has ended. Can be dropped
    /// while waiting without losing a frame.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            let shared = Arc::clone(&self.shared);
            let ready = shared.ready.notified();
            if let Some(answer) = self.take() {
                return answer;
            }
            ready.await;
        }
    }

    /// As [`next`](Self::next), for a thread of its own.
    pub fn blocking_next(&mut self) -> Option<Frame> {
        loop {
            if let Some(answer) = self.take() {
                return answer;
            }
            let empty = |inner: &mut Inner| !inner.closed && inner.waiting.is_empty();
            drop(self.shared.changed.wait_while(self.shared.lock(), empty));
        }
    }

    /// A frame that already waits.
    pub fn try_next(&mut self) -> Option<Frame> {
        self.take().flatten()
    }

    /// Whether the frame that was taken last is a look, see [`Attention`](crate::Attention).
    #[must_use]
    pub fn is_look(&self) -> bool {
        self.looks
    }

    /// Frames that were replaced by newer ones before they were taken.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.shared.lock().skipped
    }

    /// The outer `None` means: wait.
    fn take(&mut self) -> Option<Option<Frame>> {
        let mut inner = self.shared.lock();
        let frame = inner.waiting.pop_front();
        let closed = inner.closed;
        drop(inner);
        if let Some((frame, look)) = frame {
            self.shared.changed.notify_all();
            self.looks = look;
            return Some(Some(frame));
        }
        closed.then_some(None)
    }
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames")
            .field("skipped", &self.skipped())
            .finish_non_exhaustive()
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.shared.close();
    }
}

#[cfg(test)]
mod tests {
    use frame::{ClockSource, MonoTime, Picture};
    use jiff::Timestamp;

    use super::*;

    fn frame(sequence: u64) -> Frame {
        Frame {
            picture: Picture::filled(2, 2, [0; 3]),
            captured: Timestamp::UNIX_EPOCH,
            clock: ClockSource::File,
            at: MonoTime::from_ms(sequence * 40),
            sequence,
        }
    }

    #[test]
    fn a_slow_consumer_gets_the_newest_frame_and_the_others_are_counted() {
        let (sender, mut frames) = slot();
        assert_eq!(sender.newest(frame(0)), Pushed::Waiting);
        assert_eq!(sender.newest(frame(1)), Pushed::ReplacedOlder);
        assert_eq!(sender.newest(frame(2)), Pushed::ReplacedOlder);
        assert_eq!(frames.blocking_next().map(|f| f.sequence), Some(2));
        assert!(frames.try_next().is_none());
        assert_eq!(frames.skipped(), 2);
        drop(sender);
        assert!(frames.blocking_next().is_none());
    }

    #[test]
    fn a_consumer_that_wants_all_gets_all_in_order() {
        let (sender, mut frames) = slot();
        let thread = std::thread::spawn(move || {
            (0..50).for_each(|i| assert_eq!(sender.lossless(frame(i), false), Pushed::Waiting));
        });
        let got: Vec<_> = std::iter::from_fn(|| frames.blocking_next()).collect();
        assert!(got.iter().map(|f| f.sequence).eq(0..50));
        thread.join().expect("the sender ends");
    }

    #[test]
    fn a_thread_that_waits_for_its_consumer_ends_when_the_consumer_leaves() {
        let (sender, frames) = slot();
        let thread = std::thread::spawn(move || {
            (0..9).any(|i| sender.lossless(frame(i), false) == Pushed::Closed)
        });
        drop(frames);
        assert!(thread.join().expect("the sender ends"));
    }
}
