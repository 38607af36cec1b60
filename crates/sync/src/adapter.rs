//! How one kind of platform speaks, as a file says it (`config/regulators/*.toml`).
//!
//! Nothing about a platform is in the code: addresses, envelope, field names, code maps, log-in,
//! signing, photo form, codes of answers and serial numbers are all read from the adapter file. What
//! no public source tells has no default here; the site's settings must fill it.

mod check;
mod downlink;
mod field;
mod operation;
mod read;
mod rules;

use std::collections::BTreeMap;
use std::path::Path;

use passage::{Item, ItemKind};
use serde::Deserialize;
use settings::{Document, Problem, text_file};
use words::Said;

use crate::settings::BadSetting;

pub(crate) use check::names_in;
pub use downlink::{Downlink, DownlinkKind, Downlinks};
pub use field::{Field, Missing};
pub use operation::{Envelope, Gates, HttpMethod, Operation, Shape};
pub use rules::{
    AnswerForm, Canonical, CorrectionHow, CorrectionRules, Encoding, LoginBody, LoginRules,
    PasswordForm, PhotoForm, PhotoPlace, Photos, Place, PlatformLimits, SerialForm, SignKind,
    Signing, TokenPlace,
};

/// The item of this name, if it is one that can be sent.
pub(crate) fn item(name: &str) -> Option<&'static Item> {
    passage::item(name).filter(|item| item.kind != ItemKind::Local)
}

/// One kind of platform.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adapter {
    /// What it is for, shown to installers.
    pub title: String,
    /// What goes around every value.
    pub envelope: Envelope,
    /// How to log in; none when the platform knows no log-in.
    pub login: Option<LoginRules>,
    /// How requests are signed.
    pub signing: Signing,
    /// How answers are understood.
    pub answer: AnswerForm,
    /// How serial numbers are made.
    pub serial: SerialForm,
    /// Code maps by name: our word to the platform's code.
    pub codes: BTreeMap<String, BTreeMap<String, String>>,
    /// How photos are sent.
    pub photos: Photos,
    /// A passage.
    pub passage: Operation,
    /// How a passage ended that was sent before its end.
    pub passage_end: Option<Operation>,
    /// One photo, when photos follow their record.
    pub photo: Option<Operation>,
    /// The cargo of a passage, when it follows its record.
    pub cargo: Option<Operation>,
    /// A row of a register, by the register's name.
    pub record: BTreeMap<String, Operation>,
    /// How what was sent before is corrected.
    pub correction: CorrectionRules,
    /// Sign of life.
    pub heartbeat: Option<Operation>,
    /// What the platform has for us.
    pub downlink: Downlinks,
    /// How much the platform can bear.
    pub limits: PlatformLimits,
}

/// Why there is no adapter.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum AdapterError {
    #[error("cannot read the adapter {}: {why}", path.display())]
    Unreadable { path: std::path::PathBuf, why: Said },
    #[error("{} is not valid TOML: {why}", path.display())]
    Syntax { path: std::path::PathBuf, why: Said },
    #[error("{} mistakes in {}:{}", problems.len(), path.display(), listed(problems))]
    Mistakes {
        path: std::path::PathBuf,
        problems: Vec<BadSetting>,
    },
}

fn listed(problems: &[BadSetting]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}

impl Adapter {
    /// Reads and checks an adapter file.
    ///
    /// # Errors
    /// Every mistake in it at once, with its key and what is allowed there.
    pub fn load(path: &Path) -> Result<Self, AdapterError> {
        let text = text_file(path).map_err(|why| AdapterError::Unreadable {
            path: path.to_owned(),
            why,
        })?;
        let table = text
            .parse::<toml::Table>()
            .map_err(|error| AdapterError::Syntax {
                path: path.to_owned(),
                why: match Document::parse(&text) {
                    Err(problems) => Said::lines(problems.iter().map(Problem::said)),
                    Ok(_) => Said::other(error),
                },
            })?;
        Self::from_table(table).map_err(|problems| AdapterError::Mistakes {
            path: path.to_owned(),
            problems,
        })
    }

    /// The same from a parsed file.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn from_table(table: toml::Table) -> Result<Self, Vec<BadSetting>> {
        let (adapter, mut problems): (Self, _) = read::tolerant(table);
        problems.extend(adapter.problems());
        problems.sort_by(|a, b| a.key.cmp(&b.key));
        problems.dedup();
        if problems.is_empty() {
            Ok(adapter)
        } else {
            Err(problems)
        }
    }

    /// Every operation with the key under which it stands in the file.
    pub(crate) fn operations(&self) -> Vec<(String, &Operation)> {
        let mut all = vec![("passage".to_owned(), &self.passage)];
        let named = [
            ("passage_end", &self.passage_end),
            ("photo", &self.photo),
            ("cargo", &self.cargo),
            ("heartbeat", &self.heartbeat),
            ("correction.send", &self.correction.send),
            ("downlink.confirm", &self.downlink.confirm),
            ("downlink.review", &self.downlink.review),
        ];
        for (name, operation) in named {
            all.extend(operation.as_ref().map(|o| (name.to_owned(), o)));
        }
        all.extend(self.record.iter().map(|(k, o)| (format!("record.{k}"), o)));
        all
    }

    /// Whether the platform takes rows of this register.
    #[must_use]
    pub fn takes_register(&self, register: &str) -> bool {
        self.record.contains_key(register)
    }
}
