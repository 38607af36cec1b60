//! The decoding thread of a live camera: packets in, the newest picture out.
//!
//! While the camera rests only looks are decoded. When it is woken, what came since is decoded first, and no
//! picture of that is replaced by a newer one.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ffmpeg_next::Packet;
use ffmpeg_next::frame::Video;
use frame::{ClockSource, Frame, MonoTime, Picture};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, watch};

use crate::decoder::Decoder;
use crate::doze::{Doze, Job};
use crate::judge::{Look, PictureWatch};
use crate::pick::Picker;
use crate::play::{too_large, too_small};
use crate::recent::Coded;
use crate::reporter::Reporter;
use crate::session::Failure;
use crate::slot::{FrameSender, Pushed};
use crate::{CameraStatus, Codec, Options, color};

/// Packets that may wait for a decoder that is awake: about 2.5 s at 25 pictures a second. Behind that it
/// cannot keep up, and old pictures are worth nothing.
pub(crate) const FEED_DEPTH: usize = 64;
/// Stamps of pictures that are still inside the decoder; it reorders 16 at most.
const STAMPS: usize = 64;

/// While it catches up the decoder waits for so long until a picture is taken; a lane that needs longer waits
/// for its disk.
pub(crate) const CATCH_UP_PATIENCE: Duration = Duration::from_secs(1);

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
#[derive(Clone)]
pub(crate) struct Unit {
    pub(crate) data: Bytes,
    pub(crate) pts: i64,
    pub(crate) key: bool,
    pub(crate) stamp: Stamp,
}

impl Coded for Unit {
    fn is_key(&self) -> bool {
        self.key
    }

    fn at(&self) -> MonoTime {
        self.stamp.at
    }

    fn bytes(&self) -> usize {
        self.data.len()
    }
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
    /// Pictures passed over while the camera rests: it lives.
    pub(crate) passed: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) look: Look,
    /// Nothing more is decoded in this session.
    pub(crate) failed: Option<Failure>,
}

/// What became of the work.
enum Work {
    Done,
    /// More has to come first.
    Waits,
    /// The consumer is gone.
    Over,
}

pub(crate) struct Receiver {
    doze: Doze<Unit>,
    /// Pictures up to this time were seen before the camera rested.
    seen_until: Option<MonoTime>,
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
            doze: Doze::new(options.attention.clone()),
            seen_until: None,
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
            let mut message = Some(message);
            // Between two pictures that are decoded, all that came is taken in.
            loop {
                while let Some(taken) = message.take().or_else(|| feed.try_recv().ok()) {
                    match taken {
                        Feed::Begin {
                            session: begun,
                            codec,
                        } => {
                            session = begun;
                            decoder = self.begin(session, codec);
                        }
                        Feed::Unit(unit) => self.doze.push(unit),
                    }
                }
                match catch_unwind(AssertUnwindSafe(|| self.work(&mut decoder))) {
                    Ok(Work::Done) => {}
                    Ok(Work::Waits) => break,
                    Ok(Work::Over) => return,
                    Err(_) => {
                        decoder = None;
                        self.panicked(session);
                    }
                }
            }
        }
    }

    /// Does one thing with what has come.
    fn work(&mut self, decoder: &mut Option<Decoder>) -> Work {
        let late = !self.doze.catches_up() && self.doze.waiting() > FEED_DEPTH;
        if late || self.doze.is_full() {
            let late = self.doze.skip_to_key() as u64;
            self.reporter.count(|s| s.packets_late += late);
            decoder.iter_mut().for_each(Decoder::restart);
        }
        let Some(job) = self.doze.next() else {
            self.count_undecoded();
            return Work::Waits;
        };
        let Some(at_work) = decoder else {
            return Work::Done;
        };
        let listening = match job {
            Job::Restart(seen_until) => {
                at_work.restart();
                self.stamps.clear();
                self.last = None;
                self.seen_until = Some(seen_until);
                self.picker.restart();
                true
            }
            Job::Decode(unit) => self.unit(at_work, &unit),
            Job::Look(unit) => self.look(at_work, &unit),
        };
        if !listening {
            return Work::Over;
        }
        if let Some((width, height)) = at_work.too_large() {
            // What it holds is given back at once.
            *decoder = None;
            let failure = Failure::new(CameraStatus::TooLarge, too_large(width, height));
            self.report.send_modify(|r| r.failed = Some(failure));
        }
        Work::Done
    }

    fn count_undecoded(&mut self) {
        let (passed, undecoded) = self.doze.passed();
        if passed > 0 {
            self.report.send_modify(|r| r.passed += passed);
        }
        self.reporter.count(|s| s.frames_undecoded += undecoded);
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
        self.doze.reset();
        self.seen_until = None;
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
    fn unit(&mut self, decoder: &mut Decoder, unit: &Unit) -> bool {
        self.feed(decoder, unit, unit.key);
        let mut listening = true;
        while let Some(decoded) = decoder.next() {
            let stamp = self.stamp_of(decoded.pts(), unit.stamp);
            let seen = self.seen_until.is_some_and(|until| stamp.at <= until);
            let wanted = !seen && self.picker.pick(stamp.at);
            let picture = self.picture(decoded, stamp, wanted);
            if let Some(picture) = picture {
                listening &= self.deliver(self.frame(picture, stamp), false);
            }
        }
        self.count_errors(decoder);
        listening
    }

    /// Decodes one key picture alone; false when the consumer is gone.
    fn look(&mut self, decoder: &mut Decoder, unit: &Unit) -> bool {
        decoder.restart();
        self.stamps.clear();
        self.feed(decoder, unit, true);
        // A decoder that orders pictures would hold it back.
        decoder.finish();
        let mut listening = true;
        if let Some(decoded) = decoder.next() {
            let stamp = self.stamp_of(decoded.pts(), unit.stamp);
            let picture = self.picture(decoded, stamp, true);
            if let Some(picture) = picture {
                self.doze.looked(unit.stamp.at);
                listening = self.deliver(self.frame(picture, stamp), true);
            }
        }
        self.count_errors(decoder);
        decoder.restart();
        listening
    }

    fn feed(&mut self, decoder: &mut Decoder, unit: &Unit, key: bool) {
        let mut packet = Packet::copy(&unit.data);
        packet.set_pts(Some(unit.pts));
        self.stamps.push_back((unit.pts, unit.stamp));
        if self.stamps.len() > STAMPS {
            self.stamps.pop_front();
        }
        decoder.feed(&packet, key);
    }

    /// Counts a decoded picture, and converts and judges it if it is wanted.
    fn picture(&mut self, decoded: &Video, stamp: Stamp, wanted: bool) -> Option<Picture> {
        let (width, height) = (decoded.width(), decoded.height());
        let wanted = wanted && too_small(self.min_size, width, height).is_none();
        let picture = wanted.then(|| color::to_picture(decoded).ok()).flatten();
        let unconvertible = u64::from(wanted && picture.is_none());
        let look = picture.as_ref().map(|p| self.watch.look(stamp.at, p));
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
        picture
    }

    fn frame(&self, picture: Picture, stamp: Stamp) -> Frame {
        let Stamp {
            at,
            captured,
            clock,
        } = stamp;
        Frame {
            picture,
            captured,
            clock,
            at,
            sequence: self.sequence - 1,
        }
    }

    fn count_errors(&mut self, decoder: &Decoder) {
        let new = decoder.errors().saturating_sub(self.errors);
        self.errors += new;
        self.reporter.count(|s| s.decode_errors += new);
    }

    fn deliver(&self, frame: Frame, look: bool) -> bool {
        let clock = frame.clock;
        let pushed = if look {
            self.out.look(frame)
        } else if self.doze.catches_up() {
            self.out.patient(frame, CATCH_UP_PATIENCE)
        } else {
            self.out.newest(frame)
        };
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
