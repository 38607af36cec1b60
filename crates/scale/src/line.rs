//! The port that an indicator is heard on: a serial line, or a converter from serial to Ethernet.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serial2::{CharSize, FlowControl, SerialPort, StopBits};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncReadExt as _, Interest};
use tokio::net::TcpStream;

/// Where an indicator is heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Port {
    /// A serial line of this computer.
    Serial(PathBuf),
    /// A converter that hands on what it hears: host and port.
    Tcp(String, u16),
}

/// How bits go over a serial line. A converter has settings of its own.
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
pub enum Parity {
    /// None.
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// Text that names no port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortError;

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "must be a serial line (\"/dev/ttyUSB0\") or a converter (\"tcp://192.168.1.30:4001\")",
        )
    }
}

impl std::error::Error for PortError {}

impl FromStr for Port {
    type Err = PortError;

    fn from_str(text: &str) -> Result<Self, PortError> {
        if let Some(address) = text.strip_prefix("tcp://") {
            let (host, port) = address.rsplit_once(':').ok_or(PortError)?;
            let port = port.parse().map_err(|_| PortError)?;
            let odd = |c: char| c.is_whitespace() || c.is_control() || "/@?#".contains(c);
            if host.is_empty() || host.contains(odd) || port == 0 {
                return Err(PortError);
            }
            return Ok(Self::Tcp(host.to_owned(), port));
        }
        if text.starts_with('/') && !text.contains(char::is_control) {
            return Ok(Self::Serial(PathBuf::from(text)));
        }
        Err(PortError)
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => path.display().fmt(f),
            Self::Tcp(host, port) => write!(f, "tcp://{host}:{port}"),
        }
    }
}

/// An open port.
pub(crate) enum Line {
    Serial(AsyncFd<SerialPort>),
    Tcp(TcpStream),
}

impl Line {
    /// Some bytes; none when the line has ended.
    pub(crate) async fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Serial(port) => {
                let read = |port: &SerialPort| Ok(rustix::io::read(port, &mut *into)?);
                port.async_io(Interest::READABLE, read).await
            }
            Self::Tcp(stream) => stream.read(into).await,
        }
    }
}

impl Port {
    pub(crate) async fn open(&self, serial: SerialSettings) -> io::Result<Line> {
        match self {
            Self::Serial(path) => {
                let port = SerialPort::open(path, |to| set(to, serial))?;
                // Two readers would each get half of the frames.
                rustix::termios::ioctl_tiocexcl(&port)?;
                #[expect(
                    deprecated,
                    reason = "the port owns its descriptor for as long as it lives; the new name for the same is unsafe"
                )]
                let port = AsyncFd::new(port)?;
                Ok(Line::Serial(port))
            }
            Self::Tcp(host, port) => {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                let stream = TcpStream::connect((host, *port)).await?;
                Ok(Line::Tcp(stream))
            }
        }
    }
}

fn set(mut to: serial2::Settings, serial: SerialSettings) -> io::Result<serial2::Settings> {
    to.set_raw();
    to.set_baud_rate(serial.baud)?;
    to.set_char_size(if serial.seven_bits {
        CharSize::Bits7
    } else {
        CharSize::Bits8
    });
    to.set_parity(match serial.parity {
        Parity::None => serial2::Parity::None,
        Parity::Even => serial2::Parity::Even,
        Parity::Odd => serial2::Parity::Odd,
    });
    to.set_stop_bits(if serial.two_stop_bits {
        StopBits::Two
    } else {
        StopBits::One
    });
    to.set_flow_control(FlowControl::None);
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_device_or_an_address_and_nothing_else() {
        for text in [
            "/dev/ttyUSB0",
            "/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0",
            "tcp://192.168.1.30:4001",
            "tcp://[fe80::1]:4001",
            "tcp://moxa.local:4001",
        ] {
            assert_eq!(text.parse::<Port>().map(|p| p.to_string()), Ok(text.into()));
        }
        for text in [
            "",
            "COM3",
            "ttyUSB0",
            "tcp://",
            "tcp://host",
            "tcp://:1",
            "tcp://h:0",
            "tcp://h:99999",
            "tcp://a/b:1",
            "udp://h:1",
        ] {
            assert_eq!(text.parse::<Port>(), Err(PortError), "{text}");
        }
    }
}
