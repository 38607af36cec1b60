//! The daemon's socket for commands, and connections to it that mean no good.

use std::io::{Read as _, Write as _};
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
    fn says(&self, order: &[u8]) -> String {
        self.asks(
            &format!(
                "POST /orders HTTP/1.1\r\nhost: menjin\r\ncontent-length: {}\r\n\r\n",
                order.len()
            ),
            order,
        )
    }

    fn asks(&self, head: &str, body: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).expect("taken");
        stream.write_all(body).expect("taken");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
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
                let _ = stream.write_all(b"POST /orders HTTP/1.1\r\ncontent-length: 999\r\n\r\n{");
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
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("removed"),
        "{answer}"
    );
}

#[test]
fn nested_lists_and_objects_without_end_are_no_order_and_cost_the_daemon_nothing() {
    let daemon = Daemon::start();
    for (open, depth) in [("[", 1_000_000), (r#"{"a":"#, 200_000)] {
        let deep = open.repeat(depth);
        let inside = format!(r#"{{"do":"records","revisions":[{{"values":{{"a":{deep}"#);
        for line in [deep, inside] {
            let answer = daemon.says(line.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
            assert!(answer.len() < 1000, "{} bytes", answer.len());
        }
    }
    daemon.serves_a_command();
}

#[test]
fn whoever_speaks_http_gets_an_answer_and_what_is_no_order_says_where_orders_go() {
    let daemon = Daemon::start();
    let answer = daemon.says(br#"{"do":"retain"}"#);
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("application/json"),
        "{answer}"
    );
    for head in ["GET /orders", "POST /", "DELETE /orders"] {
        let head = format!("{head} HTTP/1.1\r\nhost: menjin\r\n\r\n");
        let answer = daemon.asks(&head, b"");
        assert!(
            answer.starts_with("HTTP/1.1 422") && answer.contains("POST /orders"),
            "{answer}"
        );
    }
    // The protocol of before: a line of JSON.
    let answer = daemon.asks("{\"do\":\"retain\"}\n", b"");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    daemon.serves_a_command();
}
