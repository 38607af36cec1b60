//! Nobody on the plant's network stops the evidence: a daemon that may open few files, while
//! thousands of connections are held open.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::support::{Daemon, Site, clip, free_port, text};

const MINUTE: Duration = Duration::from_secs(60);
const TOKEN: &str = "0123456789abcdef-weighbridge";
/// With 4,096, as the unit allows, the crowd would have to be ten times as large.
const FILES: usize = 400;
const CROWD: usize = 2_000;

/// What one of them sends before it says no more.
const HALVES: [&str; 4] = [
    "",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx-half",
    "POST /weighings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer 0123456789abcdef-weighbridge\r\ncontent-length: 90000\r\n\r\n[",
    "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n",
];

async fn connect(from: IpAddr, to: u16) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(from, 0))?;
    socket.connect(SocketAddr::from(([127, 0, 0, 1], to))).await
}

/// Holds a connection for as long as it gets, and comes again.
async fn hold(number: usize, ports: [u16; 2]) {
    let from = match number % 3 {
        0 => 1,
        _ => u8::try_from(number % 200 + 20).expect("small"),
    };
    let from = IpAddr::from([127, 0, 0, from]);
    // Not all at once: the computer has to simulate both sides.
    sleep(Duration::from_millis(2) * u32::try_from(number).expect("small")).await;
    loop {
        if let Ok(mut tcp) = connect(from, ports[number / 2 % 2]).await {
            let _ = tcp.write_all(HALVES[number % 4].as_bytes()).await;
            // Answers are taken, its end is waited for.
            let mut sink = [0; 1024];
            while tcp.read(&mut sink).await.is_ok_and(|n| n > 0) {}
        }
        sleep(Duration::from_secs(4)).await;
    }
}

/// One request over a connection of its own; the answer's status, or what went wrong.
async fn ask(from: u8, port: u16, request: String) -> Result<u16, String> {
    let asked = async {
        let mut tcp = connect(IpAddr::from([127, 0, 0, from]), port).await?;
        tcp.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        tcp.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = timeout(Duration::from_secs(20), asked).await;
    let answer = answer.map_err(|e| e.to_string())?;
    let answer = answer.map_err(|e| e.to_string())?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    status.ok_or(answer)
}

async fn health(port: u16, from: u8) -> Result<u16, String> {
    let request = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    ask(from, port, request.to_owned()).await
}

async fn post(port: u16, ticket: usize) -> Result<u16, String> {
    let now = jiff::Timestamp::now();
    let body = format!(
        "{{\"plate\":\"苏A{:05}\",\"weighedAt\":\"{now}\",\"ticket\":\"T{ticket}\",\"netKg\":31520}}",
        ticket % 100_000
    );
    let head = format!(
        "POST /weighings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    ask(9, port, head + &body).await
}

/// A gate at which vehicles pass for minutes, and the port of its weighbridge.
fn gate() -> (Site, u16) {
    let port = free_port();
    let camera = format!("{{ file = \"{}\" }}", clip("north-in.mp4").display());
    let site = Site::new()
        .lane("north-in", "in", "front", &camera)
        .add(&format!(
            "[weighbridge]\nlisten = \"127.0.0.1:{port}\"\ntoken_file = \"token\"\n"
        ));
    site.secret("token", TOKEN);
    (site, port)
}

fn stopped(daemon: Daemon) {
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_held_connections_stop_no_passage_no_photo_no_weighing_and_no_answer() {
    let (site, port) = gate();
    let mut daemon = site.start_within(FILES, &[]);
    daemon.until("a passage", MINUTE, |_| !site.passages().is_empty());
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        crowd.spawn(hold(number, [site.status_port, port]));
    }
    sleep(Duration::from_secs(6)).await;
    let before = site.passages().len();
    let (mut taken, mut most, mut threads) = (0, 0, 0);
    for round in 0..1000 {
        for from in [1, 7] {
            let answer = health(site.status_port, from).await;
            assert_eq!(answer, Ok(200), "{}", daemon.log());
        }
        assert_eq!(post(port, round).await, Ok(201), "{}", daemon.log());
        taken += 1;
        most = most.max(daemon.count("fd"));
        threads = threads.max(daemon.count("task"));
        if taken >= 20 && site.passages().len() >= before + 2 {
            break;
        }
        sleep(Duration::from_millis(200)).await;
    }
    assert!(site.passages().len() >= before + 2, "{}", daemon.log());
    assert!(most < FILES, "{most} files were open");
    assert!(threads < 64, "{threads} threads");
    assert!(crowd.len() == CROWD, "the crowd is still there");
    crowd.shutdown().await;
    let log = daemon.log();
    assert!(!log.contains("held until the disk takes it"), "{log}");
    assert!(!log.contains("could not be made"), "{log}");
    assert!(log.len() < 100_000, "{} bytes of log", log.len());
    stopped(daemon);
    // Photos and rows agree, and each weighing that was taken is there.
    site.assert_sound();
    let list = crate::support::menjin(&["status", "--config", &site.config()]);
    assert_eq!(list.status.code(), Some(0), "{}", text(&list.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_weighings_is_taken_or_refused_with_words_and_what_was_taken_is_there() {
    let (site, port) = gate();
    let daemon = site.start_within(FILES, &[]);
    let mut flood = JoinSet::new();
    for ticket in 0..3_000 {
        flood.spawn(async move {
            sleep(Duration::from_millis(1) * u32::try_from(ticket).expect("small")).await;
            (ticket, post(port, ticket).await)
        });
    }
    let mut taken = Vec::new();
    while let Some(done) = flood.join_next().await {
        let (ticket, status) = done.expect("answered");
        if let Ok(status) = status {
            assert!(matches!(status, 201 | 503), "{status}");
        }
        if status == Ok(201) {
            taken.push(ticket);
        }
    }
    assert!(taken.len() > 100, "{} were taken", taken.len());
    // What was taken is known: the same ticket again is no new weighing.
    for ticket in taken.iter().step_by(taken.len() / 50 + 1) {
        assert_eq!(post(port, *ticket).await, Ok(409), "the time differs");
    }
    stopped(daemon);
    let (reader, source) = (ledger::Reader::open(&site.data()), "weighbridge");
    let reader = reader.expect("a ledger");
    let since = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    for ticket in taken {
        let known = reader.weighing_called(source, &format!("T{ticket}"), since);
        assert!(known.expect("readable").is_some(), "T{ticket} is lost");
    }
    site.assert_sound();
}

#[test]
fn an_address_in_use_is_told_before_there_is_a_ledger_or_a_platform_hears_of_us() {
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new().lane("north-in", "in", "front", camera);
    let _taken = std::net::TcpListener::bind(("127.0.0.1", site.status_port)).expect("free");
    let out = crate::support::menjin(&["run", "--config", &site.config()]);
    assert_eq!(out.status.code(), Some(1));
    let said = text(&out.stderr);
    assert!(said.contains("[status] listen"), "{said}");
    assert!(!site.data().exists(), "nothing was made");
}

#[test]
fn a_limit_that_is_too_low_is_said_at_the_start_and_the_gate_works_on() {
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new().lane("north-in", "in", "front", camera);
    let daemon = site.start_within(128, &[]);
    let log = daemon.log();
    assert!(log.contains("LimitNOFILE=4096"), "{log}");
    stopped(daemon);
}
