//! What is said, as the system's programs make and play it: into a file in place of a sound card.

use std::path::Path;
use std::time::{Duration, Instant};

use gate::{VoiceSettings, prompt};
use jiff::tz::TimeZone;
use passage::Verdict;

use super::{read, took, until};

fn settings(device: &str, more: &str) -> VoiceSettings {
    read(
        &format!("device = \"{device}\"\n{more}"),
        VoiceSettings::read,
    )
}

fn into_file(file: &Path) -> String {
    format!("file:FILE={},FORMAT=wav", file.display())
}

/// Seconds and loudest sample of what was played.
fn heard(file: &Path) -> (f64, u16) {
    let bytes = std::fs::read(file).expect("played");
    assert!(bytes.starts_with(b"RIFF"), "a WAV file");
    let rate = u32::from_le_bytes(bytes[24..28].try_into().expect("four"));
    let samples: Vec<i16> = bytes[44..]
        .chunks_exact(2)
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect();
    let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max();
    (samples.len() as f64 / f64::from(rate), loudest.unwrap_or(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_said_in_mandarin_and_can_be_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("said.wav");
    let (took, spans) = took();
    let voice = settings(&into_file(&file), "").open(TimeZone::UTC, took);
    voice.say(prompt("冀A12345", Verdict::Allow, ""), Instant::now());
    let mut view = voice.view();
    view.wait_for(|view| view.works == Some(true))
        .await
        .expect("said");
    let (seconds, loudest) = heard(&file);
    assert!((1.5..6.0).contains(&seconds), "{seconds} s");
    assert!(loudest > 3_000, "loudest sample {loudest}");
    assert_eq!(spans.lock().expect("no panic").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_the_volume_is_softer_and_none_is_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = Vec::new();
    for volume in [100, 40, 0] {
        let file = folder.path().join(format!("{volume}.wav"));
        let voice = settings(&into_file(&file), &format!("volume = {volume}"));
        let voice = voice.open(TimeZone::UTC, took().0);
        voice.say("一二三四五".to_owned(), Instant::now());
        voice
            .view()
            .wait_for(|view| view.works == Some(true))
            .await
            .expect("said");
        all.push(heard(&file).1);
    }
    assert!(all[0] > all[1] && all[1] > all[2] && all[2] < 10, "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_newer_takes_the_place_of_what_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("said.wav");
    let voice = settings(&into_file(&file), "").open(TimeZone::UTC, took().0);
    for _ in 0..50 {
        voice.say("一二三四五六七八九".repeat(20), Instant::now());
    }
    voice.say("一".to_owned(), Instant::now());
    voice
        .view()
        .wait_for(|view| view.works == Some(true))
        .await
        .expect("said");
    assert!(heard(&file).0 < 3.0, "the last alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_quiet_hours_nothing_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("said.wav");
    let quiet = "quiet = [\"00:00-12:00\", \"12:00-00:00\"]";
    let voice = settings(&into_file(&file), quiet).open(TimeZone::UTC, took().0);
    voice.say("一".to_owned(), Instant::now());
    voice
        .view()
        .wait_for(|view| view.kept_back == 1)
        .await
        .expect("kept back");
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sound_card_it_is_told_once_and_nobody_waits() {
    let voice = settings("no-such-card", "");
    let told = voice.probe().await.expect_err("none").to_string();
    assert!(told.contains("aplay"), "{told}");
    let voice = voice.open(TimeZone::UTC, took().0);
    voice.say("一".to_owned(), Instant::now());
    let mut view = voice.view();
    view.wait_for(|view| view.works == Some(false))
        .await
        .expect("told");
    voice.say("二".to_owned(), Instant::now());
    until(|| voice.view().borrow().failed == 2, "tried again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_begins_within_300_ms_in_19_of_20() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("said.wav");
    let (took, spans) = took();
    let voice = settings(&into_file(&file), "").open(TimeZone::UTC, took);
    for number in 1..=40 {
        let plate = format!("冀A1{number:04}");
        voice.say(prompt(&plate, Verdict::Allow, ""), Instant::now());
        until(|| spans.lock().expect("no panic").len() == number, "said").await;
    }
    let mut spans = spans.lock().expect("no panic").clone();
    spans.sort();
    assert!(
        spans[37] < Duration::from_millis(300),
        "p95 {:?}",
        spans[37]
    );
}
