//! What the grammar costs: the most probable plate that there can be, beside taking the likeliest
//! character of each place. `cargo bench -p plate`; the ratios are the figures, times are those of
//! this machine.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use plate::{Color, Evidence, Layout, PlateNumber, PlateRead, Symbol, Vote, is_valid};

const ROUNDS: u32 = 20_000;
/// Views of a vehicle that approaches.
const VIEWS: usize = 25;

fn main() {
    let sure = Evidence::of_plate("冀A12345", Color::Yellow, Layout::Single, 0.98);
    let doubtful = Evidence::of_plate("粤BD12345", Color::Green, Layout::Single, 0.4);
    let likeliest = each(|| likeliest(black_box(&sure)));
    for (what, evidence) in [("sure", &sure), ("doubtful", &doubtful)] {
        let decoded = each(|| PlateRead::of(black_box(evidence)));
        told(
            &format!("a {what} plate under the grammar"),
            (decoded, likeliest),
            "× the likeliest characters",
        );
    }
    let decoded = each(|| PlateRead::of(black_box(&sure)));
    let voted = each(|| {
        let mut vote = Vote::default();
        for _ in 0..VIEWS {
            vote.add(black_box(&sure), 0.8);
        }
        vote.result()
    });
    told(
        "a vote of 25 views and its plate",
        (voted, decoded),
        "× one view's plate",
    );
    let valid = each(|| is_valid(black_box("冀A12345")));
    let typed = each(|| PlateNumber::normalise(black_box(" 冀Ａ·1234O ")));
    told(
        "a typed number made plain",
        (typed, valid),
        "× asking whether a plain one is valid",
    );
    let number = PlateNumber::normalise("冀AI234O");
    let offered = each(|| black_box(&number).perhaps_meant());
    told("a correction offered", (offered, valid), "× the same");
}

fn likeliest(evidence: &Evidence) -> String {
    let slots = evidence.chars().iter().filter_map(|slot| {
        let (best, _) = slot.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        Symbol::from_index(best)?.as_char()
    });
    slots.collect()
}

fn each<T>(mut run: impl FnMut() -> T) -> Duration {
    let started = Instant::now();
    for _ in 0..ROUNDS {
        black_box(run());
    }
    started.elapsed() / ROUNDS
}

fn told(what: &str, (time, beside): (Duration, Duration), than: &str) {
    let ratio = time.as_secs_f64() / beside.as_secs_f64();
    let us = time.as_secs_f64() * 1e6;
    println!("{what:<36} {us:>8.2} µs {ratio:>7.1} {than}");
}
