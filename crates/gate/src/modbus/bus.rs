//! One line to Modbus devices, shared by all who ask on it.

use std::io;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use line::{Line, LineSettings, Port};
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;
use tokio_modbus::client::{Client as _, Context, rtu, tcp};
use tokio_modbus::slave::SlaveContext as _;
use tokio_modbus::{Error, ExceptionCode, Request, Response, Slave};
use words::Said;

use super::Framing;
use crate::shared::Shared;

/// A network device may have hung up on a connection that nobody used for so long.
const IDLE: Duration = Duration::from_secs(3);
/// A line without a byte for so long is between two frames, at any speed from 1200 baud on.
const SILENCE: Duration = Duration::from_millis(30);
/// Longest wait for that.
const NOISE: Duration = Duration::from_millis(200);
/// Three and a half characters of eleven bits end a frame (Modbus over serial line V1.02, 2.5.1.1), in
/// thousandths of a bit.
const FRAME_END_MILLIBITS: u64 = 38_500;
/// What that comes to on a converter whose speed is not known, for 9600 baud.
const FRAME_END: Duration = Duration::from_millis(4);

static BUSES: LazyLock<Shared<Bus>> = LazyLock::new(Shared::default);

/// Why a request has no answer of its own.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BusError {
    /// The line could not be opened: nothing was sent.
    #[error("the line cannot be opened: {0}")]
    NotSent(io::Error),
    /// The device answered that it did not do it.
    #[error("the device answers: {0}")]
    Exception(ExceptionCode),
    /// It was sent, and no answer came in time.
    #[error("no answer in {0:?}")]
    Silent(Duration),
    /// It was sent, and what came back is no answer to it.
    #[error("no usable answer: {0}")]
    Odd(String),
}

/// One line. Its requests go one after the other.
pub(crate) struct Bus {
    line: LineSettings,
    framing: Framing,
    open: tokio::sync::Mutex<Option<Open>>,
}

/// A line that is open.
struct Open {
    context: Context,
    used: Instant,
}

impl Bus {
    /// The line of this port, which all who name it share.
    ///
    /// # Errors
    /// When somebody else names the port with other settings.
    pub(crate) fn shared(line: &LineSettings, framing: Framing) -> Result<Arc<Self>, Said> {
        let is_same = |bus: &Self| bus.line == *line && bus.framing == framing;
        BUSES.on(line, is_same, || Self {
            line: line.clone(),
            framing,
            open: tokio::sync::Mutex::default(),
        })
    }

    /// Asks one device. Waits for its turn as long as whoever calls lets it, then opens the line where
    /// need be and sends, each within `patience`.
    ///
    /// # Errors
    /// What is known of the request that has no answer of its own.
    pub(crate) async fn ask(
        &self,
        unit: u8,
        request: Request<'static>,
        patience: Duration,
    ) -> Result<Response, BusError> {
        let mut place = self.open.lock().await;
        // Taken out: a line on which something went wrong, or whose request was given up, is opened anew,
        // so that no answer can be taken for that of a later request.
        let mut open = match place.take().filter(|open| !self.is_stale(open)) {
            Some(open) => open,
            None => self.open(patience).await?,
        };
        tokio::time::sleep(self.frame_end().saturating_sub(open.used.elapsed())).await;
        open.context.set_slave(Slave(unit));
        let answer = timeout(patience, open.context.call(request)).await;
        let answer = match answer {
            Err(_) => return Err(BusError::Silent(patience)),
            Ok(Err(Error::Transport(error))) => return Err(BusError::Odd(error.to_string())),
            Ok(Err(Error::Protocol(error))) => return Err(BusError::Odd(error.to_string())),
            Ok(Ok(answer)) => answer,
        };
        open.used = Instant::now();
        *place = Some(open);
        answer.map_err(BusError::Exception)
    }

    fn is_stale(&self, open: &Open) -> bool {
        matches!(self.line.port, Port::Tcp(..)) && open.used.elapsed() > IDLE
    }

    async fn open(&self, patience: Duration) -> Result<Open, BusError> {
        let opened = timeout(patience, self.line.open()).await;
        let late = || io::Error::new(io::ErrorKind::TimedOut, format!("nobody in {patience:?}"));
        let mut line = opened
            .unwrap_or_else(|_| Err(late()))
            .map_err(BusError::NotSent)?;
        let context = match self.framing {
            Framing::Tcp => tcp::attach(line),
            Framing::Rtu => {
                clear(&mut line).await.map_err(BusError::NotSent)?;
                rtu::attach(line)
            }
        };
        Ok(Open {
            context,
            used: Instant::now(),
        })
    }

    /// The pause that ends a frame.
    fn frame_end(&self) -> Duration {
        match (self.framing, &self.line.port) {
            (Framing::Tcp, _) => Duration::ZERO,
            (Framing::Rtu, Port::Tcp(..)) => FRAME_END,
            (Framing::Rtu, Port::Serial(_)) => {
                let baud = u64::from(self.line.serial.baud.max(1));
                Duration::from_micros(FRAME_END_MILLIBITS * 1000 / baud)
            }
        }
    }
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bus({})", self.line.port)
    }
}

/// Throws away what comes late of earlier answers, and noise, until the line is silent.
async fn clear(line: &mut Line) -> io::Result<()> {
    let until = Instant::now() + NOISE;
    let mut bytes = [0; 256];
    while Instant::now() < until {
        match timeout(SILENCE, line.read(&mut bytes)).await {
            Err(_) => break,
            Ok(Ok(0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => read.map(|_| ())?,
        }
    }
    Ok(())
}
