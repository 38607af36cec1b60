//! From a file to a checked configuration.

use std::path::{Path, PathBuf};

use settings::{Document, Problem};

use super::Config;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("cannot read the configuration {}: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "{} is not saved as UTF-8. 请用记事本“另存为”，编码选 UTF-8 / save it as UTF-8 (Notepad: Save as, Encoding)",
        path.display()
    )]
    Encoding { path: PathBuf },
    #[error("{} is not valid TOML:{}", path.display(), listed(problems))]
    Syntax {
        path: PathBuf,
        problems: Vec<Problem>,
    },
    #[error("{} in {}:{}", counted(problems), path.display(), listed(problems))]
    Mistakes {
        path: PathBuf,
        problems: Vec<Problem>,
    },
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}

fn counted(problems: &[Problem]) -> String {
    match problems.len() {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    }
}

/// Reads and checks the configuration at `path`. Relative paths in it are below its folder. Whatever is
/// made for a site from then on is closed to others.
pub(crate) fn load(path: &Path) -> Result<Config, LoadError> {
    let unreadable = |source| LoadError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    // Notepad's other encodings are GBK ("ANSI") and UTF-16, which has zeros.
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| LoadError::Encoding {
            path: path.to_owned(),
        })?;
    // Whole, so that paths mean the same when what is shown is loaded from another folder.
    let whole = std::path::absolute(path).map_err(unreadable)?;
    let folder = whole.parent().unwrap_or(Path::new("/"));
    let document = Document::parse(&text).map_err(|problems| LoadError::Syntax {
        path: path.to_owned(),
        problems,
    })?;
    let config = document.read(folder, Config::read);
    let config = config.map_err(|problems| LoadError::Mistakes {
        path: path.to_owned(),
        problems,
    })?;
    secret::shut_out_others(&config.data_folder);
    Ok(config)
}
