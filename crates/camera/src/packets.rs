//! The compressed stream as it arrives, for whoever keeps it. What is decoded is taken from the same
//! connection: a camera has one session, and many of them serve no second.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use frame::{ClockSource, MonoTime};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::Codec;

/// What may wait for one reader: eight seconds of 32 Mbit/s. Behind that its disk can't keep up.
const MOST_WAITING_BYTES: usize = 32 << 20;

/// How the pictures of a stream are coded, from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// H.264 or H.265.
    pub codec: Codec,
    /// Width as shown, in pixels.
    pub width: u32,
    /// Height as shown, in pixels.
    pub height: u32,
    /// The `avc1` or `hvc1` box of ISO/IEC 14496-15 with its parameter sets.
    pub sample_entry: Bytes,
    /// The coding as RFC 6381 says it, for a browser: `avc1.64001f`.
    pub rfc6381: String,
    /// Ticks of [`AccessUnit::pts`] in a second.
    pub ticks_hz: u32,
}

/// One compressed picture, in the order in which pictures are decoded.
#[derive(Debug, Clone)]
pub struct AccessUnit {
    /// Annex B, with the parameter sets before a key picture.
    pub data: Bytes,
    /// When it is shown, in ticks of the format from an arbitrary origin. It goes on from unit to unit of
    /// a session and may start anywhere in the next.
    pub pts: i64,
    /// Decoding can begin here.
    pub key: bool,
    /// When it was taken, by the monotonic clock of all cameras.
    pub at: MonoTime,
    /// When it was taken.
    pub captured: Timestamp,
    /// By which clock.
    pub clock: ClockSource,
    /// Packets that were lost on the way just before it.
    pub lost: u32,
}

/// What comes along a stream.
#[derive(Debug, Clone)]
pub enum Packet {
    /// A connection begins, or its coding changes. The next unit is a key picture.
    Begin(Arc<Format>),
    /// A picture.
    Unit(AccessUnit),
    /// This reader was too slow: so many units are missing here. The next unit is a key picture.
    Missed(u64),
    /// The connection is over, for this reason (English, for the log).
    End(Arc<str>),
}

impl Packet {
    fn bytes(&self) -> usize {
        match self {
            Self::Unit(unit) => unit.data.len(),
            _ => 0,
        }
    }
}

/// A camera's compressed stream, to be read from the beginning of its next group of pictures. Kept by
/// whoever may want to read, whether or not anybody does.
#[derive(Debug, Clone, Default)]
pub struct Stream(Arc<Mutex<Fan>>);

#[derive(Debug, Default)]
struct Fan {
    format: Option<Arc<Format>>,
    readers: Vec<Weak<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    ready: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Packet>,
    bytes: usize,
    /// Units thrown away since the queue was full; they are told with the next key picture.
    missed: u64,
    wants_key: bool,
    closed: bool,
}

/// Reads a [`Stream`] in order.
#[derive(Debug)]
pub struct Packets(Arc<Shared>);

impl Stream {
    /// Reads from the next key picture on.
    #[must_use]
    pub fn read(&self) -> Packets {
        let mut fan = lock(&self.0);
        let mut queue = Queue {
            wants_key: true,
            ..Queue::default()
        };
        queue.waiting.extend(fan.format.clone().map(Packet::Begin));
        let shared = Arc::new(Shared {
            queue: Mutex::new(queue),
            ready: Notify::new(),
        });
        fan.readers.push(Arc::downgrade(&shared));
        Packets(shared)
    }

    pub(crate) fn begin(&self, format: Format) {
        let mut fan = lock(&self.0);
        if fan.format.as_deref() == Some(&format) {
            return;
        }
        let format = Arc::new(format);
        fan.format = Some(Arc::clone(&format));
        fan.tell(&Packet::Begin(format));
    }

    pub(crate) fn has_format(&self) -> bool {
        lock(&self.0).format.is_some()
    }

    pub(crate) fn unit(&self, unit: AccessUnit) {
        let mut fan = lock(&self.0);
        if fan.format.is_some() {
            fan.tell(&Packet::Unit(unit));
        }
    }

    /// The connection is over; the next one says its format anew.
    pub(crate) fn end(&self, reason: &str) {
        let mut fan = lock(&self.0);
        if fan.format.take().is_some() {
            fan.tell(&Packet::End(Arc::from(reason)));
        }
    }

    /// Nothing will come any more.
    pub(crate) fn close(&self) {
        for reader in std::mem::take(&mut lock(&self.0).readers) {
            if let Some(shared) = reader.upgrade() {
                lock(&shared.queue).closed = true;
                shared.ready.notify_one();
            }
        }
    }
}

impl Fan {
    fn tell(&mut self, packet: &Packet) {
        self.readers.retain(|reader| {
            let Some(shared) = reader.upgrade() else {
                return false;
            };
            lock(&shared.queue).push(packet);
            shared.ready.notify_one();
            true
        });
    }
}

impl Queue {
    fn push(&mut self, packet: &Packet) {
        let Packet::Unit(unit) = packet else {
            // Few, and without them nothing after can be understood.
            self.wants_key |= matches!(packet, Packet::Begin(_));
            return self.waiting.push_back(packet.clone());
        };
        let full = self.bytes + unit.data.len() > MOST_WAITING_BYTES;
        if full || (self.wants_key && !unit.key) {
            // Before the first key picture nothing is missed.
            self.missed += u64::from(full || self.missed > 0);
            self.wants_key = true;
            return;
        }
        self.wants_key = false;
        if self.missed > 0 {
            let missed = Packet::Missed(std::mem::take(&mut self.missed));
            self.waiting.push_back(missed);
        }
        self.bytes += packet.bytes();
        self.waiting.push_back(packet.clone());
    }
}

impl Packets {
    /// What comes next; `None` when the camera was stopped. Can be dropped while waiting without losing
    /// anything.
    pub async fn next(&mut self) -> Option<Packet> {
        loop {
            let ready = self.0.ready.notified();
            {
                let mut queue = lock(&self.0.queue);
                if let Some(packet) = queue.waiting.pop_front() {
                    queue.bytes -= packet.bytes();
                    return Some(packet);
                }
                if queue.closed {
                    return None;
                }
            }
            ready.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing here can be left half done by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(width: u32) -> Format {
        Format {
            codec: Codec::H264,
            width,
            height: 720,
            sample_entry: Bytes::new(),
            rfc6381: "avc1.64001f".to_owned(),
            ticks_hz: 90_000,
        }
    }

    fn unit(pts: i64, key: bool, bytes: usize) -> AccessUnit {
        AccessUnit {
            data: Bytes::from(vec![0; bytes]),
            pts,
            key,
            at: MonoTime::default(),
            captured: Timestamp::UNIX_EPOCH,
            clock: ClockSource::Arrival,
            lost: 0,
        }
    }

    async fn told(packets: &mut Packets, count: usize) -> Vec<String> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(match packets.next().await.expect("open") {
                Packet::Begin(format) => format!("begin {}", format.width),
                Packet::Unit(unit) => format!("unit {}", unit.pts),
                Packet::Missed(units) => format!("missed {units}"),
                Packet::End(reason) => format!("end: {reason}"),
            });
        }
        all
    }

    #[tokio::test]
    async fn a_reader_that_comes_late_begins_with_the_next_key_picture() {
        let stream = Stream::default();
        stream.begin(format(1280));
        stream.unit(unit(1, true, 9));
        let mut packets = stream.read();
        stream.unit(unit(2, false, 9));
        stream.unit(unit(3, true, 9));
        stream.unit(unit(4, false, 9));
        stream.end("the camera closed the connection");
        // What belongs to no connection is passed on to nobody.
        stream.unit(unit(5, true, 9));
        stream.begin(format(1920));
        stream.unit(unit(6, false, 9));
        stream.unit(unit(7, true, 9));
        stream.close();
        assert_eq!(
            told(&mut packets, 6).await,
            [
                "begin 1280",
                "unit 3",
                "unit 4",
                "end: the camera closed the connection",
                "begin 1920",
                "unit 7"
            ]
        );
        assert!(packets.next().await.is_none());
    }

    #[tokio::test]
    async fn a_slow_reader_is_told_what_it_missed_and_goes_on_with_a_key_picture() {
        let stream = Stream::default();
        let mut packets = stream.read();
        stream.begin(format(1280));
        stream.unit(unit(1, true, MOST_WAITING_BYTES - 1));
        stream.unit(unit(2, false, 9));
        stream.unit(unit(3, false, 9));
        assert_eq!(told(&mut packets, 2).await, ["begin 1280", "unit 1"]);
        stream.unit(unit(4, false, 9));
        stream.unit(unit(5, true, 9));
        assert_eq!(told(&mut packets, 2).await, ["missed 3", "unit 5"]);
    }
}
