//! The status pages over real HTTP, with a token and without.
#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use ledger::{Handle, Options, Writer};
use listener::{KeptBack, Listener, OpenFiles};
use secret::Secret;
use status::{Status, serve_pages};
use words::Language;

fn asked(address: SocketAddr, header: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let ask = format!("GET /metrics HTTP/1.1\r\nHost: x\r\n{header}Connection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_only_whoever_shows_it_sees_the_status_pages() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::open(folder.path(), Options::default()).unwrap();
    let (ledger, _thread) = Handle::start(writer).unwrap();
    let files = OpenFiles::raised().divide(KeptBack::default(), 1);
    for token in [None, Some(Secret::new("0123456789abcdef"))] {
        let free = ([127, 0, 0, 1], 0).into();
        let listener = Listener::bind(free, &files).await.unwrap();
        let address = listener.address();
        let asks = token.is_some();
        let status = Arc::<Status>::default();
        let serving = serve_pages(listener, status, ledger.clone(), Language::En, token);
        let page = tokio::task::spawn_blocking(move || {
            [
                "",
                "Authorization: Bearer wrong\r\n",
                "Authorization: Bearer 0123456789abcdef\r\n",
            ]
            .map(|header| asked(address, header))
        });
        let pages = page.await.unwrap();
        let answers =
            pages.map(|page| page.starts_with("HTTP/1.1 200") && page.contains("menjin_"));
        assert_eq!(answers, [!asks, !asks, true]);
        serving.abort();
    }
}
