//! The relay on a USB plug, whose far end is a pseudo-terminal.

use std::io::Read as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gate::{Actuation, AlarmKind};

use super::board::serial_line;
use super::{raise, relay, until};

#[tokio::test(flavor = "multi_thread")]
async fn one_order_closes_the_contact_and_opens_it_again() {
    let (mut far, near) = serial_line();
    let relay = relay(&format!(
        "driver = \"usb\"\nport = \"{}\"\nchannel = 2\npulse = \"50ms\"",
        near.display()
    ));
    let came: Arc<Mutex<Vec<u8>>> = Arc::default();
    let kept = Arc::clone(&came);
    std::thread::spawn(move || {
        let mut bytes = [0; 16];
        loop {
            match far.read(&mut bytes) {
                Ok(read) => kept.lock().expect("no panic").extend(&bytes[..read]),
                Err(error) if error.raw_os_error() == Some(5) => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(_) => return,
            }
        }
    });
    let relay = relay.open().expect("right");
    relay.begin().await;
    let length = || came.lock().expect("no panic").len();
    until(|| length() == 4, "opened at the start").await;
    assert_eq!(raise(&*relay).await, Ok(Actuation::Raised));
    until(|| length() == 12, "opened again").await;
    let (open, close) = ([0xA0, 2, 0, 0xA2], [0xA0, 2, 1, 0xA3]);
    assert_eq!(
        *came.lock().expect("no panic"),
        [open, close, open].concat()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plug_that_was_pulled_out_is_an_alarm() {
    let relay =
        relay("driver = \"usb\"\nport = \"/dev/no-such-plug\"\ntotal = \"300ms\"\npulse = \"0s\"");
    let alarm = raise(&*relay.open().expect("right"))
        .await
        .expect_err("nobody");
    assert_eq!(alarm.kind, AlarmKind::Unreachable);
}
