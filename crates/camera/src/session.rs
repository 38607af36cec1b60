//! One RTSP connection that plays, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use jiff::Timestamp;
use retina::client::{Demuxed, SessionGroup, Stream};
use retina::codec::{CodecItem, ParametersRef, VideoFrame};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::clock::{CameraClock, mono_now};
use crate::decoder::takes_of_camera;
use crate::judge::Look;
use crate::play::{too_large, too_small};
use crate::receive::{Feed, Report, Stamp, Unit};
use crate::reporter::Reporter;
use crate::{AccessUnit, Address, CameraStatus, Codec, Format, Login, Options};

/// Over how long the picture rate is measured.
const FPS_WINDOW: Duration = Duration::from_secs(4);

/// Longest reason that is told, in characters.
const MOST_REASON_CHARS: usize = 300;

/// Why a connection ended or never came to be.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: CameraStatus,
    pub(crate) reason: String,
}

impl Failure {
    /// What a camera says may be as long as it likes; what a person reads of it is not.
    pub(crate) fn new(status: CameraStatus, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        if let Some((end, _)) = reason.char_indices().nth(MOST_REASON_CHARS) {
            reason.truncate(end);
            reason.push('…');
        }
        Self { status, reason }
    }
}

/// What all connections of one camera share.
pub(crate) struct Line {
    pub(crate) address: Address,
    pub(crate) login: Option<Login>,
    pub(crate) options: Options,
    pub(crate) group: Arc<SessionGroup>,
    pub(crate) feed: mpsc::Sender<Feed>,
    pub(crate) stream: crate::Stream,
    pub(crate) report: watch::Receiver<Report>,
    pub(crate) reporter: Arc<Reporter>,
    /// When pictures last began to arrive; `None` while they do not.
    pub(crate) live_since: Option<Instant>,
}

/// A connection that delivers.
pub(crate) struct Playing {
    stream: Demuxed,
    number: u64,
    codec: Codec,
    clock: CameraClock,
    wants_key: bool,
    began: Instant,
    last_data: Option<Instant>,
    last_picture: Option<Instant>,
    pictures: u64,
    units: u64,
    window: (Instant, u64),
    fps: Option<f32>,
}

impl Line {
    /// Connects and delivers until something ends it.
    pub(crate) async fn session(&mut self, number: u64) -> Failure {
        self.live_since = None;
        // A session that ended by a mistake of ours has not said so.
        self.stream.end("the connection broke");
        match Box::pin(self.connect(number)).await {
            Ok(playing) => {
                let failure = Box::pin(self.pump(playing)).await;
                self.stream.end(&failure.reason);
                failure
            }
            Err(failure) => failure,
        }
    }

    async fn pump(&mut self, mut playing: Playing) -> Failure {
        let mut report = self.report.clone();
        loop {
            let deadline = playing.deadline(&self.options);
            let outcome = tokio::select! {
                item = playing.stream.next() => match item {
                    Some(Ok(item)) => self.item(&mut playing, item),
                    Some(Err(e)) => Err(self.failure(CameraStatus::Lost, &e)),
                    None => Err(Failure::new(CameraStatus::Lost, "the camera closed the connection")),
                },
                changed = report.changed() => match changed {
                    Ok(()) => {
                        let latest = report.borrow_and_update().clone();
                        self.judge(&mut playing, latest)
                    }
                    Err(_) => Err(Failure::new(CameraStatus::Stopped, "the decoding thread has ended")),
                },
                () = sleep_until(deadline) => Err(playing.silence()),
            };
            if let Err(failure) = outcome {
                return failure;
            }
        }
    }

    fn item(&self, playing: &mut Playing, item: CodecItem) -> Result<(), Failure> {
        match item {
            CodecItem::VideoFrame(unit) => self.unit(playing, unit),
            CodecItem::Rtcp(rtcp) => {
                if let Some(rtp) = rtcp.rtp_timestamp()
                    && let Some(Ok(Some(report))) = rtcp.pkts().next().map(|p| p.as_sender_report())
                {
                    let ntp = report.ntp_timestamp().0;
                    playing
                        .clock
                        .sender_report(rtp.timestamp(), ntp, Timestamp::now());
                    let offset = playing.clock.offset_ms();
                    self.reporter.count(|s| s.clock_offset_ms = offset);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Hands an access unit to the decoder. After any gap nothing is worth decoding before the
    /// next key frame.
    fn unit(&self, playing: &mut Playing, unit: VideoFrame) -> Result<(), Failure> {
        playing.count(Instant::now());
        let of = &playing.stream.streams()[unit.stream_id()];
        if unit.has_new_parameters() {
            fits_memory(of)?;
        }
        if (unit.has_new_parameters() || !self.stream.has_format())
            && let Some(format) = format(playing.codec, of)
        {
            self.stream.begin(format);
        }
        let lost = u64::from(unit.loss());
        if lost > 0 {
            self.reporter.count(|s| s.packets_lost += lost);
            playing.wants_key = true;
        }
        // Some cameras send one IDR picture at the start and recovery points from then on. Pictures
        // that refer to what was before one are marked by the decoder and dropped.
        let key = unit.is_random_access_point() || unit.is_recovery_point();
        let (pts, lost) = (unit.timestamp().timestamp(), u32::from(unit.loss()));
        let (captured, clock) = playing.clock.stamp(pts, Timestamp::now());
        let at = mono_now();
        let data = Bytes::from(unit.into_data());
        self.stream.unit(AccessUnit {
            data: data.clone(),
            pts,
            key,
            at,
            captured,
            clock,
            lost,
        });
        if playing.wants_key && !key {
            return Ok(());
        }
        let stamp = Stamp {
            at,
            captured,
            clock,
        };
        let unit = Unit {
            data,
            pts,
            key,
            stamp,
        };
        match self.feed.try_send(Feed::Unit(unit)) {
            Ok(()) => playing.wants_key = false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                playing.wants_key = true;
                self.reporter.count(|s| s.packets_late += 1);
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return Err(Failure::new(
                    CameraStatus::Stopped,
                    "nobody listens any more",
                ));
            }
        }
        Ok(())
    }

    /// Judges the connection by what the decoding thread says.
    fn judge(&mut self, playing: &mut Playing, report: Report) -> Result<(), Failure> {
        if report.session != playing.number {
            return Ok(());
        }
        if let Some(failure) = report.failed {
            return Err(failure);
        }
        // A picture that was passed over, because the camera rests, is a sign of life as well.
        let pictures = report.frames + report.passed;
        if pictures == playing.pictures || report.frames == 0 {
            return Ok(());
        }
        let now = Instant::now();
        playing.last_picture = Some(now);
        playing.pictures = pictures;
        let (width, height) = (report.width, report.height);
        self.reporter
            .video(playing.codec, width, height, playing.fps);
        if let Some(reason) = too_small(self.options.min_size, width, height) {
            return Err(Failure::new(CameraStatus::TooSmall, reason));
        }
        let live_for = now - *self.live_since.get_or_insert(now);
        if live_for >= self.options.stable_after {
            self.reporter.count(|s| s.attempt = 0);
        }
        match report.look {
            Look::Fine => self.reporter.set(CameraStatus::Live, "pictures arrive"),
            Look::Frozen => self
                .reporter
                .set(CameraStatus::Frozen, "the picture does not change"),
            Look::Black => self
                .reporter
                .set(CameraStatus::Black, "the picture is black"),
        }
        Ok(())
    }
}

impl Playing {
    pub(crate) fn new(stream: Demuxed, number: u64, codec: Codec, clock: CameraClock) -> Self {
        let now = Instant::now();
        Self {
            stream,
            number,
            codec,
            clock,
            wants_key: true,
            began: now,
            last_data: None,
            last_picture: None,
            pictures: 0,
            units: 0,
            window: (now, 0),
            fps: None,
        }
    }

    /// When this connection counts as stalled. The first picture may take longer: it needs a key
    /// frame, which some cameras send every ten seconds only.
    fn deadline(&self, options: &Options) -> Instant {
        match self.last_picture {
            Some(last) => last + options.stall_after,
            None => self.began + options.answer_timeout.max(options.stall_after),
        }
    }

    /// What it means that no picture came in time.
    fn silence(&self) -> Failure {
        let last = self.last_picture.unwrap_or(self.began);
        let quiet = last.elapsed();
        let half = quiet / 2;
        if self.last_data.is_some_and(|data| data.elapsed() < half) {
            let what = if self.wants_key {
                "without a key frame"
            } else {
                "but cannot be decoded"
            };
            let reason = format!("data arrives {what}, no picture for {quiet:.1?}");
            return Failure::new(CameraStatus::DecodeErrors, reason);
        }
        Failure::new(
            CameraStatus::Stalled,
            format!("nothing arrived for {quiet:.1?}"),
        )
    }

    /// Counts a picture that came.
    fn count(&mut self, now: Instant) {
        self.last_data = Some(now);
        self.units += 1;
        let (since, before) = self.window;
        let span = now - since;
        if span >= FPS_WINDOW {
            self.fps = Some((self.units - before) as f32 / span.as_secs_f32());
            self.window = (now, self.units);
        }
    }
}

/// How a stream is coded, once it has said so.
fn format(codec: Codec, stream: &Stream) -> Option<Format> {
    let Some(ParametersRef::Video(video)) = stream.parameters() else {
        return None;
    };
    let (width, height) = video.pixel_dimensions();
    let sample_entry = video.mp4_sample_entry().build();
    let sample_entry = sample_entry.inspect_err(|e| tracing::debug!(error = %e, "no sample entry"));
    Some(Format {
        codec,
        width,
        height,
        sample_entry: sample_entry.ok()?.into(),
        rfc6381: video.rfc6381_codec().to_owned(),
        ticks_hz: stream.clock_rate_hz(),
    })
}

/// Refuses pictures that are announced as too large to be decoded here.
pub(crate) fn fits_memory(stream: &Stream) -> Result<(), Failure> {
    let Some(ParametersRef::Video(video)) = stream.parameters() else {
        return Ok(());
    };
    let (width, height) = video.pixel_dimensions();
    if takes_of_camera(width, height) {
        return Ok(());
    }
    Err(Failure::new(
        CameraStatus::TooLarge,
        too_large(width, height),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_camera_without_end_are_cut() {
        let failure = Failure::new(CameraStatus::Unexpected, "长".repeat(9_999));
        assert_eq!(failure.reason.chars().count(), MOST_REASON_CHARS + 1);
        assert!(failure.reason.ends_with('…'));
        let short = Failure::new(CameraStatus::Lost, "closed");
        assert_eq!(short.reason, "closed");
    }
}
