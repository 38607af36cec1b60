//! Lines over a pseudo-terminal and over TCP, with real system calls.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use line::{Backoff, Dialer, Line, LineSettings, Parity, Port, SerialSettings};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{ControlModes, InputModes, LocalModes, tcgetattr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const LIMIT: Duration = Duration::from_secs(20);

fn line(port: Port) -> LineSettings {
    LineSettings {
        port,
        // A pseudo-terminal has eight bits and no parity, whatever it is told.
        serial: SerialSettings {
            baud: 4800,
            seven_bits: false,
            parity: Parity::None,
            two_stop_bits: true,
        },
    }
}

/// The device's end of a serial line, and the name of ours.
fn serial_line() -> (File, PathBuf) {
    let far: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&far).expect("granted");
    unlockpt(&far).expect("unlocked");
    let name = ptsname(&far, Vec::new()).expect("a name");
    let name = name.into_string().expect("plain");
    (File::from(far), PathBuf::from(name))
}

async fn read(line: &mut Line) -> Vec<u8> {
    let mut bytes = [0; 64];
    let read = tokio::time::timeout(LIMIT, line.read(&mut bytes)).await;
    let read = read.expect("in time").expect("read");
    bytes[..read].to_vec()
}

#[tokio::test]
async fn a_serial_line_carries_bytes_both_ways_as_they_are() {
    let (mut far, near) = serial_line();
    let mut line = line(Port::Serial(near)).open().await.expect("opens");
    // Control characters, and line ends of both sorts.
    far.write_all(b"\x03\x04\r\n\x11\x13").expect("sent");
    assert_eq!(read(&mut line).await, b"\x03\x04\r\n\x11\x13");
    line.write_all(b"\x01\r\n").await.expect("sent");
    line.flush().await.expect("flushed");
    let mut came = [0; 3];
    far.read_exact(&mut came).expect("came");
    assert_eq!(&came, b"\x01\r\n");
}

#[tokio::test]
async fn a_serial_line_is_set_as_it_is_configured() {
    let (far, near) = serial_line();
    let _line = line(Port::Serial(near)).open().await.expect("opens");
    let set = tcgetattr(&far).expect("its settings");
    assert_eq!(set.input_speed(), 4800);
    assert!(set.control_modes.contains(ControlModes::CSTOPB));
    assert!(
        !set.input_modes.contains(InputModes::IXON),
        "no flow control"
    );
    assert!(!set.local_modes.contains(LocalModes::ECHO), "raw");
}

#[tokio::test]
async fn a_serial_line_has_one_reader() {
    let (_far, near) = serial_line();
    let settings = line(Port::Serial(near.clone()));
    let first = settings.open().await.expect("opens");
    // The claim does not bind the system's administrator, as whom tests may run.
    if !rustix::process::geteuid().is_root() {
        assert!(settings.open().await.is_err(), "in use");
    }
    drop(first);
    settings.open().await.expect("free again");
}

#[tokio::test]
async fn a_converter_is_a_line_as_well() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let port: Port = format!("tcp://{address}").parse().expect("a port");
    let mut line = line(port).open().await.expect("opens");
    let (mut far, _) = listener.accept().await.expect("came");
    far.write_all(b"+0490200").await.expect("sent");
    assert_eq!(read(&mut line).await, b"+0490200");
    line.write_all(b"ok").await.expect("sent");
    let mut came = [0; 2];
    far.read_exact(&mut came).await.expect("came");
    assert_eq!(&came, b"ok");
    drop(far);
    assert!(read(&mut line).await.is_empty(), "ended");
}

#[tokio::test]
async fn a_dialer_waits_longer_and_longer_until_the_line_works() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let port: Port = format!("tcp://{address}").parse().expect("a port");
    let first = Duration::from_millis(40);
    let backoff = Backoff {
        first,
        longest: first * 8,
    };
    let mut dialer = Dialer::new(line(port), backoff);
    let pause = async |dialer: &mut Dialer| {
        let before = Instant::now();
        dialer.pause().await;
        before.elapsed()
    };
    for whole in [first, first * 2, first * 4, first * 8, first * 8] {
        assert!(dialer.open().await.is_err(), "nobody is there");
        assert!(pause(&mut dialer).await >= whole / 2);
    }
    let listener = TcpListener::bind(address).await.expect("the same port");
    dialer.open().await.expect("opens");
    listener.accept().await.expect("came");
    assert!(pause(&mut dialer).await >= first * 4, "it only opened");
    dialer.works();
    dialer.pause().await;
}
