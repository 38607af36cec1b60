//! The project's footage as a recording, against its truth as a ledger.

use std::path::{Path, PathBuf};
use std::process::Command;

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use lane::LaneSettings;
use passage::{Direction, PassageId, PassageView};
use recorder::{VideoRow, VideoSpan};
use recount::{Asked, Eyes, Judgement, Recount};
use vision::Models;

#[path = "support/rows.rs"]
mod rows;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn begin() -> Timestamp {
    "2026-03-01T08:00:00Z".parse().expect("a time")
}

fn after(ms: i64) -> Timestamp {
    begin() + SignedDuration::from_millis(ms)
}

/// A clip as the recorder would have kept it: in files that are cut at key pictures.
fn recording(clip: &str, to: &Path) -> VideoSpan {
    let cut = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(project().join("testdata/footage").join(clip))
        .args(["-c", "copy", "-f", "segment", "-segment_time", "30"])
        .args(["-reset_timestamps", "1"])
        .arg(to.join("%d.mp4"))
        .output()
        .expect("ffmpeg runs");
    assert!(
        cut.status.success(),
        "{}",
        String::from_utf8_lossy(&cut.stderr)
    );
    let mut start_ms = 0;
    let mut videos = Vec::new();
    for id in 0_i64.. {
        let file = to.join(format!("{id}.mp4"));
        if !file.exists() {
            break;
        }
        let duration_ms = lasts_ms(&file);
        videos.push(VideoRow {
            id,
            camera: "lane".to_owned(),
            file,
            start: after(start_ms),
            duration_ms,
            clock: ClockSource::CameraNtp,
            clock_offset_ms: None,
            bytes: 1,
            pictures: 1,
            coding: "avc1".to_owned(),
            sha256: [0; 32],
            repaired: false,
            gone: None,
            sealed: false,
        });
        start_ms += i64::try_from(duration_ms).expect("short");
    }
    assert!(videos.len() >= 2, "vehicles pass a seam");
    VideoSpan {
        videos,
        gaps: Vec::new(),
    }
}

fn lasts_ms(file: &Path) -> u64 {
    let probed = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-show_entries",
            "format=duration",
            "-of",
            "csv=p=0",
        ])
        .arg(file)
        .output()
        .expect("ffprobe runs");
    let seconds: f64 = String::from_utf8_lossy(&probed.stdout)
        .trim()
        .parse()
        .expect("a time");
    (seconds * 1000.0) as u64
}

/// The rows that the clip's vehicles would have.
fn rows(clip: &str) -> Vec<PassageView> {
    let truth = std::fs::read_to_string(project().join("testdata/footage/truth.csv"));
    let truth = truth.expect("the truth");
    let of_clip = truth.lines().filter(|line| line.starts_with(clip));
    of_clip
        .enumerate()
        .map(|(number, line)| row(number, line))
        .collect()
}

fn row(number: usize, line: &str) -> PassageView {
    let of: Vec<&str> = line.split(',').collect();
    let time = |place: usize| after(of[place].parse().expect("a time"));
    let (came, left) = (time(2), time(3));
    let decided = came + left.duration_since(came) / 2;
    let color = of[5].parse().unwrap_or(plate::Color::Unknown);
    rows::row(number as i64 + 1, (came, decided, left), of[4], color)
}

fn eyes() -> Eyes {
    let library = project().join(".runtime/onnxruntime/libonnxruntime.so");
    Eyes {
        models: Models::open(&project().join("models"), Some(&library)).expect("the models"),
        settings: LaneSettings {
            direction: Direction::In,
            view: lane::View::Front,
            ..LaneSettings::default()
        },
        fps: 8.0,
        threads: 2,
    }
}

fn asked() -> Asked {
    Asked {
        lane: "lane".to_owned(),
        from: begin(),
        until: after(3_600_000),
    }
}

#[test]
fn a_recording_shows_every_vehicle_of_its_truth_once_over_the_seams_of_its_files_and_those_without_rows_are_named()
 {
    let clip = "south-in.mp4";
    let folder = tempfile::tempdir().expect("a folder");
    let span = recording(clip, folder.path());
    let rows = rows(clip);
    let seen = eyes()
        .read(&asked(), &span.videos, &|_, _| {})
        .expect("read");
    let plated = rows
        .iter()
        .filter(|row| !row.reading.plate.is_empty())
        .count();
    let whole = Recount::of(&asked(), &span, rows.clone(), seen.clone());
    assert_eq!(whole.count(Judgement::Same), plated, "{:#?}", texts(&whole));
    // Two have no plate that can be read; one of them follows another so closely that it may be taken for one with it.
    assert_eq!(
        whole.count(Judgement::Unsure) + whole.count(Judgement::Beside),
        rows.len() - plated,
        "{:#?}",
        texts(&whole)
    );
    assert_eq!(whole.compared.len(), rows.len(), "{:#?}", texts(&whole));
    // After the last file there is no video, and nothing says why.
    assert_eq!(whole.holes.len(), 1);

    // The row of the vehicle at the seam is deleted, another's plate changed, and one invented.
    let mut forged = rows.clone();
    let deleted = forged.remove(3);
    forged[0].reading.plate = "XXXXXXX".to_owned();
    let mut invented = rows[5].clone();
    invented.id = PassageId(99);
    invented.entered_at = after(78_000);
    invented.decided_at = after(79_000);
    invented.finished = None;
    forged.push(invented);
    let told = Recount::of(&asked(), &span, forged, seen);
    let missing: Vec<_> = of(&told, Judgement::NotInLedger)
        .filter_map(|one| Some(one.seen.as_ref()?.read.as_ref()?.plate.clone()))
        .collect();
    assert_eq!(missing, [deleted.reading.plate], "{:#?}", texts(&told));
    assert_eq!(
        told.count(Judgement::ReadDifferently),
        1,
        "{:#?}",
        texts(&told)
    );
    let invented: Vec<_> = of(&told, Judgement::NotInVideo)
        .filter_map(|one| Some(one.row.as_ref()?.id))
        .collect();
    assert_eq!(invented, [PassageId(99)], "{:#?}", texts(&told));
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_others_are_still_read() {
    let clip = "south-in.mp4";
    let folder = tempfile::tempdir().expect("a folder");
    let span = recording(clip, folder.path());
    std::fs::write(&span.videos[0].file, b"no video").expect("written");
    let seen = eyes()
        .read(&asked(), &span.videos, &|_, _| {})
        .expect("read");
    let told = Recount::of(&asked(), &span, rows(clip), seen);
    assert_eq!(told.unreadable.len(), 1);
    assert!(!told.is_fine());
    assert!(told.count(Judgement::NoVideo) >= 3, "{:#?}", texts(&told));
    assert_eq!(told.count(Judgement::NotInVideo), 0, "{:#?}", texts(&told));
    assert!(told.count(Judgement::Same) >= 1, "{:#?}", texts(&told));
}

fn of(recount: &Recount, judgement: Judgement) -> impl Iterator<Item = &recount::Compared> {
    let so = move |one: &&recount::Compared| one.judgement == judgement;
    recount.compared.iter().filter(so)
}

fn texts(recount: &Recount) -> Vec<String> {
    let each = recount.compared.iter();
    each.map(|one| format!("{} {}", one.at(), one.text(words::Language::En)))
        .collect()
}
