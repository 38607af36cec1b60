//! Pictures that are too large to be decoded: they are refused before they fill memory.

#[path = "support/clips.rs"]
mod clips;
#[path = "support/dialogue.rs"]
#[allow(dead_code)]
mod dialogue;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/payload.rs"]
#[allow(dead_code)]
mod payload;
#[path = "support/replay.rs"]
#[allow(dead_code)]
mod replay;

use std::path::Path;
use std::time::Duration;

use camera::{CameraStatus, Options, Source, spawn};
use dialogue::Dialogue;
use memory::most_memory;
use payload::Payload;
use replay::Replay;
use tokio::time::timeout;

const MIB: usize = 1 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_that_are_too_large_are_refused_and_fill_no_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for (file, video, most) in [
        ("too-large-pixels.txt", "h264-8192", 64),
        ("too-large-samples.txt", "h264-444", 256),
    ] {
        let payload = Payload::read(&clips::stream(video), false);
        let replay = Replay::start(Dialogue::read(&folder.join(file)), payload).await;
        let before = most_memory();
        let source = Source::rtsp(&replay.url(), None, None).expect("an address");
        let mut camera = spawn("gate", source, Options::default()).expect("starts");
        let refused = camera
            .state
            .wait_for(|s| s.status == CameraStatus::TooLarge);
        let refused = timeout(Duration::from_secs(60), refused).await;
        let state = refused.expect("in time").expect("told").clone();
        assert!(state.retry_at.is_some(), "{state:?}");
        let grown = (most_memory() - before) / MIB;
        assert!(grown < most, "{video}: {grown} MiB more than before");
        camera.handle.stop().await;
    }
}
