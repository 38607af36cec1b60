//! What a picture costs, beside reading one plate. `cargo bench -p vision`, from the repository with
//! its models and `.runtime`; the ratios are the figures, times are processor time of this machine.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use frame::{MonoTime, Picture, Region};
use vision::{Models, MotionDetector, Part, PlateDetector, PlateReader, Runtime, thread_cpu};

const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (folder, library) = (
        root.join("models"),
        root.join(".runtime/onnxruntime/libonnxruntime.so"),
    );
    let models = Models::open(&folder, Some(&library))?;
    let runtime = Runtime::load(Some(&library))?;
    let manifest = models.manifest();
    let mut reader = PlateReader::load(&runtime, &folder, &manifest.reader)?;
    let mut detector = PlateDetector::load(&runtime, &folder, &manifest.detector)?;
    let mut recognizer = models.recognizer()?;
    let picture = |name: &str| -> Result<Picture, Box<dyn Error>> {
        let rgb = image::open(root.join("testdata/images").join(name))?.into_rgb8();
        let (width, height) = rgb.dimensions();
        Ok(Picture::new(width, height, rgb.into_raw())?)
    };
    let (two, empty) = (picture("full-two-plates.jpg")?, picture("full-empty.jpg")?);
    let found = detector.detect(&two)?;
    let best = found.first().ok_or("no plate on full-two-plates.jpg")?;
    let plate = reader.rectify(&two, &best.quad)?;

    let alone = median(|| reader.read(std::slice::from_ref(&plate)).map(drop))?;
    println!("one plate read                           {}", ms(alone));
    let told = |what: &str, time: Duration| {
        let ratio = time.as_secs_f64() / alone.as_secs_f64();
        println!("{what:<40} {} {ratio:>6.2} × reading a plate", ms(time));
    };
    for count in [2, 8] {
        let batch = vec![plate.clone(); count];
        let time = median(|| reader.read(&batch).map(drop))?;
        told(&format!("{count} plates in one run"), time);
    }
    told(
        "a plate made straight",
        median(|| reader.rectify(&two, &best.quad).map(drop))?,
    );
    let searched = median(|| detector.detect(&empty).map(drop))?;
    told("an empty picture searched", searched);
    told(
        "a picture with two plates searched",
        median(|| detector.detect(&two).map(drop))?,
    );
    told(
        "the same searched and read",
        median(|| recognizer.recognize(&two).map(drop))?,
    );
    let mut motion = MotionDetector::new(Region::whole(), Part::Whole);
    let mut now_ms = 0;
    let moved = median(|| {
        now_ms += 100;
        motion.observe(&two, MonoTime::from_ms(now_ms)).map(drop)
    })?;
    told("motion told", moved);
    Ok(())
}

/// Half of the runs took no longer.
fn median<E>(mut run: impl FnMut() -> Result<(), E>) -> Result<Duration, E> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let started = thread_cpu();
        run()?;
        times.push(thread_cpu().saturating_sub(started));
    }
    times.sort();
    Ok(times[ROUNDS / 2])
}

fn ms(time: Duration) -> String {
    format!("{:>8.2} ms", time.as_secs_f64() * 1000.0)
}
