//! What the tables of an MP4 promise, looked at before the library believes them (ISO/IEC 14496-12).
//!
//! A table of samples of one size, or a run that goes by defaults, has no byte for each of them: a file of
//! a kilobyte may promise 85 million, for each of which the library makes 24 bytes.

use std::io::{self, BufReader, Read, Seek};

/// Pictures and blocks of sound that a file may list: a day of 50 pictures a second with AAC has 8.4
/// million.
const MOST_SAMPLES: u64 = 10_000_000;
/// Boxes that are looked at: a day in fragments of half a second has 900,000.
const MOST_BOXES: u32 = 4_000_000;
/// Sound that is not coded: 8,000 samples a second and more, one a tick.
const PCM: [&[u8; 4]; 9] = [
    b"ulaw", b"alaw", b"sowt", b"twos", b"in24", b"in32", b"lpcm", b"ipcm", b"fpcm",
];
/// Boxes within boxes; those that matter are five deep.
const DEEPEST: u32 = 10;

/// Whether `file`, from its beginning, promises no more than it can hold. What is no MP4 promises
/// nothing.
///
/// # Errors
/// What is wrong with it: English, and no sentence.
pub(crate) fn check(file: &mut (impl Read + Seek)) -> Result<(), String> {
    let length = file.seek(io::SeekFrom::End(0)).map_err(|e| e.to_string())?;
    file.rewind().map_err(|e| e.to_string())?;
    let mut tables = Tables {
        file: BufReader::with_capacity(512, file),
        samples: 0,
        boxes: 0,
        track: Track::default(),
        most: MOST_SAMPLES.min(length),
    };
    // A file that ends early is the library's to name.
    match tables.boxes(0, length, 0) {
        Ok(()) | Err(Found::End) => Ok(()),
        Err(Found::Bad(reason)) => Err(reason.to_owned()),
    }
}

enum Found {
    Bad(&'static str),
    End,
}

impl From<io::Error> for Found {
    fn from(_: io::Error) -> Self {
        Self::End
    }
}

struct Tables<R> {
    file: BufReader<R>,
    samples: u64,
    boxes: u32,
    track: Track,
    most: u64,
}

/// What was seen of the track at hand.
#[derive(Default)]
struct Track {
    is_sound: bool,
    is_pcm: bool,
    /// Each sample lasts one tick of the track's clock.
    is_even: bool,
    /// Samples that were not counted: of sound that is not coded the library makes blocks.
    spared: u32,
}

impl<R: Read + Seek> Tables<R> {
    fn boxes(&mut self, mut at: u64, end: u64, depth: u32) -> Result<(), Found> {
        while at + 8 <= end && depth <= DEEPEST {
            self.boxes += 1;
            if self.boxes > MOST_BOXES {
                return Err(Found::Bad("it has more parts than a recording of a day"));
            }
            self.go_to(at)?;
            let ([short], name) = (self.numbers()?, self.name()?);
            let (size, head) = match short {
                0 => (end - at, 8),
                1 => {
                    let [high, low] = self.numbers()?;
                    (u64::from(high) << 32 | u64::from(low), 16)
                }
                short => (u64::from(short), 8),
            };
            if size < head {
                return Ok(());
            }
            let inside = at + head;
            // The library reads a box that is too long for its parent as if it fitted.
            at = at.saturating_add(size);
            self.look(name, inside, at.min(end), depth)?;
        }
        Ok(())
    }

    fn look(&mut self, name: [u8; 4], inside: u64, end: u64, depth: u32) -> Result<(), Found> {
        match &name {
            b"trak" => {
                self.track = Track::default();
                self.boxes(inside, end, depth + 1)
            }
            b"moov" | b"mdia" | b"minf" | b"stbl" | b"moof" | b"traf" | b"mvex" | b"edts"
            | b"dinf" | b"udta" | b"wave" | b"tref" | b"ilst" => self.boxes(inside, end, depth + 1),
            b"cmov" => Err(Found::Bad("its tables are packed, which no camera does")),
            b"stsz" | b"stz2" => {
                // Version and flags, the one size or how wide each is, their number.
                let [_, _, listed] = self.numbers()?;
                if self.track.is_sound && self.track.is_pcm && self.track.is_even {
                    self.track.spared = listed;
                    return Ok(());
                }
                self.count(listed)
            }
            b"trun" => {
                let [_, listed] = self.numbers()?;
                self.count(listed)
            }
            b"hdlr" | b"stsd" | b"stts" => {
                self.describe(name)?;
                // Said behind the table, it may make another track of it.
                let spared = std::mem::take(&mut self.track.spared);
                self.count(spared)
            }
            _ => Ok(()),
        }
    }

    fn describe(&mut self, name: [u8; 4]) -> Result<(), Found> {
        let [_, first] = self.numbers()?;
        match &name {
            b"hdlr" => self.track.is_sound = self.name()? == *b"soun",
            b"stsd" => {
                let [_] = self.numbers()?;
                let coding = self.name()?;
                self.track.is_pcm = first == 1 && PCM.contains(&&coding);
            }
            _ => {
                let [_, ticks] = self.numbers()?;
                self.track.is_even = first == 1 && ticks == 1;
            }
        }
        Ok(())
    }

    fn count(&mut self, samples: u32) -> Result<(), Found> {
        self.samples += u64::from(samples);
        if self.samples > self.most {
            return Err(Found::Bad("it promises more pictures than it can hold"));
        }
        Ok(())
    }

    fn go_to(&mut self, at: u64) -> io::Result<()> {
        let here = self.file.stream_position()?;
        let step = i64::try_from(at).unwrap_or(i64::MAX) - i64::try_from(here).unwrap_or(0);
        self.file.seek_relative(step)
    }

    fn numbers<const N: usize>(&mut self) -> io::Result<[u32; N]> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = u32::from_be_bytes(self.name()?);
        }
        Ok(numbers)
    }

    fn name(&mut self) -> io::Result<[u8; 4]> {
        let mut bytes = [0; 4];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn part(name: &[u8; 4], inside: &[&[u8]]) -> Vec<u8> {
        let inside = inside.concat();
        let size = u32::try_from(inside.len() + 8).expect("small");
        [&size.to_be_bytes(), &name[..], &inside].concat()
    }

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
    }

    /// A track of samples of one byte, as `handler` and `coding` say it.
    fn track(handler: &[u8; 4], coding: &[u8; 4], ticks: u32, samples: u32) -> Vec<u8> {
        let hdlr = part(b"hdlr", &[&numbers(&[0, 0]), handler]);
        let stsd = part(b"stsd", &[&numbers(&[0, 1, 16]), coding, &[0; 8]]);
        let stts = part(b"stts", &[&numbers(&[0, 1, samples, ticks])]);
        let stsz = part(b"stsz", &[&numbers(&[0, 1, samples])]);
        let minf = part(b"minf", &[&part(b"stbl", &[&stsd, &stts, &stsz])]);
        part(
            b"moov",
            &[&part(b"trak", &[&part(b"mdia", &[&hdlr, &minf])])],
        )
    }

    fn checked(parts: &[&[u8]]) -> Result<(), String> {
        check(&mut Cursor::new(parts.concat()))
    }

    #[test]
    fn a_file_may_list_what_it_has_bytes_for_and_no_more() {
        let content = part(b"mdat", &[&[0; 4000]]);
        let (few, many) = (4000, 85_000_000);
        assert_eq!(
            checked(&[&content, &track(b"vide", b"avc1", 1, few)]),
            Ok(())
        );
        let sound = track(b"soun", b"alaw", 1, many);
        assert_eq!(checked(&[&sound, &content]), Ok(()), "hours of G.711");
        let run = part(b"trun", &[&numbers(&[0, many])]);
        let moof = part(b"moof", &[&part(b"traf", &[&run])]);
        let again = part(b"hdlr", &[&numbers(&[0, 0]), b"vide"]);
        let packed = part(b"moov", &[&part(b"cmov", &[&[0; 64]])]);
        for (what, parts) in [
            (
                "pictures",
                &[&track(b"vide", b"avc1", 1, many)[..], &content][..],
            ),
            ("sound of blocks", &[&track(b"soun", b"mp4a", 1, many)]),
            (
                "pictures called sound",
                &[&track(b"soun", b"avc1", 1, many)],
            ),
            ("sound that became pictures", &[&sound, &again]),
            ("a run", &[&content, &moof]),
            (
                "behind a box to the end",
                &[&[0, 0, 0, 0, b'm', b'o', b'o', b'v'], &moof],
            ),
            ("packed", &[&packed]),
        ] {
            assert!(checked(parts).is_err(), "{what}");
        }
    }

    #[test]
    fn what_is_no_mp4_or_breaks_off_promises_nothing() {
        assert_eq!(checked(&[]), Ok(()));
        assert_eq!(checked(&[&[0x1A, 0x45, 0xDF, 0xA3], &[0xFF; 40]]), Ok(()));
        let whole = track(b"vide", b"avc1", 1, 9);
        for end in 0..whole.len() {
            assert_eq!(checked(&[&whole[..end]]), Ok(()), "cut at {end}");
        }
    }
}
