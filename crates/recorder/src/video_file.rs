//! A file while it is written: `NAME.mp4.part`, synced with each fragment, renamed when it is whole.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camera::Format;
use frame::ClockSource;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::container::{Group, Place, header, ticks_hz};
use crate::error::{Error, Result};
use crate::index::NewVideo;

/// What a file is called while it is written.
pub(crate) const PART: &str = "part";
/// More files than this can't begin in one millisecond; the clock was set back over them.
const MOST_NAMESAKES: u32 = 99;

/// Where a file of a camera belongs below a folder for video: `CAMERA/DAY`. The day is the site's, by which people ask;
/// the name is UTC, by which files sort also where clocks are put back an hour.
pub(crate) fn day_folder(camera: &str, start: Timestamp, zone: &TimeZone) -> PathBuf {
    let day = start.to_zoned(zone.clone()).date();
    Path::new(camera).join(day.to_string())
}

/// What a file is called that begins then.
pub(crate) fn file_name(start: Timestamp, namesake: u32) -> String {
    let start = start.strftime("%Y%m%dT%H%M%S.%3fZ");
    match namesake {
        0 => format!("{start}.mp4"),
        n => format!("{start}-{}.mp4", n + 1),
    }
}

/// When a file of video began, by its name.
#[must_use]
pub fn start_in(name: &str) -> Option<Timestamp> {
    let stem = name.split(".mp4").next()?;
    let (date, rest) = stem.split_once('T')?;
    let (time, _) = rest.split_once('Z')?;
    let (hms, fraction) = time.split_once('.')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = date.len() == 8 && hms.len() == 6 && fraction.len() == 3;
    if !fits || !plain(date) || !plain(hms) || !plain(fraction) {
        return None;
    }
    format!("{date}T{hms}.{fraction}Z").parse().ok()
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct VideoFile {
    file: File,
    root: PathBuf,
    /// Its place below `root`, when it is whole.
    path: PathBuf,
    format: Arc<Format>,
    start: Timestamp,
    clock: ClockSource,
    origin_pts: i64,
    number: u32,
    pictures: u64,
    end_ticks: u64,
    last_ticks: Option<u64>,
    bytes: u64,
    sha256: Sha256,
}

impl VideoFile {
    /// Begins a file below `root` whose first pictures are `first`, which are yet to be written.
    ///
    /// # Errors
    /// When it can't be made, or the coding can't be kept.
    pub(crate) fn create(
        root: &Path,
        camera: &str,
        zone: &TimeZone,
        format: &Arc<Format>,
        first: &Group,
    ) -> Result<Self> {
        let (start, clock) = first.taken();
        let header = header(format, start)?;
        let folder = day_folder(camera, start, zone);
        make_folder(root, &folder)?;
        let (file, path) = create_new(root, &folder, start)?;
        let mut made = Self {
            file,
            root: root.to_owned(),
            path,
            format: Arc::clone(format),
            start,
            clock,
            origin_pts: first.first_pts(),
            number: 0,
            pictures: 0,
            end_ticks: 0,
            last_ticks: None,
            bytes: 0,
            sha256: Sha256::new(),
        };
        made.append(&header)?;
        sync_folder(&root.join(&folder))?;
        Ok(made)
    }

    /// Where it is written.
    pub(crate) fn part(&self) -> PathBuf {
        part_of(&self.root.join(&self.path))
    }

    /// Below which folder it is.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Adds a fragment; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk doesn't take it. The file is then what it was before, or its end is cut off at repair.
    pub(crate) fn write(&mut self, group: &Group) -> Result<u64> {
        let place = Place {
            number: self.number + 1,
            origin_pts: self.origin_pts,
            after_ticks: self.last_ticks,
            usual_ticks: self.last_ticks.map(|last| self.end_ticks - last),
        };
        let fragment = group.fragment(&self.format, place)?;
        self.append(&fragment.bytes)?;
        self.file
            .sync_data()
            .map_err(Error::io("syncing", &self.part()))?;
        self.number += 1;
        self.pictures += group.pictures.len() as u64;
        self.end_ticks = fragment.end_ticks;
        self.last_ticks = Some(fragment.last_ticks);
        Ok(fragment.bytes.len() as u64)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let before = self.bytes;
        let written = self.file.write_all(bytes);
        written.map_err(|error| {
            // Half a fragment would be cut off at the next start; whoever can't do even that leaves it so.
            let _ = self.file.set_len(before);
            Error::io("writing", &self.part())(error)
        })?;
        self.bytes += bytes.len() as u64;
        self.sha256.update(bytes);
        Ok(())
    }

    /// Closes it: all of it is on the disk under its name, and what the index has to know is told. `None` when
    /// nothing was written into it, and it is gone.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(self) -> Result<Option<NewVideo>> {
        let part = self.part();
        if self.number == 0 {
            fs::remove_file(&part).map_err(Error::io("removing", &part))?;
            return Ok(None);
        }
        self.file.sync_all().map_err(Error::io("syncing", &part))?;
        rename(&part, &self.root.join(&self.path))?;
        let ticks_hz = u64::from(ticks_hz(&self.format));
        Ok(Some(NewVideo {
            root: self.root,
            path: self.path,
            start: self.start,
            clock: self.clock,
            duration_ms: self.end_ticks * 1000 / ticks_hz,
            bytes: self.bytes,
            pictures: self.pictures,
            coding: self.format.rfc6381.clone(),
            width: self.format.width,
            height: self.format.height,
            sha256: self.sha256.finalize().into(),
        }))
    }
}

/// The name of a file while it is written.
pub(crate) fn part_of(path: &Path) -> PathBuf {
    path.with_added_extension(PART)
}

/// Gives a whole file its name, over nothing, and syncs its folder.
pub(crate) fn rename(part: &Path, whole: &Path) -> Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let only_if_free = renameat_with(CWD, part, CWD, whole, RenameFlags::NOREPLACE);
    let renamed = match only_if_free {
        // A file system of elsewhere that has no such call; its name was found free when the file was begun.
        Err(rustix::io::Errno::INVAL) if !whole.exists() => fs::rename(part, whole),
        renamed => renamed.map_err(io::Error::from),
    };
    renamed.map_err(Error::io("renaming", part))?;
    sync_folder(whole.parent().unwrap_or(whole))
}

pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(Error::io("syncing", folder))
}

/// Makes the folder of a day, and each folder above it that is new, so that a loss of power leaves them there.
fn make_folder(root: &Path, below: &Path) -> Result<()> {
    let mut folder = root.to_owned();
    for part in below {
        let above = folder.clone();
        folder.push(part);
        match fs::create_dir(&folder) {
            Ok(()) => sync_folder(&above)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::io("making", &folder)(error)),
        }
    }
    Ok(())
}

fn create_new(root: &Path, folder: &Path, start: Timestamp) -> Result<(File, PathBuf)> {
    for namesake in 0..=MOST_NAMESAKES {
        let path = folder.join(file_name(start, namesake));
        let whole = root.join(&path);
        if whole.exists() {
            continue;
        }
        let part = part_of(&whole);
        match File::create_new(&part) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::io("making", &part)(error)),
        }
    }
    let taken = io::Error::from(io::ErrorKind::AlreadyExists);
    Err(Error::io("making", &root.join(folder))(taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_start_and_sorts_by_it_while_the_folder_is_the_sites_day() {
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let start: Timestamp = "2026-11-30T16:00:59.007Z".parse().expect("a time");
        assert_eq!(
            day_folder("north-in", start, &zone),
            Path::new("north-in/2026-12-01")
        );
        assert_eq!(file_name(start, 0), "20261130T160059.007Z.mp4");
        assert_eq!(file_name(start, 1), "20261130T160059.007Z-2.mp4");
        for name in [
            file_name(start, 0),
            file_name(start, 4),
            file_name(start, 0) + ".part",
        ] {
            assert_eq!(start_in(&name), Some(start), "{name}");
        }
        for other in [
            "",
            "x.mp4",
            "20261330T160059.007Z.mp4",
            "2026113T160059.007Z.mp4",
            "é.mp4",
        ] {
            assert_eq!(start_in(other), None, "{other}");
        }
    }
}
