//! A recorded file in the place of a camera, on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use frame::{Frame, MonoTime};
use jiff::Timestamp;

use crate::file::later;
use crate::judge::{Look, PictureWatch};
use crate::receive::CATCH_UP_PATIENCE;
use crate::reporter::Reporter;
use crate::slot::{FrameSender, Pushed};
use crate::{CameraStatus, FileFrames, FileOptions, Options, Playback, Rate, clock};

/// How often a thread that waits for the right moment looks whether it was stopped.
const STOP_CHECK: Duration = Duration::from_millis(50);

/// How often it looks whether a look was judged.
const SETTLE_CHECK: Duration = Duration::from_millis(2);

pub(crate) struct Player {
    pub(crate) path: PathBuf,
    pub(crate) pace: Playback,
    pub(crate) start: Timestamp,
    pub(crate) repeat: bool,
    pub(crate) options: Options,
    pub(crate) rate: Rate,
    pub(crate) reporter: Reporter,
    pub(crate) out: FrameSender,
}

/// Why a round came to its end.
enum Round {
    /// At the end of the file; the next round begins at this position and sequence number.
    Ended(Duration, u64),
    /// By request, or because of a fault that was reported.
    Over,
}

impl Player {
    pub(crate) fn run(self) {
        let (mut offset, mut sequence) = (Duration::ZERO, 0);
        let origin = match self.pace {
            Playback::RealTime => clock::mono_now(),
            Playback::AsFast => MonoTime::default(),
        };
        let began = Instant::now();
        let mut watch = PictureWatch::new(self.options.frozen_after, self.options.black_after);
        loop {
            let round = || self.round(&mut watch, (origin, began), offset, sequence);
            let round = catch_unwind(AssertUnwindSafe(round));
            match round.unwrap_or_else(|_| self.panicked(began, sequence)) {
                Round::Ended(next, count) if self.repeat => (offset, sequence) = (next, count),
                Round::Ended(..) => {
                    return self.reporter.set(CameraStatus::Ended, "played to the end");
                }
                Round::Over => break,
            }
        }
        if self.out.closer().is_closed() {
            self.reporter.set(CameraStatus::Stopped, "stopped");
        }
    }

    /// A recording that is repeated begins again, one that is not ends here, with a state that says so.
    fn panicked(&self, began: Instant, sequence: u64) -> Round {
        let (camera, reason) = (
            self.reporter.camera(),
            "decoding led to a mistake of this program",
        );
        tracing::error!(camera, "the decoding thread panicked");
        self.reporter.count(|s| s.decoder_panics += 1);
        self.reporter.set(CameraStatus::DecoderFailed, reason);
        let again = began.elapsed() + self.options.backoff.first;
        if !self.repeat || self.pace == Playback::AsFast || !self.wait_for(began, again) {
            return Round::Over;
        }
        let passed = self.reporter.snapshot().frames_decoded;
        Round::Ended(again, passed.max(sequence))
    }

    /// Plays the file once, with `offset` added to its positions and `first` to its numbers.
    fn round(
        &self,
        watch: &mut PictureWatch,
        (origin, began): (MonoTime, Instant),
        offset: Duration,
        first: u64,
    ) -> Round {
        let options = FileOptions {
            rate: self.rate.clone(),
            attention: self.options.attention.clone(),
            assumed_fps: self.options.assumed_fps,
            start: later(self.start, offset),
            origin: origin + offset,
        };
        let unreadable = |e: &crate::Error| {
            self.reporter.set(CameraStatus::Unreadable, &e.to_string());
            Round::Over
        };
        let mut file = match FileFrames::open(&self.path, &options) {
            Ok(file) => file,
            Err(e) => return unreadable(&e),
        };
        self.reporter.count(|s| s.connections += 1);
        let before = self.reporter.snapshot();
        let mut delivered = 0;
        loop {
            let item = file.next();
            self.reporter.count(|s| {
                s.frames_decoded = before.frames_decoded + file.decoded();
                s.frames_undecoded = before.frames_undecoded + file.undecoded();
                s.decode_errors = before.decode_errors + file.decode_errors();
            });
            let mut frame = match item {
                Some(Ok(frame)) => frame,
                Some(Err(e @ crate::Error::NothingDecoded { .. })) => return unreadable(&e),
                Some(Err(e)) => {
                    let camera = self.reporter.camera();
                    tracing::warn!(camera, error = %e, "picture skipped");
                    continue;
                }
                None if delivered == 0 => {
                    self.reporter
                        .set(CameraStatus::Unreadable, "not one picture could be decoded");
                    return Round::Over;
                }
                None => return Round::Ended(offset + file.end(), first + file.passed()),
            };
            frame.sequence += first;
            let at = frame.at;
            if !self.wait_for(began, at.since(origin)) || !self.deliver(watch, &file, frame) {
                return Round::Over;
            }
            // What a file would give meanwhile is not past yet for whoever judges a look.
            while file.is_look() && !self.options.attention.is_settled(at) {
                if self.out.closer().is_closed() {
                    return Round::Over;
                }
                std::thread::sleep(SETTLE_CHECK);
            }
            delivered += 1;
        }
    }

    /// Waits until `position` is due; false when stopped.
    fn wait_for(&self, began: Instant, position: Duration) -> bool {
        let closer = self.out.closer();
        if self.pace == Playback::AsFast {
            return true;
        }
        loop {
            let ahead = position.saturating_sub(began.elapsed());
            if ahead.is_zero() {
                return true;
            }
            std::thread::sleep(ahead.min(STOP_CHECK));
            if closer.is_closed() {
                return false;
            }
        }
    }

    /// False when nothing more is to be delivered.
    fn deliver(&self, watch: &mut PictureWatch, file: &FileFrames, frame: Frame) -> bool {
        let (width, height) = (frame.picture.width(), frame.picture.height());
        if let Some(reason) = too_small(self.options.min_size, width, height) {
            self.reporter.set(CameraStatus::TooSmall, &reason);
            return false;
        }
        self.reporter.video(file.codec(), width, height, None);
        match watch.look(frame.at, &frame.picture) {
            Look::Fine => self.reporter.set(CameraStatus::Live, "pictures arrive"),
            Look::Frozen => self
                .reporter
                .set(CameraStatus::Frozen, "the picture does not change"),
            Look::Black => self
                .reporter
                .set(CameraStatus::Black, "the picture is black"),
        }
        self.reporter.count(|s| {
            s.clock = Some(frame.clock);
            s.frames_delivered += 1;
        });
        let pushed = match self.pace {
            Playback::AsFast => self.out.lossless(frame, file.is_look()),
            Playback::RealTime if file.is_look() => self.out.look(frame),
            Playback::RealTime if file.catches_up() => self.out.patient(frame, CATCH_UP_PATIENCE),
            Playback::RealTime => self.out.newest(frame),
        };
        self.reporter
            .count(|s| s.frames_skipped += u64::from(pushed == Pushed::ReplacedOlder));
        pushed != Pushed::Closed
    }
}

/// Why a picture of this size is refused. A camera mounted on its side for a narrow lane gives an
/// upright picture: long side is compared with long side, short with short.
pub(crate) fn too_small(min: Option<(u32, u32)>, width: u32, height: u32) -> Option<String> {
    let (min_w, min_h) = min?;
    let fits = width.max(height) >= min_w.max(min_h) && width.min(height) >= min_w.min(min_h);
    (!fits).then(|| {
        format!(
            "the picture has {width}x{height} pixels, at least {min_w}x{min_h} are required \
             (or {min_h}x{min_w} upright)"
        )
    })
}

pub(crate) fn too_large(width: u32, height: u32) -> String {
    format!("pictures of {width}x{height} pixels would hold too much memory while they are decoded")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_large_enough_lying_or_standing() {
        let min = Some((1280, 720));
        for (width, height) in [(1280, 720), (720, 1280), (1080, 1920), (1280, 960)] {
            assert_eq!(too_small(min, width, height), None, "{width}x{height}");
        }
        for (width, height) in [(704, 576), (1280, 704), (704, 1280), (1000, 1000)] {
            let reason = too_small(min, width, height).expect("too small");
            assert!(reason.contains("1280x720") && reason.contains("720x1280"));
        }
    }
}
