//! The daemon's socket for commands, and connections to it that mean no good.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use ledger::{Handle, Options, Writer};
use orders::{Done, Order, Site, serve, submit};
use photo::Font;
use words::Language;

fn site(data: &Path) -> Site {
    Site {
        name: "测试厂".to_owned(),
        language: Language::En,
        zone: TimeZone::UTC,
        lanes: Vec::new(),
        data_folder: data.to_owned(),
        jpeg_quality: 85,
        max_kilobytes: 300,
        font: None,
        retention: housekeeping::RetentionPlan::default(),
        arms: None,
        registers: records::Rules::on(jiff::civil::date(2026, 3, 1)),
    }
}

/// A daemon as far as commands see it. Dropped with its runtime.
struct Daemon {
    folder: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

impl Daemon {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let writer = Writer::open(folder.path(), Options::default()).expect("a ledger");
        let (ledger, _) = Handle::start(writer).expect("a thread");
        let font = Arc::new(Font::find().expect("a font"));
        let serving =
            runtime.block_on(async { serve(Arc::new(site(folder.path())), ledger, font) });
        assert!(serving.is_some());
        Self {
            folder,
            _runtime: runtime,
        }
    }

    fn connect(&self) -> UnixStream {
        UnixStream::connect(self.folder.path().join(".control/socket")).expect("listens")
    }

    /// A whole command and its answer.
    fn says(&self, line: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(line).expect("taken");
        stream.write_all(b"\n").expect("taken");
        let mut answer = String::new();
        BufReader::new(stream)
            .read_line(&mut answer)
            .expect("answered");
        answer
    }

    fn serves_a_command(&self) {
        let site = site(self.folder.path());
        let done = submit(&site, Options::default(), Order::Retain);
        assert!(matches!(done, Ok(Done::Removed(_))), "{done:?}");
    }
}

#[test]
fn a_command_gets_through_whatever_number_of_connections_says_nothing_or_half() {
    let daemon = Daemon::start();
    let held: Vec<UnixStream> = (0..300)
        .map(|number| {
            let mut stream = daemon.connect();
            if number % 2 == 0 {
                // It may have been sent away by now.
                let _ = stream.write_all(br#"{"do":"#);
            }
            stream
        })
        .collect();
    daemon.serves_a_command();
    drop(held);
}

#[test]
fn a_command_of_a_megabyte_is_read_to_its_end() {
    let daemon = Daemon::start();
    let long = format!(r#"{{"do":"retain","who":"{}"}}"#, "x".repeat(1 << 20));
    let answer = daemon.says(long.as_bytes());
    assert!(answer.contains("removed"), "{answer}");
}

#[test]
fn nested_lists_and_objects_without_end_are_no_order_and_cost_the_daemon_nothing() {
    let daemon = Daemon::start();
    for (open, depth) in [("[", 1_000_000), (r#"{"a":"#, 200_000)] {
        let deep = open.repeat(depth);
        let inside = format!(r#"{{"do":"records","revisions":[{{"values":{{"a":{deep}"#);
        for line in [deep, inside] {
            let answer = daemon.says(line.as_bytes());
            assert!(answer.contains("Err"), "{answer}");
            assert!(answer.len() < 1000, "{} bytes", answer.len());
        }
    }
    daemon.serves_a_command();
}
