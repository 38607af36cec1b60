//! Pictures of one recorded video file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::codec::Id;
use ffmpeg_next::{Packet, Rational, media};
use frame::{MonoTime, Picture};

use crate::container::Container;
use crate::decoder::{self, Decoder};
use crate::doze::{Doze, Job};
use crate::pick::Picker;
use crate::recent::Coded;
use crate::{Attention, Codec, Error, color};

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
    /// The decoder was told that no more follows.
    finished: bool,
    decoded: u64,
    position: Duration,
    unconvertible: u64,
    told: bool,
    /// When its first picture was taken, for whom the file stands in for a camera.
    origin: MonoTime,
    attention: Attention,
    doze: Doze<Unit>,
    /// Pictures up to here were seen before the camera rested.
    seen_until: Option<MonoTime>,
    /// A key picture is decoded alone.
    looking: bool,
    undecoded: u64,
}

/// A picture of a file and its place in it.
pub(crate) struct Placed {
    pub(crate) picture: Picture,
    pub(crate) position: Duration,
    pub(crate) sequence: u64,
    pub(crate) look: bool,
}

/// A packet of a file and its place in it. Its clone is the same packet: one may have 128 MiB.
#[derive(Clone)]
struct Unit {
    packet: Arc<Packet>,
    at: MonoTime,
}

impl Coded for Unit {
    fn is_key(&self) -> bool {
        self.packet.is_key()
    }

    fn at(&self) -> MonoTime {
        self.at
    }

    fn bytes(&self) -> usize {
        self.packet.size()
    }
}

impl VideoFile {
    pub(crate) fn open(
        path: &Path,
        assumed_fps: f32,
        (attention, origin): (&Attention, MonoTime),
    ) -> Result<Self, Error> {
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
        // What has no times of its own is counted, and so none of it can be left out.
        let attention = if raw {
            Attention::default()
        } else {
            attention.clone()
        };
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
            finished: false,
            decoded: 0,
            position: Duration::ZERO,
            unconvertible: 0,
            told: false,
            origin,
            doze: Doze::new(attention.clone()),
            attention,
            seen_until: None,
            looking: false,
            undecoded: 0,
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

    /// Pictures so far that nobody needed.
    pub(crate) fn undecoded(&self) -> u64 {
        self.undecoded
    }

    /// Whether the next pictures come late, because the recording rested at their time.
    pub(crate) fn catches_up(&self) -> bool {
        self.doze.catches_up()
    }

    /// The next picture that `picker` wants; `None` at the end.
    pub(crate) fn next(&mut self, picker: &mut Picker) -> Option<Result<Placed, Error>> {
        loop {
            while let Some(placed) = self.next_decoded(picker) {
                if let Some(placed) = placed {
                    return Some(Ok(placed));
                }
            }
            if self.looking {
                self.looking = false;
                self.decoder.restart();
            }
            match self.doze.next() {
                Some(Job::Restart(seen_until)) => {
                    self.decoder.restart();
                    self.finished = false;
                    picker.restart();
                    self.seen_until = Some(seen_until);
                    self.position = Duration::ZERO;
                }
                Some(Job::Decode(unit)) => {
                    self.decoder.feed(&unit.packet, unit.packet.is_key());
                    self.at_end |= self.decoder.too_large().is_some();
                }
                Some(Job::Look(unit)) => {
                    self.looking = true;
                    self.decoder.restart();
                    self.decoder.feed(&unit.packet, true);
                    // A decoder that orders pictures would hold it back.
                    self.decoder.finish();
                }
                // Nobody would say of the last pictures that nothing came.
                None if self.at_end && self.attention.rests() => self.attention.wake(),
                None if self.at_end && !self.finished => {
                    self.finished = true;
                    self.decoder.finish();
                }
                None if self.at_end => {
                    self.undecoded += self.doze.passed().1;
                    return self.nothing_decoded().map(Err);
                }
                None => {
                    self.undecoded += self.doze.passed().1;
                    self.read();
                }
            }
        }
    }

    /// The next decoded picture, if there is one, and if it is wanted.
    fn next_decoded(&mut self, picker: &mut Picker) -> Option<Option<Placed>> {
        let decoded = self.decoder.next()?;
        let pts = decoded.timestamp();
        let sequence = self.decoded;
        self.decoded += 1;
        let placed = place(&mut self.first_pts, pts, self.time_base)
            .unwrap_or(self.interval.mul_f64(sequence as f64));
        // Time never runs back, whatever the file says.
        self.position = placed.max(self.position);
        let at = self.origin + self.position;
        let seen = self.seen_until.is_some_and(|until| at <= until);
        let wanted = self.looking || (!seen && picker.pick(at));
        if !wanted {
            return Some(None);
        }
        let Ok(picture) = color::to_picture(decoded) else {
            self.unconvertible += 1;
            return Some(None);
        };
        if self.looking {
            self.doze.looked(at);
        }
        Some(Some(Placed {
            picture,
            position: self.position,
            sequence,
            look: self.looking,
        }))
    }

    /// Takes one packet from the file, or notes that there are no more.
    fn read(&mut self) {
        let mut packet = Packet::empty();
        match self.container.read(&mut packet) {
            Ok(()) if packet.stream() == self.stream => {
                // Times count from the first picture, before which nothing is left out.
                let mut known = self.first_pts.filter(Option::is_some);
                let placed = place(&mut known, packet.pts(), self.time_base);
                let at = self.origin + placed.unwrap_or_default();
                self.doze.push(Unit {
                    packet: Arc::new(packet),
                    at,
                });
            }
            Ok(()) => {}
            // The container can go on behind a broken packet.
            Err(ffmpeg::Error::InvalidData) => {}
            Err(_) => self.at_end = true,
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
