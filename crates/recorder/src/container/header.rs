//! The beginning of a file: what it is, and how its pictures are coded.

use camera::Format;
use jiff::Timestamp;
use mp4_atom::{
    Codec, Decode as _, Dinf, Dref, Encode as _, Ftyp, Hdlr, Mdhd, Mdia, Minf, Moov, Mvex, Mvhd,
    Stbl, Stco, Stsd, Tkhd, Trak, Trex, Url, Vmhd,
};

use super::time::to_mp4;
use super::{TICKS_HZ, TRACK};

/// `ftyp` and `moov` for pictures of a format, the first of which was taken at `start`.
///
/// # Errors
/// When the format's sample entry is none.
pub(crate) fn header(format: &Format, start: Timestamp) -> mp4_atom::Result<Vec<u8>> {
    let coding = Codec::decode(&mut &format.sample_entry[..])?;
    let mut out = Vec::new();
    Ftyp {
        major_brand: b"iso6".into(),
        minor_version: 0,
        compatible_brands: vec![b"iso6".into(), b"cmfc".into(), b"mp41".into()],
    }
    .encode(&mut out)?;
    movie(format, coding, to_mp4(start)).encode(&mut out)?;
    Ok(out)
}

/// Ticks of a second in files of a format.
pub(crate) fn ticks_hz(format: &Format) -> u32 {
    match format.ticks_hz {
        0 => TICKS_HZ,
        hz => hz,
    }
}

/// Whether pictures behind one header are decoded as those behind the other.
pub(crate) fn coded_alike(one: &[u8], other: &[u8]) -> bool {
    let coding = |mut header: &[u8]| {
        Ftyp::decode(&mut header).ok()?;
        let mut movie = Moov::decode(&mut header).ok()?;
        let mdia = movie.trak.pop()?.mdia;
        Some((mdia.mdhd.timescale, mdia.minf.stbl.stsd))
    };
    let one = coding(one);
    one.is_some() && one == coding(other)
}

fn movie(format: &Format, coding: Codec, created: u64) -> Moov {
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
    let timescale = ticks_hz(format);
    let mdia = Mdia {
        mdhd: Mdhd {
            creation_time: created,
            modification_time: created,
            timescale,
            duration: 0,
            language: "und".to_owned(),
        },
        hdlr: Hdlr {
            handler: b"vide".into(),
            name: "Menjin".to_owned(),
        },
        minf: Minf {
            vmhd: Some(Vmhd::default()),
            dinf: Dinf {
                dref: Dref {
                    entries: vec![Url::default().into()],
                },
            },
            stbl: Stbl {
                stsd: Stsd {
                    codecs: vec![coding],
                },
                stco: Some(Stco::default()),
                ..Stbl::default()
            },
            ..Minf::default()
        },
    };
    let track = Trak {
        tkhd: Tkhd {
            creation_time: created,
            modification_time: created,
            track_id: TRACK,
            enabled: true,
            in_movie: true,
            width: side(format.width).into(),
            height: side(format.height).into(),
            ..Tkhd::default()
        },
        mdia,
        ..Trak::default()
    };
    Moov {
        mvhd: Mvhd {
            creation_time: created,
            modification_time: created,
            timescale,
            duration: 0,
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: TRACK + 1,
            ..Mvhd::default()
        },
        mvex: Some(Mvex {
            trex: vec![Trex {
                track_id: TRACK,
                default_sample_description_index: 1,
                ..Trex::default()
            }],
            ..Mvex::default()
        }),
        trak: vec![track],
        ..Moov::default()
    }
}
