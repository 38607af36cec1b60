//! The command's side: to the daemon when one runs, else straight to the ledger.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use ledger::{Options, Reader, Writer};
use words::Said;

use super::{LINE_BYTES, socket};
use crate::{Done, Error, Job, Order, Refused, Site, Writes, perform};

/// Longest wait for the daemon: an import of a whole register is one commit.
const PATIENCE: Duration = Duration::from_secs(120);

/// Has it done by whoever may write, durable on return. `options` open the ledger when no daemon
/// runs.
///
/// # Errors
/// When the order was refused, or the daemon could not be reached or did not answer.
pub fn submit(site: &Site, options: Options, order: Order) -> Result<Done, Error> {
    let path = socket(&site.data_folder);
    let answer = match UnixStream::connect(&path) {
        Ok(stream) => ask(stream, &order)?,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            alone(site, options, order)
        }
        Err(source) => return Err(Error::NotReached { path, source }),
    };
    answer.map_err(Error::Refused)
}

/// What the daemon says within this time; nothing where none runs, or it does not say.
pub(crate) fn asked(data_folder: &Path, order: &Order, within: Duration) -> Option<Done> {
    let stream = UnixStream::connect(socket(data_folder)).ok()?;
    ask_within(stream, order, within).ok()?.ok()
}

fn ask(stream: UnixStream, order: &Order) -> Result<Result<Done, Refused>, Error> {
    ask_within(stream, order, PATIENCE)
}

fn ask_within(
    stream: UnixStream,
    order: &Order,
    within: Duration,
) -> Result<Result<Done, Refused>, Error> {
    let mut line = serde_json::to_vec(order).map_err(|e| Error::NoAnswer(e.into()))?;
    line.push(b'\n');
    if line.len() > LINE_BYTES {
        return Err(Error::TooLong {
            mib: LINE_BYTES >> 20,
        });
    }
    exchange(stream, &line, within).map_err(Error::NoAnswer)
}

fn exchange(
    mut stream: UnixStream,
    line: &[u8],
    within: Duration,
) -> io::Result<Result<Done, Refused>> {
    stream.set_read_timeout(Some(within))?;
    stream.write_all(line)?;
    let mut answer = String::new();
    BufReader::new(stream.take(LINE_BYTES as u64)).read_line(&mut answer)?;
    Ok(serde_json::from_str(&answer)?)
}

struct Own(Writer);

impl Writes for Own {
    fn write(&mut self, job: Job) -> Result<Done, Refused> {
        Ok(job(&mut self.0)?)
    }
}

/// Without a daemon. If one starts at this moment, one of the two is refused by the ledger's lock.
fn alone(site: &Site, options: Options, order: Order) -> Result<Done, Refused> {
    let data = &site.data_folder;
    std::fs::create_dir_all(data)
        .map_err(|e| Refused::failed(Said::about(data.display(), Said::of_io(&e))))?;
    let mut writer = Own(Writer::open(data, options)?);
    let reader = Reader::open(data)?;
    perform(order, site, &reader, &mut writer, &|| site.font())
}
