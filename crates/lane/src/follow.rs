//! Which sighting belongs to which plate.

use std::time::Duration;

use frame::{Frame, Rect};

use crate::likeness::Likeness;
use crate::path::{Spot, seconds};
use crate::track::{ReadSighting, Track};
use crate::vehicle::progress;
use crate::{LaneSettings, Observation, Sighting, View};

/// Narrower boxes than this are noise, in pixels.
const SMALLEST_PX: f32 = 8.0;
/// Two boxes that share more than this of the smaller one are one plate.
const OVERLAP: f32 = 0.5;
/// A plate this near to the edge of the picture, in widths, is out of it with the next metre.
const EDGE_WIDTHS: f32 = 0.5;
/// After this long without a sighting the speed of a plate says nothing any more.
const LOST_S: f32 = 0.7;
/// What has stood for this long starts from rest, and is within this many widths after one
/// second, the first of them jitter: a heavy vehicle gains 2 m/s in a second, 4.5 plates a second. …
const AT_REST_FOR: Duration = Duration::from_millis(300);
const STARTS: (f32, f32) = (0.25, 2.5);
/// A plate without a readable text is found again at its old place for this long.
const SILENT_LOST_S: f32 = 20.0;

/// The sightings of a frame that can be plates at all, read, one for each plate.
pub(crate) fn readable<'a>(
    seen: &'a Observation,
    settings: &LaneSettings,
) -> Vec<ReadSighting<'a>> {
    let mut all: Vec<ReadSighting<'a>> = seen
        .sightings
        .iter()
        .filter_map(|s| read(s, &seen.frame, settings))
        .collect();
    let worth = |s: &ReadSighting<'_>| s.read.legible * s.read.confidence.max(0.05) * s.spot.width;
    // A plate that was read surely stays, however wide the grille around it.
    all.sort_by(|a, b| {
        b.sure
            .cmp(&a.sure)
            .then_with(|| worth(b).total_cmp(&worth(a)))
    });
    let mut kept: Vec<ReadSighting<'a>> = Vec::with_capacity(all.len());
    for seen in all {
        let bounds = seen.quad.bounds();
        if kept
            .iter()
            .all(|k| overlap(&k.quad.bounds(), &bounds) <= OVERLAP)
        {
            kept.push(seen);
        }
    }
    kept
}

fn overlap(a: &Rect, b: &Rect) -> f32 {
    a.intersect(b).area() / a.area().min(b.area()).max(1.0)
}

fn read<'a>(
    sighting: &'a Sighting,
    frame: &Frame,
    settings: &LaneSettings,
) -> Option<ReadSighting<'a>> {
    let quad = sighting.quad;
    let (width, height) = (frame.picture.width(), frame.picture.height());
    if !quad.is_sane()
        || quad.width() < SMALLEST_PX
        || !settings.region.contains(quad.center(), width, height)
    {
        return None;
    }
    let read = sighting.read.clone();
    if !read.confidence.is_finite() || !read.legible.is_finite() {
        return None;
    }
    let b = quad.bounds();
    let inside = b.left >= 1.0
        && b.top >= 1.0
        && b.right <= width as f32 - 1.0
        && b.bottom <= height as f32 - 1.0;
    let margin = EDGE_WIDTHS * quad.width();
    let near_edge =
        b.left < margin || b.right > width as f32 - margin || b.bottom > height as f32 - margin;
    let quality = if sighting.quality.is_finite() {
        sighting.quality.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let votes = inside && quad.width() >= settings.min_plate_px;
    Some(ReadSighting {
        spot: Spot::of(&quad, frame.at),
        quad,
        evidence: &sighting.evidence,
        votes,
        sure: votes
            && read.confidence >= settings.accept_confidence
            && read.legible >= settings.min_legible,
        at_fixed: false,
        like_fixed: false,
        near_edge,
        read,
        quality,
    })
}

/// How badly `seen` fits as the next sighting of `track`; `None` when it cannot be.
pub(crate) fn misfit(track: &Track, seen: &ReadSighting<'_>, view: View) -> Option<f32> {
    let likeness = Likeness::of(track.surest(), &seen.read);
    // A sign that a vehicle's plate comes by lends it no reading.
    if seen.like_fixed && !likeness.is_alike() {
        return None;
    }
    // The next vehicle comes from where one has backed out to.
    if !likeness.is_alike() && track.path.left_before(&seen.spot, view == View::Front) {
        return None;
    }
    let gone_s = seconds(seen.spot.at, track.last.at);
    if gone_s <= LOST_S {
        let (widths, scale) = seen.spot.off(&track.path.expected(seen.spot.at));
        let reach = if track.path.stood_for() >= AT_REST_FOR {
            STARTS.0 + STARTS.1 * gone_s * gone_s
        } else {
            0.4 + 2.0 * gone_s
        };
        let near = widths <= reach && scale <= 0.2 + 0.4 * gone_s;
        if near && !(likeness.leans_other() && widths > 0.5) {
            return Some(widths + 2.0 * scale + 0.3 * likeness.differ().min(3.0));
        }
        let jumped = likeness.is_same() && widths <= 5.0 && scale <= 0.6;
        return jumped.then_some(3.0 + widths);
    }
    let last = track.path.last();
    let (widths, scale) = seen.spot.off(&last);
    let back = progress(last.width, view) - progress(seen.spot.width, view);
    if likeness.is_alike()
        && back <= 0.25 + 0.15 * gone_s
        && widths <= (2.0 + 1.5 * gone_s).min(8.0)
    {
        return Some(5.0 + widths.min(5.0) + likeness.differ());
    }
    let here = widths <= 0.5 && scale <= 0.15 && gone_s <= SILENT_LOST_S;
    (here && likeness.is_silent()).then_some(12.0 + widths)
}

/// Whether a track has to be found again rather than followed.
pub(crate) fn is_lost(track: &Track, frame: &Frame) -> bool {
    seconds(frame.at, track.last.at) > LOST_S
}

/// Gives each sighting to at most one track and each track at most one sighting, best fit first.
/// Returns the sightings nobody wanted.
pub(crate) fn assign<'a>(
    tracks: &mut [&mut Track],
    sightings: Vec<ReadSighting<'a>>,
    frame: &Frame,
    watch: Duration,
    view: View,
) -> Vec<ReadSighting<'a>> {
    let mut pairs = Vec::new();
    for (t, track) in tracks.iter().enumerate() {
        for (s, seen) in sightings.iter().enumerate() {
            if let Some(cost) = misfit(track, seen, view) {
                pairs.push((cost, t, s));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut track_taken = vec![false; tracks.len()];
    let mut taken = vec![false; sightings.len()];
    for (_, t, s) in pairs {
        if !track_taken[t] && !taken[s] {
            (track_taken[t], taken[s]) = (true, true);
            tracks[t].add(frame, watch, &sightings[s]);
        }
    }
    let mut taken = taken.into_iter();
    let mut left = sightings;
    left.retain(|_| !taken.next().unwrap_or(false));
    left
}
