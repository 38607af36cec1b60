//! A listener, from its address to the last connection.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tower::ServiceExt as _;

use crate::body::Limited;
use crate::connections::{Connections, Seat};
use crate::files::Division;

/// Connections of one listener, where the process may open enough files. A gate has a handful of
/// clients; each connection costs a file and some kilobytes.
pub(crate) const MOST: usize = 128;
/// Connections of a listener in any case.
pub(crate) const FEWEST: usize = 16;
/// A head needs less than one kilobyte; hyper wants room for 8.
const HEAD_BYTES: usize = 16 * 1024;
/// A pause after connections can't be taken, because this computer has no files or memory left.
const PAUSE: Duration = Duration::from_millis(250);
/// What a connection hears for which there is no room.
const FULL: &str = "请求过多，请稍后再试 / too many requests at the same time: try again in 5 s";

/// Who asks: an extension of each request that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// How long a client may take for what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// For a head, from the connection's beginning or the last answer on; so long a connection may
    /// also be idle.
    pub(crate) head: Duration,
    /// For a body: the largest that is taken arrives in a second on any line of a plant.
    pub(crate) body: Duration,
    /// Then a connection ends with its next answer, and its client makes a new one: whatever a
    /// client may think of that is not limited otherwise (such as never taking its answers), it
    /// ends.
    pub(crate) connection: Duration,
    /// For that answer.
    pub(crate) last_answer: Duration,
}

const TIMES: Times = Times {
    head: Duration::from_secs(10),
    body: Duration::from_secs(10),
    connection: Duration::from_secs(300),
    last_answer: Duration::from_secs(10),
};

/// An address that is listened on, and later served.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
    connections: usize,
    times: Times,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener")
            .field("address", &self.address)
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}

impl Listener {
    /// Listens there, within its part of the files; port 0 takes a free one. Whoever connects waits
    /// until it is served.
    ///
    /// # Errors
    /// What the system says when the address can't be listened on.
    pub async fn bind(address: SocketAddr, files: &Division) -> io::Result<Self> {
        let tcp = TcpListener::bind(address).await?;
        Ok(Self {
            address: tcp.local_addr()?,
            tcp,
            tls: None,
            connections: files.connections,
            times: TIMES,
        })
    }

    /// Speaks TLS: who has not shaken hands within the time of a head is let go.
    #[must_use]
    pub fn with_tls(self, config: Arc<ServerConfig>) -> Self {
        Self {
            tls: Some(config.into()),
            ..self
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves these pages until it is dropped, and all its connections with it.
    pub async fn serve(self, pages: Router) {
        let all = Connections::new(self.connections);
        let mut served = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.tcp.accept() => match accepted {
                    Ok((tcp, peer)) => match all.seat(peer.ip()).await {
                        Some(seat) => {
                            let (pages, tls) = (pages.clone(), self.tls.clone());
                            served.spawn(attend((tcp, peer), tls, seat, pages, self.times));
                        }
                        None => refuse(&tcp, self.tls.is_some(), (self.address, peer)),
                    },
                    Err(error) if of_the_peer(&error) => {}
                    Err(error) => {
                        tracing::error!(address = %self.address, %error, "connections can't be taken");
                        sleep(PAUSE).await;
                    }
                },
                // Those that have ended are let go.
                Some(_) = served.join_next() => {}
            }
        }
    }
}

/// An error of one connection, not of this computer.
fn of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    let kinds = [
        ConnectionAborted,
        ConnectionRefused,
        ConnectionReset,
        Interrupted,
    ];
    kinds.contains(&error.kind())
}

/// Says so and closes. What doesn't go out at once is not waited for; who expects a handshake would not
/// understand it.
fn refuse(tcp: &TcpStream, tls: bool, (at, peer): (SocketAddr, SocketAddr)) {
    let body = format!("{{\"error\":\"{FULL}\"}}\n");
    let head = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 5\r\nconnection: close";
    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    if !tls {
        let _ = tcp.try_write(answer.as_bytes());
    }
    tracing::warn!(%at, from = %peer.ip(), "no room for a connection: all are being answered");
}

async fn attend(
    (tcp, peer): (TcpStream, SocketAddr),
    tls: Option<TlsAcceptor>,
    seat: Seat,
    pages: Router,
    times: Times,
) {
    let Some(tls) = tls else {
        return speak((tcp, peer), seat, pages, times).await;
    };
    let shaken = tokio::select! {
        shaken = timeout(times.head, tls.accept(tcp)) => shaken,
        () = seat.must_go() => return,
    };
    if let Ok(Ok(stream)) = shaken {
        speak((stream, peer), seat, pages, times).await;
    }
}

async fn speak<S>((stream, peer): (S, SocketAddr), seat: Seat, pages: Router, times: Times)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let seat = Arc::new(seat);
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        answer(Arc::clone(&seat), pages.clone(), times, request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(times.head)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(4 * HEAD_BYTES);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // What ended it is the client's affair.
        _ = connection.as_mut() => return,
        () = seat.must_go() => return,
        () = sleep(times.connection) => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = timeout(times.last_answer, connection) => {}
        () = seat.must_go() => {}
    }
}

async fn answer(
    seat: Arc<Seat>,
    pages: Router,
    times: Times,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let body = |body| Body::new(Limited::new(body, times.body, Arc::clone(&seat)));
    let answer = pages.oneshot(request.map(body)).await;
    // Sending the answer is waiting as well: who does not take it makes room.
    seat.waits();
    answer
}

#[cfg(test)]
mod tests;
