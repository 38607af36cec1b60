//! A line that is open.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serial2_tokio::SerialPort;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::{Port, SerialSettings, serial};

/// Whoever is not there must not be waited for longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a line is and how bits go over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSettings {
    /// Where the device is reached.
    pub port: Port,
    /// How bits go over a serial line. A converter has settings of its own, and these mean nothing.
    pub serial: SerialSettings,
}

impl LineSettings {
    /// Opens the line, within 5 s. Nobody else can open a serial line meanwhile.
    ///
    /// # Errors
    /// What the system says: the device is not there, not ours or in use, the host does not answer.
    pub async fn open(&self) -> io::Result<Line> {
        match &self.port {
            Port::Serial(path) => Ok(Line(Wire::Serial(serial::open(path, self.serial)?))),
            Port::Tcp(host, port) => {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect((host, *port)));
                let stream = connecting.await.unwrap_or_else(|_| Err(no_answer()))?;
                Ok(Line(Wire::Tcp(stream)))
            }
        }
    }
}

fn no_answer() -> io::Error {
    let words = format!("no answer in {} s", PATIENCE.as_secs());
    io::Error::new(io::ErrorKind::TimedOut, words)
}

/// An open line. Reading gives no bytes when it has ended, or an error when it was pulled out.
#[derive(Debug)]
pub struct Line(Wire);

#[derive(Debug)]
enum Wire {
    Serial(SerialPort),
    Tcp(TcpStream),
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Wire::Serial(port) => Pin::new(port).poll_read(cx, into),
            Wire::Tcp(stream) => Pin::new(stream).poll_read(cx, into),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Wire::Serial(port) => Pin::new(port).poll_write(cx, bytes),
            Wire::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Wire::Serial(port) => Pin::new(port).poll_flush(cx),
            Wire::Tcp(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            // A serial line has no end that could be told: it is closed when it is dropped.
            Wire::Serial(_) => Poll::Ready(Ok(())),
            Wire::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
