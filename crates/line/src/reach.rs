//! Whether anybody answers at an address, without saying anything to them.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Why nobody was reached.
#[derive(Debug, thiserror::Error)]
pub enum Unreached {
    /// The name is not known.
    #[error("{0}")]
    Name(io::Error),
    /// Nobody answers there.
    #[error("{0}")]
    Silent(io::Error),
}

/// Looks the name up and connects, each within `patience`, then hangs up. Gives the address that
/// answered.
///
/// # Errors
/// Which of the two failed, in the system's words.
pub async fn reach(host: &str, port: u16, patience: Duration) -> Result<SocketAddr, Unreached> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let late = || {
        io::Error::new(
            io::ErrorKind::TimedOut,
            format!("no answer in {patience:?}"),
        )
    };
    let found = timeout(patience, lookup_host((host, port))).await;
    let found: Vec<_> = found
        .unwrap_or_else(|_| Err(late()))
        .map_err(Unreached::Name)?
        .collect();
    let connecting = timeout(patience, TcpStream::connect(&found[..])).await;
    let stream = connecting
        .unwrap_or_else(|_| Err(late()))
        .map_err(Unreached::Silent)?;
    stream.peer_addr().map_err(Unreached::Silent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn who_listens_is_reached_and_a_dead_port_is_told_from_an_unknown_name() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("listens");
        let at = listener.local_addr().expect("an address");
        let reached = reach("127.0.0.1", at.port(), PATIENCE)
            .await
            .expect("there");
        assert_eq!(reached, at);
        drop(listener);
        let dead = reach("127.0.0.1", at.port(), PATIENCE).await;
        assert!(matches!(dead, Err(Unreached::Silent(_))), "{dead:?}");
        let unknown = reach("gate.invalid", 80, PATIENCE).await;
        assert!(matches!(unknown, Err(Unreached::Name(_))), "{unknown:?}");
    }
}
