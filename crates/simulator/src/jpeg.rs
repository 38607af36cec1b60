//! Photos as they come in a field.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A JPEG out of base64, with or without the `data:` prefix, and its size in pixels.
pub(crate) fn jpeg(text: &str) -> Result<(Vec<u8>, u16, u16), &'static str> {
    let bare = match text.strip_prefix("data:image/jpeg;base64,") {
        Some(rest) => rest,
        None if text.starts_with("data:") => return Err("is not called image/jpeg"),
        None => text,
    };
    let bytes = STANDARD.decode(bare.trim()).map_err(|_| "is not base64")?;
    let (width, height) = jpeg_size(&bytes).ok_or("is not a whole JPEG")?;
    Ok((bytes, width, height))
}

/// Width and height from the frame header; `None` when this is no JPEG or it was cut short.
fn jpeg_size(bytes: &[u8]) -> Option<(u16, u16)> {
    if !bytes.starts_with(&[0xFF, 0xD8]) || !bytes.ends_with(&[0xFF, 0xD9]) {
        return None;
    }
    let mut at = 2;
    loop {
        let [mark, kind, high, low] = *bytes.get(at..at + 4)?.first_chunk::<4>()?;
        if mark != 0xFF {
            return None;
        }
        if kind == 0xFF {
            at += 1; // fill byte
            continue;
        }
        let frame_header = (0xC0..=0xCF).contains(&kind) && !matches!(kind, 0xC4 | 0xC8 | 0xCC);
        if frame_header {
            let size = bytes.get(at + 5..at + 9)?;
            let height = u16::from_be_bytes([size[0], size[1]]);
            let width = u16::from_be_bytes([size[2], size[3]]);
            return (width > 0 && height > 0).then_some((width, height));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_jpegs_pass_for_photos() {
        let whole: &[u8] = &[
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 2, 0xD0, 5, 0, 1, 1, 0x11, 0,
            0xFF, 0xD9,
        ];
        let text = STANDARD.encode(whole);
        assert_eq!(jpeg(&text).map(|(_, w, h)| (w, h)), Ok((1280, 720)));
        assert!(jpeg(&format!("data:image/jpeg;base64,{text}")).is_ok());
        assert!(jpeg(&format!("data:image/png;base64,{text}")).is_err());
        assert_eq!(
            jpeg(&STANDARD.encode(&whole[..12])),
            Err("is not a whole JPEG")
        );
        assert_eq!(jpeg("车头"), Err("is not base64"));
        for cut in 0..whole.len() {
            assert!(jpeg_size(&whole[..cut]).is_none());
        }
    }
}
