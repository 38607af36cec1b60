//! Pictures of one recorded video file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::codec::Id;
use ffmpeg_next::{Packet, Rational, media};
use frame::{MonoTime, Picture};

use crate::container::Container;
use crate::decoder::{self, Decoder};
use crate::pick::Picker;
use crate::{Codec, Error, color};

pub(crate) struct VideoFile {
    path: PathBuf,
    container: Container,
    decoder: Decoder,
    stream: usize,
    time_base: f64,
    /// `None` for raw streams, whose times are invented by the library.
    first_pts: Option<Option<i64>>,
    interval: Duration,
    codec: Codec,
    at_end: bool,
    decoded: u64,
    position: Duration,
    unconvertible: u64,
    told: bool,
}

/// A picture of a file and its place in it.
pub(crate) struct Placed {
    pub(crate) picture: Picture,
    pub(crate) position: Duration,
    pub(crate) sequence: u64,
}

impl VideoFile {
    pub(crate) fn open(path: &Path, assumed_fps: f32) -> Result<Self, Error> {
        decoder::prepare_library();
        let owned = || path.to_owned();
        let container = Container::open(path).map_err(|reason| Error::Container {
            path: owned(),
            reason,
        })?;
        let input = container.input();
        let stream = input
            .streams()
            .best(media::Type::Video)
            .ok_or_else(|| Error::Codec {
                path: owned(),
                reason: "it has no video, or does not say how it is coded; export it as MP4"
                    .to_owned(),
            })?;
        let index = stream.index();
        let raw = matches!(input.format().name(), "h264" | "hevc");
        let codec = match stream.parameters().id() {
            Id::H264 => Codec::H264,
            Id::HEVC => Codec::H265,
            _ => Codec::Other,
        };
        let decoder = Decoder::for_file(stream.parameters()).map_err(|reason| Error::Codec {
            path: owned(),
            reason,
        })?;
        let told = as_f64(stream.avg_frame_rate());
        let fps = if raw || !(0.1..=1000.0).contains(&told) {
            f64::from(assumed_fps).clamp(0.1, 1000.0)
        } else {
            told
        };
        let time_base = as_f64(stream.time_base());
        Ok(Self {
            path: owned(),
            stream: index,
            time_base,
            first_pts: (!raw && time_base > 0.0).then_some(None),
            interval: Duration::from_secs_f64(1.0 / fps),
            codec,
            container,
            decoder,
            at_end: false,
            decoded: 0,
            position: Duration::ZERO,
            unconvertible: 0,
            told: false,
        })
    }

    pub(crate) fn codec(&self) -> Codec {
        self.codec
    }

    pub(crate) fn decoded(&self) -> u64 {
        self.decoded
    }

    pub(crate) fn errors(&self) -> u64 {
        self.decoder.errors() + self.unconvertible + u64::from(self.container.is_endless())
    }

    /// Where the next round begins when the file is repeated.
    pub(crate) fn end(&self) -> Duration {
        self.position + self.interval
    }

    /// The next picture that `picker` wants; `None` at the end.
    pub(crate) fn next(&mut self, picker: &mut Picker) -> Option<Result<Placed, Error>> {
        loop {
            while let Some(decoded) = self.decoder.next() {
                let pts = decoded.timestamp();
                let sequence = self.decoded;
                self.decoded += 1;
                let placed = place(&mut self.first_pts, pts, self.time_base)
                    .unwrap_or(self.interval.mul_f64(sequence as f64));
                // Time never runs back, whatever the file says.
                self.position = placed.max(self.position);
                if !picker.pick(MonoTime::from_origin(self.position)) {
                    continue;
                }
                match color::to_picture(decoded) {
                    Ok(picture) => {
                        return Some(Ok(Placed {
                            picture,
                            position: self.position,
                            sequence,
                        }));
                    }
                    Err(_) => self.unconvertible += 1,
                }
            }
            if self.at_end {
                return self.nothing_decoded().map(Err);
            }
            self.read();
        }
    }

    /// Hands one packet to the decoder, or tells it that there are no more.
    fn read(&mut self) {
        let mut packet = Packet::empty();
        match self.container.read(&mut packet) {
            Ok(()) if packet.stream() == self.stream => {
                self.decoder.feed(&packet, packet.is_key());
                self.at_end |= self.decoder.too_large().is_some();
            }
            Ok(()) => {}
            // The container can go on behind a broken packet.
            Err(ffmpeg::Error::InvalidData) => {}
            Err(_) => {
                self.at_end = true;
                self.decoder.finish();
            }
        }
    }

    /// The error for a file that gave nothing, told once.
    fn nothing_decoded(&mut self) -> Option<Error> {
        let told = std::mem::replace(&mut self.told, true);
        if let Some((width, height)) = self.decoder.too_large() {
            let reason = crate::play::too_large(width, height);
            let path = self.path.clone();
            return (!told).then_some(Error::Codec { path, reason });
        }
        let nothing = self.decoded == 0 && !told;
        nothing.then(|| Error::NothingDecoded {
            path: self.path.clone(),
            errors: self.errors(),
        })
    }
}

/// The position that the container gives, counted from its first picture.
fn place(first: &mut Option<Option<i64>>, pts: Option<i64>, time_base: f64) -> Option<Duration> {
    let (first, pts) = (first.as_mut()?, pts?);
    let ticks = pts.saturating_sub(*first.get_or_insert(pts));
    Duration::try_from_secs_f64(ticks as f64 * time_base).ok()
}

fn as_f64(r: Rational) -> f64 {
    if r.denominator() == 0 {
        0.0
    } else {
        f64::from(r)
    }
}
