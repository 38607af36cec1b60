//! A manifest of models: refused in words, or within the bounds that the networks are run with.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use manifest::ModelManifest;

/// `vision` itself would bring OpenCV and ONNX Runtime, whose bindings take longer to build than all
/// the other targets.
#[allow(dead_code, unreachable_pub)]
#[path = "../../crates/vision/src/manifest.rs"]
mod manifest;

/// What the manifest needs of `vision::Error`.
#[derive(Debug, thiserror::Error)]
#[allow(dead_code)]
enum Error {
    #[error("{path:?}: {source}")]
    Unreadable {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    #[error("{path:?}: {reason}")]
    Manifest {
        path: std::path::PathBuf,
        reason: String,
    },
    #[error("{path:?}: {expected} {actual}")]
    Checksum {
        path: std::path::PathBuf,
        expected: String,
        actual: String,
    },
}

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

fuzz_target!(|bytes: &[u8]| {
    FOLDER.with(|folder| {
        let made = || tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.get_or_init(|| made().expect("a folder")).path();
        std::fs::write(folder.join("manifest.toml"), bytes).expect("written");
        match ModelManifest::read(folder) {
            Ok(manifest) => {
                let detector = manifest.detector.input;
                assert!(detector.width <= 4096 && detector.height <= 4096);
                let reader = manifest.reader.input;
                assert!(reader.width <= 1024 && reader.height <= 1024);
                let look = manifest.detector.second_look;
                let shares = [
                    manifest.detector.threshold,
                    manifest.reader.margin.x,
                    manifest.reader.margin.y,
                ];
                let looks = look.map_or([0.0; 2], |look| [look.plate_widths, look.veto_below]);
                assert!(
                    shares.iter().chain(&looks).all(|share| share.is_finite()),
                    "{manifest:?}"
                );
            }
            Err(error) => {
                let words = error.to_string();
                assert!(words.len() < 4000 + 4 * bytes.len(), "{words}");
            }
        }
    });
});
