//! One drawn passage on one sheet: what is there of it, what is missing, and whether it is still what it was.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{ChainLink, EvidenceRow, Reader, link_hash};
use passage::{Item, PassageId, PassageView, PhotoKind, PhotoView, Register};
use serde::Serialize;
use words::{Group, Key, Language, Said, to_second};

use crate::Error;
use crate::freeze::sha256;

/// The items of table C.3 that are mandatory, as the adapters of the provinces have them.
const MANDATORY: [&str; 24] = [
    "entranceCode",
    "gateCode",
    "inOut",
    "passTime",
    "headPhoto",
    "bodyPhoto",
    "plateNo",
    "plateColor",
    "vehicleType",
    "vin",
    "registerDate",
    "vehicleModel",
    "engineModel",
    "engineMaker",
    "engineNo",
    "fuelType",
    "emissionStandard",
    "useCharacter",
    "networkStatus",
    "vehicleListPhoto",
    "drivingLicensePhoto",
    "cargoName",
    "cargoWeight",
    "fleetName",
];

/// A drawn passage with its proofs.
#[derive(Debug, Serialize)]
pub struct Sheet {
    /// All that the ledger knows of it.
    pub passage: PassageView,
    /// The mandatory items in the standard's order.
    pub items: Vec<SheetItem>,
    /// Its photos, each read and hashed for this sheet.
    pub photos: Vec<PhotoProof>,
    /// Its rows of evidence.
    #[serde(skip)]
    pub evidence: Vec<EvidenceRow>,
    /// How many of them are not what their link of the chain holds.
    pub changed: usize,
}

/// One mandatory item.
#[derive(Debug, Serialize)]
pub struct SheetItem {
    /// Its name.
    pub name: &'static str,
    /// What stands in the ledger, as it is stored; null is missing.
    pub value: Option<String>,
    /// The same in Chinese and English.
    pub shown: Option<[String; 2]>,
}

/// A photo and what its file is now.
#[derive(Debug, Serialize)]
pub struct PhotoProof {
    /// As the ledger recorded it.
    pub photo: PhotoView,
    /// SHA-256 of the file, made for this sheet; null when it can't be read.
    pub sha256: Option<String>,
    /// When that was.
    pub at: Timestamp,
    /// Why it can't be read.
    #[serde(skip)]
    pub problem: Option<String>,
}

impl PhotoProof {
    /// Whether the file is what the ledger recorded.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.sha256.as_deref() == Some(self.photo.sha256.as_str())
    }
}

impl SheetItem {
    /// Its label.
    #[must_use]
    pub fn label(&self, language: Language) -> &'static str {
        let item: Option<&Item> = passage::item(self.name);
        item.map_or(self.name, |item| match language {
            Language::Zh => item.zh,
            Language::En => item.en,
        })
    }
}

impl Sheet {
    /// Mandatory items that are there.
    #[must_use]
    pub fn present(&self) -> usize {
        self.items
            .iter()
            .filter(|item| item.value.is_some())
            .count()
    }

    /// Places of its rows in the chain: the first and the last.
    #[must_use]
    pub fn links(&self) -> (i64, i64) {
        let seqs = || self.evidence.iter().map(|row| row.seq);
        (seqs().min().unwrap_or(0), seqs().max().unwrap_or(0))
    }

    /// For a terminal.
    #[must_use]
    pub fn lines(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let p = &self.passage;
        let plate = match p.plate() {
            Some((plate, color)) => format!("{plate} {}", language.text(Key::of_color(color))),
            None => language.text(Key::InspectNoPlate).to_owned(),
        };
        let head = Said::with(Key::InspectSheet, "number", p.id);
        let head = head
            .and("time", to_second(p.decided_at, zone))
            .and("plate", plate);
        let mut lines = vec![head.text(language)];
        for item in &self.items {
            let label = item.label(language);
            let said = match &item.shown {
                Some(shown) => Said::with(Key::InspectPresent, "item", label)
                    .and("value", &shown[usize::from(language != Language::Zh)]),
                None => Said::with(Key::InspectMissing, "item", label),
            };
            lines.push(format!("  {}", said.text(language)));
        }
        let complete = Said::with(Key::InspectComplete, "present", self.present());
        lines.push(complete.and("expected", self.items.len()).text(language));
        lines.extend(self.photos.iter().map(|proof| photo_line(proof, language)));
        let (first, last) = self.links();
        let chain = Said::with(Key::InspectChain, "count", self.evidence.len());
        lines.push(chain.and("first", first).and("last", last).text(language));
        if self.changed > 0 {
            lines.push(Said::with(Key::InspectChanged, "count", self.changed).text(language));
        }
        lines
    }
}

fn photo_line(proof: &PhotoProof, language: Language) -> String {
    let (kind, revision) = (proof.photo.kind, proof.photo.revision);
    let said = match (&proof.sha256, proof.holds()) {
        (Some(sha256), true) => Said::with(Key::InspectPhotoGood, "kind", kind).and("hash", sha256),
        (found, _) => {
            let why = proof.problem.clone().or_else(|| found.clone());
            Said::with(Key::InspectPhotoBad, "kind", kind).and("why", why.unwrap_or_default())
        }
    };
    said.and("revision", revision).text(language)
}

/// The sheet of a passage; none when there is no such passage. Each photo is read and hashed.
///
/// # Errors
/// When the ledger can't be read.
pub fn sheet(
    reader: &Reader,
    passage: PassageId,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Option<Sheet>, Error> {
    let Some(view) = reader.passage(passage)? else {
        return Ok(None);
    };
    let photos = view.photos.iter().map(|photo| {
        let read = std::fs::read(reader.photo_file(photo));
        PhotoProof {
            photo: photo.clone(),
            at: now,
            problem: read.as_ref().err().map(ToString::to_string),
            sha256: read.ok().map(|bytes| sha256(&bytes)),
        }
    });
    let photos = photos.collect();
    let evidence = reader.evidence_of(passage)?;
    let mut changed = 0;
    for row in &evidence {
        changed += usize::from(!is_linked(reader, row)?);
    }
    Ok(Some(Sheet {
        items: MANDATORY
            .iter()
            .map(|name| item(&view, name, zone))
            .collect(),
        photos,
        evidence,
        changed,
        passage: view,
    }))
}

/// Whether a row is what its link holds, by the hashes beside it.
fn is_linked(reader: &Reader, row: &EvidenceRow) -> Result<bool, Error> {
    let before = reader.hash_at(row.seq - 1)?;
    let (Some(before), Some(hash)) = (before, reader.hash_at(row.seq)?) else {
        return Ok(false);
    };
    let mut bytes = [0; 32];
    if row.seq == 0 || hex::decode_to_slice(&before, &mut bytes).is_err() {
        return Ok(false);
    }
    let link = ChainLink {
        seq: row.seq,
        table: row.table.clone(),
        key: row.key.clone(),
        content: row.content(),
    };
    Ok(hex::encode(link_hash(&bytes, &link)) == hash)
}

fn item(p: &PassageView, name: &'static str, zone: &TimeZone) -> SheetItem {
    let plain = |value: Option<String>| value.map(|value| (value.clone(), [value.clone(), value]));
    let known = p.plate();
    let named = |group, code: &str| {
        let shown = Language::ALL.map(|language| language.named(group, code).to_owned());
        Some((code.to_owned(), shown))
    };
    let photo = |kind| plain(p.photo(kind).map(|photo| photo.sha256.clone()));
    let cargo = p.cargo.as_ref();
    let found = match name {
        "entranceCode" => plain(Some(p.entrance.clone())),
        "gateCode" => plain(Some(p.barrier.clone())),
        "inOut" => named(Group::Direction, p.direction.as_str()),
        "passTime" => plain(Some(to_second(p.decided_at, zone))),
        "headPhoto" => photo(PhotoKind::Head),
        "bodyPhoto" => photo(PhotoKind::Body),
        "plateNo" => plain(known.map(|(plate, _)| plate.to_owned())),
        "plateColor" => known
            .filter(|(_, color)| *color != plate::Color::Unknown)
            .map(|(_, color)| {
                let key = Key::of_color(color);
                let shown = Language::ALL.map(|language| language.text(key).to_owned());
                (color.to_string(), shown)
            }),
        "cargoName" => plain(cargo.and_then(|cargo| cargo.name.clone())),
        "cargoWeight" => plain(cargo.and_then(|cargo| {
            let amount = cargo.amount?;
            Some(format!("{amount} {}", cargo.unit))
        })),
        _ => of_register(p, name),
    };
    let found = found.filter(|(value, _)| !value.is_empty());
    let (value, shown) = found.unzip();
    SheetItem { name, value, shown }
}

/// What the vehicle register held.
fn of_register(p: &PassageView, name: &str) -> Option<(String, [String; 2])> {
    let stored = p.vehicle.as_ref()?.values.get(name)?;
    let item = records::item(Register::Vehicle, name)?;
    let shown = Language::ALL.map(|language| item.shown(Some(stored), language).to_string());
    let value = match stored {
        serde_json::Value::Null => return None,
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some((value, shown))
}
