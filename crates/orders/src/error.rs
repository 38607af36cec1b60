//! Why something that was asked for was not done.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use passage::{CargoUnit, PassageId, Register};
use plate::{Color, PlateNumber};
use records::code::CodeTable;
use records::{Finding, Need, NotATime, RegisterItem, TableError};
use words::{Key, Language, Said};

use crate::{Refused, RefusedKind};

/// Why something that was asked for was not done.
#[derive(Debug)]
pub enum Error {
    /// A text is not a code of its table.
    NotACode {
        /// What was written.
        text: String,
        /// What would be right.
        table: &'static CodeTable,
    },
    /// What was written is not a plate, or not one of this colour, and nobody said that it is so.
    UnusualPlate {
        /// The plate.
        plate: PlateNumber,
        /// Its colour.
        color: Color,
        /// What speaks against it.
        doubts: Vec<Said>,
    },
    /// A text is not a time.
    Time(NotATime),
    /// A text is not a unit of cargo.
    Unit(String),
    /// A text is not an amount of cargo.
    Amount(String),
    /// More than a vehicle carries, and nobody said that it is so.
    LargeAmount {
        /// What was written.
        amount: f64,
        /// In this unit.
        unit: CargoUnit,
        /// The most that is believed.
        most: f64,
        /// The same number, were it of kilograms or millilitres.
        perhaps: f64,
    },
    /// Nothing was said of the cargo.
    NoCargo,
    /// A value of a register's item is not taken.
    Value {
        /// The item.
        item: &'static RegisterItem,
        /// What was written.
        text: String,
        /// Why it is not taken.
        said: Said,
    },
    /// A text is not `ITEM=VALUE`.
    NotAPair(String),
    /// The register has no such item.
    NoItem(String),
    /// The items that name a record of this register are not all known.
    NoIdentity(Register),
    /// Everything that is wrong in a file.
    Mistakes(Vec<Said>),
    /// There is no such passage.
    NoPassage(PassageId),
    /// There is no record of this name.
    NoRecord(String),
    /// No rule, or more than one, has a key that begins so.
    NoRule(String),
    /// Several records begin with this name.
    ManyRecords {
        /// The name that was asked for.
        name: String,
        /// What they are called.
        names: Vec<String>,
    },
    /// The values of a record can't be true.
    Wrong(Vec<Finding>),
    /// A record lacks something and can't be approved.
    Incomplete {
        /// What it is called.
        name: String,
        /// What the validators say.
        findings: Vec<Finding>,
    },
    /// In this row of a table, counted from 1.
    Row(u32, Box<Error>),
    /// A hash in a table names a file that the record has not got.
    NoSuchFile(&'static RegisterItem),
    /// What should be a file of limited size is not.
    FileTooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        mib: u64,
    },
    /// A file can't be read.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A table can't be read.
    Table(TableError),
    /// The ledger can't be read.
    Ledger(ledger::Error),
    /// The daemon can't be reached through its socket.
    NotReached {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The daemon did not answer.
    NoAnswer(io::Error),
    /// The order is longer than one line may be.
    TooLong {
        /// The limit.
        mib: usize,
    },
    /// Whoever may write refused the order.
    Refused(Refused),
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked for can't be done as asked: ask differently.
    Asked,
    /// It could not be done.
    Failed,
}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Self {
        Self::Ledger(error)
    }
}

impl From<TableError> for Error {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

impl From<NotATime> for Error {
    fn from(error: NotATime) -> Self {
        Self::Time(error)
    }
}

impl Error {
    /// Whose turn it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotACode { .. }
            | Self::UnusualPlate { .. }
            | Self::Time(_)
            | Self::Unit(_)
            | Self::Amount(_)
            | Self::LargeAmount { .. }
            | Self::NoCargo
            | Self::Value { .. }
            | Self::NotAPair(_)
            | Self::Mistakes(_)
            | Self::NoItem(_)
            | Self::NoIdentity(_) => ErrorKind::Asked,
            _ => ErrorKind::Failed,
        }
    }

    /// For a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::NotACode { text, table } => {
                let allowed = table.choices(language);
                let said = language.fill(Key::FindingNotACode, &[("allowed", &allowed)]);
                format!("{text}: {said}")
            }
            Self::UnusualPlate {
                plate,
                color,
                doubts,
            } => {
                let words: Vec<_> = doubts.iter().map(|said| said.text(language)).collect();
                let (words, color) = (words.join("; "), language.text(Key::of_color(*color)));
                language.fill(
                    Key::ConsoleUnusualPlate,
                    &[("plate", plate), ("color", &color), ("words", &words)],
                )
            }
            Self::Time(error) => error.said().text(language),
            Self::Unit(text) => language.fill(Key::CargoUnit, &[("text", text)]),
            Self::Amount(text) => language.fill(Key::CargoAmount, &[("text", text)]),
            Self::LargeAmount {
                amount,
                unit,
                most,
                perhaps,
            } => language.fill(
                Key::CargoLarge,
                &[
                    ("amount", amount),
                    ("unit", unit),
                    ("most", most),
                    ("perhaps", perhaps),
                ],
            ),
            Self::NoCargo => language.text(Key::CargoNothing).to_owned(),
            Self::Value { item, text, said } => {
                format!(
                    "{} \"{text}\": {}",
                    item.label(language),
                    said.text(language)
                )
            }
            Self::NotAPair(text) => language.fill(Key::AskPair, &[("text", text)]),
            Self::NoItem(name) => language.fill(Key::ConsoleNoItem, &[("name", name)]),
            Self::NoIdentity(register) => {
                let items = identity_items(*register, language);
                language.fill(Key::ConsoleNoIdentity, &[("items", &items)])
            }
            Self::Mistakes(all) => Said::lines(all.clone()).text(language),
            Self::NoPassage(id) => language.fill(Key::ConsoleNoPassage, &[("number", id)]),
            Self::NoRecord(name) => {
                let said = language.fill(Key::ConsoleNoRecord, &[("name", name)]);
                let plate = name.split(['|', ',', '，']).next().unwrap_or_default();
                match PlateNumber::normalise(plate).perhaps_meant() {
                    Some(plate) => {
                        let perhaps = language.fill(Key::FindingPlatePerhaps, &[("plate", &plate)]);
                        format!("{said}; {perhaps}")
                    }
                    None => said,
                }
            }
            Self::NoRule(name) => language.fill(Key::ConsoleNoRule, &[("name", name)]),
            Self::ManyRecords { name, names } => {
                let names = names.join(", ");
                language.fill(
                    Key::ConsoleManyRecords,
                    &[("name", name), ("names", &names)],
                )
            }
            Self::Wrong(findings) => {
                let lines: Vec<_> = findings.iter().map(|f| f.text(language)).collect();
                lines.join("\n")
            }
            Self::Incomplete { name, .. } => {
                language.fill(Key::ConsoleIncomplete, &[("name", name)])
            }
            Self::Row(row, error) => {
                let row = language.fill(Key::AskRow, &[("row", row)]);
                about(row, Said::other(error.text(language)), language)
            }
            Self::NoSuchFile(item) => about(item.name, Key::AskNoSuchFile, language),
            Self::FileTooLarge { path, mib } => {
                let why = Said::with(Key::AskFileLarge, "mib", mib);
                about(path.display(), why, language)
            }
            Self::File { path, source } => about(path.display(), Said::of_io(source), language),
            Self::Table(error) => error.text(language),
            Self::Ledger(error) => error.explained().text(language),
            Self::NotReached { path, source } => {
                let said = Said::with(Key::ControlNotReached, "path", path.display());
                said.and_said("why", Said::of_io(source)).text(language)
            }
            Self::NoAnswer(error) => {
                let said = Said::plain(Key::ControlNoAnswer);
                said.and_said("why", Said::of_io(error)).text(language)
            }
            Self::TooLong { mib } => language.fill(Key::ControlTooLong, &[("mib", mib)]),
            Self::Refused(refused) => refused.text(language),
        }
    }
}

impl Refused {
    /// For a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let key = match self.kind {
            RefusedKind::Invalid => Key::ControlInvalid,
            RefusedKind::Conflict => Key::ControlConflict,
            RefusedKind::Later => Key::ControlLater,
            RefusedKind::Failed => Key::ControlFailed,
        };
        language.fill(key, &[("words", &self.said.text(language))])
    }
}

fn about(what: impl Display, why: impl Into<Said>, language: Language) -> String {
    Said::about(what, why).text(language)
}

/// `plateNo (车牌号码), plateColor (号牌颜色)`.
fn identity_items(register: Register, language: Language) -> String {
    let items = records::items(register).iter();
    let names: Vec<_> = items
        .filter(|item| item.need == Need::Identity)
        .map(|item| format!("{} ({})", item.name, item.label(language)))
        .collect();
    names.join(", ")
}
