//! The ONNX Runtime library, found and loaded once per process.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;

use crate::{Error, manifest};

/// Where `scripts/setup` puts the library, below the project's folder.
const INSTALLED: &str = ".runtime/onnxruntime/libonnxruntime.so";
/// Where the package puts it, and where it was put by hand before there was one.
const SYSTEM: [&str; 2] = [
    "/usr/lib/menjin/libonnxruntime.so",
    "/opt/menjin/lib/libonnxruntime.so",
];

static LOADED: Mutex<Option<Environment>> = Mutex::new(None);

/// A loaded ONNX Runtime.
#[derive(Clone)]
pub struct Runtime {
    environment: Environment,
}

impl Runtime {
    /// Loads `library` or, without one, the first of: `ORT_DYLIB_PATH`, the folder of
    /// `scripts/setup` here or above the program, `/usr/lib/menjin`, `/opt/menjin/lib`. The first
    /// load counts for the whole process.
    ///
    /// # Errors
    /// [`Error::RuntimeMissing`] when it is nowhere, [`Error::RuntimeUnusable`] when it does not
    /// load or is too old.
    pub fn load(library: Option<&Path>) -> Result<Self, Error> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(environment) = &*loaded {
            return Ok(Self {
                environment: environment.clone(),
            });
        }
        let path = find(library)?;
        let unusable = |reason: String| Error::RuntimeUnusable {
            path: path.clone(),
            reason,
        };
        let environment = ort::init_from(&path)
            .map_err(|e| unusable(e.to_string()))?
            .with_telemetry(false)
            .build()
            .map_err(|e| unusable(e.to_string()))?;
        // Pictures are scaled on the thread that asks, as networks are run: see `session`.
        opencv::core::set_num_threads(1)?;
        tracing::debug!(path = %path.display(), "ONNX Runtime loaded");
        *loaded = Some(environment.clone());
        Ok(Self { environment })
    }

    /// A session of the model `file` in `folder`, once it is proved to be the one with this
    /// `sha256` and to have these outputs.
    pub(crate) fn load_model(
        &self,
        folder: &Path,
        (file, sha256): (&str, &str),
        role: &'static str,
        outputs: &[&str],
    ) -> Result<Session, Error> {
        let bytes = manifest::verified_bytes(folder, file, sha256)?;
        let unsuitable = |reason: String| Error::Unsuitable {
            path: folder.join(file),
            role,
            reason,
        };
        let session = self
            .session(&bytes)
            .map_err(|e| unsuitable(e.to_string()))?;
        for output in outputs {
            if !session.outputs().iter().any(|o| o.name() == *output) {
                return Err(unsuitable(format!("it has no output named \"{output}\"")));
            }
        }
        Ok(session)
    }

    /// A session of one thread that never spins: lanes share the cores, and two threads that
    /// wait for each other cost more than they bring.
    fn session(&self, model: &[u8]) -> Result<Session, ort::Error> {
        Session::builder(&self.environment)?
            .with_intra_threads(1)?
            .with_intra_op_spinning(false)?
            .commit_from_memory(model)
    }
}

fn find(library: Option<&Path>) -> Result<PathBuf, Error> {
    let candidates = match library {
        Some(path) => vec![path.to_owned()],
        None => usual_places(),
    };
    match candidates.iter().find(|path| path.is_file()) {
        Some(path) => Ok(path.clone()),
        None => Err(Error::RuntimeMissing { looked: candidates }),
    }
}

fn usual_places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::var_os("ORT_DYLIB_PATH")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    places.push(PathBuf::from(INSTALLED));
    if let Ok(program) = std::env::current_exe() {
        places.extend(
            program
                .ancestors()
                .skip(1)
                .map(|folder| folder.join(INSTALLED)),
        );
    }
    places.extend(SYSTEM.map(PathBuf::from));
    places
}
