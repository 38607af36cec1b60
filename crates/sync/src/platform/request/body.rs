//! The bytes of a request: JSON, a form, or a form with files.

use serde_json::{Map, Value};

use crate::platform::form;

/// A file of a multipart form: field, file name, JPEG.
pub(in crate::platform) type File = (String, String, Vec<u8>);

/// How a body is written.
pub(super) enum Body<'a> {
    Json,
    Form,
    Multipart(&'a [File]),
}

impl<'a> Body<'a> {
    pub(super) fn of(files: &'a [File]) -> Self {
        if files.is_empty() {
            Self::Json
        } else {
            Self::Multipart(files)
        }
    }
}

/// The content type and the bytes.
pub(super) fn written(body: &Map<String, Value>, kind: Body<'_>) -> (String, Vec<u8>) {
    match kind {
        Body::Json => {
            let text = Value::Object(body.clone()).to_string();
            (
                "application/json;charset=UTF-8".to_owned(),
                text.into_bytes(),
            )
        }
        Body::Form => {
            let mut text = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in body {
                text.append_pair(name, &form::plain(value));
            }
            let kind = "application/x-www-form-urlencoded".to_owned();
            (kind, text.finish().into_bytes())
        }
        Body::Multipart(files) => multipart(body, files),
    }
}

/// A multipart form (RFC 7578): the outermost fields, then the files.
fn multipart(body: &Map<String, Value>, files: &[File]) -> (String, Vec<u8>) {
    let boundary = format!("menjin-{:032x}", rand::random::<u128>());
    let clean = |text: &str| text.replace(['"', '\r', '\n'], "_");
    let mut out = Vec::new();
    for (name, value) in body.iter().filter(|(_, v)| !v.is_null()) {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n",
            clean(name)
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(form::plain(value).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    for (field, file, bytes) in files {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: image/jpeg\r\n\r\n",
            clean(field),
            clean(file)
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_multipart_form_holds_fields_and_files_and_no_name_breaks_out_of_it() {
        let Value::Object(body) = json!({"a": "1", "n": null, "x\"\r\ny": "2"}) else {
            panic!("an object")
        };
        let files = [("pic".to_owned(), "k.jpg".to_owned(), vec![0xFF, 0xD8])];
        let (kind, bytes) = multipart(&body, &files);
        let text = String::from_utf8_lossy(&bytes);
        assert!(kind.starts_with("multipart/form-data; boundary=menjin-"));
        assert_eq!(text.matches("Content-Disposition").count(), 3);
        assert!(text.contains("name=\"x___y\"") && text.contains("filename=\"k.jpg\""));
        assert!(text.ends_with("--\r\n"));
    }
}
