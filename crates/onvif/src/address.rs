//! Where a device is, and as whom it is asked.

use std::fmt;

use secret::Secret;
use url::Url;
use words::{Key, Said};

use crate::{DeviceFault, DeviceStep, Error};

/// Where every device has its first service, if nobody says otherwise (ONVIF Core, 5.1).
const DEVICE_SERVICE: &str = "/onvif/device_service";

/// Address of a device's first service. Holds neither user nor password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceAddress(Url);

impl DeviceAddress {
    /// Reads what a person types or a device announces: `192.168.1.64`, `192.168.1.64:8000`, or a
    /// whole address.
    ///
    /// # Errors
    /// When it is none, or holds a user or password.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let wrong = |why: Said| {
            // Not repeated: it may hold a password.
            Error::new("", DeviceStep::Connect, DeviceFault::Address(why))
        };
        let bare = !text.contains("://");
        let whole = if bare {
            format!("http://{text}")
        } else {
            text.to_owned()
        };
        let mut url =
            Url::parse(&whole).map_err(|e| wrong(Said::with(Key::MistakeNotAUrl, "why", e)))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong(Key::MistakeNotHttp.into()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let said = Said::with(Key::MistakeLoginInUrl, "keys", "user, password_file");
            return Err(wrong(said));
        }
        if url.path() == "/" {
            url.set_path(DEVICE_SERVICE);
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// Host and port.
    #[must_use]
    pub fn host_and_port(&self) -> (String, u16) {
        let host = self.0.host_str().unwrap_or_default().to_owned();
        (host, self.0.port_or_known_default().unwrap_or(80))
    }

    /// Its host alone, as it stands in an address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// `named`, which the device gave, at this device: the path counts, and the port where it names
    /// this host. Behind address translation a device does not know how it is reached, and one
    /// that lies must not send our account elsewhere.
    pub(crate) fn at_home(&self, named: &str) -> Option<Url> {
        let named = Url::parse(named).ok()?;
        let mut url = self.0.clone();
        if named.host() == url.host() && named.scheme() == url.scheme() {
            url.set_port(named.port()).ok()?;
        }
        url.set_path(named.path());
        url.set_query(named.query());
        Some(url)
    }
}

impl fmt::Display for DeviceAddress {
    /// As short as it can be typed again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.scheme() != "http" || self.0.path() != DEVICE_SERVICE {
            return write!(f, "{}", self.0);
        }
        match self.0.port() {
            Some(port) => write!(f, "{}:{port}", self.host()),
            None => f.write_str(self.host()),
        }
    }
}

/// As whom a device is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name of the ONVIF user.
    pub user: String,
    /// Its password.
    pub password: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> DeviceAddress {
        DeviceAddress::parse(text).expect("an address")
    }

    #[test]
    fn what_a_person_types_is_enough() {
        for (typed, called) in [
            ("192.168.1.64", "http://192.168.1.64/onvif/device_service"),
            (
                " 192.168.1.64:8000 ",
                "http://192.168.1.64:8000/onvif/device_service",
            ),
            ("[fe80::1]:80", "http://[fe80::1]/onvif/device_service"),
            ("https://cam/onvif/x", "https://cam/onvif/x"),
        ] {
            let address = parse(typed);
            assert_eq!(address.url().as_str(), called);
            assert_eq!(parse(&address.to_string()), address);
        }
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        for typed in ["http://admin:hunter2@192.168.1.64", "admin:hunter2@cam"] {
            let error = DeviceAddress::parse(typed).expect_err("refused");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert!(DeviceAddress::parse("ftp://cam").is_err());
        assert!(DeviceAddress::parse("").is_err());
    }

    #[test]
    fn only_the_device_itself_is_called_whatever_it_names() {
        let address = parse("10.0.0.7:8080");
        for (named, called) in [
            (
                "http://192.168.1.64/onvif/media?a=1",
                "http://10.0.0.7:8080/onvif/media?a=1",
            ),
            ("http://10.0.0.7/onvif/media", "http://10.0.0.7/onvif/media"),
            ("https://evil.example/steal", "http://10.0.0.7:8080/steal"),
        ] {
            let url = address.at_home(named).expect("a path");
            assert_eq!(url.as_str(), called);
        }
        assert_eq!(address.at_home("nonsense"), None);
    }
}
