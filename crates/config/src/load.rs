//! From a file to a checked configuration.

use std::path::{Path, PathBuf};

use settings::{Document, Problem, text_file};
use words::{Key, Language, Said};

use crate::Config;

/// Why there is no configuration.
#[derive(Debug)]
pub struct LoadError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Unreadable(Said),
    /// It is not TOML.
    Syntax(Vec<Problem>),
    Mistakes(Vec<Problem>),
}

impl LoadError {
    /// For a person: a line for the file, and one for each mistake in it.
    pub fn text(&self, language: Language) -> String {
        let of = |key| Said::with(key, "path", self.path.display());
        let (head, problems) = match &self.why {
            Why::Unreadable(why) => {
                let said = of(Key::MistakeNotRead).and_said("why", why.clone());
                return said.text(language);
            }
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
    pub(crate) fn lines(&self) -> Vec<String> {
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
pub fn languages(config: Option<&Path>) -> Vec<Language> {
    let text = config.and_then(|path| text_file(path).ok());
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
///
/// # Errors
/// Why it cannot be read, or every mistake in it.
pub fn load(path: &Path) -> Result<Config, LoadError> {
    let config = read(path, &text_of(path)?)?;
    secret::shut_out_others(&config.data_folder);
    Ok(config)
}

/// What stands in the file at `path`.
pub(crate) fn text_of(path: &Path) -> Result<String, LoadError> {
    text_file(path).map_err(|why| failed(path, Why::Unreadable(why)))
}

/// Checks `text` as what stands, or might stand, in the file at `path`.
pub(crate) fn read(path: &Path, text: &str) -> Result<Config, LoadError> {
    // Whole, so that paths mean the same when what is shown is loaded from another folder.
    let whole = std::path::absolute(path)
        .map_err(|error| failed(path, Why::Unreadable(Said::of_io(&error))))?;
    let folder = whole.parent().unwrap_or(Path::new("/"));
    let document = Document::parse(text).map_err(|problems| failed(path, Why::Syntax(problems)))?;
    let config = document.read(folder, Config::read);
    config.map_err(|problems| failed(path, Why::Mistakes(problems)))
}

fn failed(path: &Path, why: Why) -> LoadError {
    LoadError {
        path: path.to_owned(),
        why,
    }
}
