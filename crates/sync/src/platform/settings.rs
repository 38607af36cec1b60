//! What a site sets for one platform.

mod check;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::sign::{PlatformKey, SigningKey};
use crate::Secret;
use crate::adapter::Adapter;
use crate::settings::Pace;

/// One platform. How it speaks is in its [`Adapter`].
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformSettings {
    /// Sink name in the ledger: never change it while rows wait.
    pub name: String,
    /// First part of all addresses.
    pub base_url: String,
    /// Number that the platform gave the enterprise; sent as missing when unknown.
    pub enterprise_code: Option<String>,
    /// Name of the enterprise.
    pub enterprise_name: Option<String>,
    /// Who logs in.
    pub user: String,
    /// The secret that goes with it.
    pub secret: Secret,
    /// Our RSA key, for platforms that want signatures.
    pub signing_key: Option<SigningKey>,
    /// The platform's RSA key, for log-ins with an encrypted password.
    pub platform_key: Option<PlatformKey>,
    /// Further names that the platform gave, such as `organ`, for the adapter's envelope.
    pub names: BTreeMap<String, String>,
    /// Addresses that the adapter leaves open, or that are others here, by operation.
    pub paths: BTreeMap<String, String>,
    /// PEM file of the authority that signed the platform's certificate; it alone is trusted then.
    pub ca_file: Option<PathBuf>,
    /// Where the site serves its photos: `http://host/photos/{path}`.
    pub photo_url: Option<String>,
    /// Where photos go by FTP.
    pub ftp: Option<FtpSettings>,
    /// Folder below which the files lie that hold cameras' passwords.
    pub secrets_folder: Option<PathBuf>,
    /// Zone of all times that are sent.
    pub time_zone: String,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for a whole answer.
    pub timeout: Duration,
    /// How fast it is served.
    pub pace: Pace,
}

/// An FTP server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct FtpSettings {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Secret,
    /// Folder below the one of the log-in.
    pub folder: String,
}

impl Default for FtpSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 21,
            user: String::new(),
            password: Secret::default(),
            folder: String::new(),
        }
    }
}

impl Default for PlatformSettings {
    fn default() -> Self {
        Self {
            name: "platform".to_owned(),
            base_url: String::new(),
            enterprise_code: None,
            enterprise_name: None,
            user: String::new(),
            secret: Secret::default(),
            signing_key: None,
            platform_key: None,
            names: BTreeMap::new(),
            paths: BTreeMap::new(),
            ca_file: None,
            photo_url: None,
            ftp: None,
            secrets_folder: None,
            time_zone: "Asia/Shanghai".to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            pace: Pace::default(),
        }
    }
}

impl PlatformSettings {
    /// What the ledger should queue for this platform: registers only where their address is known.
    #[must_use]
    pub fn takes(&self, adapter: &Adapter) -> ledger::Takes {
        let known = |register: &passage::Register| {
            let operation = adapter.record.get(register.as_str());
            operation.is_some_and(|o| {
                let name = format!("record.{}", register.as_str());
                self.path(&name, o.path.as_deref()).is_some()
            })
        };
        let all = adapter.record.keys().filter_map(|name| name.parse().ok());
        ledger::Takes {
            passages: true,
            ends: true,
            corrections: true,
            registers: all.filter(known).collect(),
        }
    }

    /// The address of an operation: the site's, else the adapter's.
    pub(super) fn path<'a>(&'a self, name: &str, own: Option<&'a str>) -> Option<&'a str> {
        let site = self.paths.get(name).map(String::as_str);
        site.or(own).filter(|path| !path.is_empty())
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!(
            "{}/{}",
            self.base_url.trim_end_matches('/'),
            path.trim_start_matches('/')
        )
    }

    /// `template` with the site's names filled in.
    pub(super) fn filled(&self, template: &str) -> String {
        let mut text = template.replace(
            "{enterprise_code}",
            self.enterprise_code.as_deref().unwrap_or(""),
        );
        for (name, value) in &self.names {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}
