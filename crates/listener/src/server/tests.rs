//! A listener, and clients that do not mean well.
#![allow(clippy::unwrap_used)]

use super::*;

use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{BodyProblem, whole};

/// What is waited for in vain ends here.
const PATIENCE: Duration = Duration::from_secs(60);

const WHOLE: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

async fn take(body: Body) -> StatusCode {
    match whole(body, 8).await {
        Ok(_) => StatusCode::CREATED,
        Err(BodyProblem::Late) => StatusCode::REQUEST_TIMEOUT,
        Err(BodyProblem::Long) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(BodyProblem::Cut) => StatusCode::BAD_REQUEST,
    }
}

async fn peer(axum::Extension(Peer(peer)): axum::Extension<Peer>) -> String {
    peer.to_string()
}

/// A listener whose answer is "fine", with the fewest connections there are.
async fn listening() -> SocketAddr {
    let files = crate::OpenFiles::raised().divide(crate::KeptBack::default(), usize::MAX);
    let free = ([127, 0, 0, 1], 0).into();
    let mut listener = Listener::bind(free, &files).await.unwrap();
    assert_eq!(listener.connections, FEWEST);
    let short = Duration::from_millis(300);
    (listener.times.head, listener.times.body) = (short, short);
    let address = listener.address();
    let pages = Router::new()
        .route("/", get(async || "fine"))
        .route("/", post(take))
        .route("/peer", get(peer))
        .route("/never", get(std::future::pending::<&str>));
    tokio::spawn(listener.serve(pages));
    address
}

async fn says(address: SocketAddr, words: &str) -> TcpStream {
    let mut tcp = TcpStream::connect(address).await.unwrap();
    tcp.write_all(words.as_bytes()).await.unwrap();
    tcp
}

/// Everything that comes until the listener closes.
async fn heard(mut tcp: TcpStream) -> String {
    let mut bytes = Vec::new();
    let ended = timeout(PATIENCE, tcp.read_to_end(&mut bytes)).await;
    // A reset is an end too.
    let _ = ended.expect("the connection is closed");
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn what_sends_half_a_request_or_nothing_is_closed() {
    let address = listening().await;
    for half in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\nx-half: "] {
        let tcp = says(address, half).await;
        assert!(!heard(tcp).await.contains("fine"), "{half}");
    }
}

#[tokio::test]
async fn a_page_is_told_who_asks() {
    let tcp = says(listening().await, "GET /peer HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let own = tcp.local_addr().unwrap().to_string();
    assert!(heard(tcp).await.ends_with(&own));
}

#[tokio::test]
async fn a_connection_that_is_idle_after_its_answer_is_closed() {
    let tcp = says(listening().await, WHOLE).await;
    assert!(heard(tcp).await.contains("fine"));
}

#[tokio::test]
async fn a_body_that_never_ends_is_late_and_a_long_one_too_long() {
    let address = listening().await;
    let head = |length| format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n");
    let slow = heard(says(address, &(head(8) + "1234")).await).await;
    assert!(slow.contains(" 408 "), "{slow}");
    let long = heard(says(address, &(head(9) + "123456789")).await).await;
    assert!(long.contains(" 413 "), "{long}");
    let fine = heard(says(address, &(head(8) + "12345678")).await).await;
    assert!(fine.contains(" 201 "), "{fine}");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let mut tcp = says(listening().await, "GET / HTTP/1.1\r\n").await;
    let line = format!("x-filler: {}\r\n", "x".repeat(1000));
    for _ in 0..1000 {
        if tcp.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
    assert!(!heard(tcp).await.contains("fine"));
}

#[tokio::test]
async fn a_whole_request_is_answered_although_hundreds_of_halves_came_before() {
    let address = listening().await;
    let mut halves = Vec::new();
    for _ in 0..300 {
        halves.push(says(address, "GET / HT").await);
    }
    let answer = heard(says(address, "GET / HTTP/1.0\r\n\r\n").await).await;
    assert!(answer.contains("fine"), "{answer}");
}

#[tokio::test]
async fn when_all_are_being_answered_a_new_one_is_told_so_and_another_address_gets_in() {
    let address = listening().await;
    let mut busy = Vec::new();
    for _ in 0..8 {
        busy.push(says(address, "GET /never HTTP/1.1\r\nhost: x\r\n\r\n").await);
    }
    // Until all of these requests have arrived, one of their connections makes room.
    let refused = loop {
        let answer = heard(says(address, "").await).await;
        if answer.contains(" 503 ") {
            break answer;
        }
    };
    assert!(refused.contains("请稍后再试") && refused.contains("retry-after"));
    let other = tokio::net::TcpSocket::new_v4().unwrap();
    other.bind(([127, 0, 0, 2], 0).into()).unwrap();
    let mut other = other.connect(address).await.unwrap();
    other.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(heard(other).await.contains("fine"));
}
