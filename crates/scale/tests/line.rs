//! Indicators on a pseudo-terminal and behind a converter, with real system calls.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::Duration;

use line::{LineSettings, Parity, Port, SerialSettings};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use scale::{
    DeckSettings, IndicatorFormat, IndicatorSettings, IndicatorStatus, LineState, Unit, Weighed,
};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

const LIMIT: Duration = Duration::from_secs(20);

fn settings(port: Port) -> IndicatorSettings {
    IndicatorSettings {
        name: "south".to_owned(),
        line: LineSettings {
            port,
            serial: SerialSettings {
                baud: 9600,
                seven_bits: false,
                parity: Parity::None,
                two_stop_bits: false,
            },
        },
        format: IndicatorFormat::Xk3190(Unit::Kilogram),
        deck: DeckSettings {
            minimum_kg: 1000,
            stable_for: Duration::from_millis(500),
            tolerance_kg: 20,
        },
        silent_after: Duration::from_secs(1),
    }
}

fn frame(kg: i64) -> Vec<u8> {
    let body = format!("{}{:06}0", if kg < 0 { '-' } else { '+' }, kg.abs());
    let check = body.bytes().fold(0, |check, byte| check ^ byte);
    format!("\u{2}{body}{check:02X}\u{3}").into_bytes()
}

/// The indicator's end of a serial line, and the name of ours.
fn serial_line() -> (File, PathBuf) {
    let far: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&far).expect("granted");
    unlockpt(&far).expect("unlocked");
    let name = ptsname(&far, Vec::new()).expect("a name");
    (
        File::from(far),
        PathBuf::from(name.into_string().expect("plain")),
    )
}

struct Following {
    weighed: mpsc::Receiver<Weighed>,
    status: watch::Receiver<IndicatorStatus>,
}

fn follow(settings: IndicatorSettings) -> Following {
    let (to, weighed) = mpsc::channel(8);
    let (tell, status) = watch::channel(IndicatorStatus::default());
    tokio::spawn(scale::follow(settings, to, tell));
    Following { weighed, status }
}

impl Following {
    async fn until(&mut self, state: LineState) {
        let is = self.status.wait_for(|status| status.state == state);
        let waited = tokio::time::timeout(LIMIT, is).await;
        waited
            .unwrap_or_else(|_| panic!("never {state:?}"))
            .expect("follows");
    }
}

/// What the display shows while a vehicle of 49,020 kg comes, stands and leaves, twenty times a
/// second.
fn visit() -> Vec<i64> {
    let show = |kg, times| std::iter::repeat_n(kg, times);
    show(0, 30)
        .chain([8_000, 21_000, 36_000])
        .chain(show(49_020, 30))
        .chain([30_000, 9_000])
        .chain(show(0, 30))
        .collect()
}

const TICK: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread")]
async fn a_vehicle_on_a_serial_line_is_weighed_and_unplugging_is_told() {
    let (mut far, near) = serial_line();
    let mut following = follow(settings(Port::Serial(near.clone())));
    for kg in visit() {
        far.write_all(&frame(kg)).expect("sent");
        tokio::time::sleep(TICK).await;
    }
    let weighed = tokio::time::timeout(LIMIT, following.weighed.recv()).await;
    assert_eq!(weighed.expect("in time").expect("weighed").kg, 49_020);
    assert_eq!(following.status.borrow().counts.bad_frames, 0);
    assert_eq!(following.status.borrow().weighed, 1);

    following.until(LineState::Silent).await;
    let noise = tokio::spawn(async move {
        while far.write_all(b"\x02+04902001").is_ok() {
            tokio::time::sleep(TICK).await;
        }
    });
    following.until(LineState::Garbage).await;
    // Unplugged.
    noise.abort();
    following.until(LineState::Absent).await;
    assert!(!following.status.borrow().words.is_empty());
    assert!(following.weighed.try_recv().is_err(), "weighed once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_converter_that_goes_away_is_found_again_and_the_vehicle_is_still_the_same() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let port: Port = format!("tcp://{address}").parse().expect("a port");
    let mut following = follow(settings(port));
    let shown = visit();
    let standing = 50;
    let (mut line, _) = listener.accept().await.expect("heard");
    for kg in &shown[..standing] {
        line.write_all(&frame(*kg)).await.expect("sent");
        tokio::time::sleep(TICK).await;
    }
    // Cut in the midst of a frame.
    line.write_all(&frame(49_020)[..5]).await.expect("sent");
    drop(line);
    following.until(LineState::Absent).await;
    let (mut line, _) = listener.accept().await.expect("heard again");
    for kg in &shown[standing..] {
        line.write_all(&frame(*kg)).await.expect("sent");
        tokio::time::sleep(TICK).await;
    }
    let weighed = tokio::time::timeout(LIMIT, following.weighed.recv()).await;
    assert_eq!(weighed.expect("in time").expect("weighed").kg, 49_020);
    following.until(LineState::Reading).await;
    let status = following.status.borrow().clone();
    assert_eq!((status.weighed, status.counts.bad_frames), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_without_end_is_told_and_what_is_right_behind_it_is_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let port: Port = format!("tcp://{address}").parse().expect("a port");
    let mut following = follow(settings(port));
    let flood = tokio::spawn(async move {
        loop {
            // Told, the line is opened anew.
            let (mut line, _) = listener.accept().await.expect("heard");
            while line
                .write_all(&[b"\x02", [b'0'; 4096].as_slice()].concat())
                .await
                .is_ok()
            {
                tokio::task::yield_now().await;
            }
        }
    });
    following.until(LineState::Garbage).await;
    assert_eq!(following.status.borrow().counts.frames, 0);
    flood.abort();
    let _ = flood.await;
    let listener = TcpListener::bind(address)
        .await
        .expect("the port is free again");
    let (mut line, _) = listener.accept().await.expect("heard again");
    let show = tokio::spawn(async move {
        while line.write_all(&frame(40)).await.is_ok() {
            tokio::time::sleep(TICK).await;
        }
    });
    following.until(LineState::Reading).await;
    show.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_can_be_listened_to_for_a_while() {
    let (mut far, near) = serial_line();
    let settings = settings(Port::Serial(near));
    let send = std::thread::spawn(move || {
        for _ in 0..20 {
            far.write_all(&frame(-40)).expect("sent");
            std::thread::sleep(TICK);
        }
        far
    });
    let heard = scale::listen(&settings, Duration::from_millis(600)).await;
    let heard = heard.expect("opens");
    assert_eq!(heard.last_kg, Some(-40));
    assert!(heard.counts.frames >= 2, "{heard:?}");
    let far = send.join().expect("sent");
    drop(far);
    assert!(scale::listen(&settings, TICK).await.is_err(), "gone");
}
