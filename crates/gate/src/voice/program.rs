//! The two programs that speak.

use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::VoiceSettings;

/// A sentence is made in a few hundredths of a second; a busy computer takes some more.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longer than any sentence: three minutes.
const LONGEST_WAV: usize = 8 << 20;
/// Bytes before the samples in what `espeak-ng` writes.
const HEAD: usize = 44;
/// What `espeak-ng` takes for a voice of usual loudness, at volume 80.
const AMPLITUDE_AT_80: u32 = 100;

/// A sentence as the samples of a WAV file.
pub(super) async fn synthesize(settings: &VoiceSettings, text: &str) -> io::Result<Vec<u8>> {
    let amplitude = settings.volume * AMPLITUDE_AT_80 / 80;
    let mut child = Command::new("espeak-ng")
        .args(["-v", "cmn", "--stdin", "--stdout", "-a"])
        .arg(amplitude.to_string())
        .args(["-s", &settings.speed.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| missing("espeak-ng", &error))?;
    if let Some(mut words) = child.stdin.take() {
        words.write_all(text.as_bytes()).await?;
    }
    let output = timeout(PATIENCE, child.wait_with_output()).await;
    let output = output.map_err(|_| late("espeak-ng"))??;
    let mut wav = succeeded("espeak-ng", output)?;
    if wav.len() <= HEAD || wav.len() > LONGEST_WAV || !wav.starts_with(b"RIFF") {
        return Err(io::Error::other("espeak-ng made no sound"));
    }
    // Written to a pipe it cannot know its length beforehand.
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or_default().to_le_bytes();
    let (whole, samples) = (length(wav.len() - 8), length(wav.len() - HEAD));
    wav[4..8].copy_from_slice(&whole);
    wav[40..44].copy_from_slice(&samples);
    Ok(wav)
}

/// Begins to play. Dropped, it falls silent.
pub(super) async fn play(settings: &VoiceSettings, wav: &[u8]) -> io::Result<Playing> {
    let mut child = Command::new("aplay")
        .args(["-q", "-D", &settings.device, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| missing("aplay", &error))?;
    let sound = child.stdin.take();
    let bytes = wav.to_vec();
    // It takes the bytes as fast as it plays them.
    let feeding = tokio::spawn(async move {
        if let Some(mut sound) = sound {
            // One that has ended tells why by itself.
            let _ = sound.write_all(&bytes).await;
        }
    });
    Ok(Playing { child, feeding })
}

/// A sentence that is being played.
pub(super) struct Playing {
    child: Child,
    feeding: tokio::task::JoinHandle<()>,
}

impl Playing {
    /// Until it was said, or could not be.
    pub(super) async fn ended(self) -> io::Result<()> {
        let output = self.child.wait_with_output().await;
        self.feeding.abort();
        succeeded("aplay", output?).map(|_| ())
    }
}

fn succeeded(program: &str, output: Output) -> io::Result<Vec<u8>> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default().trim();
    let told = format!("{program} ends with {}: {last}", output.status);
    Err(io::Error::other(told))
}

fn missing(program: &str, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("{program} cannot be started: {error}"),
    )
}

fn late(program: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("{program} does not end"))
}
