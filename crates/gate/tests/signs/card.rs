//! A parking card, written down from its protocol and not from the driver.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use encoding_rs::GB18030;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What the card does with what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    #[default]
    Fine,
    /// Shows it and does not answer.
    Mute,
    /// Refuses it.
    Refusing,
    /// Answers with noise.
    Noisy,
}

/// What stands on a card.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) lines: [String; 4],
    /// Red, green and blue of each line.
    pub(crate) colors: [[u8; 3]; 4],
    pub(crate) scrolls: [bool; 4],
    pub(crate) packets: u32,
    pub(crate) mood: Mood,
}

/// A card; clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Card(Arc<Mutex<Shown>>);

impl Card {
    pub(crate) fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().expect("no panic")
    }

    pub(crate) fn on_tcp(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let card = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let card = card.clone();
                std::thread::spawn(move || card.serve(stream, true));
            }
        });
        address
    }

    pub(crate) fn on_serial(&self) -> PathBuf {
        let far: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&far).expect("granted");
        unlockpt(&far).expect("unlocked");
        let name = ptsname(&far, Vec::new()).expect("a name");
        let card = self.clone();
        std::thread::spawn(move || card.serve(File::from(far), false));
        PathBuf::from(name.into_string().expect("plain"))
    }

    fn serve(&self, mut wire: impl Read + Write, ends: bool) {
        let mut kept: Vec<u8> = Vec::new();
        let mut bytes = [0; 256];
        loop {
            match wire.read(&mut bytes) {
                Ok(0) if ends => return,
                Ok(read) => kept.extend(&bytes[..read]),
                Err(_) if ends => return,
                // Nobody has the near end open.
                Err(_) => std::thread::sleep(Duration::from_millis(2)),
            }
            while kept.len() >= 8 && kept.len() >= 8 + usize::from(kept[5]) {
                let packet: Vec<u8> = kept.drain(..8 + usize::from(kept[5])).collect();
                if let Some(answer) = self.take(&packet) {
                    let _ = wire.write_all(&answer);
                }
            }
        }
    }

    fn take(&self, packet: &[u8]) -> Option<Vec<u8>> {
        let (body, sum) = packet.split_at(packet.len() - 2);
        assert_eq!(
            sum,
            crc(body).to_le_bytes(),
            "the sum is wrong: {packet:02X?}"
        );
        assert_eq!(packet[1..5], [0x64, 0xFF, 0xFF, 0x62]);
        let data = &body[6..];
        let length = usize::from(u16::from_le_bytes([data[17], data[18]]));
        assert_eq!(
            data.len(),
            19 + length,
            "the text has the length that it names"
        );
        let mut shown = self.shown();
        shown.packets += 1;
        let line = usize::from(data[0]);
        if shown.mood != Mood::Refusing {
            shown.lines[line] = GB18030.decode(&data[19..]).0.into_owned();
            shown.colors[line] = [data[9], data[10], data[11]];
            shown.scrolls[line] = data[1] == 0x15;
        }
        let mut answer = vec![packet[0], 0x64, 0xFF, 0xFF, 0x62, 1];
        answer.push(u8::from(shown.mood == Mood::Refusing));
        answer.extend(crc(&answer).to_le_bytes());
        match shown.mood {
            Mood::Mute => None,
            Mood::Noisy => Some(vec![0x64, 0x00, 0xFF, 0x62, 0x13, 0x37]),
            Mood::Fine | Mood::Refusing => Some(answer),
        }
    }
}

fn crc(bytes: &[u8]) -> u16 {
    let mut crc = 0xFFFF_u16;
    for byte in bytes {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc >>= 1;
            if low == 1 {
                crc ^= 0xA001;
            }
        }
    }
    crc
}
