//! Photos in the form that the platform wants.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passage::{PassageView, PhotoKind, PhotoView};
use serde_json::Value;

use super::facts::Facts;
use super::request::File;
use super::{Platform, form};
use crate::adapter::{Operation, PhotoForm};
use crate::worker::Delivery;

/// The two key photos, in the order of their numbers, with the items that carry them.
pub(super) const KEY_PHOTOS: [(PhotoKind, &str); 2] = [
    (PhotoKind::Head, "headPhoto"),
    (PhotoKind::Body, "bodyPhoto"),
];

/// One photo of a delivery.
pub(super) struct Photo<'a> {
    pub(super) item: &'static str,
    pub(super) number: u32,
    pub(super) view: &'a PhotoView,
    pub(super) jpeg: &'a [u8],
}

/// The key photos that came with a delivery.
pub(super) fn of<'a>(row: &'a Delivery, passage: &'a PassageView) -> Vec<Photo<'a>> {
    let numbered = (1..).zip(KEY_PHOTOS);
    numbered
        .filter_map(|(number, (kind, item))| {
            let jpeg = row
                .photos
                .iter()
                .find(|(k, _)| *k == kind)
                .map(|(_, j)| j)?;
            let view = passage.photo(kind)?;
            Some(Photo {
                item,
                number,
                view,
                jpeg,
            })
        })
        .collect()
}

impl Platform {
    /// What stands in a photo's field.
    pub(super) fn photo_word(&self, photo: &Photo<'_>, serial: &str) -> String {
        match self.adapter.photos.form {
            PhotoForm::Base64 | PhotoForm::DataUrl => self.encoded("image/jpeg", photo.jpeg),
            PhotoForm::Url => {
                let template = self.settings.photo_url.as_deref().unwrap_or_default();
                template.replace("{path}", &photo.view.path)
            }
            PhotoForm::Multipart | PhotoForm::Ftp => file_name(serial, photo.number),
        }
    }

    /// A file as text in a field.
    pub(super) fn encoded(&self, media_type: &str, bytes: &[u8]) -> String {
        let text = STANDARD.encode(bytes);
        match self.adapter.photos.form {
            PhotoForm::DataUrl => format!("data:{media_type};base64,{text}"),
            _ => text,
        }
    }

    /// The files of a multipart form: each field of the operation that carries a photo.
    pub(super) fn files(
        &self,
        operation: &Operation,
        facts: &Facts,
        photos: &[(&str, &Photo<'_>)],
    ) -> Vec<File> {
        if self.adapter.photos.form != PhotoForm::Multipart {
            return Vec::new();
        }
        let inward = facts
            .get("inOut")
            .and_then(Value::as_str)
            .map(|w| w == "in");
        operation
            .fields_for(inward)
            .filter_map(|(name, field)| {
                let (_, photo) = photos.iter().find(|(item, _)| *item == field.item)?;
                let file = form::plain(facts.get(&field.item)?);
                Some((name.clone(), file, photo.jpeg.to_vec()))
            })
            .collect()
    }
}

/// A name that no other photo of this platform has.
pub(super) fn file_name(serial: &str, number: u32) -> String {
    let clean: String = serial
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    format!("{clean}-{number}.jpg")
}
