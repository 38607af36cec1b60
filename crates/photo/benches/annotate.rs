//! What an annotated photo costs beside encoding the picture, which every photo needs.
//! `cargo bench -p photo`; the ratios are the figures, times are those of this machine.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use frame::{Picture, Point, Quad};
use passage::{Direction, KeyPhoto};
use photo::{Caption, Font, annotate, encode_jpeg, encode_jpeg_within, sha256_hex};
use plate::Color;
use words::Language;

const ROUNDS: usize = 15;
const QUALITY: u8 = 85;
const SIDES: (u32, u32) = (1920, 1080);

fn main() -> Result<(), Box<dyn Error>> {
    let font = Font::find()?;
    let (picture, quad) = gate();
    let caption = Caption {
        plate: Some("冀A12345".into()),
        color: Color::Blue,
        time: "2026-03-08T07:05:09[Asia/Shanghai]".parse()?,
        clock_trusted: true,
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "东门1号车道".into(),
        direction: Some(Direction::In),
        kind: KeyPhoto::Head,
        sees_rear: false,
        by_person: false,
        site: "某某水泥有限公司".into(),
        language: Language::Zh,
    };
    let jpeg = encode_jpeg(&picture, QUALITY)?;
    let encoded = median(|| encode_jpeg(&picture, QUALITY));
    println!("a picture of 1080p encoded               {}", ms(encoded));
    let told = |what: &str, time: Duration| {
        let ratio = time.as_secs_f64() / encoded.as_secs_f64();
        println!("{what:<40} {} {ratio:>7.3} × encoding it once", ms(time));
    };
    told(
        "band, frame and plate drawn",
        median(|| annotate(&picture, &caption, Some(quad), &font)),
    );
    told(
        "the same without a plate",
        median(|| annotate(&picture, &caption, None, &font)),
    );
    let fits = |limit| median(|| encode_jpeg_within(&picture, QUALITY, limit, 40));
    told("encoded within a limit that it meets", fits(2 * jpeg.len()));
    told("within half of its size", fits(jpeg.len() / 2));
    told("hashed", median(|| sha256_hex(&jpeg)));
    Ok(())
}

/// A picture with about as much in it as a camera's: shades, edges, and noise.
fn gate() -> (Picture, Quad) {
    let (width, height) = SIDES;
    let mut state = 7_u32;
    let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 29) as u8;
            let truck = (640..1280).contains(&x) && (130..930).contains(&y);
            let ground = if truck {
                [170, 50, 40]
            } else {
                [110, (y / 8) as u8, (x / 16) as u8]
            };
            rgb.extend(ground.map(|c: u8| c.saturating_add(noise)));
        }
    }
    let corner = |x: f32, y: f32| Point::new(x, y);
    let quad = Quad([
        corner(860.0, 800.0),
        corner(1060.0, 806.0),
        corner(1058.0, 868.0),
        corner(858.0, 862.0),
    ]);
    let picture = Picture::new(width, height, rgb);
    (
        picture.unwrap_or_else(|_| Picture::filled(width, height, [90; 3])),
        quad,
    )
}

/// Half of the runs took no longer.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            black_box(run());
            started.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

fn ms(time: Duration) -> String {
    format!("{:>8.2} ms", time.as_secs_f64() * 1000.0)
}
