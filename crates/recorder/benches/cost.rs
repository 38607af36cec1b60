//! What recording costs: streams as cameras send them, onto a real disk, each fragment synced, with index and SHA-256.
//!
//! `cargo bench -p recorder --features trial --bench cost`; TMPDIR says on which disk. The figure is processor time of the
//! whole process, the camera that is played included, for each second of video. The kernel's own threads, which write out
//! what was synced, are not in it.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use bytes::Bytes;
use camera::trial::PlayedCamera;
use camera::{AccessUnit, Codec, Format};
use frame::{ClockSource, MonoTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use mp4_atom::{Avc1, Avcc, Encode as _, Visual};
use rand::RngCore as _;
use recorder::{RecordedCamera, Recorder, VideoDisks, VideoIndex, VideoMeter, video_hash, walk};
use rustix::time::{ClockId, clock_gettime};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SIZE: (u16, u16) = (1920, 1080);
const FPS: u32 = 25;
/// Pictures from one key picture to the next, 2 s.
const GROUP: u32 = 50;
/// 4 Mbit/s.
const GROUP_BYTES: usize = 1_000_000;
/// So much larger is a key picture than another.
const KEY_WEIGHT: usize = 10;
/// Different ones, which the processor's own memory does not hold.
const GROUPS: usize = 30;
const TICKS_HZ: u32 = 90_000;
/// What may wait for a recorder before it is waited for; it throws away beyond 32 MiB.
const AHEAD: u64 = 4 * GROUP as u64;

const AT_ONCE: Duration = Duration::from_secs(300);
/// At a camera's own pace a thread is woken for each picture, which costs too.
const AT_PACE: Duration = Duration::from_secs(30);

fn main() -> Result<()> {
    let film = film();
    println!("{}x{} at {FPS} pictures a second, 4 Mbit/s", SIZE.0, SIZE.1);
    for (paced, lasts) in [(false, AT_ONCE), (true, AT_PACE)] {
        for cameras in [1, 4] {
            measure(&film, cameras, lasts, paced)?;
        }
    }
    Ok(())
}

/// Records so many cameras for a time and tells what that cost.
fn measure(film: &[Bytes], cameras: u32, lasts: Duration, paced: bool) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("video");
    let index = Arc::new(VideoIndex::open(folder.path())?);
    let disks = VideoDisks::open(&index, std::slice::from_ref(&root), 0)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let in_runtime = runtime.enter();
    let mut recorder = Recorder::new(Arc::clone(&index), disks, TimeZone::UTC);
    let mut played = Vec::new();
    let (before, began) = (process_cpu(), Instant::now());
    for number in 0..cameras {
        let name = format!("gate-{number}");
        let camera = PlayedCamera::new(&name);
        let meter = recorder.add(&RecordedCamera {
            name,
            stream: camera.stream(),
            state: camera.state(),
        })?;
        camera.begin(format()?);
        played.push((camera, meter));
    }
    let start = Timestamp::now();
    let pictures = u32::try_from(lasts.as_secs())? * FPS;
    for number in 0..pictures {
        if paced {
            sleep((Duration::from_secs(1) / FPS * number).saturating_sub(began.elapsed()));
        }
        for (camera, meter) in &played {
            wait(meter, u64::from(number).saturating_sub(AHEAD));
            camera.send(unit(film, number, start)?);
        }
    }
    for (camera, meter) in &played {
        camera.end();
        wait(meter, pictures.into());
    }
    runtime.block_on(recorder.stop());
    let (cpu, took) = (process_cpu().saturating_sub(before), began.elapsed());
    drop(in_runtime);
    assert_whole(&index, cameras, pictures.into(), start)?;
    let share = 100.0 * cpu.as_secs_f64() / lasts.as_secs_f64();
    println!(
        "{cameras} for {} s, {}: {share:.2} % of a core, {:.2} % a stream; all pictures kept, in {:.1} s",
        lasts.as_secs(),
        if paced {
            "at their own pace"
        } else {
            "as fast as it goes"
        },
        share / f64::from(cameras),
        took.as_secs_f64()
    );
    Ok(())
}

/// Every picture is in a file, each file is what its row says, and nothing is missing between them.
fn assert_whole(index: &VideoIndex, cameras: u32, pictures: u64, start: Timestamp) -> Result<()> {
    for number in 0..cameras {
        let span = index.span(&format!("gate-{number}"), start, Timestamp::MAX)?;
        let mut kept = 0;
        for video in &span.videos {
            kept += walk(&mut std::fs::File::open(&video.file)?)?.pictures();
            assert_eq!(video_hash(&video.file)?, video.sha256);
        }
        assert_eq!(kept, pictures, "pictures are missing");
        // The camera is away from its last picture on.
        let holes = span.gaps.iter().filter(|gap| gap.from >= start).count();
        assert!(holes <= 1, "{:?}", span.gaps);
    }
    Ok(())
}

fn wait(meter: &VideoMeter, pictures: u64) {
    while meter.now().pictures < pictures {
        sleep(Duration::from_millis(2));
    }
}

/// The access units of a minute, key pictures first in each group.
fn film() -> Vec<Bytes> {
    let share = GROUP_BYTES / (GROUP as usize - 1 + KEY_WEIGHT);
    let group = |_| {
        let key = picture(0x65, share * KEY_WEIGHT);
        let others = (1..GROUP).map(|_| picture(0x41, share));
        std::iter::once(key).chain(others).collect::<Vec<_>>()
    };
    (0..GROUPS).flat_map(group).collect()
}

/// Bytes like those of a coded picture: any, but for what emulation prevention keeps out.
fn picture(kind: u8, bytes: usize) -> Bytes {
    let mut data = vec![0; bytes];
    rand::rng().fill_bytes(&mut data);
    for at in 2..bytes {
        if data[at - 2..at] == [0, 0] {
            data[at] |= 4;
        }
    }
    data[..5].copy_from_slice(&[0, 0, 0, 1, kind]);
    data[5] |= 4;
    data[bytes - 1] |= 0x80;
    data.into()
}

fn unit(film: &[Bytes], number: u32, start: Timestamp) -> Result<AccessUnit> {
    let since = Duration::from_secs(1) / FPS * number;
    Ok(AccessUnit {
        data: film[number as usize % film.len()].clone(),
        pts: i64::from(number) * i64::from(TICKS_HZ / FPS),
        key: number.is_multiple_of(GROUP),
        at: MonoTime::from_ms(1000) + since,
        captured: start + SignedDuration::try_from(since)?,
        clock: ClockSource::CameraNtp,
        lost: 0,
    })
}

fn format() -> Result<Format> {
    let entry = Avc1 {
        visual: Visual {
            data_reference_index: 1,
            width: SIZE.0,
            height: SIZE.1,
            ..Visual::default()
        },
        avcc: Avcc {
            configuration_version: 1,
            avc_profile_indication: 0x64,
            avc_level_indication: 0x28,
            length_size: 4,
            ..Avcc::default()
        },
        ..Avc1::default()
    };
    let mut sample_entry = Vec::new();
    entry.encode(&mut sample_entry)?;
    Ok(Format {
        codec: Codec::H264,
        width: SIZE.0.into(),
        height: SIZE.1.into(),
        sample_entry: sample_entry.into(),
        rfc6381: "avc1.640028".to_owned(),
        ticks_hz: TICKS_HZ,
    })
}

fn process_cpu() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    used.try_into().unwrap_or_default()
}
