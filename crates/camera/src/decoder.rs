//! Compressed packets in, decoded pictures out.

use std::sync::Once;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::codec::{Context, Id, Parameters, decoder, threading};
use ffmpeg_next::frame::Video;
use ffmpeg_next::{Dictionary, Packet};

use crate::Codec;

/// Larger pictures are refused, whatever the stream claims: its header alone must not make us
/// allocate gigabytes.
pub(crate) const MAX_SIDE_PX: u32 = 8192;

/// Quiets the library: it writes to stderr on its own for every broken packet.
pub(crate) fn prepare_library() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| ffmpeg::log::set_level(ffmpeg::log::Level::Quiet));
}

pub(crate) struct Decoder {
    video: decoder::Video,
    picture: Video,
    /// Nothing can be decoded before the next key frame.
    wants_key: bool,
    errors: u64,
}

impl Decoder {
    /// For a stream of Annex B access units.
    pub(crate) fn for_stream(codec: Codec) -> Result<Self, String> {
        let id = match codec {
            Codec::H264 => Id::H264,
            Codec::H265 => Id::HEVC,
            Codec::Other | Codec::Pictures => return Err("not a video stream".to_owned()),
        };
        prepare_library();
        let found = decoder::find(id).ok_or("the decoder is not installed")?;
        Self::open(Context::new_with_codec(found), id)
    }

    /// For a stream of a container file.
    pub(crate) fn for_file(parameters: Parameters) -> Result<Self, String> {
        let id = parameters.id();
        let context = Context::from_parameters(parameters).map_err(|e| e.to_string())?;
        Self::open(context, id)
    }

    fn open(mut context: Context, id: Id) -> Result<Self, String> {
        let found = decoder::find(id).ok_or_else(|| match id {
            Id::None => "it does not say how it is coded; export it as MP4".to_owned(),
            id => format!("{} is not supported; export it as H.264", id.name()),
        })?;
        // One thread each: several cameras share few cores, and frame threads add latency.
        context.set_threading(threading::Config {
            count: 1,
            ..Default::default()
        });
        let mut options = Dictionary::new();
        options.set(
            "max_pixels",
            &(u64::from(MAX_SIDE_PX) * u64::from(MAX_SIDE_PX)).to_string(),
        );
        let video = context
            .decoder()
            .open_as_with(found, options)
            .and_then(decoder::Opened::video)
            .map_err(|e| e.to_string())?;
        Ok(Self {
            video,
            picture: Video::empty(),
            wants_key: true,
            errors: 0,
        })
    }

    /// Hands over one packet. A broken one is counted, and then nothing is taken until a key
    /// frame. Every picture that is ready must be taken with [`next`](Self::next) afterwards.
    pub(crate) fn feed(&mut self, packet: &Packet, key: bool) {
        if self.wants_key && !key {
            return;
        }
        match self.video.send_packet(packet) {
            Ok(()) => self.wants_key = false,
            Err(_) => self.broken(),
        }
    }

    /// No more packets follow; the last pictures can be taken.
    pub(crate) fn finish(&mut self) {
        // Fails only when it was said before.
        let _ = self.video.send_eof();
    }

    /// A decoded picture that is ready, in order of display.
    pub(crate) fn next(&mut self) -> Option<&Video> {
        loop {
            match self.video.receive_frame(&mut self.picture) {
                Ok(()) if self.is_usable() => return Some(&self.picture),
                Ok(()) => self.errors += 1,
                Err(ffmpeg::Error::Eof) => return None,
                Err(ffmpeg::Error::Other { errno }) if errno == ffmpeg::error::EAGAIN => {
                    return None;
                }
                Err(_) => {
                    self.broken();
                    return None;
                }
            }
        }
    }

    /// Broken packets and pictures so far.
    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }

    fn broken(&mut self) {
        self.errors += 1;
        self.wants_key = true;
        self.video.flush();
    }

    /// A picture patched up after losses is no evidence.
    fn is_usable(&self) -> bool {
        let (w, h) = (self.picture.width(), self.picture.height());
        let sane = (1..=MAX_SIDE_PX).contains(&w) && (1..=MAX_SIDE_PX).contains(&h);
        sane && !self.picture.is_corrupt() && !self.picture.has_decode_errors()
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngCore, SeedableRng};

    use super::*;

    #[test]
    fn noise_instead_of_video_is_counted_and_never_panics() {
        let mut rng = StdRng::seed_from_u64(3);
        // The unit headers say "key picture"; everything behind them is noise.
        let headers = [
            (Codec::H264, [0, 0, 1, 0x65]),
            (Codec::H265, [0, 0, 1, 0x26]),
        ];
        for (codec, header) in headers {
            let mut decoder = Decoder::for_stream(codec).expect("installed");
            for length in (1..2000).step_by(37) {
                let mut noise = vec![0_u8; length];
                rng.fill_bytes(&mut noise);
                noise.splice(0..0, header);
                decoder.feed(&Packet::copy(&noise), true);
                while decoder.next().is_some() {}
            }
            assert!(decoder.errors() > 0);
        }
    }
}
