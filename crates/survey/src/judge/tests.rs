//! Each rule by itself.

use super::*;
use crate::PlateFigures;
use words::Language;

fn good() -> SurveyFigures {
    SurveyFigures {
        seconds: 60.0,
        size_px: (1920, 1080),
        live: true,
        fps: Some(25.0),
        longest_gap_ms: Some(60.0),
        clock_ahead_ms: Some(-300),
        brightness: Some(100.0),
        min_plate_px: 50.0,
        plates: PlateFigures {
            vehicles: 4,
            surely_read: 4,
            standing: 0,
            width_px: Some(150.0),
            narrowest_sure_px: Some(60.0),
            sharpness: Some(0.5),
            brightness: Some(110.0),
            contrast: Some(50.0),
            clipped: Some(0.05),
            tilt_deg: Some(3.0),
            side_deg: Some(15.0),
            in_region: Some(1.0),
        },
        ..SurveyFigures::default()
    }
}

fn not_good(figures: &SurveyFigures) -> Vec<(Aspect, Grade)> {
    let all = judge(figures).into_iter();
    let bad = all.filter(|judged| judged.grade != Grade::Good);
    bad.map(|judged| {
        let told = judged.advice.is_some() || judged.grade == Grade::Unknown;
        assert!(told, "{judged:?}");
        for language in Language::ALL {
            assert!(!judged.figure.text(language).contains('{'));
        }
        (judged.aspect, judged.grade)
    })
    .collect()
}

type Change = fn(&mut SurveyFigures);

#[test]
fn a_good_camera_is_good_in_everything() {
    assert_eq!(not_good(&good()), []);
    assert_eq!(judge(&good()).len(), 13);
}

#[test]
fn each_thing_that_is_wrong_is_named_and_nothing_else() {
    let table: &[(Change, Aspect, Grade)] = &[
        (|f| f.size_px = (704, 576), Aspect::Size, Grade::Bad),
        (|f| f.fps = Some(12.0), Aspect::Rate, Grade::Poor),
        (|f| f.fps = Some(5.0), Aspect::Rate, Grade::Bad),
        (
            |f| f.longest_gap_ms = Some(900.0),
            Aspect::Gaps,
            Grade::Poor,
        ),
        (
            |f| f.longest_gap_ms = Some(3000.0),
            Aspect::Gaps,
            Grade::Bad,
        ),
        (|f| f.packets_lost = 3, Aspect::Losses, Grade::Poor),
        (|f| f.damaged = 50, Aspect::Losses, Grade::Bad),
        (
            |f| f.clock_ahead_ms = Some(5_000),
            Aspect::Clock,
            Grade::Poor,
        ),
        (
            |f| f.clock_ahead_ms = Some(-28_800_000),
            Aspect::Clock,
            Grade::Bad,
        ),
        (|f| f.clock_ahead_ms = None, Aspect::Clock, Grade::Poor),
        (|f| f.brightness = Some(5.0), Aspect::Light, Grade::Bad),
        (|f| f.brightness = Some(220.0), Aspect::Light, Grade::Poor),
        (|f| f.plates.surely_read = 3, Aspect::Plates, Grade::Poor),
        (|f| f.plates.surely_read = 1, Aspect::Plates, Grade::Bad),
        (
            |f| f.plates.width_px = Some(80.0),
            Aspect::Width,
            Grade::Poor,
        ),
        (
            |f| f.plates.width_px = Some(62.0),
            Aspect::Width,
            Grade::Bad,
        ),
        (
            |f| f.plates.sharpness = Some(0.1),
            Aspect::Sharpness,
            Grade::Poor,
        ),
        (
            |f| f.plates.sharpness = Some(0.05),
            Aspect::Sharpness,
            Grade::Bad,
        ),
        (
            |f| f.plates.brightness = Some(20.0),
            Aspect::PlateLight,
            Grade::Bad,
        ),
        (
            |f| f.plates.clipped = Some(0.5),
            Aspect::PlateLight,
            Grade::Poor,
        ),
        (
            |f| f.plates.contrast = Some(5.0),
            Aspect::PlateLight,
            Grade::Bad,
        ),
        (
            |f| f.plates.tilt_deg = Some(15.0),
            Aspect::Tilt,
            Grade::Poor,
        ),
        (|f| f.plates.tilt_deg = Some(30.0), Aspect::Tilt, Grade::Bad),
        (
            |f| f.plates.side_deg = Some(55.0),
            Aspect::Side,
            Grade::Poor,
        ),
        (
            |f| f.plates.in_region = Some(0.0),
            Aspect::Region,
            Grade::Bad,
        ),
    ];
    for (change, aspect, grade) in table {
        let mut figures = good();
        change(&mut figures);
        assert_eq!(not_good(&figures), [(*aspect, *grade)]);
    }
}

#[test]
fn a_minute_without_vehicles_says_so_and_judges_the_rest() {
    let empty = SurveyFigures {
        plates: PlateFigures::default(),
        ..good()
    };
    assert_eq!(not_good(&empty), [(Aspect::Plates, Grade::Unknown)]);
    assert_eq!(judge(&empty).len(), 7);
    let none = judge(&empty)
        .into_iter()
        .find(|j| j.aspect == Aspect::Plates);
    assert!(none.and_then(|judged| judged.advice).is_some());
}

#[test]
fn a_recording_has_neither_clock_nor_network() {
    let recording = SurveyFigures {
        live: false,
        clock_ahead_ms: None,
        ..good()
    };
    assert_eq!(not_good(&recording), []);
}
