use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use camera::{Options, Secret};

use super::cameras::fault_of;
use super::*;

/// A recorder that refuses every password, and counts how many it was told.
fn strict_recorder() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let port = listener.local_addr().expect("an address").port();
    let tries = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&tries);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let counted = Arc::clone(&counted);
            std::thread::spawn(move || refuse(stream, &counted));
        }
    });
    (port, tries)
}

fn refuse(mut stream: std::net::TcpStream, tries: &AtomicUsize) {
    let lines = BufReader::new(stream.try_clone().expect("cloned")).lines();
    let mut cseq = String::new();
    for line in lines.map_while(Result::ok) {
        if let Some(number) = line.strip_prefix("CSeq:") {
            cseq = number.trim().to_owned();
        }
        tries.fetch_add(
            usize::from(line.starts_with("Authorization:")),
            Ordering::SeqCst,
        );
        if line.is_empty() {
            let answer = format!(
                "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n{}\"\r\n\r\n",
                tries.load(Ordering::SeqCst)
            );
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn at(port: u16, path: &str) -> Source {
    let url = format!("rtsp://127.0.0.1:{port}/{path}");
    Source::rtsp(&url, Some("admin"), Some(Secret::new("hunter2-wrong"))).expect("an address")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_tried_once_on_a_recorder_however_many_cameras_it_serves() {
    let (port, tries) = strict_recorder();
    let sources = ["101", "201", "301"].map(|path| at(port, path));
    let named = sources.iter().zip(["a", "b", "c"]);
    let connections = Connections {
        cameras: named
            .map(|(source, name)| (name.to_owned(), source, Options::default()))
            .collect(),
        relays: Vec::new(),
        inputs: Vec::new(),
        displays: Vec::new(),
        voices: Vec::new(),
        platforms: &[],
        broker: None,
        pages: &StatusPages {
            address: ([127, 0, 0, 1], 1).into(),
            token: None,
        },
        language: Language::En,
    };
    let standing = connections.standing(&mut |_| None).await;
    assert_eq!(standing.wrong.len(), 3, "{standing:#?}");
    assert!(standing.fine.is_empty(), "{standing:#?}");
    assert_eq!(
        tries.load(Ordering::SeqCst),
        1,
        "the account may be locked by more"
    );
    for line in &standing.wrong {
        assert!(!line.contains("hunter2"), "{line}");
    }
    assert!(
        standing.wrong[2].contains("not tried"),
        "{}",
        standing.wrong[2]
    );
}

#[test]
fn what_the_daemon_says_of_a_camera_is_not_asked_again() {
    let health = serde_json::json!({"reasons": [
        {"camera": "north-in", "status": "unauthorized", "reason": "401"}, {"lane": "x"}]});
    let fault = fault_of(&health, "north-in").expect("a fault");
    assert_eq!(fault, ("unauthorized".to_owned(), "401".to_owned()));
    assert_eq!(fault_of(&health, "north"), None);
}
