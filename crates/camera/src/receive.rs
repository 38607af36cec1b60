//! The decoding thread of a live camera: packets in, the newest picture out.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use ffmpeg_next::Packet;
use frame::{ClockSource, Frame, MonoTime};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, watch};

use crate::decoder::Decoder;
use crate::judge::{Look, PictureWatch};
use crate::pick::Picker;
use crate::play::{too_large, too_small};
use crate::reporter::Reporter;
use crate::session::Failure;
use crate::slot::{FrameSender, Pushed};
use crate::{CameraStatus, Codec, Options, color};

/// Packets that may wait for the decoder: about 2.5 s at 25 pictures a second. Behind that it
/// cannot keep up, and old pictures are worth nothing.
pub(crate) const FEED_DEPTH: usize = 64;
/// Stamps of pictures that are still inside the decoder; it reorders 16 at most.
const STAMPS: usize = 64;

/// A wall time that falls back by less stands still until it has caught up (jitter, a change
/// between camera and arrival time); by more, a clock was set right and is followed.
const HOLD: SignedDuration = SignedDuration::from_secs(10);

/// What the connection hands to the decoding thread.
pub(crate) enum Feed {
    /// A new connection: forget everything.
    Begin { session: u64, codec: Codec },
    /// One access unit.
    Unit(Unit),
}

/// One access unit in Annex B form, and when it was taken.
pub(crate) struct Unit {
    pub(crate) data: Bytes,
    pub(crate) pts: i64,
    pub(crate) key: bool,
    pub(crate) stamp: Stamp,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) at: MonoTime,
    pub(crate) captured: Timestamp,
    pub(crate) clock: ClockSource,
}

/// What the decoding thread reports back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    pub(crate) session: u64,
    /// Pictures decoded in this session.
    pub(crate) frames: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) look: Look,
    /// Nothing more is decoded in this session.
    pub(crate) failed: Option<Failure>,
}

pub(crate) struct Receiver {
    picker: Picker,
    min_size: Option<(u32, u32)>,
    watch: PictureWatch,
    out: FrameSender,
    report: watch::Sender<Report>,
    reporter: Arc<Reporter>,
    stamps: VecDeque<(i64, Stamp)>,
    last: Option<Stamp>,
    sequence: u64,
    /// Errors of the present decoder that have been reported.
    errors: u64,
}

impl Receiver {
    pub(crate) fn new(
        options: &Options,
        picker: Picker,
        out: FrameSender,
        report: watch::Sender<Report>,
        reporter: Arc<Reporter>,
    ) -> Self {
        Self {
            picker,
            min_size: options.min_size,
            watch: PictureWatch::new(options.frozen_after, options.black_after),
            out,
            report,
            reporter,
            stamps: VecDeque::new(),
            last: None,
            sequence: 0,
            errors: 0,
        }
    }

    /// Runs until the connection's side or the consumer is gone. What panics within costs its
    /// decoder and its session, never the thread: the next session begins with a new decoder.
    pub(crate) fn run(mut self, mut feed: mpsc::Receiver<Feed>) {
        let (mut decoder, mut session) = (None, 0);
        while let Some(message) = feed.blocking_recv() {
            if let Feed::Begin { session: begun, .. } = &message {
                session = *begun;
            }
            let taken = catch_unwind(AssertUnwindSafe(|| self.take(&mut decoder, message)));
            match taken {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => {
                    decoder = None;
                    self.panicked(session);
                }
            }
        }
    }

    /// False when the consumer is gone.
    fn take(&mut self, decoder: &mut Option<Decoder>, message: Feed) -> bool {
        match message {
            Feed::Begin { session, codec } => *decoder = self.begin(session, codec),
            Feed::Unit(unit) => {
                let Some(at_work) = decoder else { return true };
                if !self.unit(at_work, unit) {
                    return false;
                }
                if let Some((width, height)) = at_work.too_large() {
                    // What it holds is given back at once.
                    *decoder = None;
                    let failure = Failure::new(CameraStatus::TooLarge, too_large(width, height));
                    self.report.send_modify(|r| r.failed = Some(failure));
                }
            }
        }
        true
    }

    fn panicked(&self, session: u64) {
        let camera = self.reporter.camera();
        tracing::error!(camera, "the decoding thread panicked and begins again");
        self.reporter.count(|s| s.decoder_panics += 1);
        let reason = "decoding led to a mistake of this program; the log has its place";
        let failure = Failure::new(CameraStatus::DecoderFailed, reason);
        self.report.send_modify(|r| {
            r.session = session;
            r.failed = Some(failure);
        });
    }

    fn begin(&mut self, session: u64, codec: Codec) -> Option<Decoder> {
        self.watch.reset();
        self.stamps.clear();
        self.errors = 0;
        let opened = Decoder::for_stream(codec);
        let refused = opened.as_ref().err();
        let failed = refused.map(|why| Failure::new(CameraStatus::UnsupportedCodec, why));
        self.report.send_replace(Report {
            session,
            failed,
            ..Report::default()
        });
        opened.ok()
    }

    /// Decodes one unit; false when the consumer is gone.
    fn unit(&mut self, decoder: &mut Decoder, unit: Unit) -> bool {
        let mut packet = Packet::copy(&unit.data);
        packet.set_pts(Some(unit.pts));
        self.stamps.push_back((unit.pts, unit.stamp));
        if self.stamps.len() > STAMPS {
            self.stamps.pop_front();
        }
        decoder.feed(&packet, unit.key);
        let mut listening = true;
        while let Some(decoded) = decoder.next() {
            let stamp = self.stamp_of(decoded.pts(), unit.stamp);
            let (width, height) = (decoded.width(), decoded.height());
            let wanted =
                self.picker.pick(stamp.at) && too_small(self.min_size, width, height).is_none();
            let picture = wanted.then(|| color::to_picture(decoded).ok()).flatten();
            let unconvertible = u64::from(wanted && picture.is_none());
            let look = picture.as_ref().map(|p| self.watch.look(stamp.at, p));
            let sequence = self.sequence;
            self.sequence += 1;
            self.report.send_modify(|r| {
                r.frames += 1;
                (r.width, r.height) = (width, height);
                r.look = look.unwrap_or(r.look);
            });
            self.reporter.count(|s| {
                s.frames_decoded += 1;
                s.decode_errors += unconvertible;
            });
            if let Some(picture) = picture {
                let Stamp {
                    at,
                    captured,
                    clock,
                } = stamp;
                listening &= self.deliver(Frame {
                    picture,
                    captured,
                    clock,
                    at,
                    sequence,
                });
            }
        }
        let new = decoder.errors().saturating_sub(self.errors);
        self.errors += new;
        self.reporter.count(|s| s.decode_errors += new);
        listening
    }

    fn deliver(&self, frame: Frame) -> bool {
        let clock = frame.clock;
        let pushed = self.out.newest(frame);
        self.reporter.count(|s| {
            s.clock = Some(clock);
            s.frames_delivered += u64::from(pushed != Pushed::Closed);
            s.frames_skipped += u64::from(pushed == Pushed::ReplacedOlder);
        });
        pushed != Pushed::Closed
    }

    /// The stamp of the picture with this presentation time. Time never runs back from one
    /// picture to the next, except when a clock is set back by more than [`HOLD`].
    fn stamp_of(&mut self, pts: Option<i64>, newest: Stamp) -> Stamp {
        let found = self.stamps.iter().position(|(p, _)| Some(*p) == pts);
        let mut stamp = found
            .and_then(|i| self.stamps.remove(i))
            .map_or(newest, |(_, s)| s);
        if let Some(last) = self.last {
            stamp.at = stamp.at.max(last.at);
            if last.captured.duration_since(stamp.captured) <= HOLD {
                stamp.captured = stamp.captured.max(last.captured);
            }
        }
        self.last = Some(stamp);
        stamp
    }
}
