//! Pictures in RTP packets (RFC 6184, RFC 7798), as a camera sends them over TCP.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Longest payload of a packet.
const MTU: usize = 1300;
/// Payload type of all our files.
const PAYLOAD_TYPE: u8 = 96;
const CLOCK_HZ: u32 = 90_000;

/// A clip, cut into access units and these into NAL units.
pub(crate) struct Payload {
    h265: bool,
    units: Vec<Vec<Vec<u8>>>,
}

/// Where a stream of packets is.
pub(crate) struct Position {
    unit: usize,
    sequence: u16,
    timestamp: u32,
}

impl Payload {
    /// Reads an Annex B file in which a delimiter begins each access unit.
    pub(crate) fn read(path: &Path, h265: bool) -> Self {
        let bytes = std::fs::read(path).expect("a clip");
        let starts: Vec<usize> = (0..bytes.len().saturating_sub(3))
            .filter(|&i| bytes[i..].starts_with(&[0, 0, 1]))
            .collect();
        let mut payload = Self {
            h265,
            units: Vec::new(),
        };
        for (n, start) in starts.iter().enumerate() {
            let end = starts.get(n + 1).copied().unwrap_or(bytes.len());
            let mut nal = &bytes[start + 3..end];
            while let [rest @ .., 0] = nal {
                nal = rest;
            }
            if payload.kind(nal) == if h265 { 35 } else { 9 } {
                payload.units.push(Vec::new());
            } else if let Some(unit) = payload.units.last_mut() {
                unit.push(nal.to_vec());
            }
        }
        assert!(payload.units.len() > 10, "{}", path.display());
        payload
    }

    fn kind(&self, nal: &[u8]) -> u8 {
        if self.h265 {
            (nal[0] >> 1) & 63
        } else {
            nal[0] & 31
        }
    }

    /// The first parameter set of this kind, in base64.
    pub(crate) fn parameter_set(&self, kind: u8) -> String {
        let mut nals = self.units.iter().flatten();
        let found = nals.find(|nal| self.kind(nal) == kind);
        STANDARD.encode(found.expect("a parameter set"))
    }

    pub(crate) fn begin(&self, unit: usize) -> Position {
        Position {
            unit,
            sequence: 4711,
            timestamp: 90_000,
        }
    }

    /// The packets of the next picture, each within its interleaved frame. At the end of the clip it
    /// goes on with the picture of number `again`.
    pub(crate) fn next(&self, at: &mut Position, channel: u8, again: usize) -> Vec<u8> {
        let unit = &self.units[at.unit];
        let mut out = Vec::new();
        for (n, nal) in unit.iter().enumerate() {
            let last = n + 1 == unit.len();
            if nal.len() <= MTU {
                packet(&mut out, at, channel, last, &[nal]);
            } else {
                self.fragments(&mut out, at, channel, last, nal);
            }
        }
        at.unit = if at.unit + 1 == self.units.len() {
            again
        } else {
            at.unit + 1
        };
        at.timestamp = at.timestamp.wrapping_add(CLOCK_HZ / 15);
        out
    }

    fn fragments(&self, out: &mut Vec<u8>, at: &mut Position, channel: u8, last: bool, nal: &[u8]) {
        let (head, size) = if self.h265 {
            (vec![(nal[0] & 0x81) | (49 << 1), nal[1]], 2)
        } else {
            (vec![(nal[0] & 0xe0) | 28], 1)
        };
        let parts = nal[size..].chunks(MTU);
        let count = parts.len();
        for (n, part) in parts.enumerate() {
            let (first, end) = (n == 0, n + 1 == count);
            let flags = u8::from(first) << 7 | u8::from(end) << 6 | self.kind(nal);
            packet(out, at, channel, last && end, &[&head, &[flags], part]);
        }
    }
}

fn packet(out: &mut Vec<u8>, at: &mut Position, channel: u8, mark: bool, payload: &[&[u8]]) {
    let length = 12 + payload.iter().map(|part| part.len()).sum::<usize>();
    out.extend([b'$', channel]);
    out.extend(u16::try_from(length).expect("short").to_be_bytes());
    out.extend([0x80, u8::from(mark) << 7 | PAYLOAD_TYPE]);
    out.extend(at.sequence.to_be_bytes());
    out.extend(at.timestamp.to_be_bytes());
    out.extend(0x1234_abcd_u32.to_be_bytes());
    for part in payload {
        out.extend_from_slice(part);
    }
    at.sequence = at.sequence.wrapping_add(1);
}
