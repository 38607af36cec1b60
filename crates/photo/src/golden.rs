//! Whole annotated photos against pictures that a person has looked at.
//!
//! `UPDATE_GOLDEN=1 cargo test --release -p photo` writes them anew; look at each before it is
//! committed. Fonts differ a little between Debian releases, hence the tolerance.

use std::path::PathBuf;
use std::time::Instant;

use frame::Picture;
use passage::{Direction, KeyPhoto};
use plate::Color;
use words::Language;

use crate::scene::{askew, caption, font, truck};
use crate::{Caption, annotate, encode_jpeg};

/// Mean difference of a channel, 0 to 255, over the band.
const TOLERANCE: f64 = 4.0;

fn compare(name: &str, photo: &Picture, scene_height: u32) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.png"));
    let (width, height) = (photo.width(), photo.height());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        image::save_buffer(&path, photo.rgb(), width, height, image::ColorType::Rgb8)
            .expect("the golden picture is written");
        return;
    }
    let golden = image::open(&path).expect("a golden picture").to_rgb8();
    assert_eq!(
        golden.dimensions(),
        (width, height),
        "{name} changed its size"
    );
    let band = scene_height as usize * width as usize * 3;
    for (part, range) in [("scene", 0..band), ("band", band..photo.rgb().len())] {
        let pairs = photo.rgb()[range.clone()]
            .iter()
            .zip(&golden.as_raw()[range.clone()]);
        let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = sum as f64 / range.len() as f64;
        assert!(
            mean <= TOLERANCE,
            "{name}: the {part} differs by {mean:.2} on average"
        );
    }
}

#[test]
fn a_head_photo_by_day_looks_as_it_did() {
    let (scene, quad) = truck((1280, 720), 1.0, ("冀A12345", Color::Blue));
    let photo = annotate(&scene, &caption(), Some(quad), font());
    compare("head_by_day", &photo, 720);
}

#[test]
fn a_photo_with_an_untrusted_clock_by_night_looks_as_it_did() {
    let (scene, quad) = truck((1280, 720), 0.25, ("冀B6789挂", Color::Yellow));
    let words = Caption {
        plate: Some("冀B6789挂".into()),
        color: Color::Yellow,
        clock_trusted: false,
        direction: Some(Direction::Out),
        kind: KeyPhoto::Body,
        ..caption()
    };
    let photo = annotate(&scene, &words, Some(askew(quad)), font());
    compare("body_by_night", &photo, 720);
}

#[test]
fn a_photo_without_a_plate_looks_as_it_did() {
    let (scene, _) = truck((1280, 720), 0.8, ("     ", Color::White));
    let words = Caption {
        plate: None,
        color: Color::Unknown,
        ..caption()
    };
    let photo = annotate(&scene, &words, None, font());
    compare("unread", &photo, 720);
}

#[test]
fn a_narrow_photo_in_english_looks_as_it_did() {
    let (scene, quad) = truck((640, 480), 1.0, ("粤B12345D", Color::YellowGreen));
    let words = Caption {
        plate: Some("粤B12345D".into()),
        color: Color::YellowGreen,
        lane: "East gate, lane 1".into(),
        site: "Example Cement".into(),
        language: Language::En,
        ..caption()
    };
    let photo = annotate(&scene, &words, Some(quad), font());
    compare("narrow_english", &photo, 480);
}

/// Prints what annotating and encoding cost: `cargo test --release -p photo -- --ignored cost
/// --nocapture`.
#[test]
#[ignore = "a measurement, not a test"]
#[allow(clippy::print_stdout)]
fn cost_at_1080p() {
    let (scene, quad) = truck((1920, 1080), 1.0, ("冀A12345", Color::Blue));
    let mut times_ms = [Vec::new(), Vec::new()];
    for _ in 0..200 {
        let start = Instant::now();
        let photo = annotate(&scene, &caption(), Some(quad), font());
        times_ms[0].push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        let jpeg = encode_jpeg(&photo, 85).expect("encoded");
        times_ms[1].push(start.elapsed().as_secs_f64() * 1e3);
        assert!(!jpeg.is_empty());
    }
    for (what, times) in ["annotate", "encode"].into_iter().zip(&mut times_ms) {
        times.sort_by(f64::total_cmp);
        println!(
            "{what}: median {:.1} ms, fastest {:.1} ms",
            times[100], times[0]
        );
    }
}
