//! Scores whole passages on recorded footage with known truth.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use camera::{FileFrames, FileOptions, Rate};
use jiff::Timestamp;
use lane::{LaneEvent, LaneSettings, Moment, NotCounted};
use vision::{Models, process_cpu};
use watch::LaneWatcher;

use crate::matching::resembles;
use crate::passages::{Passage, collect};
use crate::report::{BenchReport, Latency, Percentiles, SurelyReadNotCounted, share};
use crate::scoring::place;
use crate::told::SingleReads;
use crate::uneven::Uneven;
use crate::{Error, FootageTruth, RowFilter};

/// What to replay and how.
pub struct FootageOptions {
    /// Folder that the truth's clips are below.
    pub folder: PathBuf,
    /// Truth file.
    pub truth: PathBuf,
    /// Rows to keep.
    pub only: Vec<RowFilter>,
    /// A further column to group by.
    pub by: Option<String>,
    /// Pictures analysed per second of footage.
    pub fps: f32,
    /// Let the camera rest while nothing is in the lane, as the daemon does.
    pub idle: bool,
    /// Leave pictures out as a busy computer does, the same for the same seed.
    pub uneven: Option<u64>,
    /// Settings of a lane by its name; the truth gives direction and view.
    pub settings: Box<dyn Fn(&str) -> LaneSettings>,
}

/// Replays every clip of the truth and scores the passages. `progress` hears how far it is.
///
/// # Errors
/// [`Error::Truth`] and its neighbours when the table is wrong, [`Error::Camera`] when a clip
/// cannot be decoded, [`Error::Vision`] when a picture cannot be recognized.
pub fn footage(
    models: &Models,
    options: &FootageOptions,
    mut progress: impl FnMut(&str, usize),
) -> Result<BenchReport, Error> {
    let started = Instant::now();
    let truths = FootageTruth::read(&options.truth, &options.only)?;
    let mut clips: Vec<(&str, &str)> = Vec::new();
    for truth in &truths {
        if !clips.contains(&(&truth.clip, &truth.lane)) {
            clips.push((&truth.clip, &truth.lane));
        }
    }
    let mut tally = Tally::default();
    let cpu_before = process_cpu();
    for (clip, lane) in clips {
        let expected: Vec<_> = truths
            .iter()
            .filter(|t| t.clip == clip && t.lane == lane)
            .collect();
        let replayed = tally.replay(models, options, clip, lane, &expected)?;
        let passages = &replayed.passages;
        progress(clip, passages.len());
        let matched = tally.score(clip, &expected, passages, options.by.as_deref());
        tally.report.told.add(
            clip,
            &expected,
            (&replayed.singles, &matched),
            passages,
            &replayed.not_counted,
        );
    }
    let cpu = process_cpu().saturating_sub(cpu_before);
    Ok(tally.into_report(started.elapsed(), cpu))
}

/// What one clip gave.
struct Replayed {
    passages: Vec<Passage>,
    /// For each vehicle of the truth.
    singles: Vec<SingleReads>,
    not_counted: Vec<NotCounted>,
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) report: BenchReport,
    pub(crate) judged: Vec<(f32, bool)>,
    pub(crate) passages: usize,
    detect: Vec<Duration>,
    read: Vec<Duration>,
    pub(crate) decided_after: Vec<f64>,
    single: (usize, usize),
    footage: Duration,
}

impl Tally {
    fn replay(
        &mut self,
        models: &Models,
        options: &FootageOptions,
        clip: &str,
        lane: &str,
        expected: &[&FootageTruth],
    ) -> Result<Replayed, Error> {
        let settings = (options.settings)(lane);
        let mut watcher = LaneWatcher::new(models.recognizer()?, settings.clone());
        let files = FileOptions {
            rate: Rate::new(Some(options.fps)),
            ..FileOptions::default()
        };
        if options.idle {
            watcher = watcher.resting(files.attention.clone());
        }
        let mut uneven = options.uneven.map(Uneven::new);
        let mut open: Vec<(lane::VehicleId, Passage)> = Vec::new();
        let mut replayed = Replayed {
            passages: Vec::new(),
            singles: vec![SingleReads::default(); expected.len()],
            not_counted: Vec::new(),
        };
        let mut last = Moment {
            at: frame::MonoTime::default(),
            captured: Timestamp::UNIX_EPOCH,
        };
        let mut frames = FileFrames::open(options.folder.join(clip), &files)?;
        while let Some(frame) = frames.next() {
            let frame = frame?;
            if uneven.as_mut().is_some_and(Uneven::misses) {
                continue;
            }
            let Some(seen) = watcher.observe(&frame, frames.is_look())? else {
                continue;
            };
            last = Moment::of(&frame);
            self.detect.push(seen.timing.detect);
            if !seen.readings.is_empty() {
                self.read.push(seen.timing.read);
            }
            let ms = last.at.as_ms();
            self.single_frames(
                &seen.readings,
                ms,
                expected,
                &mut replayed.singles,
                &settings,
            );
            self.events(clip, seen.events, &mut open, &mut replayed);
        }
        self.events(clip, watcher.close(last), &mut open, &mut replayed);
        let unended = open.into_iter().map(|(_, passage)| passage);
        replayed.passages.extend(unended);
        self.report.pictures_decoded += frames.decoded();
        self.report.pictures_undecoded += frames.undecoded();
        self.footage += last.at.since(frame::MonoTime::default());
        Ok(replayed)
    }

    fn events(
        &mut self,
        clip: &str,
        events: Vec<LaneEvent>,
        open: &mut Vec<(lane::VehicleId, Passage)>,
        replayed: &mut Replayed,
    ) {
        self.not_counted(clip, &events);
        let not_counted = events.iter().filter_map(|event| match event {
            LaneEvent::NotCounted(not) => Some((**not).clone()),
            _ => None,
        });
        replayed.not_counted.extend(not_counted);
        collect(events, open, &mut replayed.passages);
    }

    /// Counts what the lane saw and took for no vehicle, and lists what was surely read of it.
    fn not_counted(&mut self, clip: &str, events: &[LaneEvent]) {
        for event in events {
            let LaneEvent::NotCounted(not) = event else {
                continue;
            };
            let rule = not.rule.name();
            *self.report.not_counted.entry(rule).or_default() += 1;
            if !not.accepted {
                continue;
            }
            self.report
                .surely_read_not_counted
                .push(SurelyReadNotCounted {
                    place: place(clip, not.first.at.as_ms(), not.last.at.as_ms()),
                    rule,
                    plate: not
                        .read
                        .as_ref()
                        .map_or_else(String::new, |r| r.plate.clone()),
                    sightings: not.sightings,
                });
        }
    }

    /// Counts what this frame alone shows: of each vehicle that may be in view, and, where that is
    /// one only, whether a plate that resembles its own was read exactly.
    fn single_frames(
        &mut self,
        readings: &[vision::PlateReading],
        ms: u64,
        truths: &[&FootageTruth],
        singles: &mut [SingleReads],
        settings: &LaneSettings,
    ) {
        let inside = |t: &FootageTruth| (t.enter_ms..=t.leave_ms).contains(&ms);
        let alone = truths.iter().filter(|t| inside(t)).count() == 1;
        for (truth, single) in truths.iter().zip(singles) {
            if truth.plate.is_empty() || !inside(truth) {
                continue;
            }
            single.add(truth, readings, alone, settings);
            let of_it = |r: &&vision::PlateReading| resembles(&r.read, &truth.plate);
            if let Some(reading) = readings.iter().find(of_it).filter(|_| alone) {
                self.single.0 += usize::from(reading.read.plate == truth.plate);
                self.single.1 += 1;
            }
        }
    }

    fn into_report(mut self, wall: Duration, cpu: Duration) -> BenchReport {
        let report = &mut self.report;
        report.finish(&self.judged, self.passages);
        report.told.finish();
        report.single_frame_exact = share(self.single.0, self.single.1);
        report.single_frames = self.single.1;
        report.latency_ms = Latency {
            detect: Percentiles::of_ms(&self.detect),
            read: Percentiles::of_ms(&self.read),
            passage: Percentiles::of(self.decided_after),
        };
        report.wall_s = wall.as_secs_f64();
        let minutes = self.footage.as_secs_f64() / 60.0;
        report.cpu_s_per_camera_minute = if minutes > 0.0 {
            cpu.as_secs_f64() / minutes
        } else {
            0.0
        };
        self.report
    }
}
