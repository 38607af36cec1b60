//! Every file against the list of hashes.

use std::collections::HashMap;
use std::io::{Read, Seek};

use sha2::{Digest as _, Sha256};
use words::{Key, Said};

use super::PackVerdict;
use super::archive::Archive;
use crate::pack::names;

/// What the files of a pack are.
pub(super) struct Files {
    /// SHA-256 of each, made anew.
    pub(super) found: HashMap<String, String>,
}

impl Files {
    /// Reads every file once, and names those that are not what the list says.
    pub(super) fn of<R: Read + Seek>(
        archive: &mut Archive<R>,
        verdict: &mut PackVerdict,
    ) -> Result<Self, Said> {
        let mut listed = HashMap::new();
        archive.each_line(names::HASHES, &mut |line| {
            if let Some((hash, name)) = line.split_once("  ") {
                listed.insert(name.to_owned(), hash.to_owned());
            }
            Ok(())
        })?;
        let mut found = HashMap::new();
        let mut names = archive.names();
        names.sort();
        for name in names {
            let mut hasher = Sha256::new();
            archive.each_piece(&name, &mut |piece| hasher.update(piece))?;
            let hash = hex::encode(hasher.finalize());
            if name == names::HASHES {
                continue;
            }
            match listed.get(&name) {
                Some(said) if *said == hash => {}
                Some(_) => verdict.add(Said::with(Key::PackChanged, "path", &name)),
                None => verdict.add(Said::with(Key::PackUnknown, "path", &name)),
            }
            found.insert(name, hash);
        }
        let mut missing: Vec<_> = listed
            .keys()
            .filter(|name| !found.contains_key(*name))
            .collect();
        missing.sort();
        for name in missing {
            verdict.add(Said::with(Key::PackMissing, "path", name));
        }
        verdict.files = found.len();
        Ok(Self { found })
    }
}
