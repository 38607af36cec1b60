//! The rules: pure, each threshold with where it is from.

use words::{Key, Said};

use crate::{Aspect, Grade, Judged, SurveyFigures};

/// HJ 1321-2023: the picture has at least 1280 x 720.
const LEAST_SIZE_PX: (u32, u32) = (1280, 720);
/// Installer's page, section 1: 25 pictures a second, 15 at least; a lane looks at 8.
const FPS: (f32, f32) = (14.0, 8.0);
/// At 15 km/h a truck goes 2 m in half a second, and 6 m, its whole approach, in one and a half.
const GAP_MS: (f32, f32) = (500.0, 1500.0);
/// A camera whose clock is further off dates no photo: `camera::Options::clock_tolerance`.
const CLOCK_MS: (i64, i64) = (2_000, 10_000);
/// Installer's page, section 2: 100 pixels where the vehicle stops, 120 to 200 are best.
const WIDTH_PX: f32 = 100.0;
/// This much above what votes, a plate that is a little further away still does.
const WIDTH_MARGIN: f32 = 1.4;
/// The project's clips (`testdata/footage`) in parts of 20 s: 0.18 (rears by night, 1280 x 720) to 1.2 by day; a plate
/// under mud has 0.11, `north-in` blurred by 5 pixels 0.03.
const SHARPNESS: (f32, f32) = (0.15, 0.08);
/// Brightness of a plate; the same clips have 64 by night to 153.
const PLATE_DARK: (f32, f32) = (45.0, 25.0);
/// Share of a plate that is nothing but white: the clips have none, `north-in` made 2.6 times as bright 0.67.
const PLATE_WHITE: (f32, f32) = (0.35, 0.6);
/// Standard deviation of a plate's brightness; the clips have 23 by night to 71, the plate under mud 9.
const PLATE_CONTRAST: (f32, f32) = (15.0, 8.0);
/// Brightness of the picture; the clips have 70 by night to 134, `north-in` at an eighth of its light 16.
const PICTURE_DARK: (f32, f32) = (40.0, 20.0);
const PICTURE_LIGHT: (f32, f32) = (200.0, 235.0);
/// Installer's page, section 2: 10 degrees in the picture; at 20 one plate of three of `north-in` is not surely read.
const TILT_DEG: (f32, f32) = (11.0, 22.0);
/// Installer's page, section 2: 30 degrees from the side or from above. A rough measure, for corners are known to a
/// pixel or two: the clips, at most 30 degrees, have 0 to 46.
const SIDE_DEG: (f32, f32) = (48.0, 60.0);
/// Vehicles whose plate is in the region, of all that are seen.
const IN_REGION: (f32, f32) = (0.7, 0.3);
/// Vehicles that are surely read on a single picture.
const SURELY_READ: (f32, f32) = (0.9, 0.6);

/// Everything that can be judged of `figures`, in the order in which a person goes about mending it.
#[must_use]
pub fn judge(figures: &SurveyFigures) -> Vec<Judged> {
    let mut all = vec![size(figures)];
    if figures.live {
        all.push(losses(figures));
        all.push(clock(figures));
    }
    all.extend([
        rate(figures),
        gaps(figures),
        light(figures),
        plates(figures),
    ]);
    if figures.plates.vehicles > 0 {
        all.extend(of_plates(figures));
    }
    all
}

fn judged(aspect: Aspect, figure: Said, verdict: (Grade, Option<Key>)) -> Judged {
    Judged {
        aspect,
        grade: verdict.0,
        figure,
        advice: verdict.1.map(Said::plain),
    }
}

/// Good at least at the first, poor at least at the second.
fn at_least(value: f32, limits: (f32, f32), advice: Key) -> (Grade, Option<Key>) {
    if value >= limits.0 {
        (Grade::Good, None)
    } else if value >= limits.1 {
        (Grade::Poor, Some(advice))
    } else {
        (Grade::Bad, Some(advice))
    }
}

/// Good up to the first, poor up to the second.
fn at_most(value: f32, limits: (f32, f32), advice: Key) -> (Grade, Option<Key>) {
    at_least(-value, (-limits.0, -limits.1), advice)
}

const UNKNOWN: (Grade, Option<Key>) = (Grade::Unknown, None);

fn whole(value: f32) -> String {
    format!("{value:.0}")
}

fn size(figures: &SurveyFigures) -> Judged {
    let (width, height) = figures.size_px;
    let figure = Said::with(Key::SurveySizeFigure, "width", width).and("height", height);
    let enough = width >= LEAST_SIZE_PX.0 && height >= LEAST_SIZE_PX.1;
    let verdict = if enough {
        (Grade::Good, None)
    } else {
        (Grade::Bad, Some(Key::SurveySizeNext))
    };
    judged(Aspect::Size, figure, verdict)
}

fn losses(figures: &SurveyFigures) -> Judged {
    let (lost, damaged) = (figures.packets_lost, figures.damaged);
    let figure = Said::with(Key::SurveyLossesFigure, "lost", lost).and("damaged", damaged);
    let verdict = match lost + damaged {
        0 => (Grade::Good, None),
        1..=9 => (Grade::Poor, Some(Key::SurveyLossesNext)),
        _ => (Grade::Bad, Some(Key::SurveyLossesNext)),
    };
    judged(Aspect::Losses, figure, verdict)
}

fn clock(figures: &SurveyFigures) -> Judged {
    let Some(ahead_ms) = figures.clock_ahead_ms else {
        let verdict = (Grade::Poor, Some(Key::SurveyClockNone));
        return judged(Aspect::Clock, Key::SurveyClockUntold.into(), verdict);
    };
    let seconds = format!("{:.1}", ahead_ms as f64 / 1000.0);
    let figure = Said::with(Key::SurveyClockFigure, "seconds", seconds);
    let verdict = match ahead_ms.saturating_abs() {
        off if off <= CLOCK_MS.0 => (Grade::Good, None),
        off if off <= CLOCK_MS.1 => (Grade::Poor, Some(Key::SurveyClockNext)),
        _ => (Grade::Bad, Some(Key::SurveyClockNext)),
    };
    judged(Aspect::Clock, figure, verdict)
}

fn rate(figures: &SurveyFigures) -> Judged {
    let Some(fps) = figures.fps else {
        return judged(Aspect::Rate, Key::SurveyNothing.into(), UNKNOWN);
    };
    let figure = Said::with(Key::SurveyRateFigure, "fps", whole(fps));
    judged(
        Aspect::Rate,
        figure,
        at_least(fps, FPS, Key::SurveyRateNext),
    )
}

fn gaps(figures: &SurveyFigures) -> Judged {
    let Some(gap_ms) = figures.longest_gap_ms else {
        return judged(Aspect::Gaps, Key::SurveyNothing.into(), UNKNOWN);
    };
    let figure = Said::with(Key::SurveyGapsFigure, "ms", whole(gap_ms));
    judged(
        Aspect::Gaps,
        figure,
        at_most(gap_ms, GAP_MS, Key::SurveyGapsNext),
    )
}

fn light(figures: &SurveyFigures) -> Judged {
    let Some(light) = figures.brightness else {
        return judged(Aspect::Light, Key::SurveyNothing.into(), UNKNOWN);
    };
    let figure = Said::with(Key::SurveyLightFigure, "light", whole(light));
    let dark = at_least(light, PICTURE_DARK, Key::SurveyLightDark);
    let bright = at_most(light, PICTURE_LIGHT, Key::SurveyLightBright);
    judged(Aspect::Light, figure, worse(dark, bright))
}

fn worse(a: (Grade, Option<Key>), b: (Grade, Option<Key>)) -> (Grade, Option<Key>) {
    if b.0 > a.0 { b } else { a }
}

fn plates(figures: &SurveyFigures) -> Judged {
    let seen = &figures.plates;
    let figure = Said::with(Key::SurveyPlatesFigure, "vehicles", seen.vehicles)
        .and("read", seen.surely_read)
        .and("standing", seen.standing);
    if seen.vehicles == 0 {
        let verdict = (Grade::Unknown, Some(Key::SurveyPlatesNone));
        return judged(Aspect::Plates, figure, verdict);
    }
    let share = seen.surely_read as f32 / seen.vehicles as f32;
    let verdict = at_least(share, SURELY_READ, Key::SurveyPlatesNext);
    judged(Aspect::Plates, figure, verdict)
}

fn of_plates(figures: &SurveyFigures) -> Vec<Judged> {
    let seen = &figures.plates;
    let mut all = Vec::new();
    if let Some(px) = seen.width_px {
        let narrowest = seen.narrowest_sure_px.map_or_else(|| "-".to_owned(), whole);
        let figure =
            Said::with(Key::SurveyWidthFigure, "px", whole(px)).and("narrowest", narrowest);
        let limits = (WIDTH_PX, WIDTH_MARGIN * figures.min_plate_px);
        let verdict = at_least(px, limits, Key::SurveyWidthNext);
        all.push(judged(Aspect::Width, figure, verdict));
    }
    if let Some(sharpness) = seen.sharpness {
        let figure = Said::with(
            Key::SurveySharpnessFigure,
            "value",
            format!("{sharpness:.2}"),
        );
        let verdict = at_least(sharpness, SHARPNESS, Key::SurveySharpnessNext);
        all.push(judged(Aspect::Sharpness, figure, verdict));
    }
    all.extend(plate_light(figures));
    if let Some(degrees) = seen.tilt_deg {
        let figure = Said::with(Key::SurveyTiltFigure, "degrees", whole(degrees));
        let verdict = at_most(degrees, TILT_DEG, Key::SurveyTiltNext);
        all.push(judged(Aspect::Tilt, figure, verdict));
    }
    if let Some(degrees) = seen.side_deg {
        let figure = Said::with(Key::SurveySideFigure, "degrees", whole(degrees));
        let verdict = at_most(degrees, SIDE_DEG, Key::SurveySideNext);
        all.push(judged(Aspect::Side, figure, verdict));
    }
    if let Some(share) = seen.in_region {
        let figure = Said::with(Key::SurveyRegionFigure, "percent", whole(share * 100.0));
        let verdict = at_least(share, IN_REGION, Key::SurveyRegionNext);
        all.push(judged(Aspect::Region, figure, verdict));
    }
    all
}

/// Too dark, too bright or too flat to tell characters from what is behind them.
fn plate_light(figures: &SurveyFigures) -> Option<Judged> {
    let seen = &figures.plates;
    let (light, contrast, white) = (seen.brightness?, seen.contrast?, seen.clipped?);
    let figure = Said::with(Key::SurveyPlateLightFigure, "light", whole(light))
        .and("contrast", whole(contrast))
        .and("white", whole(white * 100.0));
    let dark = at_least(light, PLATE_DARK, Key::SurveyPlateLightDark);
    let bright = at_most(white, PLATE_WHITE, Key::SurveyPlateLightBright);
    let flat = at_least(contrast, PLATE_CONTRAST, Key::SurveyPlateLightFlat);
    let verdict = worse(worse(bright, dark), flat);
    Some(judged(Aspect::PlateLight, figure, verdict))
}

#[cfg(test)]
mod tests;
