//! Compressed packets in, decoded pictures out.

use std::sync::Once;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::codec::{Context, Id, Parameters, decoder, threading};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame::Video;
use ffmpeg_next::{Dictionary, Packet};

use crate::Codec;

/// Larger pictures are refused, whatever the stream claims: its header alone must not make us
/// allocate gigabytes.
pub(crate) const MAX_SIDE_PX: u32 = 8192;

/// How large pictures may be. A stream decides how many of them its decoder keeps: 16 to refer to
/// and the one at work.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    pixels: u64,
    bytes: u64,
}

/// Of a camera: 4K with any sampling and depth, 20 megapixels as cameras send them. All that the
/// decoder keeps is then 550 MiB, where 8192 x 8192 pixels would be gigabytes.
const OF_CAMERA: Bounds = Bounds {
    pixels: 22_369_621,
    bytes: 32 << 20,
};
/// Of a recording, which a person chose: 8K.
const OF_FILE: Bounds = Bounds {
    pixels: 8192 * 4320,
    bytes: 128 << 20,
};

/// Whether a camera may send pictures of this size at all.
pub(crate) fn takes_of_camera(width: u32, height: u32) -> bool {
    u64::from(width) * u64::from(height) <= OF_CAMERA.pixels
}

/// What one decoded picture holds; 0 while its format is unknown.
fn picture_bytes(format: Pixel, width: u32, height: u32) -> u64 {
    let Some(told) = format.descriptor() else {
        return 0;
    };
    // So many pixels share one sample of each chroma plane.
    let block = 1_u64 << (told.log2_chroma_w() + told.log2_chroma_h());
    let chroma = u64::from(told.nb_components()).saturating_sub(1);
    let samples = block + chroma;
    let bits = u64::try_from(told.bits_per_pixel()).unwrap_or(0) * block;
    let sample_bytes = if bits > 8 * samples { 2 } else { 1 };
    u64::from(width) * u64::from(height) * samples * sample_bytes / block
}

/// Quiets the library: it writes to stderr on its own for every broken packet.
pub(crate) fn prepare_library() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without it errors have no words.
        ffmpeg::util::error::register_all();
        ffmpeg::log::set_level(ffmpeg::log::Level::Quiet);
    });
}

pub(crate) struct Decoder {
    video: decoder::Video,
    picture: Video,
    /// Nothing can be decoded before the next key frame.
    wants_key: bool,
    errors: u64,
    bounds: Bounds,
    too_large: Option<(u32, u32)>,
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
        Self::open(Context::new_with_codec(found), id, OF_CAMERA)
    }

    /// For a stream of a container file.
    pub(crate) fn for_file(parameters: Parameters) -> Result<Self, String> {
        let id = parameters.id();
        let context = Context::from_parameters(parameters).map_err(|e| e.to_string())?;
        Self::open(context, id, OF_FILE)
    }

    fn open(mut context: Context, id: Id, bounds: Bounds) -> Result<Self, String> {
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
        options.set("max_pixels", &bounds.pixels.to_string());
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
            bounds,
            too_large: None,
        })
    }

    /// Hands over one packet. A broken one is counted, and then nothing is taken until a key
    /// frame. Every picture that is ready must be taken with [`next`](Self::next) afterwards.
    pub(crate) fn feed(&mut self, packet: &Packet, key: bool) {
        if (self.wants_key && !key) || self.too_large.is_some() {
            return;
        }
        #[cfg(test)]
        fault::strike();
        match self.video.send_packet(packet) {
            Ok(()) => self.wants_key = false,
            Err(_) => self.broken(),
        }
        // Known with the first picture of this size, before a second one is kept.
        let (width, height) = (self.video.width(), self.video.height());
        if picture_bytes(self.video.format(), width, height) > self.bounds.bytes {
            self.too_large = Some((width, height));
            self.video.flush();
        }
    }

    /// Forgets what it holds; the next packet that counts is a key frame, of before or after.
    pub(crate) fn restart(&mut self) {
        self.wants_key = true;
        self.video.flush();
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

    /// The size of pictures that would hold too much memory; nothing is decoded after that.
    pub(crate) fn too_large(&self) -> Option<(u32, u32)> {
        self.too_large
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

/// Makes the decoding thread of one camera panic, as a mistake of a decoder or of ours would.
#[cfg(test)]
pub(crate) mod fault {
    use std::sync::Mutex;

    static PENDING: Mutex<Vec<String>> = Mutex::new(Vec::new());

    /// The next packet of this camera is the one.
    pub(crate) fn order(camera: &str) {
        let thread = format!("camera {camera}");
        PENDING.lock().expect("not poisoned").push(thread);
    }

    pub(super) fn strike() {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default();
        let mut pending = PENDING.lock().expect("not poisoned");
        let found = pending.iter().position(|ordered| ordered == name);
        let ordered = found.map(|at| pending.swap_remove(at));
        drop(pending);
        assert_eq!(ordered, None, "a decoder's mistake, made on purpose");
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngCore, SeedableRng};

    use super::*;

    #[test]
    fn what_a_picture_holds_counts_its_samples_and_their_width() {
        for (format, bytes) in [
            (Pixel::YUV420P, 150),
            (Pixel::GRAY8, 100),
            (Pixel::YUV422P, 200),
            (Pixel::YUV444P, 300),
            (Pixel::YUV420P10LE, 300),
            (Pixel::YUV444P12LE, 600),
            (Pixel::None, 0),
        ] {
            assert_eq!(picture_bytes(format, 10, 10), bytes, "{format:?}");
        }
    }

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
