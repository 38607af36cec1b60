//! What a file holds, read from box to box. The file may be anything: it was cut by a loss of power, or changed by
//! somebody. Nothing is believed that does not fit, and no more is read into memory than a fragment's list.

use std::io::{self, Read, Seek, SeekFrom};

use frame::ClockSource;
use jiff::Timestamp;
use mp4_atom::{Atom as _, Buf, Decode as _, Header, Moof, Moov, Prft};

use super::coding::Coding;
use super::fragment::NOT_KEY;
use super::time::{clock, of_ntp};

/// A list of pictures is larger than this in no file of ours: 4 s at 120 pictures a second take 8 KB.
const MOST_LIST_BYTES: u64 = 1 << 20;
/// More fragments than this are in no file of ours: a minute at one a second has 60.
const MOST_FRAGMENTS: usize = 10_000;

/// A fragment and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct FragmentPlace {
    /// Where it begins in the file.
    pub offset: u64,
    /// Where its pictures begin in the file.
    pub data_offset: u64,
    /// How long it is, with its lists.
    pub bytes: u64,
    /// When its first picture was taken.
    pub captured: Timestamp,
    /// By which clock.
    pub clock: ClockSource,
    /// When its first picture is decoded, in ticks of the file.
    pub decode_ticks: u64,
    /// How long it lasts, in ticks.
    pub ticks: u64,
    /// How many pictures it has.
    pub pictures: u32,
    /// Whether decoding can begin with it.
    pub begins_with_key: bool,
}

/// A file that was walked through.
#[derive(Debug, Clone, PartialEq)]
pub struct Walked {
    /// How much its beginning takes, before the first fragment; 0 when it has none that is whole.
    pub header_bytes: u64,
    /// Ticks of a second.
    pub ticks_hz: u32,
    /// How its pictures are coded.
    pub coding: Option<Coding>,
    /// The whole fragments.
    pub fragments: Vec<FragmentPlace>,
    /// Where the last whole fragment ends: behind it is nothing, or what was cut off.
    pub whole_bytes: u64,
    /// How long the file is.
    pub file_bytes: u64,
}

impl Walked {
    /// Whether nothing is behind the last whole fragment.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole_bytes == self.file_bytes && !self.fragments.is_empty()
    }

    /// How long it lasts, in milliseconds.
    #[must_use]
    pub fn duration_ms(&self) -> u64 {
        let (Some(first), Some(last)) = (self.fragments.first(), self.fragments.last()) else {
            return 0;
        };
        let end = last.decode_ticks.saturating_add(last.ticks);
        let ticks = u128::from(end.saturating_sub(first.decode_ticks));
        u64::try_from(ticks * 1000 / u128::from(self.ticks_hz.max(1))).unwrap_or(u64::MAX)
    }

    /// How many pictures it has.
    #[must_use]
    pub fn pictures(&self) -> u64 {
        self.fragments.iter().map(|f| u64::from(f.pictures)).sum()
    }
}

/// Walks through a file up to its end, or to the first thing that is no part of a whole fragment.
///
/// # Errors
/// When reading itself fails.
pub fn walk(file: &mut (impl Read + Seek)) -> io::Result<Walked> {
    let file_bytes = file.seek(SeekFrom::End(0))?;
    let mut walker = Walker {
        file,
        at: 0,
        end: file_bytes,
    };
    let mut walked = Walked {
        header_bytes: 0,
        ticks_hz: 0,
        coding: None,
        fragments: Vec::new(),
        whole_bytes: 0,
        file_bytes,
    };
    let Some((ticks_hz, coding)) = walker.beginning()? else {
        return Ok(walked);
    };
    (walked.header_bytes, walked.whole_bytes) = (walker.at, walker.at);
    (walked.ticks_hz, walked.coding) = (ticks_hz, Some(coding));
    while walked.fragments.len() < MOST_FRAGMENTS {
        let Some(fragment) = walker.fragment()? else {
            break;
        };
        walked.whole_bytes = walker.at;
        walked.fragments.push(fragment);
    }
    Ok(walked)
}

struct Walker<'a, R> {
    file: &'a mut R,
    at: u64,
    end: u64,
}

impl<R: Read + Seek> Walker<'_, R> {
    /// `ftyp` and `moov`: how many ticks a second has, and how pictures are coded.
    fn beginning(&mut self) -> io::Result<Option<(u32, Coding)>> {
        if self.body(b"ftyp")?.is_none() {
            return Ok(None);
        }
        let moov = self.body(b"moov")?;
        let moov = moov.and_then(|body| Moov::decode_body(&mut &body[..]).ok());
        Ok(moov.and_then(|moov| {
            let coding = Coding::of(&moov)?;
            let ticks_hz = moov.trak.first()?.mdia.mdhd.timescale;
            (ticks_hz > 0).then_some((ticks_hz, coding))
        }))
    }

    fn fragment(&mut self) -> io::Result<Option<FragmentPlace>> {
        let offset = self.at;
        let Some(prft) = self.atom::<Prft>()? else {
            return Ok(None);
        };
        let moof_at = self.at;
        let Some(moof) = self.atom::<Moof>()? else {
            return Ok(None);
        };
        let Some((data_at, data_bytes)) = self.skip(b"mdat")? else {
            return Ok(None);
        };
        let Some(list) = Pictures::of(&moof) else {
            return Ok(None);
        };
        // Pictures are found from where their list begins.
        if list.bytes != data_bytes || list.data_offset != data_at - moof_at {
            return Ok(None);
        }
        Ok(Some(FragmentPlace {
            offset,
            data_offset: data_at,
            bytes: self.at - offset,
            captured: of_ntp(prft.ntp_timestamp),
            clock: clock(&prft.utc_time_semantics),
            decode_ticks: list.decode_ticks,
            ticks: list.ticks,
            pictures: list.count,
            begins_with_key: list.begins_with_key,
        }))
    }

    /// The next box's kind and where it lies, if the whole of it is in the file.
    fn next(&mut self) -> io::Result<Option<(Header, u64, u64)>> {
        self.file.seek(SeekFrom::Start(self.at))?;
        let mut bytes = [0; 16];
        let there = (self.end - self.at).min(16) as usize;
        self.file.read_exact(&mut bytes[..there])?;
        let mut rest = &bytes[..there];
        let Ok(header) = Header::decode(&mut rest) else {
            return Ok(None);
        };
        let begin = self.at + (there - rest.remaining()) as u64;
        // One that reaches to the end of the file says of no end that it is whole.
        let size = header.size.and_then(|size| u64::try_from(size).ok());
        let end = size.and_then(|size| begin.checked_add(size));
        let whole = end.filter(|end| *end <= self.end);
        Ok(whole.map(|end| (header, begin, end)))
    }

    fn skip(&mut self, kind: &[u8; 4]) -> io::Result<Option<(u64, u64)>> {
        let Some((header, begin, end)) = self.next()? else {
            return Ok(None);
        };
        if header.kind != kind.into() {
            return Ok(None);
        }
        self.at = end;
        Ok(Some((begin, end - begin)))
    }

    fn body(&mut self, kind: &[u8; 4]) -> io::Result<Option<Vec<u8>>> {
        let Some((begin, bytes)) = self.skip(kind)? else {
            return Ok(None);
        };
        if bytes > MOST_LIST_BYTES {
            return Ok(None);
        }
        self.file.seek(SeekFrom::Start(begin))?;
        let mut body = vec![0; bytes as usize];
        self.file.read_exact(&mut body)?;
        Ok(Some(body))
    }

    fn atom<A: mp4_atom::Atom>(&mut self) -> io::Result<Option<A>> {
        let kind: [u8; 4] = A::KIND.into();
        let body = self.body(&kind)?;
        Ok(body.and_then(|body| A::decode_body(&mut &body[..]).ok()))
    }
}

/// What the list of a fragment says.
struct Pictures {
    decode_ticks: u64,
    data_offset: u64,
    ticks: u64,
    bytes: u64,
    count: u32,
    begins_with_key: bool,
}

impl Pictures {
    /// One track with one run whose pictures each say how long they last and how large they are.
    fn of(moof: &Moof) -> Option<Self> {
        let [traf] = &moof.traf[..] else { return None };
        let [trun] = &traf.trun[..] else { return None };
        let mut list = Self {
            decode_ticks: traf.tfdt.as_ref()?.base_media_decode_time,
            data_offset: u64::try_from(trun.data_offset?).ok()?,
            ticks: 0,
            bytes: 0,
            count: u32::try_from(trun.samples.len()).ok()?,
            begins_with_key: trun.samples.get(0)?.flags? & NOT_KEY == 0,
        };
        for picture in &trun.samples {
            list.ticks += u64::from(picture.duration?);
            list.bytes += u64::from(picture.size?);
        }
        Some(list)
    }
}
