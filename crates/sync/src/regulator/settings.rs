//! Everything a platform may do its own way.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use plate::Color;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::Secret;
use crate::settings::{Pace, Problem, span};

/// One platform. The defaults speak to the simulator; "200" and the codes of directions and
/// plate colours are those that gate platforms were seen to use, all else is ours.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegulatorSettings {
    /// Sink name in the ledger: never change it while rows wait.
    pub name: String,
    /// `http://host:port/access/api/dataReceive/`.
    pub base_url: String,
    /// Last parts of the addresses.
    pub paths: Paths,
    /// Number that the platform gave the enterprise; sent as null when unknown.
    pub enterprise_code: Option<String>,
    /// Who logs in.
    pub app_key: String,
    /// The secret that goes with it.
    pub secret: Secret,
    /// Header that carries the token.
    pub token_header: String,
    /// A token is used no longer than this, whatever the platform says.
    #[serde(with = "span")]
    pub token_life: Duration,
    /// Codes that acknowledge, together with an HTTP 2xx.
    pub success_codes: Vec<String>,
    /// Codes that say "this serial number is here already", which acknowledge too.
    pub already_there_codes: Vec<String>,
    /// Codes by which the platform refuses the data for good.
    pub data_error_codes: Vec<String>,
    /// Codes that ask for a new log-in; HTTP 401 always does.
    pub token_error_codes: Vec<String>,
    /// Code of each plate colour. A colour that isn't here is sent as null.
    pub plate_color_codes: BTreeMap<Color, String>,
    /// Codes of the two directions.
    pub direction_codes: DirectionCodes,
    /// Zone of all times that are sent.
    pub time_zone: String,
    /// Write `data:image/jpeg;base64,` before photos.
    pub photo_data_prefix: bool,
    /// Longest wait for a connection.
    #[serde(with = "span")]
    pub connect_timeout: Duration,
    /// Longest wait for a whole answer.
    #[serde(with = "span")]
    pub timeout: Duration,
    /// How fast it is served.
    pub pace: Pace,
}

/// Last parts of a platform's addresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paths {
    /// Log-in.
    pub get_token: String,
    /// Sign of life; none if the platform has no such thing.
    pub heart_beat: Option<String>,
    /// A passage with its photos.
    pub passage: String,
    /// The end of a passage that was sent before it ended. Without such an address these rows are
    /// refused here, for a person to see.
    pub passage_end: Option<String>,
}

/// Codes of the two directions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DirectionCodes {
    /// Into the site.
    #[serde(rename = "in")]
    pub inward: String,
    /// Out of the site.
    #[serde(rename = "out")]
    pub outward: String,
}

impl Default for DirectionCodes {
    fn default() -> Self {
        Self {
            inward: "1".to_owned(),
            outward: "2".to_owned(),
        }
    }
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            get_token: "getToken".to_owned(),
            heart_beat: Some("heartBeat".to_owned()),
            passage: "passage".to_owned(),
            passage_end: Some("passageEnd".to_owned()),
        }
    }
}

impl Default for RegulatorSettings {
    fn default() -> Self {
        let codes = |list: &[&str]| list.iter().map(|c| (*c).to_owned()).collect();
        // The table of environmental gate platforms. The toll table differs in 2, 3, 5 and 6.
        let colors = [
            (Color::Blue, "0"),
            (Color::Yellow, "1"),
            (Color::White, "2"),
            (Color::Black, "3"),
            (Color::Green, "4"),
            (Color::Other, "5"),
            (Color::YellowGreen, "6"),
        ];
        Self {
            name: "regulator".to_owned(),
            base_url: String::new(),
            paths: Paths::default(),
            enterprise_code: None,
            app_key: String::new(),
            secret: Secret::default(),
            token_header: "token".to_owned(),
            token_life: Duration::from_secs(3600),
            success_codes: codes(&["200"]),
            already_there_codes: codes(&["208"]),
            data_error_codes: codes(&["422"]),
            token_error_codes: codes(&["401"]),
            plate_color_codes: colors.map(|(c, code)| (c, code.to_owned())).into(),
            direction_codes: DirectionCodes::default(),
            time_zone: "Asia/Shanghai".to_owned(),
            photo_data_prefix: false,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            pace: Pace::default(),
        }
    }
}

impl RegulatorSettings {
    /// Everything that can't work, or the zone.
    pub(super) fn check(&self) -> Result<TimeZone, Vec<Problem>> {
        let zone = TimeZone::get(&self.time_zone);
        let problems = self.problems();
        match zone {
            Ok(zone) if problems.is_empty() => Ok(zone),
            _ => Err(problems),
        }
    }

    /// Everything that can't work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = self.pace.problems("regulator.pace");
        let mut check = |fine: bool, key: &str, words: &str| {
            if !fine {
                let key = format!("regulator.{key}");
                found.push(Problem {
                    key,
                    words: words.to_owned(),
                });
            }
        };
        let url = reqwest::Url::parse(&self.base_url).ok();
        let is_http = url
            .as_ref()
            .is_some_and(|u| matches!(u.scheme(), "http" | "https"));
        check(
            is_http,
            "base_url",
            "must be http://host:port/path/ or https://…",
        );
        let bare = url.is_none_or(|u| u.username().is_empty() && u.password().is_none());
        check(
            bare,
            "base_url",
            "must hold no user name or password: use app_key and secret",
        );
        check(!self.name.is_empty(), "name", "must not be empty");
        check(
            !self.paths.passage.is_empty(),
            "paths.passage",
            "must not be empty",
        );
        check(
            !self.paths.get_token.is_empty(),
            "paths.get_token",
            "must not be empty",
        );
        check(
            !self.success_codes.is_empty(),
            "success_codes",
            "must hold a code",
        );
        let header = reqwest::header::HeaderName::try_from(&self.token_header);
        check(
            header.is_ok(),
            "token_header",
            "must be the name of an HTTP header",
        );
        check(!self.timeout.is_zero(), "timeout", "must be above 0");
        check(
            !self.connect_timeout.is_zero(),
            "connect_timeout",
            "must be above 0",
        );
        check(
            TimeZone::get(&self.time_zone).is_ok(),
            "time_zone",
            "must be such as Asia/Shanghai",
        );
        let known = !self.plate_color_codes.contains_key(&Color::Unknown);
        check(
            known,
            "plate_color_codes",
            "must not give a code to unknown: it is sent as missing",
        );
        found
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!(
            "{}/{}",
            self.base_url.trim_end_matches('/'),
            path.trim_start_matches('/')
        )
    }

    pub(super) fn is_token_error(&self, status: StatusCode, code: &String) -> bool {
        status == StatusCode::UNAUTHORIZED || self.token_error_codes.contains(code)
    }
}
