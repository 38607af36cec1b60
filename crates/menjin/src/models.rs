//! Finding the models folder.

use std::path::{Path, PathBuf};

use vision::Models;

use crate::cli::ModelsArgs;
use crate::exit::Failure;

/// Opens the models that the command line names, or those beside the program.
pub(crate) fn open(args: &ModelsArgs) -> Result<Models, Failure> {
    let folder = args.models.clone().unwrap_or_else(usual_folder);
    open_at(&folder, args.onnxruntime.as_deref())
}

/// Opens the models in `folder`.
pub(crate) fn open_at(folder: &Path, onnxruntime: Option<&Path>) -> Result<Models, Failure> {
    Ok(Models::open(folder, onnxruntime)?)
}

/// `models` in the working folder, or above the program, or where a package puts them.
fn usual_folder() -> PathBuf {
    let here = PathBuf::from("models");
    let beside = std::env::current_exe().unwrap_or_default();
    let above = beside
        .ancestors()
        .skip(1)
        .map(|folder| folder.join("models"));
    std::iter::once(here.clone())
        .chain(above)
        .find(|folder| folder.join("manifest.toml").is_file())
        .unwrap_or_else(|| config::usual_models(&here))
}
