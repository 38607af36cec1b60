//! A recording, read as the lane reads its camera.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use camera::{FileFrames, FileOptions, Rate};
use frame::MonoTime;
use jiff::{SignedDuration, Timestamp};
use lane::{LaneEvent, LaneSettings, Moment, VehicleDecided, VehicleId};
use passage::Outcome;
use plate::PlateRead;
use recorder::VideoRow;
use vision::Models;
use watch::LaneWatcher;

use crate::Error;
use crate::findings::Asked;
use crate::pictures;
use crate::seams::together;
use crate::stretch::{Stretch, stretches};

/// A vehicle that is there in the first or last pictures of a recording came before it, or left after it.
const AT_EDGE: SignedDuration = SignedDuration::from_secs(5);

/// What a lane's camera is read with, as the lane does.
pub struct Eyes {
    /// The models that the lane reads with.
    pub models: Models,
    /// How the lane is watched.
    pub settings: LaneSettings,
    /// Pictures looked at each second.
    pub fps: f32,
    /// Parts of a recording that are read at a time.
    pub threads: usize,
}

/// A vehicle as the recording shows it.
#[derive(Debug, Clone)]
pub struct ShownVehicle {
    /// When it came.
    pub entered: Timestamp,
    /// When a decision would have fallen.
    pub decided: Timestamp,
    /// When it was gone, or the video ended.
    pub left: Timestamp,
    /// Its plate, where one was seen.
    pub read: Option<PlateRead>,
    /// Whether that is sure enough to act on.
    pub accepted: bool,
    /// How it ended, where the video shows it.
    pub outcome: Option<Outcome>,
    /// It was there when the recording began, or when it ended: whether it passed the video can't say.
    pub at_edge: bool,
    /// A small picture of it, JPEG.
    pub picture: Vec<u8>,
    /// Its plate, JPEG; empty where none was seen.
    pub plate_picture: Vec<u8>,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableVideo {
    /// Which.
    pub file: PathBuf,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Why, in English.
    pub why: String,
}

/// What the eyes told of a recording.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Vehicles, in the order of their decisions.
    pub seen: Vec<ShownVehicle>,
    /// Files that could not be read.
    pub unreadable: Vec<UnreadableVideo>,
    /// Pictures that were looked at.
    pub pictures: u64,
}

impl Eyes {
    /// Reads what `videos` (in the order of recording, those of [`Asked::with_margin`]) show of the time asked
    /// for; `progress` hears how many parts of how many are done.
    ///
    /// # Errors
    /// When the models refuse. What can't be read of the recording is told and not an error.
    pub fn read(
        &self,
        asked: &Asked,
        videos: &[VideoRow],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Told, Error> {
        let parts = stretches(videos, asked.from, asked.until);
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let told: Mutex<Vec<(usize, Told)>> = Mutex::new(Vec::new());
        let work = || -> Result<(), Error> {
            while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed))
                && let Some(part) = parts.get(number)
            {
                let of_part = Reading::new(self, part)?.through()?;
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                told.push((number, of_part));
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, parts.len());
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let threads = self.threads.clamp(1, parts.len().max(1));
            let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let mut ends = all.into_iter().map(|thread| thread.join());
            ends.try_for_each(|end| end.map_err(|_| Error::BrokenOff)?)
        })?;
        let mut told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
        told.sort_by_key(|(number, _)| *number);
        Ok(together(told.into_iter().map(|(_, told)| told)))
    }
}

/// One part on its way through the lane.
struct Reading<'e> {
    eyes: &'e Eyes,
    part: &'e Stretch<'e>,
    watcher: LaneWatcher,
    open: Vec<(VehicleId, ShownVehicle)>,
    last: Option<Moment>,
    told: Told,
}

impl<'e> Reading<'e> {
    fn new(eyes: &'e Eyes, part: &'e Stretch<'e>) -> Result<Self, Error> {
        let recognizer = eyes.models.recognizer()?;
        Ok(Self {
            eyes,
            part,
            watcher: LaneWatcher::new(recognizer, eyes.settings.clone()),
            open: Vec::new(),
            last: None,
            told: Told::default(),
        })
    }

    fn through(mut self) -> Result<Told, Error> {
        for video in &self.part.videos {
            if let Err(why) = self.file(video)? {
                self.told.unreadable.push(UnreadableVideo {
                    file: video.file.clone(),
                    from: video.start,
                    until: video.end(),
                    why,
                });
            }
        }
        if let Some(last) = self.last {
            let events = self.watcher.close(last);
            self.take(events);
        }
        let unended = self.open.into_iter().map(|(_, vehicle)| vehicle);
        self.told.seen.extend(unended);
        let (from, until) = (self.part.from, self.part.until);
        self.told
            .seen
            .retain(|vehicle| from <= vehicle.decided && vehicle.decided < until);
        for vehicle in &mut self.told.seen {
            let came = vehicle.entered.duration_since(self.part.begins) < AT_EDGE;
            let stayed = self.part.ends.duration_since(vehicle.left) < AT_EDGE;
            vehicle.at_edge = came || stayed;
        }
        Ok(self.told)
    }

    /// Reads one file; the inner error is why it can't be read.
    fn file(&mut self, video: &VideoRow) -> Result<Result<(), String>, Error> {
        let options = FileOptions {
            rate: Rate::new(Some(self.eyes.fps)),
            start: video.start,
            origin: since(self.part.begins, video.start),
            ..FileOptions::default()
        };
        let frames = match FileFrames::open(&video.file, &options) {
            Ok(frames) => frames,
            Err(error) => return Ok(Err(words::chain(&error))),
        };
        for frame in frames {
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => return Ok(Err(words::chain(&error))),
            };
            if frame.captured >= self.part.look_until {
                break;
            }
            if frame.captured < self.part.look_from {
                continue;
            }
            self.last = Some(Moment::of(&frame));
            if let Some(watched) = self.watcher.observe(&frame, false)? {
                self.told.pictures += 1;
                self.take(watched.events);
            }
        }
        Ok(Ok(()))
    }

    fn take(&mut self, events: Vec<LaneEvent>) {
        for event in events {
            match event {
                LaneEvent::Decided(decided) => {
                    self.open
                        .push((decided.vehicle, ShownVehicle::of(*decided)));
                }
                LaneEvent::Finished(finished) => {
                    let of_it = |(id, _): &(VehicleId, _)| *id == finished.vehicle;
                    let Some(at) = self.open.iter().position(of_it) else {
                        continue;
                    };
                    let (_, mut vehicle) = self.open.remove(at);
                    vehicle.left = finished.finished.captured;
                    vehicle.outcome = Some(finished.outcome);
                    if let Some(better) = finished.better {
                        vehicle.read = Some(better.read);
                        vehicle.accepted = better.accepted;
                    }
                    self.told.seen.push(vehicle);
                }
                LaneEvent::Entered { .. } | LaneEvent::Lost { .. } | LaneEvent::NotCounted(_) => {}
            }
        }
    }
}

fn since(begins: Timestamp, start: Timestamp) -> MonoTime {
    let after = Duration::try_from(start.duration_since(begins)).unwrap_or_default();
    MonoTime::from_origin(after)
}

impl ShownVehicle {
    fn of(decided: VehicleDecided) -> Self {
        let (picture, plate_picture) = decided
            .head
            .as_ref()
            .map_or_else(Default::default, pictures::of_vehicle);
        Self {
            entered: decided.entered.captured,
            decided: decided.decided.captured,
            left: decided.decided.captured,
            read: decided.read,
            accepted: decided.accepted,
            outcome: None,
            at_edge: false,
            picture,
            plate_picture,
        }
    }
}
