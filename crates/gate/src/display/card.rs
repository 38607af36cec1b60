//! A parking card of the FK and OLM kind: four lines of text over a serial line or TCP.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use line::{Line, LineSettings};
use passage::Verdict;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};
use words::Said;

use super::frame::{CardAnswer, CardLine, Effect, TEXT_BYTES, answer, encoded, text_packet};
use super::{Display, DisplayError, Showing, ShownLine};
use crate::shared::Shared;

/// For each line, its answer with it.
const PATIENCE: Duration = Duration::from_millis(400);
/// An answer is nine bytes; more than this is noise.
const LONGEST_ANSWER: usize = 512;
const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
/// Red and green together: cards of two colours have no other.
const YELLOW: [u8; 3] = [255, 255, 0];

/// What a site sets for a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CardSettings {
    pub(super) line: LineSettings,
    /// Address on the line; 0 is any card.
    pub(super) address: u8,
    pub(super) font: u8,
    /// Characters of half width that a line holds; longer ones move.
    pub(super) columns: u32,
    /// Whether answers can be heard: not over a line that only sends.
    pub(super) answers: bool,
}

/// A driver for one card.
pub struct LedCard {
    settings: CardSettings,
    wire: Arc<Wire>,
}

/// A line on which cards are, several perhaps.
struct Wire {
    line: LineSettings,
    open: Mutex<Option<Line>>,
}

static WIRES: LazyLock<Shared<Wire>> = LazyLock::new(Shared::default);

impl LedCard {
    pub(super) fn new(settings: CardSettings) -> Result<Self, Said> {
        let is_same = |wire: &Wire| wire.line == settings.line;
        let wire = WIRES.on(&settings.line, is_same, || Wire {
            line: settings.line.clone(),
            open: Mutex::default(),
        })?;
        Ok(Self { settings, wire })
    }

    async fn send(&self, lines: &[ShownLine]) -> Result<(), DisplayError> {
        let mut place = self.wire.open.lock().await;
        // Taken out: a line that failed is opened anew.
        let mut open = match place.take() {
            Some(open) => open,
            None => opened(&self.wire.line).await?,
        };
        for (number, line) in (0..).zip(lines) {
            let packet = self.packet(number, line);
            // A network card hangs up on a line that rested: told again over a new one.
            if let Err(error) = self.tell(&mut open, &packet).await {
                tracing::debug!(%error, "the display's line is opened again");
                drop(open);
                open = opened(&self.wire.line).await?;
                self.tell(&mut open, &packet).await?;
            }
        }
        *place = Some(open);
        Ok(())
    }

    fn packet(&self, number: u8, line: &ShownLine) -> Vec<u8> {
        let long = encoded(&line.text).len() > self.settings.columns as usize;
        let color = match line.verdict {
            Some(Verdict::Allow) => GREEN,
            Some(Verdict::Deny) => RED,
            Some(Verdict::Ask) => YELLOW,
            None => GREEN,
        };
        let line = CardLine {
            line: number,
            effect: if long { Effect::Scroll } else { Effect::Still },
            font: self.settings.font,
            color,
            // An empty text would leave what stands there.
            text: if line.text.is_empty() {
                " "
            } else {
                &line.text
            },
        };
        text_packet(self.settings.address, &line)
    }

    async fn tell(&self, line: &mut Line, packet: &[u8]) -> Result<(), DisplayError> {
        let until = Instant::now() + PATIENCE;
        let sending = async {
            line.write_all(packet).await?;
            line.flush().await
        };
        match timeout_at(until, sending).await {
            Err(_) => return Err(DisplayError("the line takes nothing".to_owned())),
            Ok(Err(error)) => return Err(DisplayError(format!("the line broke: {error}"))),
            Ok(Ok(())) if !self.settings.answers => return Ok(()),
            Ok(Ok(())) => {}
        }
        let mut came = Vec::new();
        let mut bytes = [0; 64];
        while came.len() < LONGEST_ANSWER {
            let read = match timeout_at(until, line.read(&mut bytes)).await {
                Err(_) if came.is_empty() => {
                    return Err(DisplayError("the card does not answer".to_owned()));
                }
                Err(_) => break,
                Ok(Ok(0)) => return Err(DisplayError("the line was closed".to_owned())),
                Ok(Ok(read)) => read,
                Ok(Err(error)) => return Err(DisplayError(format!("the line broke: {error}"))),
            };
            came.extend(&bytes[..read]);
            match answer(&came) {
                Some(CardAnswer::Done) => return Ok(()),
                Some(CardAnswer::Refused(code)) => {
                    let detail = format!("the card refuses the text, with code {code}");
                    return Err(DisplayError(detail));
                }
                None => {}
            }
        }
        Err(DisplayError("what comes back is no answer".to_owned()))
    }
}

async fn opened(line: &LineSettings) -> Result<Line, DisplayError> {
    let opened = timeout(PATIENCE, line.open()).await;
    let opened = opened.map_err(|_| DisplayError("nobody is there".to_owned()))?;
    opened.map_err(|error| DisplayError(format!("the line cannot be opened: {error}")))
}

impl Display for LedCard {
    fn show<'a>(&'a self, lines: &'a [ShownLine]) -> Showing<'a> {
        Box::pin(self.send(lines))
    }
}

impl std::fmt::Debug for LedCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedCard").finish_non_exhaustive()
    }
}

const _: () = assert!(TEXT_BYTES > 200, "a reason fits");
