//! Where the store is, and who we are there.

use std::path::PathBuf;

use secret::Secret;
use url::Url;

/// A place in an object store.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The store, without the bucket.
    pub url: Url,
    /// The bucket, which a person has made.
    pub bucket: String,
    /// The folder in it that is ours alone, without slashes at its ends.
    pub prefix: String,
    /// The region that requests are signed for; most stores on own hardware take any.
    pub region: String,
    /// How the bucket is named in an address.
    pub addressing: Addressing,
    /// The name of the account's key.
    pub access_key: String,
    /// The account's key.
    pub secret_key: Secret,
    /// The text of the key that everything is encrypted with; see [`BackupKey`](crate::BackupKey).
    pub encryption_key: Secret,
    /// Only who is named in this PEM file is believed to be the store.
    pub ca_file: Option<PathBuf>,
}

/// How the bucket is named in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressing {
    /// `https://store/bucket/…`: `MinIO`, Ceph and most others.
    Path,
    /// `https://bucket.store/…`: what Aliyun, Tencent and Amazon want.
    Host,
}

impl S3Settings {
    /// The place as it may be shown: it holds no secret.
    #[must_use]
    pub fn shown(&self) -> String {
        let url = self.url.as_str().trim_end_matches('/');
        format!("{url}/{}/{}", self.bucket, self.prefix)
    }
}
