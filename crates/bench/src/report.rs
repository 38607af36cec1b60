//! The figures of a bench run.

use std::collections::BTreeMap;
use std::time::Duration;

use plate::PlateRead;
use serde::Serialize;

use crate::{ToldVehicles, wilson};

/// Counts of one group of plates or passages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReportGroup {
    /// Plates with known truth.
    pub n: usize,
    /// Found by the detector (photos) or as a passage (footage).
    pub found: usize,
    /// Read and accepted without a person.
    pub read: usize,
    /// Plate number right, accepted or not.
    pub exact: usize,
    /// Plate number right but for the province.
    pub exact_without_province: usize,
    /// Colour right, of those whose colour is known and which were found.
    pub color_exact: usize,
    /// Plates whose colour is known and which were found.
    pub color_n: usize,
    /// Accepted with plate and colour both right.
    pub read_right: usize,
}

/// One thing that went wrong, for the gallery.
#[derive(Debug, Clone, Serialize)]
pub struct Miss {
    /// File or clip with lane and time.
    pub place: String,
    /// What is wrong with it.
    pub what: &'static str,
    /// True plate.
    pub truth: String,
    /// True colour.
    pub truth_color: String,
    /// What was read.
    pub read: Option<PlateRead>,
    /// Rectified or framed picture for the page, as JPEG.
    #[serde(skip)]
    pub jpeg: Vec<u8>,
}

/// Median and 95th percentile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
}

impl Percentiles {
    /// Of `values`; zeros for none.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let last = values.len().checked_sub(1)?;
            values.get((last as f64 * share).round() as usize).copied()
        };
        Self {
            p50: at(0.5).unwrap_or(0.0),
            p95: at(0.95).unwrap_or(0.0),
        }
    }

    pub(crate) fn of_ms(values: &[Duration]) -> Self {
        Self::of(values.iter().map(|d| d.as_secs_f64() * 1000.0).collect())
    }
}

/// How long things took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Latency {
    /// Processor time for finding the plates of one frame.
    pub detect: Percentiles,
    /// Processor time for reading the plates of one frame.
    pub read: Percentiles,
    /// Recorded time from a vehicle's coming into view to its decision.
    pub passage: Percentiles,
}

/// Everything a bench run found out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BenchReport {
    /// All plates or passages.
    #[serde(flatten)]
    pub all: ReportGroup,
    /// Accepted automatically ÷ passages (识别率).
    pub recognition_rate: f64,
    /// 95 % interval of the recognition rate.
    pub recognition_rate_95: (f64, f64),
    /// Plate and colour right ÷ accepted automatically (准确率).
    pub accuracy: f64,
    /// 95 % interval of the accuracy.
    pub accuracy_95: (f64, f64),
    /// Exact plates on single frames, of all single frames that showed a plate with known truth.
    pub single_frame_exact: f64,
    /// Single frames that were scored.
    pub single_frames: usize,
    /// Accepted automatically ÷ all passages, those without a readable plate included.
    pub auto_share: f64,
    /// Plates or passages that were not found.
    pub missed: usize,
    /// Vehicles without a readable plate for which there is no passage.
    pub missed_without_plate: usize,
    /// Further passages for a vehicle that has one already.
    pub duplicates: usize,
    /// Passages, or accepted plates on photos, where there is none.
    pub false_passages: usize,
    /// Passages whose end the truth knows …
    pub outcomes: usize,
    /// … and those of them that were told with it.
    pub outcomes_right: usize,
    /// What became of the vehicles whose plate single pictures read.
    pub told: ToldVehicles,
    /// What was followed like a plate and is not a vehicle's, by the lane's rule.
    pub not_counted: BTreeMap<&'static str, usize>,
    /// Those of them that were surely read: none should be a vehicle.
    pub surely_read_not_counted: Vec<SurelyReadNotCounted>,
    /// Groups: by colour, layout, province, light, and by a column that was asked for.
    pub by: BTreeMap<String, BTreeMap<String, ReportGroup>>,
    /// How long things took.
    pub latency_ms: Latency,
    /// Processor seconds for one minute of one camera.
    pub cpu_s_per_camera_minute: f64,
    /// Pictures that were decoded.
    pub pictures_decoded: u64,
    /// Pictures that nobody needed, since nothing was in the lane.
    pub pictures_undecoded: u64,
    /// Wall time of the run.
    pub wall_s: f64,
    /// Share that is accepted, and accuracy among it, at several confidence thresholds.
    pub trade_off: Vec<TradeOff>,
    /// How often a stated probability came true.
    pub reliability: Vec<Reliability>,
    /// What went wrong.
    pub misses: Vec<Miss>,
}

/// Something surely read that the lane did not take for a vehicle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurelyReadNotCounted {
    /// Clip and when it was seen.
    pub place: String,
    /// The lane's rule.
    pub rule: &'static str,
    /// What was read.
    pub plate: String,
    /// On how many pictures it was seen.
    pub sightings: u32,
}

/// One point of the curve of automatic share against accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TradeOff {
    /// Accept from this probability of the weakest character on.
    pub threshold: f32,
    /// Share of plates accepted.
    pub share: f64,
    /// Share of the accepted whose plate is right.
    pub accuracy: f64,
    /// 95 % interval of that.
    pub accuracy_95: (f64, f64),
    /// How many are accepted.
    pub n: usize,
}

/// Readings whose stated confidence lay in one band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reliability {
    /// Mean stated probability of the weakest character.
    pub stated: f64,
    /// Share whose plate was right.
    pub right: f64,
    /// 95 % interval of that.
    pub right_95: (f64, f64),
    /// How many.
    pub n: usize,
}

/// One plate of the truth with what was made of it.
pub(crate) struct ScoredPlate<'a> {
    pub(crate) truth_plate: &'a str,
    pub(crate) truth_color: Option<plate::Color>,
    pub(crate) columns: &'a BTreeMap<String, String>,
    pub(crate) read: Option<&'a PlateRead>,
    pub(crate) accepted: bool,
}

impl ReportGroup {
    fn add(&mut self, outcome: &ScoredPlate<'_>) {
        self.n += 1;
        let Some(read) = outcome.read else { return };
        self.found += 1;
        let exact = read.plate == outcome.truth_plate;
        let right_color = outcome.truth_color.is_none_or(|c| c == read.color);
        self.exact += usize::from(exact);
        self.exact_without_province += usize::from(tail(&read.plate) == tail(outcome.truth_plate));
        self.color_n += usize::from(outcome.truth_color.is_some());
        self.color_exact += usize::from(outcome.truth_color == Some(read.color));
        self.read += usize::from(outcome.accepted);
        self.read_right += usize::from(outcome.accepted && exact && right_color);
    }
}

fn tail(plate: &str) -> &str {
    let mut chars = plate.chars();
    chars.next();
    chars.as_str()
}

impl BenchReport {
    pub(crate) fn add(&mut self, outcome: &ScoredPlate<'_>, by: Option<&str>) {
        self.all.add(outcome);
        let province =
            plate::province_of(outcome.truth_plate).map_or_else(|| "none".to_owned(), String::from);
        self.group("province", province).add(outcome);
        for column in ["color", "layout", "light"].into_iter().chain(by) {
            if let Some(value) = outcome.columns.get(column) {
                self.group(column, value.clone()).add(outcome);
            }
        }
    }

    /// Counts `outcome` in a group that the truth has no column for.
    pub(crate) fn add_to(&mut self, column: &str, value: &str, outcome: &ScoredPlate<'_>) {
        self.group(column, value.to_owned()).add(outcome);
    }

    fn group(&mut self, column: &str, value: String) -> &mut ReportGroup {
        self.by
            .entry(column.to_owned())
            .or_default()
            .entry(value)
            .or_default()
    }

    /// Works out shares and curves. `judged` holds for each found plate its confidence and
    /// whether it was right; `passages` counts all, those without a plate included.
    pub(crate) fn finish(&mut self, judged: &[(f32, bool)], passages: usize) {
        let all = &self.all;
        self.missed = all.n - all.found;
        self.single_frames = all.n;
        self.recognition_rate = share(all.read, all.n);
        self.recognition_rate_95 = wilson(all.read, all.n);
        self.accuracy = share(all.read_right, all.read);
        self.accuracy_95 = wilson(all.read_right, all.read);
        self.auto_share = share(all.read, passages);
        self.trade_off = trade_off(judged, all.n);
        self.reliability = reliability(judged);
    }
}

pub(crate) fn share(part: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}

fn trade_off(judged: &[(f32, bool)], n: usize) -> Vec<TradeOff> {
    [
        0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999,
    ]
    .into_iter()
    .map(|threshold| {
        let accepted = judged.iter().filter(|(p, _)| *p >= threshold);
        let right = accepted.clone().filter(|(_, right)| *right).count();
        let count = accepted.count();
        TradeOff {
            threshold,
            share: share(count, n),
            accuracy: share(right, count),
            accuracy_95: wilson(right, count),
            n: count,
        }
    })
    .collect()
}

fn reliability(judged: &[(f32, bool)]) -> Vec<Reliability> {
    let edges = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.01];
    edges
        .windows(2)
        .filter_map(|edge| {
            let band: Vec<_> = judged
                .iter()
                .filter(|(p, _)| (edge[0]..edge[1]).contains(p))
                .collect();
            let stated = band.iter().map(|(p, _)| f64::from(*p)).sum::<f64>();
            let right = band.iter().filter(|(_, right)| *right).count();
            (!band.is_empty()).then(|| Reliability {
                stated: stated / band.len() as f64,
                right: share(right, band.len()),
                right_95: wilson(right, band.len()),
                n: band.len(),
            })
        })
        .collect()
}
