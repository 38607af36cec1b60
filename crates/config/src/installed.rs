//! Where a package puts what a site does not name.

use std::path::{Path, PathBuf};

/// The configuration of a checkout, in the working folder.
const HERE: &str = "config/menjin.toml";
/// That of an installed service.
const INSTALLED: &str = "/etc/menjin/menjin.toml";
const MODELS: &str = "/usr/share/menjin/models";

/// The configuration that a command goes by unless another one is named: that of a checkout in the working
/// folder, else that of the installed service.
#[must_use]
pub fn usual_file() -> &'static str {
    if Path::new(HERE).is_file() {
        HERE
    } else {
        INSTALLED
    }
}

/// The models at `wish`, unless they are only where a package puts them.
#[must_use]
pub fn usual_models(wish: &Path) -> PathBuf {
    let is_there = |folder: &Path| folder.join("manifest.toml").is_file();
    let packaged = Path::new(MODELS);
    if is_there(packaged) && !is_there(wish) {
        packaged.to_owned()
    } else {
        wish.to_owned()
    }
}
