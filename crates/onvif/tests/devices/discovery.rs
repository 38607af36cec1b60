//! Who is there.

use std::net::SocketAddr;
use std::time::Duration;

use onvif::{FoundDevice, Search, find};
use tokio::net::UdpSocket;

/// Answers every question with `answers`, from a port of this computer.
async fn responder(answers: Vec<Vec<u8>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let at = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut question = vec![0; 65_535];
        while let Ok((length, from)) = socket.recv_from(&mut question).await {
            let question = String::from_utf8_lossy(&question[..length]).into_owned();
            assert!(question.contains("discovery/Probe<"), "{question}");
            for answer in &answers {
                let _ = socket.send_to(answer, from).await;
            }
        }
    });
    at
}

fn told(endpoint: &str, name: &str, addresses: &str) -> Vec<u8> {
    format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>{endpoint}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/{name} onvif://www.onvif.org/hardware/TCM403</d:Scopes><d:XAddrs>{addresses}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    )
    .into_bytes()
}

async fn found(answers: Vec<Vec<u8>>) -> Vec<FoundDevice> {
    let search = Search {
        wait: Duration::from_millis(900),
        only: Some(responder(answers).await),
    };
    find(&search).await.expect("asked")
}

#[tokio::test]
async fn each_device_is_listed_once_by_the_address_from_which_it_answered() {
    let north = "%E5%8C%97%E9%97%A8";
    let twice =
        "http://169.254.1.1/onvif/device_service http://127.0.0.1:8000/onvif/device_service";
    let found = found(vec![
        told(
            "urn:uuid:2",
            "South",
            "http://192.168.1.65/onvif/device_service",
        ),
        told("urn:uuid:1", north, twice),
        told("urn:uuid:1", north, twice),
    ])
    .await;
    let seen: Vec<_> = found
        .iter()
        .map(|d| (&*d.address, &*d.name, &*d.hardware))
        .collect();
    let wanted = [
        ("127.0.0.1:8000", "北门", "TCM403"),
        ("192.168.1.65", "South", "TCM403"),
    ];
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn garbage_bombs_and_floods_find_nothing_and_hurt_nobody() {
    let deep = ("<a>".repeat(6000) + &"</a>".repeat(6000)).into_bytes();
    let bomb = b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>".to_vec();
    let odd = told(
        "urn:uuid:3",
        "x",
        "javascript:alert(1) http://admin:pw@10.0.0.1/",
    );
    let mut answers = vec![vec![0xff; 60_000], b"HELLO".to_vec(), deep, bomb, odd];
    answers.push(told(
        "urn:uuid:4",
        "real",
        "http://127.0.0.1/onvif/device_service",
    ));
    let found = found(answers).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, "real");
}
