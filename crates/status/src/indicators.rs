//! How weighing indicators stand: what the running daemon hears, or else what is heard now.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use housekeeping::Standing;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::Reader;
use scale::{IndicatorSettings, IndicatorStatus, LineState};
use words::{Key, Language, Said, to_second};

use crate::StatusPages;

/// How long a line is listened to.
const LISTEN: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(2);
const PAGE_BYTES: u64 = 1 << 20;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The indicators of a site, and how to tell how they stand.
#[derive(Debug, Clone, Copy)]
pub struct Indicators<'a> {
    /// Each of them.
    pub settings: &'a [&'a IndicatorSettings],
    /// Where a daemon would serve `/healthz`.
    pub pages: &'a StatusPages,
    /// Folder of the ledger.
    pub data: &'a Path,
    /// That of the texts.
    pub language: Language,
    /// The site's clock.
    pub zone: &'a TimeZone,
}

impl Indicators<'_> {
    /// How they stand: as the running daemon hears them, or else as they are heard now; nothing
    /// where there are none. A port that the daemon reads is not opened beside it: two readers would
    /// each get half.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let mut standing = Standing::default();
        if self.settings.is_empty() {
            return standing;
        }
        let known = of_the_daemon(self.pages);
        for settings in self.settings {
            let status = known.get(&settings.name).cloned();
            let status = status.unwrap_or_else(|| heard(settings, now, self.language));
            self.tell(settings, &status, &mut standing);
        }
        let figures = Reader::open(self.data).and_then(|r| r.scale_figures(now - DAY));
        for scale in figures.unwrap_or_default() {
            let text = self.language.fill(
                Key::ScaleDay,
                &[
                    ("name", &scale.scale),
                    ("count", &scale.weighings),
                    ("without", &scale.without_passage),
                ],
            );
            standing.fine.push(text);
        }
        standing
    }

    fn tell(&self, settings: &IndicatorSettings, status: &IndicatorStatus, to: &mut Standing) {
        let language = self.language;
        let (name, port) = (&settings.name, &settings.line.port);
        let here: [(&str, &dyn std::fmt::Display); 2] = [("name", name), ("port", port)];
        match status.state {
            LineState::Reading => {
                let (kg, at) = status.last.unwrap_or_default();
                let time = to_second(at, self.zone);
                let counts = &status.counts;
                let values: [(&str, &dyn std::fmt::Display); 6] = [
                    here[0],
                    here[1],
                    ("kg", &kg),
                    ("time", &time),
                    ("frames", &counts.frames),
                    ("bad", &counts.bad_frames),
                ];
                if status.last.is_some() {
                    to.fine.push(language.fill(Key::ScaleHeard, &values));
                } else {
                    to.wrong.push(language.fill(Key::ScaleUnusable, &here));
                }
            }
            LineState::Absent => {
                let values = [here[0], here[1], ("words", &status.words)];
                to.wrong.push(language.fill(Key::ScaleAbsent, &values));
            }
            LineState::Garbage => to.wrong.push(language.fill(Key::ScaleGarbage, &here)),
            LineState::Silent | LineState::Starting => {
                to.wrong.push(language.fill(Key::ScaleSilent, &here));
            }
        }
    }
}

/// Opens the port and listens.
fn heard(settings: &IndicatorSettings, now: Timestamp, language: Language) -> IndicatorStatus {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let heard = runtime.and_then(|runtime| runtime.block_on(scale::listen(settings, LISTEN)));
    match heard {
        Ok(heard) => IndicatorStatus {
            state: match heard.counts {
                counts if counts.frames > 0 => LineState::Reading,
                counts if counts.skipped_bytes > 0 => LineState::Garbage,
                _ => LineState::Silent,
            },
            counts: heard.counts,
            last: heard.last_kg.map(|kg| (kg, now)),
            ..IndicatorStatus::default()
        },
        Err(error) => IndicatorStatus {
            state: LineState::Absent,
            words: Said::of_io(&error).text(language),
            ..IndicatorStatus::default()
        },
    }
}

/// What a running daemon says of its indicators; nothing when none runs.
fn of_the_daemon(pages: &StatusPages) -> BTreeMap<String, IndicatorStatus> {
    health(pages)
        .and_then(|mut health| serde_json::from_value(health.get_mut("scales")?.take()).ok())
        .unwrap_or_default()
}

/// `/healthz` of a running daemon; nothing when none runs, or somebody else listens there.
pub(crate) fn health(pages: &StatusPages) -> Option<serde_json::Value> {
    let body = daemon_page(pages, "healthz").ok()?;
    let health: serde_json::Value = serde_json::from_str(&body).ok()?;
    health.get("healthy").is_some().then_some(health)
}

/// What a running daemon answers on this page of its status pages, at most a megabyte of it.
///
/// # Errors
/// When nobody answers there in time, or what answers speaks no HTTP.
pub fn daemon_page(pages: &StatusPages, page: &str) -> std::io::Result<String> {
    let address = pages.address;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let token = pages.token.as_ref().map_or_else(String::new, |token| {
        format!("Authorization: Bearer {}\r\n", token.expose().trim())
    });
    let ask =
        format!("GET /{page} HTTP/1.1\r\nHost: {address}\r\n{token}Connection: close\r\n\r\n");
    stream.write_all(ask.as_bytes())?;
    let mut answer = String::new();
    stream.take(PAGE_BYTES).read_to_string(&mut answer)?;
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned());
    body.ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}
