//! Plates over the time: which belong to one vehicle, and what they are like together.

use std::time::Duration;

use serde::Serialize;

use crate::measure::PlateLook;

/// Longest time in which a plate may not be seen and is still the same one.
const SAME_WITHIN: Duration = Duration::from_millis(1500);
/// How far it goes from picture to picture at most, in its own widths.
const SAME_WIDTHS: f32 = 1.5;
/// What moves less than this many of its own widths, and grows by less than a tenth, is a sign or parked.
const MOVES_WIDTHS: f32 = 0.4;
/// A plate that never gets this near to how wide others are was not seen where it is read.
const COMES_NEAR: f32 = 0.6;
/// Looks at which the plate is nearly as wide as it gets count: there it is read.
const NEAR: f32 = 0.8;

/// What the plates of the time are like: medians over vehicles, each at its widest.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PlateFigures {
    /// Vehicles whose plate was seen; what never moved is not counted.
    pub vehicles: u32,
    /// Those of them that were surely read on a single picture.
    pub surely_read: u32,
    /// Plates that never moved: signs, or parked vehicles.
    pub standing: u32,
    /// Width in pixels, where it is widest.
    pub width_px: Option<f32>,
    /// The narrowest plate that was surely read, pixels.
    pub narrowest_sure_px: Option<f32>,
    /// See [`vision::sharpness`].
    pub sharpness: Option<f32>,
    /// Mean brightness, 0 to 255.
    pub brightness: Option<f32>,
    /// Standard deviation of the brightness.
    pub contrast: Option<f32>,
    /// Share of pixels that are nothing but white.
    pub clipped: Option<f32>,
    /// How far it leans in the picture, degrees.
    pub tilt_deg: Option<f32>,
    /// How far from the side it is seen, degrees.
    pub side_deg: Option<f32>,
    /// Share of vehicles whose plate was in the region, 0 to 1.
    pub in_region: Option<f32>,
}

/// The plates seen so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plates {
    tracks: Vec<Vec<PlateLook>>,
}

impl Plates {
    pub(crate) fn take(&mut self, look: PlateLook) {
        let track = self
            .tracks
            .iter_mut()
            .rev()
            .find(|track| track.last().is_some_and(|last| is_same(last, &look)));
        match track {
            Some(track) => track.push(look),
            None => self.tracks.push(vec![look]),
        }
    }

    pub(crate) fn figures(&self, accept: f32) -> PlateFigures {
        let sure = |track: &&Vec<PlateLook>| track.iter().any(|look| look.surety >= accept);
        let (moving, standing): (Vec<_>, Vec<_>) =
            self.tracks.iter().partition(|track| moves(track));
        // One look that was not even surely read may be anything.
        let vehicles = moving.iter().filter(|track| track.len() > 2 || sure(track));
        let mut vehicles: Vec<_> = vehicles.copied().collect();
        // Who was just coming when the time was over, or whose plate was hidden, is judged by nothing.
        let usual = median(vehicles.iter().map(|track| widest(track))).unwrap_or_default();
        vehicles.retain(|track| widest(track) >= COMES_NEAR * usual);
        let sure_looks = vehicles.iter().flat_map(|track| track.iter());
        let sure_widths = sure_looks
            .filter(|look| look.surety >= accept)
            .map(PlateLook::width_px);
        let of = |value: fn(&PlateLook) -> f32| {
            median(
                vehicles
                    .iter()
                    .filter_map(|track| at_widest(track, |look| Some(value(look)))),
            )
        };
        let inside = vehicles
            .iter()
            .filter(|track| track.iter().any(|look| look.inside));
        PlateFigures {
            vehicles: vehicles.len() as u32,
            surely_read: vehicles.iter().filter(|track| sure(track)).count() as u32,
            standing: standing.len() as u32,
            width_px: median(vehicles.iter().map(|track| widest(track))),
            narrowest_sure_px: sure_widths.min_by(f32::total_cmp),
            sharpness: of(|look| look.sharpness),
            brightness: of(|look| look.brightness),
            contrast: of(|look| look.contrast),
            clipped: of(|look| look.clipped),
            tilt_deg: of(|look| look.tilt_deg),
            side_deg: median(
                vehicles
                    .iter()
                    .filter_map(|track| at_widest(track, |look| look.side_deg)),
            ),
            in_region: (!vehicles.is_empty())
                .then(|| inside.count() as f32 / vehicles.len() as f32),
        }
    }
}

fn is_same(last: &PlateLook, look: &PlateLook) -> bool {
    let near = last.quad.center().distance(look.quad.center());
    let near = near <= SAME_WIDTHS * look.width_px().max(last.width_px());
    let named = last.number == look.number && look.surety > 0.9;
    look.at.since(last.at) <= SAME_WITHIN && (near || named)
}

fn moves(track: &[PlateLook]) -> bool {
    let Some(first) = track.first() else {
        return false;
    };
    let far = |look: &PlateLook| first.quad.center().distance(look.quad.center());
    let way = track.iter().map(far).fold(0.0, f32::max);
    let widths = track.iter().map(PlateLook::width_px);
    let narrowest = widths.fold(f32::MAX, f32::min);
    way >= MOVES_WIDTHS * first.width_px() || widest(track) >= 1.1 * narrowest
}

fn widest(track: &[PlateLook]) -> f32 {
    track.iter().map(PlateLook::width_px).fold(0.0, f32::max)
}

fn at_widest(track: &[PlateLook], value: impl Fn(&PlateLook) -> Option<f32>) -> Option<f32> {
    let near = NEAR * widest(track);
    median(
        track
            .iter()
            .filter(|look| look.width_px() >= near)
            .filter_map(value),
    )
}

fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
