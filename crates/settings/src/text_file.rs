//! Files of text that people write, as their editors save them.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use words::{Key, Said};

/// No configuration, adapter or strategy has more.
const MOST_BYTES: u64 = 4 << 20;

/// The text of a file, within 4 MiB and without Windows' mark of UTF-8.
///
/// # Errors
/// Why it can't be read, without its path: it isn't there, is too large or without end, or was saved as
/// something else than UTF-8, and then how to save it.
pub fn text_file(path: &Path) -> Result<String, Said> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| Said::of_io(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Said::of_io(&ErrorKind::FileTooLarge.into()));
    }
    // Notepad's other encodings are GBK ("ANSI") and UTF-16, which has zeros.
    let text = String::from_utf8(bytes).ok();
    let mut text = text
        .filter(|text| !text.contains('\0'))
        .ok_or(Key::IoNotUtf8)?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_or_it_is_said_how_to_save_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("site.toml");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            text_file(&path).map_err(|why| why.key())
        };
        let name = "name = \"\u{5317}\u{95e8}\"\r\n";
        assert_eq!(read(name.as_bytes()), Ok(name.to_owned()));
        let marked = [&b"\xEF\xBB\xBF"[..], name.as_bytes()].concat();
        assert_eq!(read(&marked), Ok(name.to_owned()));
        assert_eq!(read(b"name = \"\xB1\xB1\xC3\xC5\""), Err(Key::IoNotUtf8));
        assert_eq!(read(b"n\0a\0m\0e\0"), Err(Key::IoNotUtf8));
        let endless = text_file(Path::new("/dev/zero")).map_err(|why| why.key());
        assert_eq!(endless, Err(Key::IoTooLarge));
        let folder = text_file(folder.path()).map_err(|why| why.key());
        assert_eq!(folder, Err(Key::IoIsAFolder));
    }
}
