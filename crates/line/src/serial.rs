//! Serial lines of this computer.

use std::io;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use serde::{Deserialize, Serialize};
use serial2_tokio::{CharSize, FlowControl, SerialPort, Settings, StopBits};

/// How bits go over a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialSettings {
    /// Bits a second.
    pub baud: u32,
    /// Seven data bits instead of eight.
    pub seven_bits: bool,
    /// Parity bit.
    pub parity: Parity,
    /// Two stop bits instead of one.
    pub two_stop_bits: bool,
}

/// Parity bit of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Parity {
    None,
    Even,
    Odd,
}

pub(crate) fn open(path: &Path, serial: SerialSettings) -> io::Result<SerialPort> {
    let port = SerialPort::open(path, |to| set(to, serial))?;
    claim(path)?;
    Ok(port)
}

/// From now on nobody else can open the device, until all who have it open close it: two readers
/// would each get half of what comes.
fn claim(path: &Path) -> io::Result<()> {
    // `SerialPort` does not show its descriptor. The claim is the device's, so any one will do.
    let how = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let device = rustix::fs::open(path, how, Mode::empty())?;
    Ok(rustix::termios::ioctl_tiocexcl(&device)?)
}

fn set(mut to: Settings, serial: SerialSettings) -> io::Result<Settings> {
    to.set_raw();
    to.set_baud_rate(serial.baud)?;
    to.set_char_size(if serial.seven_bits {
        CharSize::Bits7
    } else {
        CharSize::Bits8
    });
    to.set_parity(match serial.parity {
        Parity::None => serial2_tokio::Parity::None,
        Parity::Even => serial2_tokio::Parity::Even,
        Parity::Odd => serial2_tokio::Parity::Odd,
    });
    to.set_stop_bits(if serial.two_stop_bits {
        StopBits::Two
    } else {
        StopBits::One
    });
    to.set_flow_control(FlowControl::None);
    Ok(to)
}
