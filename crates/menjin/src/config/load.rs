//! From a file to a checked configuration.

use std::path::{Path, PathBuf};

use settings::{Document, Problem};
use words::{Key, Language, Said};

use super::Config;

/// Why there is no configuration.
#[derive(Debug)]
pub(crate) struct LoadError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Unreadable(std::io::Error),
    /// It is not UTF-8.
    Encoding,
    /// It is not TOML.
    Syntax(Vec<Problem>),
    Mistakes(Vec<Problem>),
}

impl LoadError {
    /// For a person: a line for the file, and one for each mistake in it.
    pub(crate) fn text(&self, language: Language) -> String {
        let of = |key| Said::with(key, "path", self.path.display());
        let (head, problems) = match &self.why {
            Why::Unreadable(error) => {
                let said = of(Key::MistakeNotRead).and_said("why", Said::of_io(error));
                return said.text(language);
            }
            Why::Encoding => return of(Key::MistakeNotUtf8).text(language),
            Why::Syntax(problems) => (of(Key::MistakeNotToml), problems),
            Why::Mistakes(problems) => {
                (of(Key::MistakeCount).and("count", problems.len()), problems)
            }
        };
        let lines = problems
            .iter()
            .map(|p| format!("\n  {}", p.said().text(language)));
        head.text(language) + &lines.collect::<String>()
    }

    #[cfg(test)]
    pub(super) fn lines(&self) -> Vec<String> {
        match &self.why {
            Why::Syntax(problems) | Why::Mistakes(problems) => {
                problems.iter().map(ToString::to_string).collect()
            }
            _ => vec![self.text(Language::En)],
        }
    }
}

/// The languages in which a command tells why it failed. That of its configuration holds even where
/// other things are wrong in it; without one that of the system; without either both are spoken.
pub(crate) fn languages(config: Option<&Path>) -> Vec<Language> {
    let text = config.and_then(|path| std::fs::read(path).ok());
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    let own = text.and_then(|text| match Document::peek(&text, "language") {
        Some(name) => name.parse().ok(),
        None => Document::parse(&text).is_ok().then(Language::default),
    });
    let system = || {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(set)?;
        Language::of_locale(&locale)
    };
    own.or_else(system)
        .map_or_else(|| Language::ALL.to_vec(), |language| vec![language])
}

/// Reads and checks the configuration at `path`. Relative paths in it are below its folder. Whatever is
/// made for a site from then on is closed to others.
pub(crate) fn load(path: &Path) -> Result<Config, LoadError> {
    let failed = |why| LoadError {
        path: path.to_owned(),
        why,
    };
    let unreadable = |source| failed(Why::Unreadable(source));
    let bytes = std::fs::read(path).map_err(unreadable)?;
    // Notepad's other encodings are GBK ("ANSI") and UTF-16, which has zeros.
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| failed(Why::Encoding))?;
    // Whole, so that paths mean the same when what is shown is loaded from another folder.
    let whole = std::path::absolute(path).map_err(unreadable)?;
    let folder = whole.parent().unwrap_or(Path::new("/"));
    let document = Document::parse(&text).map_err(|problems| failed(Why::Syntax(problems)))?;
    let config = document.read(folder, Config::read);
    let config = config.map_err(|problems| failed(Why::Mistakes(problems)))?;
    secret::shut_out_others(&config.data_folder);
    Ok(config)
}
