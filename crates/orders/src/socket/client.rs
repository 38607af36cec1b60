//! The command's side: to the daemon when one runs, else straight to the ledger.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use ledger::{Options, Reader, Writer};
use words::Said;

use super::{BODY_BYTES, PATH, socket};
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
    let order = serde_json::to_vec(order).map_err(|e| Error::NoAnswer(e.into()))?;
    if order.len() > BODY_BYTES {
        return Err(Error::TooLong {
            mib: BODY_BYTES >> 20,
        });
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let asked = runtime.and_then(|runtime| {
        runtime.block_on(async {
            let exchange = tokio::time::timeout(within, exchange(stream, order));
            exchange.await.unwrap_or(Err(ErrorKind::TimedOut.into()))
        })
    });
    asked.map_err(Error::NoAnswer)
}

async fn exchange(stream: UnixStream, order: Vec<u8>) -> io::Result<Result<Done, Refused>> {
    stream.set_nonblocking(true)?;
    let stream = TokioIo::new(tokio::net::UnixStream::from_std(stream)?);
    let (mut daemon, connection) = http1::handshake(stream).await.map_err(broken)?;
    // It ends with the answer, or with what the answer's error says.
    tokio::spawn(connection);
    let request = Request::post(PATH)
        .header(header::HOST, "menjin")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(order))
        .map_err(broken)?;
    let answer = daemon.send_request(request).await.map_err(broken)?;
    let status = answer.status();
    let body = axum::body::to_bytes(Body::new(answer.into_body()), BODY_BYTES).await;
    let body = body.map_err(broken)?;
    Ok(match status {
        StatusCode::OK => Ok(serde_json::from_slice(&body)?),
        _ => Err(serde_json::from_slice(&body)?),
    })
}

fn broken(error: impl Into<Box<dyn StdError + Send + Sync>>) -> io::Error {
    io::Error::other(error)
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
