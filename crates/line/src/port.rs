//! Where a line is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a device is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Port {
    /// A serial line of this computer.
    Serial(PathBuf),
    /// A device on the network, or a converter that hands on what it hears: host and port.
    Tcp(String, u16),
}

/// Text that names no port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a serial line (\"/dev/ttyUSB0\") or a converter (\"tcp://192.168.1.30:4001\")")]
pub struct PortError;

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
