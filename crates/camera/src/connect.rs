//! The way from an address to a stream that plays. Every wait has a bound: a frozen camera sends
//! no error.

use std::sync::Arc;

use retina::client::{
    Credentials, Described, PlayOptions, Session, SessionOptions, SetupOptions,
    TcpTransportOptions, Transport, UnknownRtcpSsrcPolicy,
};
use retina::codec::{FrameFormat, ParametersRef};
use tokio::time::timeout;

use crate::clock::CameraClock;
use crate::play::too_small;
use crate::receive::Feed;
use crate::session::{Failure, Line, Playing, fits_memory};
use crate::{Address, CameraStatus, Codec};

/// Redirections that are followed for one connection.
const MAX_REDIRECTIONS: usize = 3;

impl Line {
    /// A connection error in words, without secrets and without the library's packet positions.
    pub(crate) fn failure(&self, otherwise: CameraStatus, error: &retina::Error) -> Failure {
        self.failure_at(&self.address, otherwise, error)
    }

    fn failure_at(&self, at: &Address, otherwise: CameraStatus, error: &retina::Error) -> Failure {
        let status = match error.status_code() {
            Some(401 | 403) => CameraStatus::Unauthorized,
            Some(404) => CameraStatus::NotFound,
            Some(_) => CameraStatus::Unexpected,
            None if error.is_connect_error() => CameraStatus::Unreachable,
            None => otherwise,
        };
        let reason = self.first_line(at, error);
        let advice = error.status_code().map_or("", advice);
        Failure::new(status, format!("{at}: {reason}{advice}"))
    }

    fn first_line(&self, at: &Address, error: &retina::Error) -> String {
        if let Some(location) = error.redirect_location() {
            let code = error.status_code().unwrap_or_default();
            // As it was said it may hold somebody's password.
            return match at.redirected(location) {
                Some(target) => format!("{code}, redirected to {target}"),
                None => format!("{code}, redirected to what is not an RTSP address"),
            };
        }
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        self.login
            .as_ref()
            .map_or(line.to_owned(), |l| l.password.scrub(line))
    }

    fn silent(&self, step: &str) -> Failure {
        let wait = self.options.answer_timeout;
        let reason = format!("{}: no answer to {step} within {wait:?}", self.address);
        Failure::new(CameraStatus::Unreachable, reason)
    }

    /// DESCRIBE, SETUP and PLAY.
    pub(crate) async fn connect(&mut self, number: u64) -> Result<Playing, Failure> {
        let wait = self.options.answer_timeout;
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
        let mut session = self.describe().await?;
        let (index, codec) = self.choose(&session)?;
        let setup = SetupOptions::default()
            .transport(Transport::Tcp(TcpTransportOptions::default()))
            .frame_format(FrameFormat::SIMPLE);
        timeout(wait, session.setup(index, setup))
            .await
            .map_err(|_| self.silent("SETUP"))?
            .map_err(|e| self.failure(CameraStatus::Unexpected, &e))?;
        let rate_hz = session.streams()[index].clock_rate_hz();
        // Reports of streams we did not ask for must not end the one we did.
        let play = PlayOptions::default().unknown_rtcp_ssrc(UnknownRtcpSsrcPolicy::DropPackets);
        let stream = timeout(wait, session.play(play))
            .await
            .map_err(|_| self.silent("PLAY"))?
            .and_then(Session::demuxed)
            .map_err(|e| self.failure(CameraStatus::Unexpected, &e))?;
        self.reporter.count(|s| s.connections += 1);
        let begin = Feed::Begin {
            session: number,
            codec,
        };
        if self.feed.send(begin).await.is_err() {
            return Err(Failure::new(
                CameraStatus::Stopped,
                "nobody listens any more",
            ));
        }
        let clock = CameraClock::new(rate_hz, self.options.clock_tolerance);
        Ok(Playing::new(stream, number, codec, clock))
    }

    /// DESCRIBE, at the address that the camera or a recorder redirects to.
    async fn describe(&self) -> Result<Session<Described>, Failure> {
        let mut at = self.address.clone();
        for _ in 0..=MAX_REDIRECTIONS {
            let described = Session::describe(at.url().clone(), self.session_options(&at));
            let error = match timeout(self.options.answer_timeout, described).await {
                Err(_) => return Err(self.silent("DESCRIBE")),
                Ok(Ok(session)) => return Ok(session),
                Ok(Err(error)) => error,
            };
            let failure = self.failure_at(&at, CameraStatus::Unexpected, &error);
            let Some(location) = error.redirect_location() else {
                return Err(failure);
            };
            let Some(next) = at.redirected(location) else {
                return Err(failure);
            };
            tracing::info!(camera = self.reporter.camera(), from = %at, to = %next, "redirected");
            at = next;
        }
        let reason = format!(
            "{}: redirected again and again, at last to {at}",
            self.address
        );
        Err(Failure::new(CameraStatus::Unexpected, reason))
    }

    /// The password goes to the host that it was given for, and to no other.
    fn session_options(&self, at: &Address) -> SessionOptions {
        let login = self
            .login
            .as_ref()
            .filter(|_| at.is_on_host_of(&self.address));
        let creds = login.map(|login| Credentials {
            username: login.user.clone(),
            password: login.password.expose().to_owned(),
        });
        SessionOptions::default()
            .creds(creds)
            .session_group(Arc::clone(&self.group))
            .user_agent("menjin".to_owned())
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
            return Err(Failure::new(CameraStatus::UnsupportedCodec, reason));
        };
        if let Some(ParametersRef::Video(video)) = session.streams()[index].parameters() {
            let (width, height) = video.pixel_dimensions();
            if let Some(reason) = too_small(self.options.min_size, width, height) {
                self.reporter.video(codec, width, height, None);
                return Err(Failure::new(CameraStatus::TooSmall, reason));
            }
        }
        fits_memory(&session.streams()[index])?;
        Ok((index, codec))
    }
}

/// What to do about an answer, where its code tells more than that it was none we wanted.
fn advice(code: u16) -> &'static str {
    match code {
        453 | 503 => "; it serves no more viewers: close others, or raise its limit",
        461 => "; allow RTP over RTSP (TCP) in the camera",
        505 => "; it does not speak RTSP 1.0",
        _ => "",
    }
}
