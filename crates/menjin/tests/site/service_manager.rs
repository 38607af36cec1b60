//! What a service manager hears of the daemon, over a real datagram socket.

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use crate::support::{Site, clip};

/// What comes within `limit`, until `wanted` has come.
fn heard(socket: &UnixDatagram, wanted: &str, limit: Duration) -> Vec<String> {
    let until = Instant::now() + limit;
    let mut words = Vec::new();
    while words.last().is_none_or(|word| word != wanted) {
        let left = until.saturating_duration_since(Instant::now());
        assert!(!left.is_zero(), "{wanted} has not come after {words:?}");
        socket.set_read_timeout(Some(left)).expect("set");
        let mut buffer = [0; 256];
        if let Ok(length) = socket.recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            words.extend(text.lines().map(ToOwned::to_owned));
        }
    }
    words
}

#[test]
fn the_service_manager_hears_ready_then_that_lanes_look_then_stopping() {
    let camera = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::new().lane("south-in", "in", "front", &camera);
    let socket = site.folder.path().join("notify");
    let listener = UnixDatagram::bind(&socket).expect("a socket");
    let socket = socket.to_string_lossy().into_owned();
    let interval = Duration::from_secs(4);
    let wanted = [
        ("NOTIFY_SOCKET", socket),
        ("WATCHDOG_USEC", interval.as_micros().to_string()),
    ];
    let daemon = site.start_with(&[], &wanted);

    assert_eq!(heard(&listener, "READY=1", interval), ["READY=1"]);
    for _ in 0..3 {
        // Twice in each interval: one lost word does not cost the daemon its life.
        let words = heard(&listener, "WATCHDOG=1", interval);
        assert_eq!(words, ["WATCHDOG=1"]);
    }
    daemon.signal("-TERM");
    let last = heard(&listener, "STOPPING=1", Duration::from_secs(20));
    assert!(last.iter().all(|word| word != "READY=1"), "{last:?}");
    let (_, code) = daemon.ended(Duration::from_secs(30));
    assert_eq!(code, Some(0));
}
