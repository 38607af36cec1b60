//! A relay board on a Modbus line, written down from the protocol and not from the driver: it counts how
//! often each contact closed, and misbehaves on request.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What the board does wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Does it, and says nothing.
    Mute,
    /// Neither does it nor says anything.
    Deaf,
    /// Does not do it, and says why.
    Exception(u8),
    /// Does it, and says half of its answer.
    Half,
    /// Does it, and answers with bytes that are no frame.
    Noise,
    /// Does it, and answers as another device.
    OtherUnit,
    /// Does it, and answers for another coil.
    OtherCoil,
    /// Does it, and cuts the line (TCP only).
    Cut,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) coils: [bool; 16],
    /// How often each contact closed.
    pub(crate) closings: [u32; 16],
    pub(crate) inputs: [bool; 16],
    /// Requests that were understood.
    pub(crate) requests: u32,
    /// Requests that came while the board was still at the one before.
    pub(crate) overtaken: u32,
    pub(crate) registers: Vec<(u16, u16)>,
    /// For the next writes, one each.
    pub(crate) faults: Vec<Fault>,
    /// For every request, until it is taken back.
    pub(crate) always: Option<Fault>,
    /// How long each request takes.
    pub(crate) takes: Duration,
    cuts: bool,
}

/// A board; clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Board(Arc<Mutex<State>>);

impl Board {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no panic")
    }

    /// Listens on TCP for as long as the test runs.
    pub(crate) fn on_tcp(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let board = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let board = board.clone();
                std::thread::spawn(move || board.serve_tcp(stream));
            }
        });
        address
    }

    /// Sits at the far end of a serial line; gives the name of the near one.
    pub(crate) fn on_serial(&self) -> PathBuf {
        let (far, near) = serial_line();
        let board = self.clone();
        std::thread::spawn(move || board.serve_serial(far));
        near
    }

    fn serve_tcp(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut head = [0; 7];
        while stream.read_exact(&mut head).is_ok() {
            let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
            assert!((2..=254).contains(&length), "{head:?}");
            let mut pdu = vec![0; length - 1];
            if stream.read_exact(&mut pdu).is_err() {
                return;
            }
            let frame = |unit: u8, answer: &[u8]| {
                let length = u16::try_from(answer.len() + 1)
                    .expect("short")
                    .to_be_bytes();
                let mut all = vec![head[0], head[1], 0, 0, length[0], length[1], unit];
                all.extend(answer);
                all
            };
            let answer = self.handle(head[6], &pdu, &frame);
            let _ = stream.set_nonblocking(true);
            let mut one = [0];
            if matches!(stream.peek(&mut one), Ok(1)) {
                self.state().overtaken += 1;
            }
            let _ = stream.set_nonblocking(false);
            match answer {
                Some(bytes) if stream.write_all(&bytes).is_ok() => {}
                Some(_) => return,
                None if self.cuts() => return,
                None => {}
            }
        }
    }

    fn cuts(&self) -> bool {
        std::mem::take(&mut self.state().cuts)
    }

    fn serve_serial(&self, mut far: File) {
        let mut kept: Vec<u8> = Vec::new();
        let mut bytes = [0; 64];
        loop {
            match far.read(&mut bytes) {
                Ok(read) => kept.extend(&bytes[..read]),
                // Nobody has the near end open.
                Err(error) if error.raw_os_error() == Some(5) => {
                    kept.clear();
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return,
            }
            // Every request that is known here has eight bytes.
            while kept.len() >= 8 {
                let (frame, sum) = (&kept[..6], [kept[6], kept[7]]);
                if crc(frame).to_le_bytes() != sum {
                    kept.remove(0);
                    continue;
                }
                let request: Vec<u8> = kept.drain(..8).collect();
                let framed = |unit: u8, answer: &[u8]| {
                    let mut all = vec![unit];
                    all.extend(answer);
                    let sum = crc(&all).to_le_bytes();
                    all.extend(sum);
                    all
                };
                let answer = self.handle(request[0], &request[1..6], &framed);
                if !kept.is_empty() {
                    self.state().overtaken += 1;
                }
                if let Some(answer) = answer {
                    let _ = far.write_all(&answer);
                }
            }
        }
    }

    /// Does what is asked; gives the bytes to answer.
    fn handle(
        &self,
        unit: u8,
        pdu: &[u8],
        frame: &dyn Fn(u8, &[u8]) -> Vec<u8>,
    ) -> Option<Vec<u8>> {
        let takes = self.state().takes;
        std::thread::sleep(takes);
        let mut state = self.state();
        state.requests += 1;
        let number = u16::from_be_bytes([pdu[1], pdu[2]]);
        let value = u16::from_be_bytes([pdu[3], pdu[4]]);
        let is_write = matches!(pdu[0], 5 | 6);
        let fault = match state.always {
            None if is_write && !state.faults.is_empty() => Some(state.faults.remove(0)),
            always => always,
        };
        match fault {
            Some(Fault::Deaf) => return None,
            Some(Fault::Exception(code)) => return Some(frame(unit, &[pdu[0] | 0x80, code])),
            _ => {}
        }
        let at = usize::from(number);
        let answer = match pdu[0] {
            1 | 2 => {
                let levels = if pdu[0] == 1 {
                    state.coils
                } else {
                    state.inputs
                };
                let levels = &levels[at..at + usize::from(value)];
                let mut packed = vec![0; levels.len().div_ceil(8)];
                for (i, level) in levels.iter().enumerate() {
                    packed[i / 8] |= u8::from(*level) << (i % 8);
                }
                let mut answer = vec![pdu[0], u8::try_from(packed.len()).expect("few")];
                answer.extend(packed);
                answer
            }
            5 => {
                let closed = value == 0xFF00;
                if closed && !state.coils[at] {
                    state.closings[at] += 1;
                }
                state.coils[at] = closed;
                pdu.to_vec()
            }
            6 => {
                state.registers.push((number, value));
                pdu.to_vec()
            }
            other => vec![other | 0x80, 1],
        };
        match fault {
            Some(Fault::Mute) => None,
            Some(Fault::Half) => Some(frame(unit, &answer)[..4].to_vec()),
            Some(Fault::Noise) => Some(vec![0x5A, 0x00, 0xFF, 0x13, 0x80, 0x77, 0x01, 0x05, 0x99]),
            Some(Fault::OtherUnit) => Some(frame(unit.wrapping_add(1), &answer)),
            Some(Fault::OtherCoil) => {
                let mut other = answer;
                other[2] = other[2].wrapping_add(1);
                Some(frame(unit, &other))
            }
            Some(Fault::Cut) => {
                state.cuts = true;
                None
            }
            _ => Some(frame(unit, &answer)),
        }
    }
}

/// The device's end of a serial line, and the name of ours.
pub(crate) fn serial_line() -> (File, PathBuf) {
    let far: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&far).expect("granted");
    unlockpt(&far).expect("unlocked");
    let name = ptsname(&far, Vec::new()).expect("a name");
    let name = name.into_string().expect("plain");
    (File::from(far), PathBuf::from(name))
}

/// CRC-16 of Modbus over serial line V1.02, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| match crc & 1 {
            1 => (crc >> 1) ^ 0xA001,
            _ => crc >> 1,
        })
    })
}
