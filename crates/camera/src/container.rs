//! A recorded file, opened so that nothing in it can make the library read or hold without end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ffmpeg_next as ffmpeg;
use ffmpeg_next::format::context::{Input, StreamIo};
use ffmpeg_next::{Dictionary, Packet};

use crate::sample_tables;

/// What may be opened, so that a file cannot lead to other files or to the network.
const CONTAINERS: &str = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,dhav,h264,hevc";
/// What is read before a file has said what it holds. The tables of a whole day at 25 pictures a
/// second, with sound, take 60 MB.
const HEAD_BYTES: u64 = 256 << 20;
/// What is read for one packet, with all that lies before it: a picture of 8K that is not packed has
/// 100 MB.
const PACKET_BYTES: u64 = 128 << 20;

/// A container and what may still be read of it.
pub(crate) struct Container {
    input: Input,
    allowance: Arc<Allowance>,
}

impl Container {
    /// # Errors
    /// Why it is none that can be read: English, and no sentence.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let mut file = File::open(path).map_err(|e| e.to_string())?;
        sample_tables::check(&mut file)?;
        file.rewind().map_err(|e| e.to_string())?;
        let allowance = Arc::new(Allowance::new(HEAD_BYTES));
        let bounded = Bounded {
            file,
            allowance: Arc::clone(&allowance),
        };
        // The library guesses some bare streams by the name, and opens nothing by it.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let input = StreamIo::from_read_seek(bounded)
            .and_then(|io| ffmpeg::format::input_from_stream(io, Some(&name), Some(options())));
        match input {
            Ok(input) => Ok(Self { input, allowance }),
            Err(_) if allowance.is_exceeded() => {
                let mib = HEAD_BYTES >> 20;
                Err(format!("after {mib} MiB it has not said what it holds"))
            }
            Err(e) => Err(e.to_string()),
        }
    }

    pub(crate) fn input(&self) -> &Input {
        &self.input
    }

    /// Whether it went on, somewhere, for longer than any picture: for us it ended there. Recorders that
    /// lose power leave hundreds of megabytes of zeros.
    pub(crate) fn is_endless(&self) -> bool {
        self.allowance.is_exceeded()
    }

    /// The next packet of any stream.
    ///
    /// # Errors
    /// What the library says, also at the end.
    pub(crate) fn read(&mut self, packet: &mut Packet) -> Result<(), ffmpeg::Error> {
        self.allowance.renew(PACKET_BYTES);
        packet.read(&mut self.input)
    }
}

fn options() -> Dictionary<'static> {
    let mut options = Dictionary::new();
    options.set("format_whitelist", CONTAINERS);
    // Nothing else is opened: no other protocol, and no file beside this one.
    options.set("protocol_whitelist", "");
    options
}

/// Bytes that may be read until the next renewal.
struct Allowance {
    left: AtomicU64,
    exceeded: AtomicBool,
}

impl Allowance {
    fn new(bytes: u64) -> Self {
        Self {
            left: AtomicU64::new(bytes),
            exceeded: AtomicBool::new(false),
        }
    }

    fn renew(&self, bytes: u64) {
        self.left.store(bytes, Ordering::Relaxed);
    }

    /// How many of so many bytes may be read.
    fn take(&self, wanted: usize) -> usize {
        // One thread opens and reads, never two at a time.
        let left = self.left.load(Ordering::Relaxed);
        let taken = left.min(wanted as u64);
        self.left.store(left - taken, Ordering::Relaxed);
        if taken == 0 && wanted > 0 {
            self.exceeded.store(true, Ordering::Relaxed);
        }
        usize::try_from(taken).unwrap_or(wanted)
    }

    fn is_exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Relaxed)
    }
}

/// A file that ends where its allowance does.
struct Bounded {
    file: File,
    allowance: Arc<Allowance>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = self.allowance.take(buffer.len());
        self.file.read(&mut buffer[..allowed])
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
