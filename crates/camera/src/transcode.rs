//! A recorded file coded anew as H.264, for browsers that play nothing else. It is for looking only: whatever is
//! kept, handed out and hashed is what the camera sent.

use std::path::Path;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::codec::{Context, Flags, Id, encoder, threading};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::format::context::Output;
use ffmpeg_next::frame::Video;
use ffmpeg_next::software::scaling;
use ffmpeg_next::{Dictionary, Packet, Rational, media};

use crate::Error;
use crate::container::Container;
use crate::decoder::{self, Decoder};

/// A person recognises a vehicle at this width; a computer at the gate codes it several times as fast as it is shown.
const WIDEST_PX: u32 = 1280;
/// Of H.264's 0 to 51. Ultrafast at 26 is about what a camera sends at 2 Mbit/s.
const QUALITY: &str = "26";
/// Pictures from one key picture to the next: a player that seeks waits for so few.
const GROUP: u32 = 25;

/// Writes the video of `from` to `to` as H.264 in a fragmented MP4, 1280 pixels wide at most.
///
/// # Errors
/// When `from` is no video that can be decoded, this computer's FFmpeg has no encoder of H.264 (a minimal one under the
/// LGPL has none), or `to` can't be written.
pub fn as_h264(from: &Path, to: &Path) -> Result<(), Error> {
    decoder::prepare_library();
    let failed = |reason: String| Error::Codec {
        path: from.to_owned(),
        reason,
    };
    let library = |e: ffmpeg::Error| failed(e.to_string());
    let mut container = Container::open(from).map_err(failed)?;
    let stream = container.input().streams().best(media::Type::Video);
    let stream = stream.ok_or_else(|| failed("it has no video".to_owned()))?;
    let (index, base) = (stream.index(), stream.time_base());
    let mut decoder = Decoder::for_file(stream.parameters()).map_err(failed)?;
    let mut coded = Coded::Waiting;
    let mut packet = Packet::empty();
    loop {
        let more = container.read(&mut packet);
        match more {
            Ok(()) if packet.stream() != index => continue,
            Ok(()) => decoder.feed(&packet, packet.is_key()),
            Err(ffmpeg::Error::Eof) => decoder.finish(),
            Err(e) => return Err(library(e)),
        }
        while let Some(picture) = decoder.next() {
            coded.picture(picture, (to, base)).map_err(library)?;
        }
        if more.is_err() {
            return coded.end().map_err(library);
        }
    }
}

/// What comes out; its size is that of the first picture.
enum Coded {
    Waiting,
    Open(Box<Open>),
}

struct Open {
    encoder: encoder::Video,
    scaler: Option<scaling::Context>,
    output: Output,
    base: Rational,
    last_pts: Option<i64>,
}

impl Coded {
    fn picture(&mut self, picture: &Video, to: (&Path, Rational)) -> Result<(), ffmpeg::Error> {
        let open = match self {
            Self::Open(open) => open,
            Self::Waiting => {
                *self = Self::Open(Box::new(Open::new(picture, to)?));
                return self.picture(picture, to);
            }
        };
        // A picture without a time, or of another size, can't be shown among the others.
        let Some(pts) = picture.timestamp().filter(|pts| Some(*pts) > open.last_pts) else {
            return Ok(());
        };
        open.last_pts = Some(pts);
        let mut scaled = Video::empty();
        let mut frame = match &mut open.scaler {
            Some(scaler) => {
                if scaler.run(picture, &mut scaled).is_err() {
                    return Ok(());
                }
                scaled
            }
            None => picture.clone(),
        };
        frame.set_pts(Some(pts));
        frame.set_kind(ffmpeg::picture::Type::None);
        open.encoder.send_frame(&frame)?;
        open.write()
    }

    fn end(self) -> Result<(), ffmpeg::Error> {
        let Self::Open(mut open) = self else {
            return Err(ffmpeg::Error::InvalidData);
        };
        open.encoder.send_eof()?;
        open.write()?;
        open.output.write_trailer()
    }
}

impl Open {
    fn new(first: &Video, (to, base): (&Path, Rational)) -> Result<Self, ffmpeg::Error> {
        let found = encoder::find_by_name("libx264").or_else(|| encoder::find(Id::H264));
        let found = found.ok_or(ffmpeg::Error::EncoderNotFound)?;
        let (width, height) = (first.width(), first.height());
        let narrow = width.min(WIDEST_PX);
        // Both even: chroma has half of each.
        let size = (narrow & !1, (height * narrow / width.max(1)).max(2) & !1);
        let mut context = Context::new_with_codec(found);
        context.set_threading(threading::Config {
            count: 1,
            ..threading::Config::default()
        });
        let mut encoder = context.encoder().video()?;
        encoder.set_width(size.0);
        encoder.set_height(size.1);
        encoder.set_format(Pixel::YUV420P);
        encoder.set_time_base(base);
        encoder.set_gop(GROUP);
        encoder.set_flags(Flags::GLOBAL_HEADER);
        let mut options = Dictionary::new();
        options.set("preset", "ultrafast");
        options.set("tune", "zerolatency");
        options.set("crf", QUALITY);
        let encoder = encoder.open_as_with(found, options)?;
        let mut output = ffmpeg::format::output_as(to, "mp4")?;
        let mut stream = output.add_stream(found)?;
        stream.set_parameters(&encoder);
        stream.set_time_base(base);
        let mut options = Dictionary::new();
        options.set("movflags", "frag_keyframe+empty_moov+default_base_moof");
        output.write_header_with(options)?;
        let is_same = first.format() == Pixel::YUV420P && size == (width, height);
        let scaler = (!is_same).then(|| {
            let (from, to) = ((first.format(), width, height), Pixel::YUV420P);
            let flags = scaling::Flags::FAST_BILINEAR;
            scaling::Context::get(from.0, from.1, from.2, to, size.0, size.1, flags)
        });
        Ok(Self {
            encoder,
            scaler: scaler.transpose()?,
            output,
            base,
            last_pts: None,
        })
    }

    fn write(&mut self) -> Result<(), ffmpeg::Error> {
        let mut packet = Packet::empty();
        while self.encoder.receive_packet(&mut packet).is_ok() {
            let base = self.output.stream(0).map(|stream| stream.time_base());
            packet.set_stream(0);
            packet.rescale_ts(self.base, base.unwrap_or(self.base));
            packet.write_interleaved(&mut self.output)?;
        }
        Ok(())
    }
}
