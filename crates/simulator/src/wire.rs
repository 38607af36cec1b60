//! Connections, plain or TLS, that a handler can cut as a failing network would.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::server::TlsStream;

/// The peer of one connection, and the means to cut it: after [`Wire::cut`] not one more byte is
/// sent, so the client sees the connection close without an answer.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    pub(crate) peer: SocketAddr,
    is_cut: Arc<AtomicBool>,
}

impl Wire {
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, Wires>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        Self {
            peer: *stream.remote_addr(),
            is_cut: Arc::clone(&stream.io().is_cut),
        }
    }
}

/// Listens and hands out connections that can be cut.
pub(crate) enum Wires {
    Plain(TcpListener),
    Tls(mpsc::Receiver<TlsStream<TcpStream>>, SocketAddr),
}

impl Listener for Wires {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (link, peer) = match self {
            Self::Plain(listener) => {
                let (tcp, peer) = Listener::accept(listener).await;
                (Link::Plain(tcp), peer)
            }
            Self::Tls(accepted, _) => match accepted.recv().await {
                Some(stream) => {
                    let peer = stream.get_ref().0.peer_addr();
                    let nobody = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
                    (Link::Tls(Box::new(stream)), peer.unwrap_or(nobody))
                }
                None => std::future::pending().await,
            },
        };
        (
            CuttableStream {
                link,
                is_cut: Arc::default(),
            },
            peer,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        match self {
            Self::Plain(listener) => listener.local_addr(),
            Self::Tls(_, addr) => Ok(*addr),
        }
    }
}

enum Link {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A stream that writes nothing once it is cut.
pub(crate) struct CuttableStream {
    link: Link,
    is_cut: Arc<AtomicBool>,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.link {
            Link::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Link::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_cut.load(Ordering::Acquire) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        match &mut self.link {
            Link::Plain(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Link::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.link {
            Link::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Link::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.link {
            Link::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Link::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
