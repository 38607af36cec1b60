//! A camera that answers anything: the input is what it says, an answer for each request between
//! lines of `===`, the last one with its pictures. The connection ends, and its password is shown to
//! nobody.
#![no_main]

use std::time::Duration;

use camera::{Address, CameraStatus, Login, Secret};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const PASSWORD: &str = "geheim-26";
const BETWEEN: &[u8] = b"\n===\n";

thread_local! {
    /// Where all wait for each other, time jumps to the end of the first wait.
    static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
}

fuzz_target!(|bytes: &[u8]| {
    RUNTIME.with(|runtime| {
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let url = format!("rtsp://127.0.0.1:{port}/main");
        let (address, _) = Address::parse(&url).expect("an address");
        let login = Login {
            user: "admin".to_owned(),
            password: Secret::new(PASSWORD),
        };
        let (status, reason, state, (_, received)) = runtime.block_on(async {
            let session = camera::fuzzing::session(address, Some(login));
            tokio::select! {
                ended = session => ended,
                () = answer_all(&listener, bytes) => unreachable!("it waits for ever"),
            }
        });
        assert_ne!(status, CameraStatus::Live);
        let shown = format!("{reason} {state:?}");
        assert!(!shown.contains(PASSWORD), "{shown}");
        assert!(reason.chars().count() < 1000, "{}", reason.chars().count());
        assert!(received <= 64 * (bytes.len() + 4096));
    });
});

/// Whoever calls gets all of it from the beginning.
async fn answer_all(listener: &TcpListener, bytes: &[u8]) {
    loop {
        if let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            let _ = tokio::time::timeout(Duration::from_secs(2), answers(&mut stream, bytes)).await;
        }
    }
}

async fn answers(stream: &mut TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    let mut request = [0; 4096];
    loop {
        if stream.read(&mut request).await? == 0 {
            return Ok(());
        }
        let end = bytes
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN);
        let (answer, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        stream.write_all(answer).await?;
        if end.is_none() {
            return stream.shutdown().await;
        }
        bytes = &rest[BETWEEN.len()..];
    }
}
