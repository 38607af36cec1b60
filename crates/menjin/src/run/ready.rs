//! Telling the service manager that the daemon is ready (sd_notify), without a library: one
//! datagram to the socket that it names.

use std::os::unix::net::UnixDatagram;

/// Says "ready" to systemd, when it asked to be told.
pub(crate) fn tell_service_manager() {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let told = UnixDatagram::unbound().and_then(|s| s.send_to(b"READY=1\n", &socket));
    if let Err(error) = told {
        tracing::warn!(%error, "the service manager could not be told");
    }
}
