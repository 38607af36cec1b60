//! Everything in a platform's settings that cannot work.

use jiff::tz::TimeZone;
use words::{Key, Said};

use super::PlatformSettings;
use crate::adapter::{Adapter, PasswordForm, PhotoForm, SignKind, names_in};
use crate::settings::BadSetting;

impl PlatformSettings {
    /// Everything that can't work, by itself and with this adapter.
    #[must_use]
    pub fn problems(&self, adapter: &Adapter) -> Vec<BadSetting> {
        let mut found = self.pace.problems("pace");
        let mut check = |fine: bool, key: &str, why: Said| {
            if !fine {
                found.push(BadSetting::new(key, why));
            }
        };
        let url = reqwest::Url::parse(&self.base_url).ok();
        let is_http = url
            .as_ref()
            .is_some_and(|u| matches!(u.scheme(), "http" | "https"));
        check(is_http, "base_url", Key::MistakeBaseUrl.into());
        let bare = url.is_none_or(|u| u.username().is_empty() && u.password().is_none());
        check(
            bare,
            "base_url",
            Said::with(Key::MistakeLoginInUrl, "keys", "user, secret_file"),
        );
        check(!self.name.is_empty(), "name", Key::MistakeEmpty.into());
        check(
            !self.timeout.is_zero(),
            "timeout",
            Key::MistakeNotAboveZero.into(),
        );
        check(
            !self.connect_timeout.is_zero(),
            "connect_timeout",
            Key::MistakeNotAboveZero.into(),
        );
        check(
            TimeZone::get(&self.time_zone).is_ok(),
            "time_zone",
            Key::MistakeSuchAsShanghai.into(),
        );
        for name in missing_names(self, adapter) {
            check(
                false,
                &format!("names.{name}"),
                Key::MistakeNameOfEnvelope.into(),
            );
        }
        for name in required_paths(adapter) {
            let fine = self.path(name, own_path(adapter, name)).is_some();
            check(
                fine,
                &format!("paths.{name}"),
                Key::MistakePathOfPlatform.into(),
            );
        }
        let known = known_paths(adapter);
        for name in self.paths.keys().filter(|n| !known.contains(n)) {
            let why = Said::with(Key::MistakeNoOperation, "known", known.join(", "));
            check(false, &format!("paths.{name}"), why);
        }
        let signs = adapter.signing.kind == SignKind::Rsa2;
        check(
            !signs || self.signing_key.is_some(),
            "private_key_file",
            Key::MistakeWantsSignature.into(),
        );
        let encrypts = adapter
            .login
            .as_ref()
            .is_some_and(|l| l.password == PasswordForm::Rsa);
        check(
            !encrypts || self.platform_key.is_some(),
            "platform_key_file",
            Key::MistakeWantsEncryption.into(),
        );
        let urls = adapter.photos.form == PhotoForm::Url;
        let fine = self
            .photo_url
            .as_deref()
            .is_some_and(|u| u.contains("{path}"));
        check(
            !urls || fine,
            "photo_url",
            Said::with(Key::MistakeWantsPhotoUrl, "example", "http://host/{path}"),
        );
        let ftp = adapter.photos.form == PhotoForm::Ftp;
        let fine = self.ftp.as_ref().is_some_and(|f| !f.host.is_empty());
        check(!ftp || fine, "ftp.host", Key::MistakeWantsFtp.into());
        let wants_code = adapter.serial.template.contains("{enterprise_code}");
        let fine = self
            .enterprise_code
            .as_deref()
            .is_some_and(|c| !c.is_empty());
        check(
            !wants_code || fine,
            "enterprise_code",
            Key::MistakeWantsCode.into(),
        );
        found
    }
}

fn missing_names(settings: &PlatformSettings, adapter: &Adapter) -> Vec<String> {
    let mut missing: Vec<String> = adapter
        .envelope
        .fields
        .values()
        .flat_map(|template| names_in(template).unwrap_or_default())
        .filter(|name| name != "enterprise_code" && !settings.names.contains_key(name))
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

/// Without these addresses nothing can be delivered at all.
fn required_paths(adapter: &Adapter) -> Vec<&'static str> {
    let mut required = vec!["passage"];
    if adapter.login.is_some() {
        required.push("login");
    }
    if adapter.photo.is_some() {
        required.push("photo");
    }
    required
}

fn own_path<'a>(adapter: &'a Adapter, name: &str) -> Option<&'a str> {
    match name {
        "login" => adapter.login.as_ref()?.path.as_deref(),
        "photo" => adapter.photo.as_ref()?.path.as_deref(),
        _ => adapter.passage.path.as_deref(),
    }
}

fn known_paths(adapter: &Adapter) -> Vec<String> {
    let mut known: Vec<String> = adapter.operations().into_iter().map(|(n, _)| n).collect();
    known.extend(adapter.login.is_some().then(|| "login".to_owned()));
    known.extend(
        adapter
            .downlink
            .all()
            .map(|(k, _)| format!("downlink.{}", k.as_str())),
    );
    known
}
