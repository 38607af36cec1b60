//! Secrets: never in the configuration itself, which people copy into mails.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use secret::Secret;
use words::{Key, Said};

use crate::{Document, Printer, Problem, Section, text_file};

/// A key of 16,384 bits in PEM takes a quarter of it.
const MOST_BYTES: u64 = 64 << 10;

impl Section<'_> {
    /// A secret from the file named by `<key>_file` or from the environment variable named by
    /// `<key>_env`; the file wins.
    #[must_use]
    pub fn secret(&self, key: &str) -> Option<Secret> {
        let (file_key, env_key) = (format!("{key}_file"), format!("{key}_env"));
        if self.has(key) {
            // Not an unknown key as well, and not a known one where it is not written.
            let _ = self.value(key);
            let said = Said::with(Key::MistakeSecretHere, "file_key", &file_key);
            self.problem(key, said.and("env_key", &env_key));
        }
        let variable = self.text(&env_key);
        if self.has(&file_key) {
            return self.secret_file(&file_key);
        }
        self.secret_of_variable(&env_key, variable?)
    }

    /// The secret of a table `{ file = "secrets/name" }` or `{ env = "NAME" }`.
    #[must_use]
    pub fn secret_place(&self) -> Option<Secret> {
        match ["file", "env"].map(|key| self.value(key).is_some()) {
            [true, false] => self.secret_file("file"),
            [false, true] => self.secret_of_variable("env", self.text("env")?),
            _ => {
                self.problem("", Key::MistakeSecretPlace);
                None
            }
        }
    }

    /// The text of the file that `key` names and that only its owner may read, without the last
    /// line's end.
    #[must_use]
    pub fn secret_file(&self, key: &str) -> Option<Secret> {
        let path = self.path(key)?;
        if may_be_read_by_others(&path) {
            let said = Said::with(Key::MistakeSecretOpen, "path", path.display());
            self.problem(key, said);
        }
        match text_of(&path) {
            Ok(text) => {
                let secret = Secret::from_file(text.trim_end_matches(['\r', '\n']), &path);
                if secret.expose().trim().is_empty() {
                    let said = Said::with(Key::MistakeSecretEmpty, "path", path.display());
                    self.problem(key, said);
                }
                Some(secret)
            }
            Err(why) => {
                self.problem(key, Said::about(path.display(), why));
                None
            }
        }
    }

    fn secret_of_variable(&self, key: &str, variable: String) -> Option<Secret> {
        match std::env::var(&variable) {
            Ok(text) if text.trim().is_empty() => {
                let said = Said::with(Key::MistakeVariableEmpty, "variable", variable);
                self.problem(key, said);
                None
            }
            Ok(text) => Some(Secret::from_variable(text, variable)),
            Err(_) => {
                let said = Said::with(Key::MistakeNoVariable, "variable", variable);
                self.problem(key, said);
                None
            }
        }
    }
}

/// The secret in `file` or in the environment variable of this name, by the rules of a configuration; nothing
/// without either. Relative paths are below the working folder.
///
/// # Errors
/// What is wrong with the file or the variable.
pub fn secret_of(
    file: Option<&Path>,
    variable: Option<&str>,
) -> Result<Option<Secret>, Vec<Problem>> {
    let mut printer = Printer::default();
    printer.maybe_path("password_file", file);
    printer.maybe("password_env", variable);
    let text = printer.into_text();
    let document = Document::parse(&text)?;
    document.read(Path::new("."), |section| section.secret("password"))
}

/// No device, no pipe, and no file of megabytes is a secret.
fn text_of(path: &Path) -> Result<String, Said> {
    let failed = |error| Said::of_io(&error);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(Said::with(Key::MistakeNotASecret, "most", MOST_BYTES));
    }
    text_file(path)
}

fn may_be_read_by_others(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}
