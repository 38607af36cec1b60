//! What follows a record: photos by FTP before it, photos and cargo in requests of their own after it.

use serde_json::{Value, json};

use super::Trip;
use crate::failure::{Failure, FailureKind};
use crate::platform::deliver::Stop;
use crate::platform::photo::{self, Photo};
use crate::platform::{Platform, form};

impl Platform {
    pub(super) async fn photos_after(
        &mut self,
        trip: &mut Trip<'_>,
        photos: &[Photo<'_>],
    ) -> Result<(), Stop> {
        let Some(operation) = self.adapter.photo.clone() else {
            return Ok(());
        };
        for photo in photos {
            let step = format!("photo:{}:{}", photo.number, photo.view.sha256);
            if trip.steps.contains(&step) {
                continue;
            }
            let mut facts = trip.facts.clone();
            let word = self.photo_word(photo, &trip.serial);
            facts.insert("photo".to_owned(), Value::String(word));
            facts.insert("photoKind".to_owned(), json!(photo.view.kind));
            facts.insert("photoNumber".to_owned(), json!(photo.number));
            facts.insert("photoTime".to_owned(), json!(photo.view.taken_at));
            let value = form::value(&self.adapter, &operation, &self.zone, &facts)?;
            let files = self.files(&operation, &facts, &[("photo", photo)]);
            let path = self.address("photo", &operation)?;
            self.ask_at(path, &operation, value, files).await?;
            self.note(trip, step).await?;
        }
        Ok(())
    }

    /// The cargo of a passage, where it has a request of its own and is known.
    pub(super) async fn cargo(&mut self, trip: &mut Trip<'_>) -> Result<(), Stop> {
        let Some(operation) = self.adapter.cargo.clone() else {
            return Ok(());
        };
        let known = |item: &str| trip.facts.get(item).is_some_and(|v| !v.is_null());
        if !known("cargoName") && !known("cargoWeight") {
            return Ok(());
        }
        let value = form::value(&self.adapter, &operation, &self.zone, &trip.facts)?;
        let step = format!("cargo:{}", form::sha256(&value));
        if trip.steps.contains(&step) {
            return Ok(());
        }
        let path = self.address("cargo", &operation)?;
        self.ask_at(path, &operation, value, Vec::new()).await?;
        self.note(trip, step).await
    }

    pub(super) async fn photos_by_ftp(
        &mut self,
        trip: &mut Trip<'_>,
        photos: &[Photo<'_>],
    ) -> Result<(), Stop> {
        let Some(ftp) = self.settings.ftp.clone() else {
            return Ok(());
        };
        for photo in photos {
            let step = format!("ftp:{}:{}", photo.number, photo.view.sha256);
            if trip.steps.contains(&step) {
                continue;
            }
            let name = photo::file_name(&trip.serial, photo.number);
            let sent = crate::ftp::store(&ftp, &name, photo.jpeg, &mut self.ftp_renames);
            tokio::time::timeout(self.settings.timeout, sent)
                .await
                .map_err(|_| Failure::new(FailureKind::Timeout, "FTP: no answer in time"))??;
            self.note(trip, step).await?;
        }
        Ok(())
    }
}
