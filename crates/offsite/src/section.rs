//! `[backup.s3]`, read and shown.

use rusty_s3::{Bucket, UrlStyle};
use secret::Secret;
use settings::{Printer, Section, shown_address};
use url::Url;
use words::{Key, Said};

use crate::key::BackupKey;
use crate::settings::{Addressing, S3Settings};

const ADDRESSING: [(&str, Addressing); 2] =
    [("path", Addressing::Path), ("host", Addressing::Host)];

impl S3Settings {
    /// Reads the table; none when it can't be used, which is noted.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let url = section.required("url", "https://oss-cn-hangzhou.aliyuncs.com");
        let bucket = section.required("bucket", "plant-backups");
        let prefix = section.required("prefix", "gate-a");
        let region = section.text_or("region", "us-east-1");
        let addressing = section.one_of("addressing", &ADDRESSING, Addressing::Path);
        let access_key = section.required("access_key", "LTAI5t…");
        let secret_key = needed(section, "secret_key", "secrets/s3");
        let encryption_key = needed(section, "encryption_key", "secrets/backup-key");
        let ca_file = section.path("ca_file");
        if let Some(key) = &encryption_key
            && BackupKey::parse(key).is_none()
        {
            section.problem("encryption_key_file", Key::OffsiteNotAKey);
        }
        let parts = prefix.split('/');
        let odd = |part: &str| part.is_empty() || part == "." || part == "..";
        if !prefix.is_empty() && parts.into_iter().any(odd) {
            section.problem("prefix", Said::with(Key::OffsitePrefix, "text", &prefix));
        }
        let url = address(section, &url)?;
        let settings = Self {
            url,
            bucket,
            prefix,
            region,
            addressing,
            access_key,
            secret_key: secret_key?,
            encryption_key: encryption_key?,
            ca_file,
        };
        if let Err(error) = settings.of_library() {
            section.problem("bucket", Said::with(Key::MistakeNotAUrl, "why", error));
        }
        Some(settings)
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("url", shown_address(self.url.as_str()));
        printer.value("bucket", self.bucket.as_str());
        printer.value("prefix", self.prefix.as_str());
        printer.value("region", self.region.as_str());
        printer.word("addressing", &ADDRESSING, &self.addressing);
        printer.value("access_key", self.access_key.as_str());
        printer.secret("secret_key", &self.secret_key);
        printer.secret("encryption_key", &self.encryption_key);
        printer.maybe_path("ca_file", self.ca_file.as_deref());
    }

    /// The bucket, as the library that signs names it.
    pub(crate) fn of_library(&self) -> Result<Bucket, rusty_s3::BucketError> {
        let style = match self.addressing {
            Addressing::Path => UrlStyle::Path,
            Addressing::Host => UrlStyle::VirtualHost,
        };
        let (bucket, region) = (self.bucket.clone(), self.region.clone());
        Bucket::new(self.url.clone(), style, bucket, region)
    }
}

fn needed(section: &Section, key: &str, example: &str) -> Option<Secret> {
    let (file, variable) = (format!("{key}_file"), format!("{key}_env"));
    let told = section.has(&file) || section.has(&variable) || section.has(key);
    let secret = section.secret(key);
    if !told {
        let said = Said::with(Key::MistakeRequired, "key", &file);
        section.problem(&file, said.and("example", example));
    }
    secret
}

fn address(section: &Section, text: &str) -> Option<Url> {
    if text.is_empty() {
        // Required, and told so already.
        return None;
    }
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Some(url),
        Ok(_) => {
            section.problem("url", Said::with(Key::MistakeNotAUrl, "why", "http, https"));
            None
        }
        Err(why) => {
            section.problem("url", Said::with(Key::MistakeNotAUrl, "why", why));
            None
        }
    }
}
