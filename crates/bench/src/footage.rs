//! Scores whole passages on recorded footage with known truth.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use camera::{FileFrames, FileOptions, Rate};
use jiff::Timestamp;
use lane::{LaneEvent, LaneSettings, Moment};
use vision::{Models, process_cpu};
use watch::LaneWatcher;

use crate::matching::distance;
use crate::passages::{Passage, best_match, collect, overlap_ms};
use crate::report::{
    BenchReport, Latency, Miss, Percentiles, ScoredPlate, SurelyReadNotCounted, share,
};
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
        let passages = tally.replay(models, options, clip, lane, &expected)?;
        progress(clip, passages.len());
        tally.score(clip, &expected, &passages, options.by.as_deref());
    }
    let cpu = process_cpu().saturating_sub(cpu_before);
    Ok(tally.into_report(started.elapsed(), cpu))
}

#[derive(Default)]
struct Tally {
    report: BenchReport,
    judged: Vec<(f32, bool)>,
    passages: usize,
    detect: Vec<Duration>,
    read: Vec<Duration>,
    decided_after: Vec<f64>,
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
    ) -> Result<Vec<Passage>, Error> {
        let mut watcher = LaneWatcher::new(models.recognizer()?, (options.settings)(lane));
        let files = FileOptions {
            rate: Rate::new(Some(options.fps)),
            ..FileOptions::default()
        };
        let mut uneven = options.uneven.map(Uneven::new);
        let mut open: Vec<(lane::VehicleId, Passage)> = Vec::new();
        let mut done = Vec::new();
        let mut last = Moment {
            at: frame::MonoTime::default(),
            captured: Timestamp::UNIX_EPOCH,
        };
        for frame in FileFrames::open(options.folder.join(clip), &files)? {
            let frame = frame?;
            if uneven.as_mut().is_some_and(Uneven::misses) {
                continue;
            }
            last = Moment::of(&frame);
            let seen = watcher.observe(&frame)?;
            self.detect.push(seen.timing.detect);
            if !seen.readings.is_empty() {
                self.read.push(seen.timing.read);
            }
            self.single_frames(&seen.readings, last.at.as_ms(), expected);
            self.not_counted(clip, &seen.events);
            collect(seen.events, &mut open, &mut done);
        }
        collect(watcher.close(last), &mut open, &mut done);
        done.extend(open.into_iter().map(|(_, passage)| passage));
        self.footage += last.at.since(frame::MonoTime::default());
        Ok(done)
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
            let s = |at: Moment| at.at.as_ms() as f64 / 1e3;
            self.report
                .surely_read_not_counted
                .push(SurelyReadNotCounted {
                    place: format!("{clip} {:.1}-{:.1} s", s(not.first), s(not.last)),
                    rule,
                    plate: not
                        .read
                        .as_ref()
                        .map_or_else(String::new, |r| r.plate.clone()),
                    sightings: not.sightings,
                });
        }
    }

    /// Counts single frames on which exactly one truth is in view and a plate was found that
    /// resembles it.
    fn single_frames(
        &mut self,
        readings: &[vision::PlateReading],
        ms: u64,
        truths: &[&FootageTruth],
    ) {
        let mut inside = truths
            .iter()
            .filter(|t| (t.enter_ms..=t.leave_ms).contains(&ms));
        let (Some(truth), None) = (inside.next(), inside.next()) else {
            return;
        };
        if truth.plate.is_empty() {
            return;
        }
        if let Some(reading) = readings
            .iter()
            .find(|r| distance(&r.read, &truth.plate) <= 4)
        {
            self.single.0 += usize::from(reading.read.plate == truth.plate);
            self.single.1 += 1;
        }
    }

    fn score(
        &mut self,
        clip: &str,
        truths: &[&FootageTruth],
        passages: &[Passage],
        by: Option<&str>,
    ) {
        let mut left: Vec<&Passage> = passages.iter().collect();
        // Neighbours overlap in time: whoever has a plate is matched by it, the others take what
        // is left.
        let (blank, plated): (Vec<_>, Vec<_>) = truths.iter().partition(|t| t.plate.is_empty());
        for truth in plated.into_iter().chain(blank) {
            let best = best_match(truth, &left).map(|i| left.remove(i));
            self.one(clip, truth, best, by);
        }
        for extra in left {
            let overlapping = truths.iter().any(|t| overlap_ms(t, extra) > 0);
            let what = if overlapping {
                "duplicate"
            } else {
                "false passage"
            };
            if overlapping {
                self.report.duplicates += 1;
            } else {
                self.report.false_passages += 1;
            }
            self.miss(clip, what, None, Some(extra));
        }
    }

    fn one(
        &mut self,
        clip: &str,
        truth: &FootageTruth,
        passage: Option<&Passage>,
        by: Option<&str>,
    ) {
        self.passages += 1;
        if truth.plate.is_empty() {
            match passage {
                None => {
                    self.report.missed_without_plate += 1;
                    self.miss(clip, "vehicle without plate missed", Some(truth), None);
                }
                Some(p) if p.accepted => {
                    self.report.false_passages += 1;
                    self.miss(clip, "plate read where none can be", Some(truth), Some(p));
                }
                Some(_) => {}
            }
            return;
        }
        let unread = plate::PlateRead::of(&plate::Evidence::unreadable());
        let read = passage.map(|p| p.read.as_ref().unwrap_or(&unread));
        let accepted = passage.is_some_and(|p| p.accepted);
        let outcome = ScoredPlate {
            truth_plate: &truth.plate,
            truth_color: truth.color,
            columns: &truth.columns,
            read,
            accepted,
        };
        self.report.add(&outcome, by);
        let Some(passage) = passage else {
            self.miss(clip, "vehicle missed", Some(truth), None);
            return;
        };
        self.decided_after
            .push(passage.decided_ms.saturating_sub(truth.enter_ms) as f64);
        let right = read.is_some_and(|r| r.plate == truth.plate);
        self.judged
            .push((read.map_or(0.0, |r| r.confidence), right));
        let right_color = truth
            .color
            .is_none_or(|c| read.is_some_and(|r| r.color == c));
        let expected_trailer = truth
            .columns
            .get("trailer_plate")
            .map_or("", String::as_str);
        let right_trailer =
            expected_trailer.is_empty() || passage.trailer.as_deref() == Some(expected_trailer);
        match (right, right_color, accepted, right_trailer) {
            (false, ..) => self.miss(clip, "plate wrong", Some(truth), Some(passage)),
            (_, false, ..) => self.miss(clip, "colour wrong", Some(truth), Some(passage)),
            (_, _, false, _) => self.miss(
                clip,
                "right, but left to the guard",
                Some(truth),
                Some(passage),
            ),
            (.., false) => self.miss(clip, "trailer's plate missed", Some(truth), Some(passage)),
            _ => {}
        }
    }

    fn miss(
        &mut self,
        clip: &str,
        what: &'static str,
        truth: Option<&FootageTruth>,
        passage: Option<&Passage>,
    ) {
        let (from, to) = match (truth, passage) {
            (Some(t), _) => (t.enter_ms, t.leave_ms),
            (None, Some(p)) => (p.entered_ms, p.left_ms),
            (None, None) => return,
        };
        self.report.misses.push(Miss {
            place: format!("{clip} {:.1}-{:.1} s", from as f64 / 1e3, to as f64 / 1e3),
            what,
            truth: truth.map_or_else(String::new, |t| t.plate.clone()),
            truth_color: truth
                .and_then(|t| t.color)
                .map_or_else(String::new, |c| c.to_string()),
            read: passage.and_then(|p| p.read.clone()),
            jpeg: passage.map_or_else(Vec::new, |p| p.jpeg.clone()),
        });
    }

    fn into_report(mut self, wall: Duration, cpu: Duration) -> BenchReport {
        let report = &mut self.report;
        report.finish(&self.judged, self.passages);
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
