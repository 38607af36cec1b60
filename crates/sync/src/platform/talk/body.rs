//! Answers as real servers give them: packed without being asked, in other charsets, with marks
//! before them, JSON within a JSON string.

use std::io::Read;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName};
use serde_json::Value;

/// Bytes of an answer for each list or object in it, at least. A row of a platform's list has more; one
/// that says `{"":0}` a million times would take a hundred times its size in memory.
const BYTES_A_PART: usize = 64;
/// So many are taken of any answer.
const FEW_PARTS: usize = 1000;
/// Wrappings that are taken off one after another.
const MAX_WRAPPINGS: usize = 3;

/// Why there is no JSON object in an answer.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) why: String,
    /// What the answer says instead, as far as it is text.
    pub(super) text: String,
}

/// The JSON object of an answer, which unpacks to `most` bytes at most.
pub(super) fn object(headers: &HeaderMap, body: &[u8], most: usize) -> Result<Value, Unreadable> {
    let plain = unpacked(headers, body, most).map_err(|why| Unreadable {
        why,
        text: String::new(),
    })?;
    let parts = plain.iter().filter(|b| matches!(b, b'{' | b'[')).count();
    if parts > (most / BYTES_A_PART).max(FEW_PARTS) {
        return Err(Unreadable {
            why: format!("the answer holds {parts} lists and objects, which is no answer"),
            text: String::new(),
        });
    }
    let text = decoded(headers, &plain);
    object_in(&text, MAX_WRAPPINGS).ok_or_else(|| Unreadable {
        why: "not a JSON object".to_owned(),
        text,
    })
}

fn header(headers: &HeaderMap, name: HeaderName) -> String {
    let value = headers.get(name).and_then(|v| v.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}

fn unpacked(headers: &HeaderMap, body: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let is_gzip = body.starts_with(&[0x1f, 0x8b]);
    match header(headers, CONTENT_ENCODING).as_str() {
        _ if is_gzip => read(MultiGzDecoder::new(body), most, "gzip"),
        // Something on the way unpacked it and left the header.
        "" | "identity" | "gzip" | "x-gzip" => Ok(body.to_vec()),
        // RFC 9110 means zlib by "deflate"; some servers leave its frame out.
        "deflate" => read(ZlibDecoder::new(body), most, "deflate")
            .or_else(|_| read(DeflateDecoder::new(body), most, "deflate")),
        other => Err(format!(
            "the answer is packed with {other:?}, which was not asked for"
        )),
    }
}

fn read(packed: impl Read, most: usize, name: &str) -> Result<Vec<u8>, String> {
    let mut plain = Vec::new();
    let limit = most as u64 + 1;
    packed
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| format!("the answer is packed with {name} and damaged"))?;
    if plain.len() > most {
        return Err(format!("the answer unpacks to more than {most} bytes"));
    }
    Ok(plain)
}

/// The text: as UTF-8 if it is that, whatever the head says, for no other charset looks like it by
/// chance; else in the charset that the head names; else in the one that servers in China mean when
/// they say nothing.
fn decoded(headers: &HeaderMap, bytes: &[u8]) -> String {
    let kind = header(headers, CONTENT_TYPE);
    let label = kind.split_once("charset=").map(|(_, rest)| {
        let rest = rest.split(';').next().unwrap_or_default();
        rest.trim_matches([' ', '"', '\'']).to_owned()
    });
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let wide = match bytes {
        [0, b, ..] if *b != 0 => Some(UTF_16BE),
        [b, 0, ..] if *b != 0 => Some(UTF_16LE),
        _ => None,
    };
    let tried = [wide, Some(UTF_8), named, Some(GB18030)];
    for encoding in tried.into_iter().flatten() {
        // A byte-order mark wins over `encoding`, and is taken off.
        let (text, _, broken) = encoding.decode(bytes);
        if !broken {
            return text.into_owned();
        }
    }
    String::from_utf8_lossy(bytes).into_owned()
}

fn object_in(text: &str, wrappings: usize) -> Option<Value> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    let inner = match serde_json::from_str::<Value>(text) {
        Ok(object @ Value::Object(_)) => return Some(object),
        Ok(Value::String(inner)) => inner,
        Ok(Value::Array(list)) => match <[Value; 1]>::try_from(list) {
            Ok([only]) => only.to_string(),
            Err(_) => return None,
        },
        Ok(_) => return None,
        Err(_) => in_element(text)?,
    };
    object_in(&inner, wrappings.checked_sub(1)?)
}

/// What stands in `<string …>…</string>`, in which .NET's web services answer.
fn in_element(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<string")?;
    let (_, rest) = rest.split_once('>')?;
    let (inner, _) = rest.split_once("</string>")?;
    let inner = inner.trim();
    let verbatim = inner
        .strip_prefix("<![CDATA[")
        .and_then(|rest| rest.strip_suffix("]]>"));
    Some(verbatim.map_or_else(
        || {
            let named = [
                ("&quot;", "\""),
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&apos;", "'"),
            ];
            let text = named
                .iter()
                .fold(inner.to_owned(), |text, (from, to)| text.replace(from, to));
            text.replace("&amp;", "&")
        },
        str::to_owned,
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use reqwest::header::HeaderValue;

    use super::*;

    const MOST: usize = 1000;
    const ANSWER: &str = r#"{"code":200,"msg":"操作成功"}"#;

    fn headers(kind: &'static str, packed: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if !packed.is_empty() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(packed));
        }
        headers
    }

    fn understood(kind: &'static str, packed: &'static str, body: &[u8]) -> bool {
        let read = object(&headers(kind, packed), body, MOST);
        read.is_ok_and(|answer| answer["code"] == 200 && answer["msg"] == "操作成功")
    }

    #[test]
    fn an_answer_is_read_in_the_charset_that_it_names_or_has() {
        let (gbk, ..) = encoding_rs::GBK.encode(ANSWER);
        for kind in [
            "application/json;charset=GBK",
            "application/json; charset=\"gb2312\"",
            "application/json",
            "application/json;charset=utf-8",
        ] {
            assert!(understood(kind, "", &gbk), "GBK as {kind}");
            assert!(understood(kind, "", ANSWER.as_bytes()), "UTF-8 as {kind}");
        }
        let marked = format!("\u{feff}{ANSWER}\r\n\0");
        assert!(understood("text/plain", "", marked.as_bytes()));
        let wide = |order: fn(u16) -> [u8; 2]| ANSWER.encode_utf16().flat_map(order).collect();
        let (little, big): (Vec<u8>, Vec<u8>) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        assert!(understood("application/json", "", &little));
        assert!(understood("application/json", "", &big));
    }

    #[test]
    fn a_packed_answer_is_unpacked_within_its_limit() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(ANSWER.as_bytes()).expect("memory");
        let gzip = gzip.finish().expect("memory");
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(ANSWER.as_bytes()).expect("memory");
        let zlib = zlib.finish().expect("memory");
        let bare = &zlib[2..zlib.len() - 4];
        for (packed, body) in [
            ("gzip", &gzip[..]),
            ("", &gzip),
            ("deflate", &zlib),
            ("deflate", bare),
            ("gzip", ANSWER.as_bytes()),
        ] {
            assert!(understood("application/json", packed, body), "{packed}");
        }
        let words = |packed, body: &[u8]| {
            let read = object(&headers("application/json", packed), body, MOST);
            read.expect_err("not readable").why
        };
        assert!(words("br", b"\x0b\x00").contains("packed with \"br\""));
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b' '; 1_000_000]).expect("memory");
        let bomb = bomb.finish().expect("memory");
        assert!(words("gzip", &bomb).contains("more than 1000 bytes"));
        assert!(words("gzip", &gzip[..20]).contains("damaged"));
    }

    #[test]
    fn wrappings_are_taken_off() {
        let twice = serde_json::to_string(ANSWER).expect("a string");
        let thrice = serde_json::to_string(&twice).expect("a string");
        let element = format!(
            "<?xml version=\"1.0\"?>\r\n<string xmlns=\"http://tempuri.org/\">{}</string>",
            ANSWER.replace('"', "&quot;")
        );
        for body in [twice, thrice, element, format!("[{ANSWER}]")] {
            assert!(
                understood("application/json", "", body.as_bytes()),
                "{body}"
            );
        }
        for body in ["", "null", "200", "<html>{}</html>", "[]", "ok"] {
            let read = object(&headers("text/html", ""), body.as_bytes(), MOST);
            assert_eq!(
                read.expect_err("nothing").why,
                "not a JSON object",
                "{body}"
            );
        }
    }
}
