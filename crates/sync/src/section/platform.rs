//! `[[platform]]`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use settings::{Printer, Section};
use words::{Key, Said};

use super::port;
use crate::adapter::{Adapter, AdapterError};
use crate::settings::Pace;
use crate::{FtpSettings, PlatformKey, PlatformSettings, SigningKey};

/// What a platform's name in the ledger begins with.
const PREFIX: &str = "platform:";

/// A regulator's platform: how it speaks, and what this site sets.
#[derive(Debug, Clone, PartialEq)]
pub struct SitePlatform {
    /// What the site sets.
    pub settings: PlatformSettings,
    /// How the platform speaks.
    pub adapter: Adapter,
    /// The file that says so.
    pub adapter_file: PathBuf,
    /// When its uploads are called late.
    pub alarm: UploadAlarm,
    private_key_file: Option<PathBuf>,
    platform_key_file: Option<PathBuf>,
}

/// When uploads to a platform are called late.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UploadAlarm {
    /// A row that waits longer.
    pub oldest: Duration,
    /// A day with a smaller share of acknowledged rows, 0 to 1.
    pub lowest_rate: f64,
}

impl UploadAlarm {
    fn read(section: &Section) -> Self {
        Self {
            oldest: section.length("alarm_after", Duration::from_secs(300)),
            lowest_rate: section.number("lowest_rate", 0.95, 0.0..=1.0),
        }
    }

    fn show(&self, printer: &mut Printer) {
        printer.length("alarm_after", self.oldest);
        printer.number("lowest_rate", self.lowest_rate);
    }
}

impl SitePlatform {
    /// Reads a `[[platform]]`. What it does not set of code, name and time zone is as in `site`.
    #[must_use]
    pub fn read(section: &Section, site: &PlatformSettings) -> Option<Self> {
        let file = section.required("adapter", "regulators/yunnan.toml");
        let adapter_file = section.below_folder(&file);
        let adapter = (!file.is_empty())
            .then(|| adapter(section, &adapter_file))
            .flatten();
        let mut settings = PlatformSettings::read(section, site);
        settings.signing_key = key(section, "private_key_file", SigningKey::from_pem);
        settings.platform_key = key(section, "platform_key_file", PlatformKey::from_pem);
        let alarm = UploadAlarm::read(section);
        // Without its adapter a platform's own mistakes are told all the same.
        let problems = settings.problems(adapter.as_ref().unwrap_or(&Adapter::default()));
        for problem in problems {
            let of_adapter = adapter.is_none() && problem.key.starts_with("paths.");
            let of_site = problem.key == "time_zone" && !section.has("time_zone");
            if !of_adapter && !of_site {
                section.problem(&problem.key, problem.why);
            }
        }
        Some(Self {
            settings,
            adapter: adapter?,
            adapter_file,
            alarm,
            private_key_file: section.path("private_key_file"),
            platform_key_file: section.path("platform_key_file"),
        })
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        self.settings.name.trim_start_matches(PREFIX)
    }

    /// Shows what [`SitePlatform::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name());
        printer.path("adapter", &self.adapter_file);
        printer.note(&self.adapter.title);
        printer.maybe_path("private_key_file", self.private_key_file.as_deref());
        printer.maybe_path("platform_key_file", self.platform_key_file.as_deref());
        self.alarm.show(printer);
        self.settings.show(printer);
    }
}

impl PlatformSettings {
    fn read(section: &Section, site: &Self) -> Self {
        let ours = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Self {
            name: format!("{PREFIX}{}", section.text_or("name", &site.name)),
            base_url: section.text_or("base_url", ""),
            enterprise_code: section
                .text("enterprise_code")
                .or_else(|| ours(&site.enterprise_code)),
            enterprise_name: section
                .text("enterprise_name")
                .or_else(|| ours(&site.enterprise_name)),
            user: section.text_or("user", ""),
            secret: section.secret("secret").unwrap_or_default(),
            signing_key: None,
            platform_key: None,
            names: section.texts("names"),
            paths: section.texts("paths"),
            ca_file: section.path("ca_file"),
            photo_url: section.text("photo_url"),
            ftp: section.optional("ftp", |ftp| Some(FtpSettings::read(ftp))),
            secrets_folder: Some(section.folder().to_owned()),
            time_zone: section.text_or("time_zone", &site.time_zone),
            connect_timeout: section.length("connect_timeout", site.connect_timeout),
            timeout: section.length("timeout", site.timeout),
            pace: section.table("pace", |pace| Pace::read(pace, &site.pace)),
        }
    }

    fn show(&self, printer: &mut Printer) {
        printer.value("base_url", settings::shown_address(&self.base_url));
        printer.maybe("enterprise_code", self.enterprise_code.as_deref());
        printer.maybe("enterprise_name", self.enterprise_name.as_deref());
        printer.value("user", self.user.as_str());
        printer.secret("secret", &self.secret);
        printer.maybe_path("ca_file", self.ca_file.as_deref());
        let photo_url = self.photo_url.as_deref().map(settings::shown_address);
        printer.maybe("photo_url", photo_url);
        printer.value("time_zone", self.time_zone.as_str());
        printer.length("connect_timeout", self.connect_timeout);
        printer.length("timeout", self.timeout);
        texts(printer, "names", &self.names);
        texts(printer, "paths", &self.paths);
        if let Some(ftp) = &self.ftp {
            printer.table("ftp", |printer| ftp.show(printer));
        }
        printer.table("pace", |printer| self.pace.show(printer));
    }
}

impl FtpSettings {
    fn read(section: &Section) -> Self {
        Self {
            host: section.host("host").unwrap_or_default(),
            port: port(section, Self::default().port),
            user: section.text_or("user", ""),
            password: section.secret("password").unwrap_or_default(),
            folder: section.text_or("folder", ""),
        }
    }

    fn show(&self, printer: &mut Printer) {
        printer.value("host", self.host.as_str());
        printer.value("port", u32::from(self.port));
        printer.value("user", self.user.as_str());
        printer.secret("password", &self.password);
        printer.value("folder", self.folder.as_str());
    }
}

fn texts(printer: &mut Printer, name: &str, texts: &BTreeMap<String, String>) {
    if texts.is_empty() {
        return;
    }
    printer.table(name, |printer| {
        for (name, text) in texts {
            printer.value(name, text.as_str());
        }
    });
}

fn adapter(section: &Section, path: &Path) -> Option<Adapter> {
    match Adapter::load(path) {
        Ok(adapter) => return Some(adapter),
        Err(AdapterError::Mistakes { path, problems }) => {
            for problem in problems {
                section.problem("adapter", Said::about(path.display(), problem.said()));
            }
        }
        Err(AdapterError::Unreadable { path, why }) => {
            let said = Said::with(Key::MistakeAdapterUnread, "path", path.display());
            section.problem("adapter", said.and_said("why", why));
        }
        Err(AdapterError::Syntax { path, why }) => {
            let said = Said::with(Key::MistakeAdapterToml, "path", path.display());
            section.problem("adapter", said.and_said("why", why));
        }
    }
    None
}

fn key<K>(section: &Section, name: &str, read: impl FnOnce(&str) -> Result<K, Said>) -> Option<K> {
    let text = section.secret_file(name)?;
    let path = section.path(name)?;
    read(text.expose())
        .map_err(|why| section.problem(name, Said::about(path.display(), why)))
        .ok()
}
