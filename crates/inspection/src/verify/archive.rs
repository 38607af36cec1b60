//! A zip from anybody, read within bounds.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use words::{Key, Said, chain};
use zip::ZipArchive;

/// Files of a pack.
const MOST_FILES: u64 = 20_000;
/// All of it, unpacked.
const MOST_BYTES: u64 = 4 << 30;
/// One file that is read whole.
const MOST_WHOLE: u64 = 64 << 20;
/// One line.
const MOST_LINE: u64 = 4 << 20;
/// What stands at the end of a zip, without its comment.
const END_BYTES: u64 = 22;

/// A pack that can be read.
pub(super) struct Archive<R> {
    zip: ZipArchive<R>,
    left: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Looks at the end before anything is kept in memory: how many files there are, and that none of their
    /// names stands twice or leads elsewhere. A pack never needs the form of zip that lists any number.
    pub(super) fn open(mut from: R) -> Result<Self, Said> {
        let damaged = |why: String| Said::with(Key::PackNoZip, "why", why);
        let is_zip64 = records::is_zip64(BufReader::new(&mut from));
        if is_zip64.map_err(|error| damaged(chain(&error)))? {
            return Err(Said::with(Key::PackMany, "most", MOST_FILES));
        }
        let entries = entries(&mut from).map_err(|error| damaged(chain(&error)))?;
        let entries = entries.ok_or_else(|| damaged("zip".to_owned()))?;
        if entries > MOST_FILES {
            return Err(Said::with(Key::PackMany, "most", MOST_FILES));
        }
        let mut zip = ZipArchive::new(from).map_err(|error| damaged(chain(&error)))?;
        if zip.len() as u64 != entries {
            return Err(Key::PackTwice.into());
        }
        let mut known = HashSet::new();
        for index in 0..zip.len() {
            let file = zip
                .by_index_raw(index)
                .map_err(|error| damaged(chain(&error)))?;
            let name = file.name().to_owned();
            if !may_be(&name) || file.is_dir() || file.is_symlink() {
                return Err(Said::with(Key::PackName, "path", name.escape_debug()));
            }
            // On Windows they would be one file.
            if !known.insert(name.to_lowercase()) {
                return Err(Key::PackTwice.into());
            }
        }
        Ok(Self {
            zip,
            left: MOST_BYTES,
        })
    }

    /// The names of its files.
    pub(super) fn names(&self) -> Vec<String> {
        self.zip.file_names().map(str::to_owned).collect()
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Hands over what is in a file, a piece at a time. All that is read counts.
    pub(super) fn each_piece(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Said> {
        let file = self
            .zip
            .by_name(name)
            .map_err(|error| unreadable(name, &error))?;
        let mut file = file.take(self.left);
        let mut piece = vec![0; 64 * 1024];
        loop {
            let count = file
                .read(&mut piece)
                .map_err(|error| unreadable(name, &error))?;
            if count == 0 {
                break;
            }
            each(piece.get(..count).unwrap_or_default());
        }
        self.left = file.limit();
        match self.left {
            0 => Err(Said::with(Key::PackLarge, "mib", MOST_BYTES >> 20)),
            _ => Ok(()),
        }
    }

    /// A whole file of bounded size.
    pub(super) fn whole(&mut self, name: &str) -> Result<Vec<u8>, Said> {
        if !self.has(name) {
            return Err(Said::with(Key::PackMissing, "path", name));
        }
        let file = self
            .zip
            .by_name(name)
            .map_err(|error| unreadable(name, &error))?;
        let mut bytes = Vec::new();
        let mut file = file.take(MOST_WHOLE);
        file.read_to_end(&mut bytes)
            .map_err(|error| unreadable(name, &error))?;
        match file.limit() {
            0 => Err(Said::with(Key::PackLarge, "mib", MOST_WHOLE >> 20)),
            _ => Ok(bytes),
        }
    }

    /// The lines of a file, without their ends.
    pub(super) fn each_line(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&str) -> Result<(), Said>,
    ) -> Result<(), Said> {
        if !self.has(name) {
            return Err(Said::with(Key::PackMissing, "path", name));
        }
        let file = self
            .zip
            .by_name(name)
            .map_err(|error| unreadable(name, &error))?;
        let mut lines = BufReader::new(file.take(MOST_BYTES));
        let mut line = String::new();
        loop {
            line.clear();
            let read = (&mut lines).take(MOST_LINE).read_line(&mut line);
            let count = read.map_err(|error| unreadable(name, &error))?;
            if count == 0 {
                return Ok(());
            }
            if count as u64 == MOST_LINE {
                return Err(Said::with(Key::PackLarge, "mib", MOST_LINE >> 20));
            }
            each(line.trim_end_matches(['\n', '\r']))?;
        }
    }
}

/// It can't be understood.
pub(super) fn unreadable(name: &str, error: &dyn std::error::Error) -> Said {
    Said::with(Key::PackUnreadable, "path", name).and("why", chain(error))
}

/// Relative, downward, without anything that some system takes for something else.
fn may_be(name: &str) -> bool {
    let odd =
        |c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    name.len() <= 200 && !name.contains(odd) && name.split('/').all(part)
}

/// How many files the end of the zip speaks of; none where there is no such end. More than 65,534 are told in
/// another form, which no pack of ours needs.
fn entries(from: &mut (impl Read + Seek)) -> std::io::Result<Option<u64>> {
    let size = from.seek(SeekFrom::End(0))?;
    let tail = size.min(END_BYTES + 0xffff);
    from.seek(SeekFrom::Start(size - tail))?;
    let mut bytes = Vec::new();
    from.take(tail).read_to_end(&mut bytes)?;
    from.seek(SeekFrom::Start(0))?;
    let at = bytes.windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = at.and_then(|at| bytes.get(at + 10..at + 12));
    let count = end
        .and_then(|two| two.try_into().ok())
        .map(u16::from_le_bytes);
    Ok(count.map(u64::from))
}
