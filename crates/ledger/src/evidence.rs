//! Photos become safe on disk before any row names them. The steps are numbered as in
//! `docs/design/ledger.md`.

pub(crate) mod disk;
pub(crate) mod orphans;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::{NewPhoto, PassageKey, PhotoKind};
use sha2::{Digest as _, Sha256};
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::evidence::disk::Disk;
use crate::registers::NewFile;

/// Folder of the photos under the data folder.
pub(crate) const PHOTOS: &str = "photos";
/// Folder of the registers' files under the data folder.
pub(crate) const FILES: &str = "files";
/// Folder of photos that are being written. One folder for all, so that clearing it is cheap.
const PART: &str = ".part";

/// A photo that is safe on disk.
#[derive(Debug)]
pub(crate) struct StoredPhoto {
    pub(crate) kind: PhotoKind,
    pub(crate) revision: u32,
    pub(crate) path: String,
    pub(crate) sha256: String,
    pub(crate) size_bytes: u64,
    pub(crate) camera: String,
    pub(crate) taken_at: Timestamp,
}

/// A register's file that is safe on disk.
#[derive(Debug)]
pub(crate) struct KeptFile {
    pub(crate) item: String,
    pub(crate) path: String,
    pub(crate) sha256: String,
    pub(crate) media_type: &'static str,
    pub(crate) size_bytes: u64,
}

/// Keeps photos of one data folder.
#[derive(Debug)]
pub(crate) struct Evidence {
    folder: PathBuf,
    zone: TimeZone,
    disk: Box<dyn Disk>,
    /// The day folder whose every parent this process has synced. That a folder exists does not
    /// say that a process before us has.
    safe_day: Option<String>,
}

impl Evidence {
    /// Makes the photo folders and clears what was half-written when the last process ended.
    pub(crate) fn open(folder: &Path, zone: TimeZone, disk: Box<dyn Disk>) -> Result<Self> {
        let part = folder.join(PHOTOS).join(PART);
        for made in [folder.join(PHOTOS), part.clone()] {
            disk.create_dir(&made)
                .map_err(|e| Error::io("could not make the photo folder", &made, e))?;
        }
        let stale = |e| Error::io("could not clear half-written photos", &part, e);
        for entry in fs::read_dir(&part).map_err(stale)? {
            let left = entry.map_err(stale)?.path();
            tracing::info!(path = %left.display(), "half-written photo removed");
            fs::remove_file(&left).map_err(stale)?;
        }
        for holder in [&folder.join(PHOTOS), folder] {
            disk.sync_dir(holder)
                .map_err(|e| Error::io("could not sync the photo folder", holder, e))?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            zone,
            disk,
            safe_day: None,
        })
    }

    /// The next photo makes sure of its folder again.
    pub(crate) fn forget_day(&mut self) {
        self.safe_day = None;
    }

    pub(crate) fn disk(&self) -> &dyn Disk {
        self.disk.as_ref()
    }

    /// Steps 1 to 4: after it returns, every photo is under its final name for good.
    pub(crate) fn keep(
        &mut self,
        key: PassageKey,
        decided_at: Timestamp,
        revision: u32,
        photos: &[NewPhoto<'_>],
    ) -> Result<Vec<StoredPhoto>> {
        if photos.is_empty() {
            return Ok(Vec::new());
        }
        let day = self.make_day(decided_at)?;
        let mut kept = Vec::with_capacity(photos.len());
        let mut moves = Vec::with_capacity(photos.len());
        for photo in photos {
            let name = file_name(key, photo.kind, revision);
            let part = self.folder.join(PHOTOS).join(PART).join(&name);
            self.write(&part, photo.jpeg)?;
            let path = format!("{day}/{name}");
            moves.push((part, self.folder.join(&path)));
            kept.push(StoredPhoto {
                kind: photo.kind,
                revision,
                path,
                sha256: sha256(photo.jpeg),
                size_bytes: photo.jpeg.len() as u64,
                camera: photo.camera.to_owned(),
                taken_at: photo.taken_at,
            });
        }
        for (part, path) in &moves {
            self.disk
                .rename(part, path)
                .map_err(|e| Error::io("could not give a photo its name", path, e))?;
        }
        let day = self.folder.join(day);
        self.disk
            .sync_dir(&day)
            .map_err(|e| Error::io("could not sync the folder of a photo", &day, e))?;
        Ok(kept)
    }

    /// The same for a register's file, whose name is its content's hash. A file that is there
    /// already is left alone.
    pub(crate) fn keep_file(&mut self, file: &NewFile) -> Result<KeptFile> {
        let Some((media_type, extension)) = media_type(&file.bytes) else {
            let why = Said::with(Key::LedgerNotAnAttachment, "item", &file.item);
            return Err(Error::refused(ErrorKind::Invalid, why));
        };
        let sha256 = sha256(&file.bytes);
        let shelf = format!("{FILES}/{}", &sha256[..2]);
        let kept = KeptFile {
            item: file.item.clone(),
            path: format!("{shelf}/{sha256}.{extension}"),
            sha256,
            media_type,
            size_bytes: file.bytes.len() as u64,
        };
        let path = self.folder.join(&kept.path);
        let mut parent = self.folder.clone();
        for name in shelf.split('/') {
            let made = parent.join(name);
            self.disk
                .create_dir(&made)
                .and_then(|()| self.disk.sync_dir(&parent))
                .map_err(|e| Error::io("could not make the folder of a file", &made, e))?;
            parent = made;
        }
        let named = |e| Error::io("could not give a file its name", &path, e);
        if !fs::read(&path).is_ok_and(|there| there == file.bytes) {
            let part = self.folder.join(PHOTOS).join(PART).join(&kept.sha256);
            self.write(&part, &file.bytes)?;
            self.disk.rename(&part, &path).map_err(named)?;
        }
        // Also when it was there: whoever put it there may have been cut off before this.
        self.disk.sync_dir(&parent).map_err(named)?;
        Ok(kept)
    }

    /// Step 1: the day's folder, and each name on the way to it, is on the medium.
    fn make_day(&mut self, decided_at: Timestamp) -> Result<String> {
        let date = decided_at.to_zoned(self.zone.clone()).date();
        let names = [
            format!("{:04}", date.year()),
            format!("{:02}", date.month()),
            format!("{:02}", date.day()),
        ];
        let day = format!("{PHOTOS}/{}", names.join("/"));
        let path = self.folder.join(&day);
        if self.safe_day.as_ref() == Some(&day) && path.is_dir() {
            return Ok(day);
        }
        let mut parent = self.folder.join(PHOTOS);
        for name in names {
            let made = parent.join(name);
            self.disk
                .create_dir(&made)
                .map_err(|e| Error::io("could not make the folder of a photo", &made, e))?;
            self.disk
                .sync_dir(&parent)
                .map_err(|e| Error::io("could not sync the folder of a photo", &parent, e))?;
            parent = made;
        }
        self.safe_day = Some(day.clone());
        Ok(day)
    }

    /// Step 2: the photo is whole on the medium, under a name that no row will ever hold.
    fn write(&self, part: &Path, jpeg: &[u8]) -> Result<()> {
        let written = self
            .disk
            .write(part, jpeg)
            .and_then(|file| self.disk.sync_file(&file, part))
            .map_err(|e| Error::io("could not write a photo", part, e));
        if written.is_err() {
            // Gives the space back now. If even this fails, the next start clears it.
            let _ = fs::remove_file(part);
        }
        written
    }
}

/// Refuses photos that can't be a passage's evidence.
pub(crate) fn validate(photos: &[NewPhoto<'_>], head_needed: bool) -> Result<()> {
    let kinds: Vec<PhotoKind> = photos.iter().map(|photo| photo.kind).collect();
    if head_needed && !kinds.contains(&PhotoKind::Head) && !kinds.contains(&PhotoKind::HeadOriginal)
    {
        return Err(Error::new(
            ErrorKind::Invalid,
            "a passage needs a photo of its head",
        ));
    }
    for (index, photo) in photos.iter().enumerate() {
        if photo.jpeg.is_empty() {
            return Err(Error::new(
                ErrorKind::Invalid,
                format!("the {} photo is empty", photo.kind),
            ));
        }
        if kinds[..index].contains(&photo.kind) {
            return Err(Error::new(
                ErrorKind::Invalid,
                format!("two {} photos", photo.kind),
            ));
        }
    }
    Ok(())
}

/// What a register's file is, by its first bytes, and how its name ends.
fn media_type(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const KNOWN: [(&[u8], &str, &str); 3] = [
        (&[0xFF, 0xD8, 0xFF], "image/jpeg", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
        (b"%PDF-", "application/pdf", "pdf"),
    ];
    KNOWN
        .iter()
        .find(|(first, ..)| bytes.starts_with(first))
        .map(|(_, media_type, extension)| (*media_type, *extension))
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn file_name(key: PassageKey, kind: PhotoKind, revision: u32) -> String {
    let kind = kind.as_str().replace('_', "-");
    match revision {
        0 => format!("{key}-{kind}.jpg"),
        n => format!("{key}-{kind}-r{n}.jpg"),
    }
}
