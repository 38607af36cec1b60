//! The command's side: to the daemon when one runs, else straight to the ledger.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use ledger::{Reader, Writer};
use photo::Font;
use words::Key;

use super::perform::{Job, Writes, perform};
use super::wire::{self, Done, LINE_BYTES, Order, Refused, RefusedKind};
use crate::config::Config;
use crate::exit::Failure;
use crate::store;

/// Longest wait for the daemon: an import of a whole register is one commit.
const PATIENCE: Duration = Duration::from_secs(120);

/// Has it done by whoever may write, durable on return.
pub(crate) fn submit(config: &Config, order: Order) -> Result<Done, Failure> {
    let socket = wire::socket(&config.data_folder);
    let answer = match UnixStream::connect(&socket) {
        Ok(stream) => ask(stream, &order)?,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            alone(config, order)
        }
        Err(e) => {
            return Err(Failure::Job(format!(
                "cannot reach the daemon at {}: {e}; run this as the user of the service",
                socket.display()
            )));
        }
    };
    answer.map_err(|refused| {
        let key = match refused.kind {
            RefusedKind::Invalid => Key::ControlInvalid,
            RefusedKind::Conflict => Key::ControlConflict,
            RefusedKind::Later => Key::ControlLater,
            RefusedKind::Failed => Key::ControlFailed,
        };
        Failure::Job(config.language.fill(key, &[("words", &refused.words)]))
    })
}

fn ask(mut stream: UnixStream, order: &Order) -> Result<Result<Done, Refused>, Failure> {
    let failed =
        |e: &dyn std::error::Error| Failure::Job(format!("the daemon did not answer: {e}"));
    stream
        .set_read_timeout(Some(PATIENCE))
        .map_err(|e| failed(&e))?;
    let mut line = serde_json::to_vec(order).map_err(|e| failed(&e))?;
    line.push(b'\n');
    if line.len() > LINE_BYTES {
        return Err(Failure::Job(format!(
            "this is more than {} MiB at once; bring fewer rows or photos a time",
            LINE_BYTES >> 20
        )));
    }
    stream.write_all(&line).map_err(|e| failed(&e))?;
    let mut answer = String::new();
    BufReader::new(stream.take(LINE_BYTES as u64))
        .read_line(&mut answer)
        .map_err(|e| failed(&e))?;
    serde_json::from_str(&answer).map_err(|e| failed(&e))
}

struct Own(Writer);

impl Writes for Own {
    fn write(&mut self, job: Job) -> Result<Done, Refused> {
        Ok(job(&mut self.0)?)
    }
}

/// Without a daemon. If one starts at this moment, one of the two is refused by the ledger's lock.
fn alone(config: &Config, order: Order) -> Result<Done, Refused> {
    std::fs::create_dir_all(&config.data_folder).map_err(|e| {
        Refused::failed(format!("cannot make {}: {e}", config.data_folder.display()))
    })?;
    let mut writer = Own(store::open(config)?);
    let reader = Reader::open(&config.data_folder)?;
    let font = || {
        let font = config.photos.font.as_deref();
        font.map_or_else(Font::find, Font::load)
            .map(Arc::new)
            .map_err(|e| Refused::failed(e.to_string()))
    };
    perform(order, config, &reader, &mut writer, &font)
}
