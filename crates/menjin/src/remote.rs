//! Accounts by which the authority looks at cameras, as the register has them: HJ 1321-2023 wants their address, user
//! and password handed over, so they have to work.

use std::path::Path;

use camera::Source;
use config::Config;
use ledger::Reader;
use passage::{RecordId, RecordState, RecordView, Register};
use secret::Secret;
use words::{Key, Said};

/// More cameras than any site has.
const MOST: usize = 1000;

/// Each camera of the register with an address of its stream: what it is called in findings, and how it is reached, or why
/// that can't be tried. Passwords are read from the files that the register names, and shown to nobody.
pub(crate) fn accounts(config: &Config, file: &Path) -> Vec<(String, Result<Source, Said>)> {
    // A ledger that is not there or not readable is told already.
    let found = Reader::open(&config.data_folder)
        .and_then(|reader| reader.records(Register::Camera, RecordId(0), MOST));
    let records = found.unwrap_or_default();
    let folder = file.parent().unwrap_or(Path::new(""));
    let counts = |record: &&RecordView| {
        !matches!(record.state, RecordState::Retired | RecordState::Rejected)
    };
    let account = |record: &RecordView| {
        let url = record.text("liveUrl").filter(|url| !url.is_empty())?;
        let name = Said::with(Key::ConnectionRemote, "camera", &record.identity);
        Some((name.text(config.language), source(record, url, folder)))
    };
    records.iter().filter(counts).filter_map(account).collect()
}

fn source(record: &RecordView, url: &str, folder: &Path) -> Result<Source, Said> {
    let named = record.text("passwordFile").filter(|file| !file.is_empty());
    let password = named.map(|named| {
        let path = folder.join(named);
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|error| Said::about(path.display(), Said::of_io(&error)))?;
        let text = text.trim_end_matches(['\r', '\n']);
        Ok::<_, Said>(Secret::from_file(text, path))
    });
    let user = record.text("userName").filter(|user| !user.is_empty());
    Source::rtsp(url, user, password.transpose()?).map_err(|error| error.said())
}
