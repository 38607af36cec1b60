//! Cameras that send without end: what they send must not fill this computer's memory.

#[path = "support/memory.rs"]
mod memory;

use std::time::Duration;

use camera::{Options, Source, spawn};
use memory::most_memory;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

const MIB: usize = 1 << 20;
/// What is sent of each kind.
const SENT: usize = 256 * MIB;

const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n\
    a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:trackID=1\r\n";

/// The answers of a camera that means well, until its pictures.
fn answer(method: &str, cseq: &str) -> String {
    let head = format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n");
    match method {
        "DESCRIBE" => format!("{head}Content-Length: {}\r\n\r\n{SDP}", SDP.len()),
        "SETUP" => {
            format!("{head}Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n")
        }
        _ => format!("{head}Session: 1\r\n\r\n"),
    }
}

/// Answers until `at` is asked, then sends `without_end` again and again. Tells how many bytes were
/// taken.
async fn sending(at: &'static str, begin: String, without_end: Vec<u8>) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("rtsp://{}/live", listener.local_addr().expect("bound"));
    let (done, taken) = oneshot::channel();
    tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.expect("comes");
        let (read, mut write) = tcp.split();
        let mut lines = BufReader::new(read).lines();
        let (mut method, mut cseq) = (String::new(), String::new());
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(number) = line.strip_prefix("CSeq: ") {
                number.clone_into(&mut cseq);
            } else if let Some((first, _)) = line.split_once(" rtsp://") {
                first.clone_into(&mut method);
            }
            if !line.is_empty() {
                continue;
            }
            let last = method == at;
            let said = if last && !begin.is_empty() {
                begin.replace("{cseq}", &cseq)
            } else {
                answer(&method, &cseq)
            };
            write.write_all(said.as_bytes()).await.expect("taken");
            if last {
                break;
            }
        }
        let mut sent = 0;
        while sent < SENT && write.write_all(&without_end).await.is_ok() {
            sent += without_end.len();
        }
        let _ = done.send(sent);
    });
    let source = Source::rtsp(&url, None, None).expect("an address");
    let camera = spawn("gate", source, Options::default()).expect("started");
    let taken = timeout(Duration::from_secs(60), taken).await;
    camera.handle.stop().await;
    taken.expect("in time").expect("told")
}

/// A packet in the middle of a picture, and never its end.
fn middle() -> Vec<u8> {
    let mut packet = vec![b'$', 0, 0, 0, 0x80, 96, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4];
    packet.extend([0x61; 1400]);
    let length = u16::try_from(packet.len() - 4).expect("short");
    packet[2..4].copy_from_slice(&length.to_be_bytes());
    packet
}

/// Packets with numbers that follow each other: the 65,536 that there are.
fn picture_without_end() -> Vec<u8> {
    let one = middle();
    let mut all = Vec::with_capacity(one.len() << 16);
    for number in 0..=u16::MAX {
        let at = all.len();
        all.extend_from_slice(&one);
        all[at + 6..at + 8].copy_from_slice(&number.to_be_bytes());
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_and_pictures_without_end_fill_no_memory() {
    let picture = picture_without_end();
    let before = most_memory();
    let header = format!("x-camera: {}\r\n", "x".repeat(4000)).into_bytes();
    let taken = sending("DESCRIBE", "RTSP/1.0 200 OK\r\n".to_owned(), header).await;
    assert!(taken < SENT, "a head without end was taken");
    let line = vec![b'x'; 64 * 1024];
    let taken = sending(
        "DESCRIBE",
        "RTSP/1.0 200 OK\r\nx: ".to_owned(),
        line.clone(),
    )
    .await;
    assert!(taken < SENT, "a line without end was taken");
    let long = "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Length: 4000000000\r\n\r\n";
    let taken = sending("DESCRIBE", long.to_owned(), line).await;
    assert!(taken < SENT, "a body of 4 GB was taken");
    let taken = sending("PLAY", String::new(), picture).await;
    assert!(taken > 64 * MIB, "pictures arrive: {taken}");
    let grown = most_memory().saturating_sub(before);
    assert!(grown < 64 * MIB, "{} MiB more than before", grown / MIB);
}
