//! A group of pictures as one fragment.

use camera::{AccessUnit, Format};
use frame::ClockSource;
use jiff::Timestamp;
use mp4_atom::{
    Decode as _, Encode as _, Mfhd, Moof, Prft, Tfdt, Tfhd, Traf, Trun, TrunEntry, TrunSamples,
};

use super::header::ticks_hz;
use super::time::{meaning, to_ntp};
use super::{TRACK, nal};

/// Decoding can begin at a key picture, and at no other (ISO/IEC 14496-12, 8.8.3.1).
const KEY_FLAGS: u32 = 0x0200_0000;
const DELTA_FLAGS: u32 = 0x0101_0000;
/// What says so.
pub(super) const NOT_KEY: u32 = 0x0001_0000;

/// What the only picture of a file is taken to last.
const USUAL_FPS: u64 = 25;

/// Pictures that are kept together, in the order in which they are decoded.
#[derive(Debug)]
pub(crate) struct Group {
    /// One at least.
    pub(crate) pictures: Vec<AccessUnit>,
    /// When the picture after them is shown, if one came.
    pub(crate) next_pts: Option<i64>,
}

/// A group as it is written.
#[derive(Debug)]
pub(crate) struct Fragment {
    pub(crate) bytes: Vec<u8>,
    /// Where it ends, in ticks of the file.
    pub(crate) end_ticks: u64,
    /// When its last picture is decoded, in ticks of the file.
    pub(crate) last_ticks: u64,
}

/// Where a fragment stands in its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) number: u32,
    /// The presentation time at which the file begins.
    pub(crate) origin_pts: i64,
    /// When the picture before is decoded, in ticks of the file.
    pub(crate) after_ticks: Option<u64>,
    /// How long a picture lasted so far.
    pub(crate) usual_ticks: Option<u64>,
}

impl Group {
    /// The earliest presentation time. Pictures that are shown before the key picture may follow it.
    pub(crate) fn first_pts(&self) -> i64 {
        let all = self.pictures.iter().map(|picture| picture.pts);
        all.min().unwrap_or_default()
    }

    /// When, to the millisecond, and by which clock the picture was taken that is shown first.
    pub(crate) fn taken(&self) -> (Timestamp, ClockSource) {
        let first = self.pictures.iter().min_by_key(|picture| picture.pts);
        first.map_or((Timestamp::UNIX_EPOCH, ClockSource::Arrival), |first| {
            let ms = first.captured.as_millisecond();
            let at = Timestamp::from_millisecond(ms).unwrap_or(first.captured);
            (at, first.clock)
        })
    }

    /// Writes it as a fragment.
    ///
    /// # Errors
    /// When it is larger than a fragment can be.
    pub(crate) fn fragment(&self, format: &Format, place: Place) -> mp4_atom::Result<Fragment> {
        let times = self.decode_times(format, place);
        let mut mdat = Vec::with_capacity(self.pictures.iter().map(|p| p.data.len() + 16).sum());
        let mut entries = Vec::with_capacity(self.pictures.len());
        for (index, picture) in self.pictures.iter().enumerate() {
            let size = nal::append(&mut mdat, &picture.data);
            let shown = picture.pts - place.origin_pts;
            entries.push(TrunEntry {
                duration: Some(u32::try_from(times[index + 1] - times[index]).unwrap_or(1)),
                size: Some(
                    u32::try_from(size).map_err(|_| mp4_atom::Error::TooLarge(b"mdat".into()))?,
                ),
                flags: Some(if picture.key { KEY_FLAGS } else { DELTA_FLAGS }),
                cts: Some(shown - times[index] as i64),
            });
        }
        let (captured, clock) = self.taken();
        let first_shown = u64::try_from(self.first_pts() - place.origin_pts).unwrap_or(0);
        let moof = Moof {
            mfhd: Mfhd {
                sequence_number: place.number,
            },
            traf: vec![Traf {
                tfhd: Tfhd {
                    track_id: TRACK,
                    default_base_is_moof: true,
                    ..Tfhd::default()
                },
                tfdt: Some(Tfdt {
                    base_media_decode_time: times[0],
                }),
                trun: vec![Trun {
                    data_offset: Some(0),
                    samples: TrunSamples::Explicit(entries),
                }],
                ..Traf::default()
            }],
        };
        let prft = Prft {
            reference_track_id: TRACK,
            ntp_timestamp: to_ntp(captured),
            media_time: first_shown,
            utc_time_semantics: meaning(clock),
        };
        Ok(Fragment {
            bytes: boxes(&prft, moof, &mdat)?,
            end_ticks: times[times.len() - 1],
            last_ticks: times[times.len() - 2],
        })
    }

    /// When each picture is decoded, and when they end, in ticks of the file. RTP says only when a picture is
    /// shown; as they are decoded one after the other at the pace at which they are shown, the sorted times
    /// of the latter are the former. Composition offsets, which may be negative, lead from one to the other.
    fn decode_times(&self, format: &Format, place: Place) -> Vec<u64> {
        let mut shown: Vec<i64> = self
            .pictures
            .iter()
            .map(|p| p.pts - place.origin_pts)
            .collect();
        shown.sort_unstable();
        let last = shown[shown.len() - 1];
        let usual = match shown.len() {
            1 => {
                let guess = u64::from(ticks_hz(format)) / USUAL_FPS;
                place.usual_ticks.unwrap_or(guess) as i64
            }
            many => (last - shown[many - 2]).max(1),
        };
        let next = self.next_pts.map(|pts| pts - place.origin_pts);
        shown.push(next.filter(|next| *next > last).unwrap_or(last + usual));
        let mut earliest = place.after_ticks.map_or(0, |ticks| ticks + 1);
        let in_order = |time: i64| {
            let time = u64::try_from(time).unwrap_or(0).max(earliest);
            earliest = time + 1;
            time
        };
        shown.into_iter().map(in_order).collect()
    }
}

/// A fragment as it was read, at another place of another file: its `number` there, and when its first picture is decoded.
///
/// # Errors
/// When it is none, or can't be written.
pub(crate) fn retimed(
    fragment: &[u8],
    number: u32,
    decode_ticks: u64,
) -> mp4_atom::Result<Vec<u8>> {
    let mut rest = fragment;
    let mut prft = Prft::decode(&mut rest)?;
    let mut moof = Moof::decode(&mut rest)?;
    let mdat = rest.get(8..).ok_or(mp4_atom::Error::ShortRead)?;
    moof.mfhd.sequence_number = number;
    for traf in &mut moof.traf {
        let tfdt = traf.tfdt.get_or_insert_default();
        let ahead = prft.media_time.saturating_sub(tfdt.base_media_decode_time);
        prft.media_time = decode_ticks.saturating_add(ahead);
        tfdt.base_media_decode_time = decode_ticks;
    }
    boxes(&prft, moof, mdat)
}

/// The three boxes. Pictures are found from where `moof` begins, whose length is known when it is written.
fn boxes(prft: &Prft, mut moof: Moof, mdat: &[u8]) -> mp4_atom::Result<Vec<u8>> {
    let too_large = |_| mp4_atom::Error::TooLarge(b"mdat".into());
    let mut draft = Vec::new();
    moof.encode(&mut draft)?;
    let data_offset = i32::try_from(draft.len() + 8).map_err(too_large)?;
    for trun in moof.traf.iter_mut().flat_map(|traf| &mut traf.trun) {
        trun.data_offset = Some(data_offset);
    }
    let mut out = Vec::with_capacity(draft.len() + mdat.len() + 64);
    prft.encode(&mut out)?;
    moof.encode(&mut out)?;
    let size = u32::try_from(mdat.len() + 8).map_err(too_large)?;
    out.extend_from_slice(&size.to_be_bytes());
    out.extend_from_slice(b"mdat");
    out.extend_from_slice(mdat);
    Ok(out)
}
