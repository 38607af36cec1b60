//! A register's record to a platform.

use passage::{ItemKind, RecordState, RecordView};
use serde_json::{Value, json};

use super::deliver::Stop;
use super::{Platform, facts, form};
use crate::adapter::{self, PhotoForm};
use crate::worker::Delivery;

impl Platform {
    /// Sends one revision of a record, as it was when it was queued.
    pub(super) async fn register_record(
        &mut self,
        row: &Delivery,
        record: &RecordView,
    ) -> Result<String, Stop> {
        let register = record.register.as_str();
        let name = format!("record.{register}");
        let Some(operation) = self.adapter.record.get(register).cloned() else {
            let words = format!("not sent: this platform takes no register {register}");
            return Err(Stop::Refused(words));
        };
        let path = self.address(&name, &operation)?;
        let mut facts = facts::site(&self.settings);
        facts.extend(record.values.clone());
        facts.insert("recordKey".to_owned(), json!(record.key));
        facts.insert("revision".to_owned(), json!(record.revision));
        let retired = record.state == RecordState::Retired;
        facts.insert("retired".to_owned(), json!(retired));
        if let Some(file) = record
            .text("passwordFile")
            .filter(|_| operation.carries("password"))
        {
            facts.insert(
                "password".to_owned(),
                json!(self.camera_password(file).await?),
            );
        }
        let carried: Vec<_> = operation
            .all_fields()
            .map(|(_, f)| f.item.clone())
            .collect();
        for file in record.files.iter().filter(|f| carried.contains(&f.item)) {
            let word = self.file_word(file).await?;
            facts.insert(file.item.clone(), Value::String(word));
        }
        // A picture that is named and not kept is missing; its hash would be no picture.
        for item in carried {
            let picture = adapter::item(&item).is_some_and(|i| i.kind == ItemKind::Photo);
            if picture && record.file(&item).is_none() {
                facts.remove(&item);
            }
        }
        let value = form::value(&self.adapter, &operation, &self.zone, &facts)?;
        let sha256 = form::sha256(&value);
        let complete = form::completeness(&operation, &facts);
        self.note_sending(row, &sha256, complete).await?;
        let words = self
            .ask_at(path, &operation, value, Vec::new())
            .await?
            .words;
        Ok(words)
    }

    /// The password of a camera's read-only account. The register holds only the name of its file.
    async fn camera_password(&self, file: &str) -> Result<String, Stop> {
        let folder = self.settings.secrets_folder.clone().unwrap_or_default();
        let path = folder.join(file);
        let text = tokio::fs::read_to_string(&path).await.map_err(|error| {
            Stop::Refused(format!(
                "not sent: the camera's password file {} cannot be read ({error}); put it there with mode 0600, then send it again",
                path.display()
            ))
        })?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    pub(super) async fn file_word(&self, file: &passage::FileView) -> Result<String, Stop> {
        if self.adapter.photos.form == PhotoForm::Url {
            let template = self.settings.photo_url.as_deref().unwrap_or_default();
            return Ok(template.replace("{path}", &file.path));
        }
        let wanted = file.clone();
        let bytes = self.ledger.read(move |reader| reader.file_bytes(&wanted));
        Ok(self.encoded(&file.media_type, &bytes.await?))
    }
}
