//! The daemon's side: a socket in the data folder that only its own user can reach.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::{Handle, Reader};
use photo::Font;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use words::{Key, Said};

use super::door::{Door, Waiting};
use super::{LINE_BYTES, folder, socket};
use crate::{Done, Order, Refused, Site, perform};

/// Commands that are served at the same time; others wait.
const AT_ONCE: usize = 4;
/// Connections that may wait at the door until they have said what they want.
const AT_THE_DOOR: usize = 32;
/// So much of a command is read at the door; nearly all are shorter. Only imports need a seat before
/// they have said everything.
const AT_THE_DOOR_BYTES: u64 = 256 << 10;
/// A command that says nothing for so long is sent away.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything an order needs.
struct Office {
    site: Arc<Site>,
    ledger: Handle,
    font: Arc<Font>,
}

/// Listens until aborted. A folder in which no socket can be made costs the commands their way in,
/// and the gate nothing: the daemon says so and goes on.
#[must_use]
pub fn serve(site: Arc<Site>, ledger: Handle, font: Arc<Font>) -> Option<JoinHandle<()>> {
    let listener = match listen(&site.data_folder) {
        Ok(listener) => listener,
        Err(error) => {
            let path = socket(&site.data_folder);
            tracing::error!(path = %path.display(), %error, "no socket for commands: corrections and registers wait until the daemon is stopped. A shorter data folder may help");
            return None;
        }
    };
    let office = Arc::new(Office { site, ledger, font });
    Some(tokio::spawn(async move {
        let seats = Arc::new(Semaphore::new(AT_ONCE));
        let door = Door::new(AT_THE_DOOR);
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let (office, seats) = (Arc::clone(&office), Arc::clone(&seats));
                    door.enter(|waiting| async move {
                        if let Err(error) = attend(stream, office, seats, waiting).await {
                            tracing::warn!(%error, "a command was not served");
                        }
                    });
                }
                Err(error) => {
                    tracing::error!(%error, "the socket for commands failed");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }))
}

/// The folder comes first, closed to others, so that the socket is never open to them. What an
/// earlier daemon left there is removed: whoever listens has the ledger's lock.
fn listen(data: &Path) -> io::Result<UnixListener> {
    let folder = folder(data);
    if !folder.is_dir() {
        DirBuilder::new().mode(0o700).create(&folder)?;
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    let socket = socket(data);
    match fs::remove_file(&socket) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// One command: a line in, a line out. Who says nothing, or only half, waits at the door and keeps no
/// seat from others.
async fn attend(
    stream: UnixStream,
    office: Arc<Office>,
    seats: Arc<Semaphore>,
    waiting: Waiting,
) -> io::Result<()> {
    let user = stream.peer_cred().map(|cred| cred.uid()).ok();
    let (from, mut to) = stream.into_split();
    let mut line = Vec::new();
    let mut from = BufReader::new(from).take(AT_THE_DOOR_BYTES);
    in_time(from.read_until(b'\n', &mut line)).await?;
    if line.is_empty() {
        return Ok(());
    }
    drop(waiting);
    let _seat = seats.acquire_owned().await;
    if line.len() as u64 == AT_THE_DOOR_BYTES && !line.ends_with(b"\n") {
        from.set_limit(LINE_BYTES as u64 + 1 - AT_THE_DOOR_BYTES);
        in_time(from.read_until(b'\n', &mut line)).await?;
    }
    let answer = tokio::task::spawn_blocking(move || office.answer(&line, user)).await;
    let answer = answer.unwrap_or_else(|_| Err(Refused::failed(Key::ControlBrokeOff)));
    let mut text = serde_json::to_vec(&answer)?;
    text.push(b'\n');
    // Whoever does not take the answer holds a seat no longer than whoever says nothing.
    in_time(to.write_all(&text)).await
}

async fn in_time<T>(step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(PATIENCE, step).await {
        Ok(done) => done,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

impl Office {
    fn answer(&self, line: &[u8], user: Option<u32>) -> Result<Done, Refused> {
        if line.len() > LINE_BYTES {
            let why = Said::with(Key::ControlTooLong, "mib", LINE_BYTES >> 20);
            return Err(Refused::invalid(why));
        }
        let order: Order = serde_json::from_slice(line)
            .map_err(|e| Refused::invalid(Said::with(Key::ControlNotAnOrder, "why", e)))?;
        let reader = Reader::open(&self.site.data_folder)?;
        let font = || Ok(Arc::clone(&self.font));
        let done = perform(order, &self.site, &reader, &mut &self.ledger, &font);
        match &done {
            Ok(done) => tracing::info!(?done, user, "a command was done"),
            Err(refused) => tracing::info!(words = %refused.said, user, "a command was refused"),
        }
        done
    }
}
