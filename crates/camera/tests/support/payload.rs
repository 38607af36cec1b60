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
    source: u32,
    /// Pictures that were sent.
    sent: usize,
}

/// What is wrong with every tenth picture's packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// Each packet comes twice.
    Repeated,
    /// All of them come once more after the last.
    SentAgain,
    /// Numbers that nothing was sent under.
    Skipped,
    /// Numbers begin anew far behind.
    SetBack,
    /// Numbers begin anew just behind, as an encoder does that restarts after a few packets.
    SetBackALittle,
    /// Another source with numbers and times of its own.
    NewSource,
    /// The second half is never sent, and the numbers do not tell.
    Halved,
    /// The end of a picture is not marked, and half its packets hold rubbish.
    Damaged,
}

impl Oddity {
    /// As a file tells it.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "repeated" => Self::Repeated,
            "sent again" => Self::SentAgain,
            "skipped" => Self::Skipped,
            "set back" => Self::SetBack,
            "set back a little" => Self::SetBackALittle,
            "new source" => Self::NewSource,
            "halved" => Self::Halved,
            "damaged" => Self::Damaged,
            other => panic!("no oddity {other:?}"),
        }
    }

    fn before(self, at: &mut Position) {
        match self {
            Self::Skipped => at.sequence = at.sequence.wrapping_add(300),
            Self::SetBack => at.sequence = at.sequence.wrapping_sub(20_000),
            Self::SetBackALittle => at.sequence = at.sequence.wrapping_sub(12),
            Self::NewSource => {
                at.source = at.source.wrapping_add(0x0101);
                at.sequence = at.sequence.wrapping_mul(7);
                at.timestamp = at.timestamp.wrapping_add(1 << 30);
            }
            _ => {}
        }
    }

    /// Changes the packets of a picture, each behind its four bytes of interleaving.
    fn apply(self, packets: &[u8]) -> Vec<u8> {
        let mut each = Vec::new();
        let mut rest = packets;
        while let [_, _, high, low, ..] = *rest {
            let (one, others) = rest.split_at(4 + usize::from(u16::from_be_bytes([high, low])));
            each.push(one.to_vec());
            rest = others;
        }
        let half = each.len().div_ceil(2);
        match self {
            Self::Repeated => each = each.into_iter().flat_map(|p| [p.clone(), p]).collect(),
            Self::SentAgain => each.extend(each.clone()),
            Self::Halved => each.truncate(half),
            Self::Damaged => {
                for packet in each.iter_mut().skip(half) {
                    packet[5] &= 0x7f;
                    packet[16..].fill(0xff);
                }
            }
            _ => {}
        }
        each.concat()
    }
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
            source: 0x1234_abcd,
            sent: 0,
        }
    }

    /// The packets of the next picture, and of every tenth with something odd.
    pub(crate) fn odd(
        &self,
        at: &mut Position,
        channel: u8,
        again: usize,
        oddity: Option<Oddity>,
    ) -> Vec<u8> {
        let oddity = oddity.filter(|_| at.sent % 10 == 9);
        if let Some(oddity) = oddity {
            oddity.before(at);
        }
        at.sent += 1;
        let packets = self.next(at, channel, again);
        oddity.map_or(packets.clone(), |oddity| oddity.apply(&packets))
    }

    /// The packets of the next picture, each within its interleaved frame. At the end of the clip it
    /// goes on with the picture of number `again`.
    fn next(&self, at: &mut Position, channel: u8, again: usize) -> Vec<u8> {
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
    out.extend(at.source.to_be_bytes());
    for part in payload {
        out.extend_from_slice(part);
    }
    at.sequence = at.sequence.wrapping_add(1);
}
