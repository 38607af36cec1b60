//! Whatever is listened on.

use crate::sources;

/// What takes connections, and where it may stand: the room whose listeners have limits, and trials.
const TAKES: [&str; 3] = ["TcpListener::bind", "axum::serve", "axum_server"];
const MAY: [&str; 3] = ["listener", "simulator", "soak"];

#[test]
fn nothing_listens_but_through_the_room_that_has_limits() {
    let mut found = 0;
    for source in sources::all() {
        let tests = source
            .text
            .find("#[cfg(test)]")
            .unwrap_or(source.text.len());
        let is_test = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
        for takes in TAKES {
            let listens = !is_test && source.text[..tests].contains(takes);
            found += usize::from(listens);
            assert!(
                !listens || MAY.contains(&source.of.as_str()),
                "{} calls {takes}: serve it by a listener::Listener, which has limits",
                source.path
            );
        }
    }
    assert!(found > 0, "the room itself was not found");
}
