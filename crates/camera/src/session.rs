//! One RTSP connection, from DESCRIBE to its end. Every wait has a bound: a frozen camera sends
//! no error.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use retina::client::{
    Credentials, Demuxed, Described, PlayOptions, Session, SessionGroup, SessionOptions,
    SetupOptions, TcpTransportOptions, Transport, UnknownRtcpSsrcPolicy,
};
use retina::codec::{CodecItem, FrameFormat, ParametersRef, VideoFrame};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::clock::{CameraClock, mono_now};
use crate::judge::Look;
use crate::play::too_small;
use crate::receive::{Feed, Report, Stamp, Unit};
use crate::state::Reporter;
use crate::{Address, Codec, Login, Options, Status};

/// Over how long the picture rate is measured.
const FPS_WINDOW: Duration = Duration::from_secs(4);

/// Why a connection ended or never came to be.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) reason: String,
}

impl Failure {
    fn new(status: Status, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
        }
    }
}

/// What all connections of one camera share.
pub(crate) struct Line {
    pub(crate) address: Address,
    pub(crate) login: Option<Login>,
    pub(crate) options: Options,
    pub(crate) group: Arc<SessionGroup>,
    pub(crate) feed: mpsc::Sender<Feed>,
    pub(crate) report: watch::Receiver<Report>,
    pub(crate) reporter: Arc<Reporter>,
    /// When pictures last began to arrive; `None` while they do not.
    pub(crate) live_since: Option<Instant>,
}

/// A connection that delivers.
struct Playing {
    stream: Demuxed,
    number: u64,
    codec: Codec,
    clock: CameraClock,
    wants_key: bool,
    began: Instant,
    last_data: Option<Instant>,
    last_picture: Option<Instant>,
    pictures: u64,
    window: (Instant, u64),
    fps: Option<f32>,
}

impl Line {
    /// Connects and delivers until something ends it.
    pub(crate) async fn session(&mut self, number: u64) -> Failure {
        self.live_since = None;
        match Box::pin(self.connect(number)).await {
            Ok(playing) => Box::pin(self.pump(playing)).await,
            Err(failure) => failure,
        }
    }

    /// A connection error in words, without secrets and without the library's packet positions.
    fn failure(&self, otherwise: Status, error: &retina::Error) -> Failure {
        let status = match error.status_code() {
            Some(401 | 403) => Status::Unauthorized,
            Some(404) => Status::NotFound,
            _ => otherwise,
        };
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        let reason = self
            .login
            .as_ref()
            .map_or(line.to_owned(), |l| l.password.scrub(line));
        Failure::new(status, format!("{}: {reason}", self.address))
    }

    async fn connect(&mut self, number: u64) -> Result<Playing, Failure> {
        let wait = self.options.answer_timeout;
        let silent = |step: &str| {
            let reason = format!("{}: no answer to {step} within {wait:?}", self.address);
            Failure::new(Status::Unreachable, reason)
        };
        // Some cameras send the old stream into the new connection until they forget it.
        let stale = self.group.stale_sessions();
        if stale.num_sessions > 0 {
            // An expired wait is no reason not to try.
            let _ = timeout(
                self.options.stale_wait,
                self.group.await_stale_sessions(&stale),
            )
            .await;
        }
        let creds = self.login.as_ref().map(|login| Credentials {
            username: login.user.clone(),
            password: login.password.expose().to_owned(),
        });
        let options = SessionOptions::default()
            .creds(creds)
            .session_group(Arc::clone(&self.group))
            .user_agent("menjin".to_owned());
        let url = self.address.url().clone();
        let mut session = timeout(wait, Session::describe(url, options))
            .await
            .map_err(|_| silent("DESCRIBE"))?
            .map_err(|e| self.failure(Status::Unreachable, &e))?;
        let (index, codec) = self.choose(&session)?;
        let setup = SetupOptions::default()
            .transport(Transport::Tcp(TcpTransportOptions::default()))
            .frame_format(FrameFormat::SIMPLE);
        timeout(wait, session.setup(index, setup))
            .await
            .map_err(|_| silent("SETUP"))?
            .map_err(|e| self.failure(Status::Unreachable, &e))?;
        let rate_hz = session.streams()[index].clock_rate_hz();
        // Reports of streams we did not ask for must not end the one we did.
        let play = PlayOptions::default().unknown_rtcp_ssrc(UnknownRtcpSsrcPolicy::DropPackets);
        let stream = timeout(wait, session.play(play))
            .await
            .map_err(|_| silent("PLAY"))?
            .and_then(Session::demuxed)
            .map_err(|e| self.failure(Status::Unreachable, &e))?;
        self.reporter.count(|s| s.connections += 1);
        let begin = Feed::Begin {
            session: number,
            codec,
        };
        if self.feed.send(begin).await.is_err() {
            return Err(Failure::new(Status::Stopped, "nobody listens any more"));
        }
        let now = Instant::now();
        Ok(Playing {
            stream,
            number,
            codec,
            clock: CameraClock::new(rate_hz, self.options.clock_tolerance),
            wants_key: true,
            began: now,
            last_data: None,
            last_picture: None,
            pictures: 0,
            window: (now, 0),
            fps: None,
        })
    }

    /// The first video stream in a coding we know, unless it is announced as too small.
    fn choose(&self, session: &Session<Described>) -> Result<(usize, Codec), Failure> {
        let videos = || {
            session
                .streams()
                .iter()
                .enumerate()
                .filter(|(_, s)| s.media() == "video")
        };
        let known = videos().find_map(|(i, s)| match s.encoding_name() {
            "h264" => Some((i, Codec::H264)),
            "h265" => Some((i, Codec::H265)),
            _ => None,
        });
        let Some((index, codec)) = known else {
            let offered: Vec<_> = videos().map(|(_, s)| s.encoding_name()).collect();
            let reason = format!("the camera offers video as {offered:?}, not h264 or h265");
            return Err(Failure::new(Status::UnsupportedCodec, reason));
        };
        if let Some(ParametersRef::Video(video)) = session.streams()[index].parameters() {
            let (width, height) = video.pixel_dimensions();
            if let Some(reason) = too_small(self.options.min_size, width, height) {
                self.reporter.video(codec, width, height, None);
                return Err(Failure::new(Status::TooSmall, reason));
            }
        }
        Ok((index, codec))
    }

    async fn pump(&mut self, mut playing: Playing) -> Failure {
        let mut report = self.report.clone();
        loop {
            let deadline = playing.deadline(&self.options);
            let outcome = tokio::select! {
                item = playing.stream.next() => match item {
                    Some(Ok(item)) => self.item(&mut playing, item),
                    Some(Err(e)) => Err(self.failure(Status::Lost, &e)),
                    None => Err(Failure::new(Status::Lost, "the camera closed the connection")),
                },
                changed = report.changed() => match changed {
                    Ok(()) => {
                        let latest = report.borrow_and_update().clone();
                        self.judge(&mut playing, latest)
                    }
                    Err(_) => Err(Failure::new(Status::Stopped, "the decoding thread has ended")),
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
        playing.last_data = Some(Instant::now());
        let lost = u64::from(unit.loss());
        if lost > 0 {
            self.reporter.count(|s| s.packets_lost += lost);
            playing.wants_key = true;
        }
        let key = unit.is_random_access_point();
        if playing.wants_key && !key {
            return Ok(());
        }
        let pts = unit.timestamp().timestamp();
        let (captured, clock) = playing.clock.stamp(pts, Timestamp::now());
        let stamp = Stamp {
            at: mono_now(),
            captured,
            clock,
        };
        let unit = Unit {
            data: unit.into_data(),
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
                return Err(Failure::new(Status::Stopped, "nobody listens any more"));
            }
        }
        Ok(())
    }

    /// Judges the connection by what the decoding thread says.
    fn judge(&mut self, playing: &mut Playing, report: Report) -> Result<(), Failure> {
        if report.session != playing.number {
            return Ok(());
        }
        if let Some(reason) = report.failed {
            return Err(Failure::new(Status::UnsupportedCodec, reason));
        }
        if report.frames == playing.pictures {
            return Ok(());
        }
        let now = Instant::now();
        playing.count(report.frames, now);
        let (width, height) = (report.width, report.height);
        self.reporter
            .video(playing.codec, width, height, playing.fps);
        if let Some(reason) = too_small(self.options.min_size, width, height) {
            return Err(Failure::new(Status::TooSmall, reason));
        }
        let live_for = now - *self.live_since.get_or_insert(now);
        if live_for >= self.options.stable_after {
            self.reporter.count(|s| s.attempt = 0);
        }
        match report.look {
            Look::Fine => self.reporter.set(Status::Live, "pictures arrive"),
            Look::Frozen => self
                .reporter
                .set(Status::Frozen, "the picture does not change"),
            Look::Black => self.reporter.set(Status::Black, "the picture is black"),
        }
        Ok(())
    }
}

impl Playing {
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
            return Failure::new(Status::DecodeErrors, reason);
        }
        Failure::new(Status::Stalled, format!("nothing arrived for {quiet:.1?}"))
    }

    fn count(&mut self, pictures: u64, now: Instant) {
        self.last_picture = Some(now);
        self.pictures = pictures;
        let (since, before) = self.window;
        let span = now - since;
        if span >= FPS_WINDOW {
            self.fps = Some((pictures - before) as f32 / span.as_secs_f32());
            self.window = (now, pictures);
        }
    }
}
