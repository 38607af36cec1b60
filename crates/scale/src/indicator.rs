//! Keeps an indicator's line open and tells what was weighed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use line::{Backoff, Dialer, Line, LineSettings};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;
use tokio::sync::{mpsc, watch};

use crate::deck::{Deck, DeckSettings, Event, Weighed};
use crate::format::{Decoder, IndicatorFormat, LineCounts, WeightReading};

/// Pauses before a line is opened again.
const PAUSES: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(30),
};
/// Taken at once; then others get their turn.
const CHUNK: usize = 1024;
/// Between two chunks, so that a flood costs no more than 50 kB/s; an indicator sends 1 to 10.
const BREATH: Duration = Duration::from_millis(20);

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorSettings {
    /// Name, for the log.
    pub name: String,
    /// Where it is heard.
    pub line: LineSettings,
    /// How it writes.
    pub format: IndicatorFormat,
    /// How its platform is read.
    pub deck: DeckSettings,
    /// Without a whole frame for so long the line is at fault, and is opened anew.
    pub silent_after: Duration,
}

/// What the line does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Being opened for the first time, or open and nothing has come yet.
    #[default]
    Starting,
    /// Whole frames come.
    Reading,
    /// The port cannot be opened, or the line was cut.
    Absent,
    /// The port is open, and no byte comes.
    Silent,
    /// Bytes come, and they are no frames.
    Garbage,
}

impl LineState {
    /// A person has to do something.
    #[must_use]
    pub fn is_fault(self) -> bool {
        matches!(self, Self::Absent | Self::Silent | Self::Garbage)
    }

    /// As it stands in figures and pages.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Reading => "reading",
            Self::Absent => "absent",
            Self::Silent => "silent",
            Self::Garbage => "garbage",
        }
    }
}

/// How an indicator stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorStatus {
    /// What the line does.
    pub state: LineState,
    /// Why the port could not be opened or was cut, in the system's words.
    pub words: String,
    /// What it showed last, kilograms, and when.
    pub last: Option<(i64, Timestamp)>,
    /// What came over the line since the start.
    pub counts: LineCounts,
    /// Vehicles weighed.
    pub weighed: u64,
    /// Vehicles of which it is not known what they weighed.
    pub missed: u64,
}

/// What was heard in a few seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// What came over the line.
    pub counts: LineCounts,
    /// What it showed last, kilograms.
    pub last_kg: Option<i64>,
}

/// Opens the port and listens for a while.
///
/// # Errors
/// What the system says when the port cannot be opened, or was cut.
pub async fn listen(settings: &IndicatorSettings, time: Duration) -> std::io::Result<Heard> {
    let mut line = settings.line.open().await?;
    let mut decoder = Decoder::new(settings.format);
    let mut last_kg = None;
    let until = tokio::time::Instant::now() + time;
    let mut chunk = [0; CHUNK];
    while let Ok(read) = tokio::time::timeout_at(until, line.read(&mut chunk)).await {
        let bytes = read?;
        if bytes == 0 {
            return Err(ended());
        }
        decoder.feed(&chunk[..bytes], |reading| {
            if let WeightReading::Mass { kg, .. } = reading {
                last_kg = Some(kg);
            }
        });
        tokio::time::sleep(BREATH).await;
    }
    Ok(Heard {
        counts: decoder.counts(),
        last_kg,
    })
}

/// Reads the indicator until nobody takes what was weighed any more. It never gives up: a port that
/// is not there is tried again, with pauses that grow to 30 s.
pub async fn follow(
    settings: IndicatorSettings,
    weighed: mpsc::Sender<Weighed>,
    status: watch::Sender<IndicatorStatus>,
) {
    let mut deck = Deck::new(settings.deck.clone());
    let mut decoder = Decoder::new(settings.format);
    let mut dialer = Dialer::new(settings.line.clone(), PAUSES);
    while !weighed.is_closed() {
        let fault = match dialer.open().await {
            Ok(line) => {
                let mut session = Session {
                    settings: &settings,
                    deck: &mut deck,
                    decoder: &mut decoder,
                    weighed: &weighed,
                    status: &status,
                };
                let (fault, heard) = session.run(line).await;
                if heard {
                    dialer.works();
                }
                fault
            }
            Err(error) => Fault::absent(&error),
        };
        decoder.cut();
        fault.tell(&settings, &status);
        dialer.pause().await;
    }
}

fn ended() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the line was closed")
}

/// Why a session ended.
struct Fault {
    state: LineState,
    words: String,
}

impl Fault {
    fn absent(error: &std::io::Error) -> Self {
        Self {
            state: LineState::Absent,
            words: error.to_string(),
        }
    }

    /// Says once what is wrong, and not again until it was right.
    fn tell(self, settings: &IndicatorSettings, status: &watch::Sender<IndicatorStatus>) {
        let before = status.borrow().state;
        let (scale, port) = (&settings.name, settings.line.port.to_string());
        if before != self.state {
            let words = &self.words;
            match self.state {
                LineState::Silent => tracing::error!(
                    scale,
                    port,
                    "the weighing indicator sends nothing: is it on, set to send continuously, and the cable in its place? Vehicles are not weighed"
                ),
                LineState::Garbage => tracing::error!(
                    scale,
                    port,
                    "what the weighing indicator sends is not understood: compare baud, data_bits, parity and format with its settings. Vehicles are not weighed"
                ),
                _ => tracing::error!(
                    scale,
                    port,
                    words,
                    "the line to the weighing indicator cannot be opened: look at the cable and the converter, and at the rights of the service on the port. Vehicles are not weighed"
                ),
            }
        }
        status.send_modify(|status| {
            status.state = self.state;
            status.words = self.words;
        });
    }
}

/// One open line.
struct Session<'a> {
    settings: &'a IndicatorSettings,
    deck: &'a mut Deck,
    decoder: &'a mut Decoder,
    weighed: &'a mpsc::Sender<Weighed>,
    status: &'a watch::Sender<IndicatorStatus>,
}

impl Session<'_> {
    /// Why it ended, and whether a whole frame had come.
    async fn run(&mut self, mut line: Line) -> (Fault, bool) {
        let mut chunk = [0; CHUNK];
        let mut last_frame = Instant::now();
        let (mut any_bytes, mut heard) = (false, false);
        loop {
            let silent_after = self.settings.silent_after;
            let patience = silent_after.saturating_sub(last_frame.elapsed());
            if patience.is_zero() {
                let (state, words) = if any_bytes {
                    (LineState::Garbage, "no whole frame among what comes")
                } else {
                    (LineState::Silent, "nothing comes")
                };
                let words = words.to_owned();
                return (Fault { state, words }, heard);
            }
            let read = tokio::select! {
                read = tokio::time::timeout(patience, line.read(&mut chunk)) => read,
                () = self.weighed.closed() => return (Fault::absent(&ended()), heard),
            };
            let bytes = match read {
                Err(_) => continue,
                Ok(Ok(0)) => return (Fault::absent(&ended()), heard),
                Ok(Err(error)) => return (Fault::absent(&error), heard),
                Ok(Ok(bytes)) => bytes,
            };
            any_bytes = true;
            if self.take(&chunk[..bytes]).await {
                last_frame = Instant::now();
                (any_bytes, heard) = (false, true);
            }
            tokio::time::sleep(BREATH).await;
        }
    }

    /// True when a whole frame was among the bytes.
    async fn take(&mut self, bytes: &[u8]) -> bool {
        let (now, at) = (Instant::now(), Timestamp::now());
        let mut events = Vec::new();
        let mut shown = None;
        let deck = &mut *self.deck;
        let frames = self.decoder.counts().frames;
        self.decoder.feed(bytes, |reading| {
            if let WeightReading::Mass { kg, .. } = reading {
                shown = Some((kg, at));
            }
            events.extend(deck.take(reading, now, at));
        });
        let counts = self.decoder.counts();
        let heard = counts.frames > frames;
        if heard && self.status.borrow().state != LineState::Reading {
            tracing::info!(scale = self.settings.name, port = %self.settings.line.port, "the weighing indicator is heard");
        }
        self.status.send_modify(|status| {
            status.counts = counts;
            status.last = shown.or(status.last);
            if heard {
                status.state = LineState::Reading;
                status.words.clear();
            }
        });
        for event in events {
            self.tell(event).await;
        }
        heard
    }

    async fn tell(&mut self, event: Event) {
        let scale = &self.settings.name;
        match event {
            Event::Weighed(vehicle) => {
                tracing::info!(scale, kg = vehicle.kg, at = %vehicle.at, "vehicle weighed");
                self.status.send_modify(|status| status.weighed += 1);
                // Waits while the ledger takes nothing; closed, the daemon is stopping.
                let _ = self.weighed.send(vehicle).await;
            }
            Event::Restless | Event::Unseen => {
                let why = if event == Event::Restless {
                    "the display never stood still"
                } else {
                    "it was not seen to come, or the line was cut meanwhile"
                };
                tracing::warn!(scale, why, "a vehicle was not weighed");
                self.status.send_modify(|status| status.missed += 1);
            }
        }
    }
}
