//! Cameras of many makers, replayed from `testdata/`: each file is one that answers in its own way.
//! A new file needs no code; `docs/cameras.md` tells how to make one.

#[path = "support/clips.rs"]
mod clips;
#[path = "support/dialogue.rs"]
mod dialogue;
#[path = "support/payload.rs"]
mod payload;
#[path = "support/replay.rs"]
mod replay;

use std::path::{Path, PathBuf};
use std::time::Duration;

use camera::{Options, Secret, Source, State, spawn};
use dialogue::Dialogue;
use line::Backoff;
use payload::Payload;
use replay::Replay;
use tokio::time::timeout;

/// Longest wait for a state; test machines are busy.
const PATIENCE: Duration = Duration::from_secs(40);

fn options() -> Options {
    Options {
        backoff: Backoff {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(1),
        },
        answer_timeout: Duration::from_secs(6),
        ..Options::default()
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let entries = std::fs::read_dir(folder).expect("testdata");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    files.sort();
    files
}

/// The clip that a file names.
fn payload(video: &str) -> Payload {
    let h265 = video.starts_with("h265");
    Payload::read(&clips::stream(video), h265)
}

async fn until(
    state: &mut tokio::sync::watch::Receiver<State>,
    code: &str,
) -> Result<State, String> {
    let reached = timeout(PATIENCE, async {
        loop {
            let now = state.borrow_and_update().clone();
            if now.status.code() == code {
                return now;
            }
            let _ = timeout(Duration::from_millis(100), state.changed()).await;
        }
    });
    match reached.await {
        Ok(state) => Ok(state),
        Err(_) => {
            let last = state.borrow();
            Err(format!(
                "{code} is expected, it is {}: {}",
                last.status.code(),
                last.reason
            ))
        }
    }
}

/// Plays one file; what is wrong, if anything.
async fn replayed(path: &Path) -> Result<(), String> {
    let dialogue = Dialogue::read(path);
    let fact = |name: &str| dialogue.fact(name).map(str::to_owned);
    let (expected, says) = (fact("expect").unwrap_or_default(), fact("says"));
    let (login, holds) = (
        dialogue
            .login()
            .map(|(user, word)| (user.to_owned(), word.to_owned())),
        dialogue.holds(),
    );
    let most: Option<u64> = fact("loses_at_most").map(|n| n.parse().expect("a number"));
    let payload = payload(&fact("video").unwrap_or_default());
    let replay = Replay::start(dialogue, payload).await;
    let (user, password) = login.unzip();
    let source = Source::rtsp(
        &replay.url(),
        user.as_deref(),
        password.clone().map(Secret::new),
    )
    .map_err(|e| e.to_string())?;
    let mut camera = spawn("gate", source, options()).map_err(|e| e.to_string())?;
    let outcome = until(&mut camera.state, &expected).await;
    let complaints = replay.complaints();
    if !complaints.is_empty() {
        return Err(format!("{} ({outcome:?})", complaints.join("; ")));
    }
    let state = outcome?;
    if let Some(says) = says
        && !state.reason.contains(&says)
    {
        return Err(format!("{says:?} is not said in {:?}", state.reason));
    }
    if let Some(password) = password
        && state.reason.contains(&password)
    {
        return Err(format!("the password is shown: {}", state.reason));
    }
    tokio::time::sleep(holds).await;
    let state = camera.state.borrow().clone();
    if holds > Duration::ZERO && (state.status.code() != expected || state.connections != 1) {
        return Err(format!("did not last: {state:?} {:?}", replay.complaints()));
    }
    if let Some(most) = most
        && state.packets_lost > most
    {
        return Err(format!("{} packets count as lost", state.packets_lost));
    }
    camera.handle.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_camera_in_testdata_gives_pictures_or_says_why() {
    let files = files();
    assert!(files.len() > 10, "{files:?}");
    let mut wrong = Vec::new();
    // A few at a time: each decodes video.
    for some in files.chunks(4) {
        let runs = some.iter().map(|path| async move {
            let outcome = replayed(path).await;
            outcome
                .err()
                .map(|why| format!("{}: {why}", path.display()))
        });
        wrong.extend(futures::future::join_all(runs).await.into_iter().flatten());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
