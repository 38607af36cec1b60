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
use crate::session::{Failure, Line, Playing};
use crate::{Codec, Status};

impl Line {
    /// A connection error in words, without secrets and without the library's packet positions.
    pub(crate) fn failure(&self, otherwise: Status, error: &retina::Error) -> Failure {
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

    /// DESCRIBE, SETUP and PLAY.
    pub(crate) async fn connect(&mut self, number: u64) -> Result<Playing, Failure> {
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
        let clock = CameraClock::new(rate_hz, self.options.clock_tolerance);
        Ok(Playing::new(stream, number, codec, clock))
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
}
