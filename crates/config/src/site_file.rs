//! The file that a configuration was loaded from, changed as a person with an editor would: comments and
//! order stay, and nothing is written that would not load.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use frame::Region;
use secret::Secret;
use toml_edit::{Array, DocumentMut, Item, Value};
use words::{Key, Said};

use crate::load::{self, LoadError};
use crate::{Config, LaneSketch};

/// The file that a configuration was loaded from.
#[derive(Debug)]
pub struct SiteFile {
    path: PathBuf,
    /// What stood in it at first.
    first: Option<String>,
    /// One change at a time.
    turn: Mutex<()>,
}

/// Why the file stays as it was.
#[derive(Debug)]
pub enum SiteFileError {
    /// It would not load, or does not load as it is.
    Load(LoadError),
    /// It can't be changed; what to do stands in it.
    Refused(Said),
}

impl SiteFileError {
    /// For a person.
    #[must_use]
    pub fn said(self) -> Said {
        match self {
            Self::Load(error) => Said::in_each(|language| error.text(language)),
            Self::Refused(said) => said,
        }
    }
}

impl From<LoadError> for SiteFileError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

impl SiteFile {
    /// The file at `path`, which may be a link to it, as it is now.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Self {
            first: load::text_of(&path).ok(),
            path,
            turn: Mutex::default(),
        }
    }

    /// Whether something else stands in it by now, whoever wrote it.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        load::text_of(&self.path).ok() != self.first
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a lane, and the file beside it that holds the camera's password. It counts from the next start
    /// on.
    ///
    /// # Errors
    /// When the lane as it is would not load, or something can't be written. Nothing is changed then.
    pub fn add_lane(
        &self,
        sketch: &LaneSketch,
        password: Option<&Secret>,
    ) -> Result<(), SiteFileError> {
        let _turn = self.turn.lock().unwrap_or_else(|e| e.into_inner());
        let text = load::text_of(&self.path)?;
        let plain = LaneSketch {
            user: None,
            password_file: None,
            ..sketch.clone()
        };
        // Before a file is made that bears the lane's name: a name that loads is a plain one.
        self.config_of(&with(&text, &plain))?;
        let Some(password) = password else {
            return self.write(&with(&text, sketch));
        };
        let kept = self.folder().join(format!("{}.password", sketch.name));
        write_new(&kept, password)?;
        let sketch = LaneSketch {
            password_file: Some(kept.clone()),
            ..sketch.clone()
        };
        let added = with(&text, &sketch);
        let written = self
            .config_of(&added)
            .map_err(SiteFileError::from)
            .and_then(|_| self.write(&added));
        if written.is_err() {
            let _ = std::fs::remove_file(&kept);
        }
        written
    }

    /// Sets who the site is: the enterprise's name and the code that the regulator gave it. It counts from
    /// the next start on.
    ///
    /// # Errors
    /// When the file would not load so, or can't be written. It is as before then.
    pub fn set_identity(&self, name: &str, code: &str) -> Result<(), SiteFileError> {
        let _turn = self.turn.lock().unwrap_or_else(|e| e.into_inner());
        let text = load::text_of(&self.path)?;
        self.config_of(&text)?;
        let unfit = || {
            let said = Said::with(Key::SiteFileNoSection, "section", "site");
            SiteFileError::Refused(said.and("path", self.path.display()))
        };
        let mut document: DocumentMut = text.parse().map_err(|_| unfit())?;
        let site = document.entry("site").or_insert_with(toml_edit::table);
        let site = site.as_table_like_mut().ok_or_else(unfit)?;
        for (key, value) in [("name", name), ("code", code)] {
            match site.get_mut(key).and_then(Item::as_value_mut) {
                // What stands behind it in the line stays.
                Some(kept) => {
                    let decor = kept.decor().clone();
                    *kept = Value::from(value);
                    *kept.decor_mut() = decor;
                }
                None => {
                    site.insert(key, toml_edit::value(value));
                }
            }
        }
        let text = document.to_string();
        self.config_of(&text)?;
        self.write(&text)
    }

    /// The enterprise's name and code as they stand in the file, which need not run yet.
    ///
    /// # Errors
    /// When it does not load.
    pub fn identity(&self) -> Result<(String, String), SiteFileError> {
        let config = self.config_of(&load::text_of(&self.path)?)?;
        Ok((config.site.name, config.site.code))
    }

    /// Sets where in the picture plates of this lane count. It counts from the next start on.
    ///
    /// # Errors
    /// When there is no such lane, or the file can't be written. It is as before then.
    pub fn set_region(&self, lane: &str, region: &Region) -> Result<(), SiteFileError> {
        let _turn = self.turn.lock().unwrap_or_else(|e| e.into_inner());
        let text = load::text_of(&self.path)?;
        self.config_of(&text)?;
        let none = || {
            let said = Said::with(Key::SiteFileNoLane, "lane", lane);
            SiteFileError::Refused(said.and("path", self.path.display()))
        };
        let mut document: DocumentMut = text.parse().map_err(|_| none())?;
        let tables = document.get_mut("lane").ok_or_else(none)?;
        let name = |item: &dyn toml_edit::TableLike| item.get("name")?.as_str().map(str::to_owned);
        let corners = Value::Array(corners(region));
        let mut is_set = false;
        match tables {
            Item::ArrayOfTables(tables) => {
                for table in tables
                    .iter_mut()
                    .filter(|table| name(*table).as_deref() == Some(lane))
                {
                    table.insert("region", Item::Value(corners.clone()));
                    is_set = true;
                }
            }
            Item::Value(Value::Array(tables)) => {
                let tables = tables.iter_mut().filter_map(Value::as_inline_table_mut);
                for table in tables.filter(|table| name(*table).as_deref() == Some(lane)) {
                    table.insert("region", corners.clone());
                    is_set = true;
                }
            }
            _ => {}
        }
        if !is_set {
            return Err(none());
        }
        let text = document.to_string();
        self.config_of(&text)?;
        self.write(&text)
    }

    fn config_of(&self, text: &str) -> Result<Config, LoadError> {
        load::read(&self.path, text)
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// In one step; the file as it was before stays beside it.
    fn write(&self, text: &str) -> Result<(), SiteFileError> {
        self.replace(text).map_err(|error| {
            let said = Said::with(Key::SiteFileNotWritten, "path", self.path.display());
            SiteFileError::Refused(said.and_said("why", Said::of_io(&error)))
        })
    }

    fn replace(&self, text: &str) -> std::io::Result<()> {
        let folder = self.folder();
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        let rights = std::fs::metadata(&self.path)?.permissions();
        new.as_file().set_permissions(rights)?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        std::fs::copy(&self.path, self.path.with_extension("toml.before"))?;
        new.persist(&self.path)?;
        std::fs::File::open(folder)?.sync_all()
    }
}

/// The text with this lane at its end.
fn with(text: &str, sketch: &LaneSketch) -> String {
    format!("{}\n\n{}", text.trim_end(), sketch.text())
}

fn write_new(path: &Path, password: &Secret) -> Result<(), SiteFileError> {
    let of = |key| Said::with(key, "path", path.display());
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(password.expose().as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            return SiteFileError::Refused(of(Key::SiteFileStranger));
        }
        let _ = std::fs::remove_file(path);
        SiteFileError::Refused(of(Key::SiteFileSecret).and_said("why", Said::of_io(&error)))
    })
}

/// Shares of the picture, a thousandth being finer than anybody draws.
fn corners(region: &Region) -> Array {
    let share = |share: f32| (f64::from(share) * 1000.0).round() / 1000.0;
    let corner = |[x, y]: &[f32; 2]| Value::Array([share(*x), share(*y)].into_iter().collect());
    region.corners().iter().map(corner).collect()
}

#[cfg(test)]
mod tests;
