//! What a file's own header says of its pictures.

use mp4_atom::{Avc1, Codec, Hvc1, Moov};

/// How the pictures of a file are coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// By RFC 6381: `avc1.64001f`.
    pub rfc6381: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Coding {
    /// That of a movie with one track, in a coding that we keep.
    pub(super) fn of(moov: &Moov) -> Option<Self> {
        let [track] = &moov.trak[..] else { return None };
        let [entry] = &track.mdia.minf.stbl.stsd.codecs[..] else {
            return None;
        };
        let (rfc6381, visual) = match entry {
            Codec::Avc1(avc) => (h264(avc), &avc.visual),
            Codec::Hvc1(hevc) => (h265(hevc), &hevc.visual),
            _ => return None,
        };
        Some(Self {
            rfc6381,
            width: visual.width.into(),
            height: visual.height.into(),
        })
    }
}

fn h264(entry: &Avc1) -> String {
    let avc = &entry.avcc;
    format!(
        "avc1.{:02x}{:02x}{:02x}",
        avc.avc_profile_indication, avc.profile_compatibility, avc.avc_level_indication
    )
}

/// ISO/IEC 14496-15, E.3: compatibility flags in reverse order, constraints without the zeros behind them.
fn h265(entry: &Hvc1) -> String {
    let hevc = &entry.hvcc;
    let space = ["", "A", "B", "C"][usize::from(hevc.general_profile_space & 3)];
    let flags = u32::from_be_bytes(hevc.general_profile_compatibility_flags).reverse_bits();
    let tier = if hevc.general_tier_flag { 'H' } else { 'L' };
    let mut text = format!(
        "hvc1.{space}{}.{flags:X}.{tier}{}",
        hevc.general_profile_idc, hevc.general_level_idc
    );
    let constraints = hevc.general_constraint_indicator_flags;
    let told = constraints
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    for byte in &constraints[..told] {
        text += &format!(".{byte:X}");
    }
    text
}
