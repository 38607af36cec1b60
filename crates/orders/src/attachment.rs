//! Pictures and documents that people hand in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::NewFile;
use serde::{Deserialize, Serialize};
use words::{Key, Said};

use crate::Error;

/// A licence or a certificate is read at this width.
const WIDTH_PX: u32 = 2000;
const PICTURE_BYTES: usize = 1 << 20;
/// A document that was scanned.
const DOCUMENT_BYTES: usize = 10 << 20;

/// A file that belongs to an item of a record.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub item: String,
    pub base64: String,
}

impl Attachment {
    /// The file of `item`, as it is.
    #[must_use]
    pub fn of(item: &str, bytes: &[u8]) -> Self {
        Self {
            item: item.to_owned(),
            base64: STANDARD.encode(bytes),
        }
    }

    /// The file of `item` as it is kept: a picture encoded anew and bounded, so that nothing comes along with
    /// its pixels; a document as it is.
    pub(crate) fn kept(item: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        let kept = kept_form(item, bytes).map_err(|said| Error::Mistakes(vec![said]))?;
        Ok(Self::of(item, &kept))
    }

    /// The file, or the item whose file is no base64.
    pub(crate) fn decoded(self) -> Result<NewFile, String> {
        match STANDARD.decode(self.base64) {
            Ok(bytes) => Ok(NewFile {
                item: self.item,
                bytes,
            }),
            Err(_) => Err(self.item),
        }
    }
}

/// What is kept of a file; or that it is none which is taken.
pub(crate) fn kept_form(item: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Said> {
    if bytes.starts_with(b"%PDF-") && bytes.len() <= DOCUMENT_BYTES {
        return Ok(bytes);
    }
    photo::encoded_anew(&bytes, WIDTH_PX, PICTURE_BYTES)
        .ok_or_else(|| Said::with(Key::LedgerNotAnAttachment, "item", item))
}
