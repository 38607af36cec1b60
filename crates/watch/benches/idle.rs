//! What a lane costs while nothing is in it, and while vehicles come, beside decoding its stream.
//! `cargo bench -p watch`, from the repository with its models, `.runtime` and ffmpeg; the ratios are the figures,
//! shares of a core are those of this machine.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use camera::{Attention, FileFrames, FileOptions, Rate};
use frame::{Frame, MonoTime};
use lane::LaneSettings;
use vision::{Models, process_cpu};
use watch::{LaneWatcher, Sentinel};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Pictures a second that a lane looks at, as the daemon does.
const FPS: f32 = 8.0;
/// The same of a second stream.
const WATCH_FPS: f32 = 4.0;

/// The lane learns what is fixed in it; from then on is measured.
const WARM_UP: Duration = Duration::from_secs(20);

/// What was spent on how much footage.
#[derive(Clone, Copy)]
struct Spent {
    cpu: Duration,
    footage: Duration,
}

impl Spent {
    fn tell(self, what: &str, beside: Self) {
        let share = |spent: Self| 100.0 * spent.cpu.as_secs_f64() / spent.footage.as_secs_f64();
        let ratio = share(self) / share(beside);
        println!(
            "{what:<44} {:>6.2} % of a core {ratio:>6.2} × decoding",
            share(self)
        );
    }
}

fn main() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let library = root.join(".runtime/onnxruntime/libonnxruntime.so");
    let models = Models::open(&root.join("models"), Some(&library))?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let empty = root.join("testdata/images/full-empty.jpg");
    let still = clip(folder, &empty, ("1920:1080", "4M"))?;
    let small = clip(folder, &empty, ("704:576", "512k"))?;

    let decoded = decode(&still)?;
    println!("an empty lane, 1920x1080 at 25 pictures a second, a key picture every 2 s");
    decoded.tell("  every picture decoded, none looked at", decoded);
    let watch = |rests: bool, guard: Option<&Path>| watched(&models, &still, rests, guard);
    watch(false, None)?.tell("  watched, always awake", decoded);
    watch(true, None)?.tell("  watched, at rest", decoded);
    watch(true, Some(&small))?.tell("  the same with a second stream of 704x576", decoded);

    let busy = root.join("testdata/footage/north-in.mp4");
    let decoded = decode(&busy)?;
    println!("vehicles all the time, 1920x1080 (north-in)");
    decoded.tell("  every picture decoded, none looked at", decoded);
    for (what, rests) in [("always awake", false), ("rests when it may", true)] {
        watched(&models, &busy, rests, None)?.tell(&format!("  watched, {what}"), decoded);
    }
    Ok(())
}

/// An empty lane for two minutes with the noise of a sensor, as a camera codes it at this rate.
fn clip(folder: &Path, picture: &Path, (size, rate): (&str, &str)) -> Outcome<PathBuf> {
    let path = folder.join(format!("idle-{}.mp4", size.replace(':', "x")));
    if !path.exists() {
        let half = path.with_extension("half.mp4");
        let filter = format!("scale={size},noise=alls=9:allf=t,format=yuv420p");
        let coding = "keyint=50:min-keyint=50:scenecut=0:bframes=0";
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-loop", "1", "-framerate", "25", "-i"])
            .arg(picture)
            .args(["-t", "120", "-vf", &filter, "-c:v", "libx264"])
            .args(["-preset", "veryfast", "-b:v", rate, "-x264-params", coding])
            .arg(&half)
            .status()?;
        if !status.success() {
            return Err("ffmpeg failed".into());
        }
        std::fs::rename(half, &path)?;
    }
    Ok(path)
}

fn options(fps: f32) -> FileOptions {
    FileOptions {
        rate: Rate::new(Some(fps)),
        ..FileOptions::default()
    }
}

/// Decodes all of it and looks at nothing.
fn decode(clip: &Path) -> Outcome<Spent> {
    let before = process_cpu();
    // One picture is always converted.
    let mut frames = FileFrames::open(clip, &options(0.001))?;
    for frame in frames.by_ref() {
        frame?;
    }
    let footage = Duration::from_secs_f64(frames.decoded() as f64 / 25.0);
    let cpu = process_cpu().saturating_sub(before);
    Ok(Spent { cpu, footage })
}

/// Watches a lane, with a second stream if there is one.
fn watched(models: &Models, clip: &Path, rests: bool, guard: Option<&Path>) -> Outcome<Spent> {
    let files = options(FPS);
    let settings = LaneSettings::default();
    let mut watcher = LaneWatcher::new(models.recognizer()?, settings.clone());
    if rests {
        watcher = watcher.resting(files.attention.clone());
    }
    let mut guard = guard
        .map(|clip| Guard::open(clip, &settings, &files.attention))
        .transpose()?;
    let mut began = None;
    let mut last = MonoTime::default();
    let mut frames = FileFrames::open(clip, &files)?;
    while let Some(frame) = frames.next() {
        let frame = frame?;
        if frame.at >= MonoTime::default() + WARM_UP {
            began.get_or_insert_with(|| (process_cpu(), frame.at));
        }
        if let Some(guard) = &mut guard {
            guard.until(frame.at)?;
        }
        watcher.observe(&frame, frames.is_look())?;
        last = last.max(frame.at);
    }
    let (before, from) = began.ok_or("the clip is too short")?;
    let cpu = process_cpu().saturating_sub(before);
    let footage = last.since(from);
    println!(
        "    {} decoded, {} not",
        frames.decoded(),
        frames.undecoded()
    );
    Ok(Spent { cpu, footage })
}

/// The second stream, as far as the first one has come.
struct Guard {
    frames: FileFrames,
    sentinel: Sentinel,
    ahead: Option<Frame>,
}

impl Guard {
    fn open(clip: &Path, settings: &LaneSettings, attention: &Attention) -> Outcome<Self> {
        Ok(Self {
            frames: FileFrames::open(clip, &options(WATCH_FPS))?,
            sentinel: Sentinel::new(settings, attention.clone()),
            ahead: None,
        })
    }

    fn until(&mut self, at: MonoTime) -> Outcome<()> {
        loop {
            if self.ahead.is_none() {
                self.ahead = self.frames.next().transpose()?;
            }
            match self.ahead.take_if(|frame| frame.at <= at) {
                Some(frame) => self.sentinel.observe(&frame)?,
                None => return Ok(()),
            }
        }
    }
}
