//! A dry contact of this computer: a relay on a USB plug that is a serial line.
//!
//! The boards sold as LCUS-1 to LCUS-8 (a CH340 with a relay for each channel) take four bytes and answer
//! none: `A0`, the channel from 1, `01` to close or `00` to open, and the sum of the three (sellers' data
//! sheets agree: `A0 01 01 A2` closes, `A0 01 00 A1` opens). So whether the contact moved is not known from
//! the board: an order counts as sent once the line has taken it, and `[lane.inputs]` tell whether the arm
//! rose.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use line::{Line, LineSettings};
use settings::{Printer, Section};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Mutex;

use super::contact::{Contact, Done, Pulse, Switch, SwitchFailure, Switching};
use super::driver::{BarrierProblem, Driver, DriverSettings};
use super::section::{read_pulse, show_pulse};
use super::{Action, AlarmKind, Barrier, Ending, Lift};
use crate::shared::Shared;

pub(super) const DRIVER: Driver = Driver {
    name: "usb",
    read: |section| Some(Arc::new(UsbRelaySettings::read(section)?)),
};

/// Longest time for handing four bytes to the system.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a site sets for a relay on a USB plug.
#[derive(Debug, Clone)]
struct UsbRelaySettings {
    line: LineSettings,
    channel: u8,
    pulse: Pulse,
}

impl UsbRelaySettings {
    fn read(section: &Section) -> Option<Self> {
        let line = LineSettings::read(section);
        let channel = section.integer("channel", 1, 1..=8);
        let pulse = read_pulse(section);
        Some(Self {
            line: line?,
            channel: u8::try_from(channel).unwrap_or(1),
            pulse,
        })
    }
}

impl DriverSettings for UsbRelaySettings {
    fn show(&self, printer: &mut Printer) {
        self.line.show(printer);
        printer.value("channel", i64::from(self.channel));
        show_pulse(self.pulse, printer);
    }

    fn address(&self) -> Option<(String, u16)> {
        None
    }

    fn open(&self) -> Result<Arc<dyn Barrier>, Vec<BarrierProblem>> {
        let is_same = |board: &Board| board.line == self.line;
        let board = BOARDS.on(&self.line, is_same, || Board {
            line: self.line.clone(),
            open: Mutex::default(),
        });
        let board = board.map_err(|why| vec![BarrierProblem { key: "port", why }])?;
        let switch = UsbSwitch {
            board,
            channel: self.channel,
        };
        Ok(Arc::new(UsbRelay {
            contact: Contact::new(switch, self.pulse),
            patience: self.pulse.total,
        }))
    }
}

/// A driver for one channel of a board.
struct UsbRelay {
    contact: Contact<UsbSwitch>,
    patience: Duration,
}

struct UsbSwitch {
    board: Arc<Board>,
    channel: u8,
}

/// A board, whose channels several lanes may use.
struct Board {
    line: LineSettings,
    open: Mutex<Option<Line>>,
}

static BOARDS: LazyLock<Shared<Board>> = LazyLock::new(Shared::default);

impl Barrier for UsbRelay {
    fn raise<'a>(&'a self, _lift: &'a Lift) -> Action<'a> {
        Box::pin(self.contact.close_once())
    }

    fn begin(&self) -> Ending<'_> {
        Box::pin(self.contact.open_later(Duration::ZERO))
    }

    fn settle(&self) -> Ending<'_> {
        Box::pin(self.contact.settle())
    }

    fn patience(&self) -> Duration {
        self.patience
    }
}

impl Switch for UsbSwitch {
    fn set(&self, closed: bool) -> Switching<'_> {
        Box::pin(async move {
            let mut place = self.board.open.lock().await;
            let mut line = match place.take() {
                Some(line) => line,
                None => self.board.line.open().await.map_err(|error| {
                    let detail = format!("the board's line cannot be opened: {error}");
                    failure(AlarmKind::Unreachable, detail, Done::NotYet)
                })?,
            };
            let order = order(self.channel, closed);
            let sending = async {
                line.write_all(&order).await?;
                line.flush().await
            };
            match tokio::time::timeout(PATIENCE, sending).await {
                Ok(Ok(())) => {
                    *place = Some(line);
                    Ok(())
                }
                // Pulled out, most likely; whether the bytes went first, nobody knows.
                Ok(Err(error)) => Err(failure(
                    AlarmKind::Unanswered,
                    format!("the board's line broke: {error}"),
                    Done::Perhaps,
                )),
                Err(_) => Err(failure(
                    AlarmKind::TimedOut,
                    format!("the board's line takes no bytes in {PATIENCE:?}"),
                    Done::Perhaps,
                )),
            }
        })
    }
}

fn failure(kind: AlarmKind, detail: String, done: Done) -> SwitchFailure {
    SwitchFailure { kind, detail, done }
}

/// The four bytes of an order.
fn order(channel: u8, closed: bool) -> [u8; 4] {
    let closed = u8::from(closed);
    let sum = 0xA0_u8.wrapping_add(channel).wrapping_add(closed);
    [0xA0, channel, closed, sum]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_the_one_on_the_data_sheet() {
        assert_eq!(order(1, true), [0xA0, 0x01, 0x01, 0xA2]);
        assert_eq!(order(1, false), [0xA0, 0x01, 0x00, 0xA1]);
        assert_eq!(order(4, true), [0xA0, 0x04, 0x01, 0xA5]);
    }
}
