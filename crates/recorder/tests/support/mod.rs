//! A place for video, and a player that is none of ours.

mod ffprobe;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use camera::Camera;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use recorder::{
    RecordedCamera, Recorder, RepairScope, Repaired, VideoDisks, VideoIndex, VideoRow, VideoSpan,
    repair,
};

pub(crate) use ffprobe::played;

/// Longest wait for anything; test machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Folder, index and disks of one site.
pub(crate) struct Shelf {
    folder: tempfile::TempDir,
    pub(crate) index: Arc<VideoIndex>,
    pub(crate) disks: VideoDisks,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Arc::new(VideoIndex::open(folder.path()).expect("an index"));
        let roots = [folder.path().join("video")];
        let disks = VideoDisks::open(&index, &roots, 0).expect("disks");
        Self {
            folder,
            index,
            disks,
        }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("video")
    }

    pub(crate) fn recorder(&self) -> Recorder {
        Recorder::new(Arc::clone(&self.index), self.disks.clone(), TimeZone::UTC)
    }

    pub(crate) fn span(&self, camera: &str) -> VideoSpan {
        let all = self
            .index
            .span(camera, Timestamp::UNIX_EPOCH, Timestamp::MAX);
        all.expect("readable")
    }

    pub(crate) fn videos(&self, camera: &str) -> Vec<VideoRow> {
        self.span(camera).videos
    }

    pub(crate) fn repair(&self, scope: RepairScope) -> Repaired {
        repair(&self.index, &self.disks, scope, Timestamp::now()).expect("repairs")
    }

    /// The file is what its row says: by its hash, and by what is in it.
    pub(crate) fn assert_proved(&self, video: &VideoRow) {
        let output = Command::new("sha256sum")
            .arg(&video.file)
            .output()
            .expect("runs");
        let hash = String::from_utf8_lossy(&output.stdout);
        assert!(
            hash.starts_with(&hex::encode(video.sha256)),
            "{hash} {video:?}"
        );
        let mut file = std::fs::File::open(&video.file).expect("there");
        let walked = recorder::walk(&mut file).expect("readable");
        assert!(walked.is_whole(), "{walked:?}");
        assert_eq!(walked.fragments[0].captured, video.start);
        assert_eq!(
            (walked.pictures(), walked.duration_ms()),
            (video.pictures, video.duration_ms)
        );
        let coding = walked.coding.expect("a coding");
        assert_eq!(coding.rfc6381.to_lowercase(), video.coding.to_lowercase());
        for pair in walked.fragments.windows(2) {
            let lasts = pair[1]
                .captured
                .duration_since(pair[0].captured)
                .as_millis();
            let ticks =
                (pair[1].decode_ticks - pair[0].decode_ticks) * 1000 / u64::from(walked.ticks_hz);
            assert!(
                (lasts - i128::from(ticks)).abs() < 1000,
                "{lasts} ms, {ticks} ms by the stamps"
            );
        }
    }
}

pub(crate) fn of(name: &str, camera: &Camera) -> RecordedCamera {
    RecordedCamera {
        name: name.to_owned(),
        stream: camera.stream.clone(),
        state: camera.state.clone(),
    }
}

/// Waits for what is looked for.
pub(crate) async fn until(what: &str, is: impl Fn() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(began.elapsed() < PATIENCE, "waited for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let listed = Command::new("find")
        .arg(folder)
        .args(["-type", "f"])
        .output()
        .expect("runs");
    let mut files: Vec<_> = String::from_utf8_lossy(&listed.stdout)
        .lines()
        .map(str::to_owned)
        .collect();
    files.sort();
    files
}
