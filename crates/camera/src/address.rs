//! Where an RTSP camera is, without who may enter.

use std::fmt;

use url::Url;
use words::{Key, Said};

use crate::{Error, Secret};

/// Query keys whose values say which picture is wanted and never who wants it. All other values
/// are masked when an address is shown.
const HARMLESS_KEYS: [&str; 8] = [
    "channel",
    "subtype",
    "stream",
    "unicast",
    "proto",
    "profile",
    "transportmode",
    "cam",
];

/// An `rtsp://` URL without user name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

/// User name and password of a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

impl Address {
    /// Reads an `rtsp://` URL; credentials found in it are split off and returned beside it.
    ///
    /// # Errors
    /// [`Error::Address`] when it is none, or when a character of a password that is not
    /// percent-encoded would make a host of its first half. Nothing of the text is in the error.
    pub fn parse(text: &str) -> Result<(Self, Option<Login>), Error> {
        // The text is never part of the error: it may hold a password.
        let refuse = |why: Said| Error::Address {
            why: Said::plain(Key::MistakeRtsp).and_said("why", why),
        };
        // A URL's reader drops them wherever they stand, which would hide from us where its parts end.
        let text = text.trim();
        if text.contains(char::is_control) {
            return Err(refuse(Key::FindingControlCharacter.into()));
        }
        if is_torn(text) {
            let why = Said::plain(Key::MistakeRtspTorn);
            return Err(Error::Address { why });
        }
        let mut url = Url::parse(text).map_err(|e| refuse(Said::with(Key::IoOther, "error", e)))?;
        if url.scheme() != "rtsp" {
            return Err(refuse(Key::MistakeBeginsRtsp.into()));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refuse(Key::MistakeHostMissing.into()));
        }
        let decoded = |part: &str| {
            url::form_urlencoded::parse(format!("v={}", part.replace('+', "%2B")).as_bytes())
                .next()
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let login = (!url.username().is_empty() || url.password().is_some()).then(|| Login {
            user: decoded(url.username()),
            password: Secret::new(decoded(url.password().unwrap_or_default())),
        });
        if url.set_username("").is_err() || url.set_password(None).is_err() {
            return Err(refuse(Key::MistakeUserInformation.into()));
        }
        Ok((Self(url), login))
    }

    /// Where a redirection leads; `None` when that is no RTSP address. User and password in it are
    /// ignored: nobody who answers on a network tells us who we are.
    pub(crate) fn redirected(&self, location: &str) -> Option<Self> {
        let target = self.0.join(location.trim()).ok()?;
        Self::parse(target.as_str())
            .ok()
            .map(|(address, _)| address)
    }

    /// Whether both are on one host, on whatever port.
    pub fn is_on_host_of(&self, other: &Self) -> bool {
        self.0.host() == other.0.host()
    }

    /// The URL to connect to.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Whether what stands before the last `@` holds a character at which a URL's host part ends, so that
/// the rest of a password would be taken for path, query or fragment, and shown.
fn is_torn(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let ends = |c: char| matches!(c, '/' | '?' | '#' | '\\');
    let Some(end) = rest.find(ends) else {
        return false;
    };
    rest[end..].contains(['@', '#'])
}

/// The address as it may be logged: values in the query are masked unless known to be harmless,
/// and so is all that follows a `password=` in the path (some cameras want it there).
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if shown.query().is_some() {
            let pairs = shown.query_pairs().map(|(key, value)| {
                let harmless = HARMLESS_KEYS.contains(&key.to_ascii_lowercase().as_str());
                (key, if harmless { value } else { "***".into() })
            });
            // Encoded again: an `@` or `#` that stood there as a code would tear the address.
            let masked = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            shown.set_query(Some(&masked));
        }
        let text = shown.as_str();
        match text.to_ascii_lowercase().find("password=") {
            Some(at) => write!(f, "{}***", &text[..at + "password=".len()]),
            None => f.write_str(text),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_url_are_split_off() {
        let (address, login) =
            Address::parse("rtsp://admin:p%40ss+1@10.0.0.8:554/main?channel=1&token=abc")
                .expect("valid");
        let login = login.expect("has a login");
        assert_eq!(
            (login.user.as_str(), login.password.expose()),
            ("admin", "p@ss+1")
        );
        assert_eq!(
            address.to_string(),
            "rtsp://10.0.0.8:554/main?channel=1&token=***"
        );
        assert!(!format!("{address:?} {login:?}").contains("p@ss"));
    }

    #[test]
    fn a_password_that_tears_the_address_is_refused_and_shown_nowhere() {
        for password in [
            "2024#Gate",
            "2024/Gate",
            "2024?Gate",
            "Gate#2024",
            "a\\Gate",
            "#Gate",
        ] {
            let text = format!("rtsp://admin:{password}@10.0.0.8:554/ch1");
            let error = Address::parse(&text).expect_err("ambiguous");
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains("%23") && shown.contains("password_file"),
                "{shown}"
            );
            assert!(!shown.contains("Gate"), "{shown}");
        }
        for password in ["Gate@2024", "Gate:2024", "Gate%202", "50%Gate!"] {
            let text = format!("rtsp://admin:{password}@10.0.0.8:554/ch1");
            let (address, login) = Address::parse(&text).expect("understood");
            assert_eq!(address.to_string(), "rtsp://10.0.0.8:554/ch1");
            assert!(login.is_some_and(|login| login.user == "admin"));
        }
    }

    #[test]
    fn a_password_in_the_path_is_not_shown() {
        let (address, _) =
            Address::parse("rtsp://cam/user=admin_password=geheim_channel=1.sdp").expect("valid");
        assert_eq!(address.to_string(), "rtsp://cam/user=admin_password=***");
    }

    #[test]
    fn an_address_as_it_is_shown_is_an_address() {
        for query in ["a%40b=1", "p%40ss/=1", "channel=1%23a&x", "a=b%26c"] {
            let text = format!("rtsp://admin:geheim@10.0.0.8/ch?{query}");
            let (address, _) = Address::parse(&text).expect("valid");
            let shown = address.to_string();
            let (again, login) = Address::parse(&shown).expect("what is shown");
            assert!(login.is_none() && again.to_string() == shown, "{shown}");
        }
    }

    #[test]
    fn an_address_with_control_characters_is_refused_and_shown_nowhere() {
        for text in [
            "rtsp:/\t/admin:2024/Gate@10.0.0.8/ch1",
            "rtsp:/\t/sp://admin:2024Gate@10.0.0.8/ch1",
            "rtsp://admin:2024\nGate@10.0.0.8/ch1",
            "\u{1}rtsp:/\r/admin:2024#Gate@10.0.0.8/ch1",
        ] {
            let error = Address::parse(text).expect_err("ambiguous");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("Gate"), "{shown}");
        }
        let (pasted, _) = Address::parse("  rtsp://10.0.0.8/ch1\r\n").expect("understood");
        assert_eq!(pasted.to_string(), "rtsp://10.0.0.8/ch1");
    }

    #[test]
    fn a_redirection_is_followed_to_rtsp_addresses_without_a_login() {
        let (address, _) = Address::parse("rtsp://10.0.0.8/Streaming/Channels/101").expect("valid");
        let to = |location| address.redirected(location).map(|a| a.to_string());
        assert_eq!(to("/real/101").as_deref(), Some("rtsp://10.0.0.8/real/101"));
        assert_eq!(
            to("rtsp://u:geheim@10.0.0.9:8554/x").as_deref(),
            Some("rtsp://10.0.0.9:8554/x")
        );
        assert_eq!(to("http://10.0.0.8/login.asp"), None);
        let other = address.redirected("rtsp://10.0.0.9/x").expect("valid");
        assert!(!other.is_on_host_of(&address));
    }

    #[test]
    fn a_broken_url_is_refused_without_repeating_it() {
        for text in [
            "http://admin:geheim@cam/",
            "geheim",
            "rtsp://admin:geheim@:x/",
        ] {
            let error = Address::parse(text).expect_err("not an RTSP address");
            assert!(!format!("{error} {error:?}").contains("geheim"), "{error}");
        }
    }
}
