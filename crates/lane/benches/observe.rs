//! What a frame costs the lane, beside decoding the plate that was read on it.
//! `cargo bench -p lane`; the ratio is the figure, times are those of this machine.

use std::hint::black_box;
use std::time::{Duration, Instant};

use frame::{ClockSource, Frame, MonoTime, Picture, Point, Quad};
use lane::{Lane, LaneSettings, Observation, Presence, Sighting};
use plate::{Color, Evidence, Layout, PlateRead};

const FRAMES: u64 = 20_000;

#[allow(clippy::print_stdout)]
fn main() {
    let evidence = Evidence::of_plate("冀A12345", Color::Yellow, Layout::Single, 0.98);
    let started = Instant::now();
    for _ in 0..FRAMES {
        black_box(PlateRead::of(black_box(&evidence)));
    }
    let decode = started.elapsed();
    let frames: Vec<Observation> = (0..FRAMES).map(|n| approach(n, &evidence)).collect();
    let mut lane = Lane::new(LaneSettings::default());
    let started = Instant::now();
    for frame in &frames {
        black_box(lane.observe(frame));
    }
    let observe = started.elapsed();
    let us = |d: Duration| d.as_secs_f64() * 1e6 / FRAMES as f64;
    println!(
        "a frame in the lane {:.1} µs, a plate decoded {:.1} µs: {:.0} times as long",
        us(observe),
        us(decode),
        us(decode) / us(observe)
    );
}

/// Frame `n` of vehicles that come, each in ten seconds.
fn approach(n: u64, evidence: &Evidence) -> Observation {
    let width = 60.0 + (n % 100) as f32;
    let at = |x: f32, y: f32| Point::new(960.0 + x * width, 540.0 + y * width);
    let sighting = Sighting {
        quad: Quad([
            at(-0.5, -0.16),
            at(0.5, -0.16),
            at(0.5, 0.16),
            at(-0.5, 0.16),
        ]),
        evidence: evidence.clone(),
        read: PlateRead::of(evidence),
        quality: 0.8,
    };
    Observation {
        frame: Frame {
            picture: Picture::filled(64, 36, [90, 90, 90]),
            captured: jiff::Timestamp::UNIX_EPOCH,
            clock: ClockSource::Arrival,
            at: MonoTime::from_ms(1_000 + n * 100),
            sequence: n,
        },
        sightings: vec![sighting],
        presence: Some(Presence {
            occupied: width / 400.0,
            moving: 0.05,
        }),
    }
}
