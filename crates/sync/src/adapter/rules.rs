//! Log-in, signing, answers, serial numbers, photos, corrections and limits.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::{HttpMethod, Operation};

/// Where something is put: a header or a field of the body's outermost object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Place {
    Header(String),
    Field(String),
}

/// How the token is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenPlace {
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of this name.
    Header(String),
    /// A field of the body's outermost object.
    Field(String),
}

/// How the log-in request is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginBody {
    /// A JSON object, with the envelope's fields.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// How the password is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordForm {
    /// As it is.
    #[default]
    Plain,
    /// Encrypted with the platform's public RSA key (PKCS#1 v1.5), base64.
    Rsa,
}

/// How to log in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoginRules {
    /// Last part of the address.
    pub path: Option<String>,
    /// HTTP method.
    pub method: HttpMethod,
    /// How the request is written.
    pub body: LoginBody,
    /// Constants of the protocol.
    pub constants: BTreeMap<String, String>,
    /// Whether user and password stand inside the envelope's value or beside it.
    pub in_value: bool,
    /// Field of the user name.
    pub user_field: String,
    /// Field of the password.
    pub password_field: String,
    /// How the password is written.
    pub password: PasswordForm,
    /// Where the token is in the answer, names joined with dots.
    pub token_at: String,
    /// Where its life in seconds is in the answer, if there.
    pub lifetime_at: Option<String>,
    /// A token is used no longer than this, whatever the answer says.
    #[serde(deserialize_with = "settings::serde_length")]
    pub token_life: Duration,
    /// How the token is sent.
    pub send: TokenPlace,
}

impl Default for LoginRules {
    fn default() -> Self {
        Self {
            path: None,
            method: HttpMethod::Post,
            body: LoginBody::Json,
            constants: BTreeMap::new(),
            in_value: true,
            user_field: String::new(),
            password_field: String::new(),
            password: PasswordForm::Plain,
            token_at: String::new(),
            lifetime_at: None,
            token_life: Duration::from_secs(3600),
            send: TokenPlace::Bearer,
        }
    }
}

/// Whether requests are signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// They are not.
    #[default]
    None,
    /// SHA256withRSA, PKCS#1 v1.5, at least 2048 bits.
    Rsa2,
}

/// What is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canonical {
    /// The outermost fields without the signature and without empty values, sorted by name,
    /// `name=value` joined with `&`; values that are no text as compact JSON.
    #[default]
    SortedPairs,
    /// The bytes of the body.
    Body,
    /// The bytes of the body, then timestamp, then nonce.
    BodyTimestampNonce,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Encoding {
    #[default]
    Base64,
    Hex,
}

/// How requests are signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signing {
    /// Whether and how.
    pub kind: SignKind,
    /// What is signed.
    pub canonical: Canonical,
    /// How the signature is written.
    pub encoding: Encoding,
    /// Where the signature goes.
    pub sign_in: Option<Place>,
    /// Where the milliseconds since 1970 go.
    pub timestamp_in: Option<Place>,
    /// Where the nonce (32 hexadecimal digits) goes.
    pub nonce_in: Option<Place>,
}

/// How answers are understood. Names joined with dots lead into the answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerForm {
    /// Where the code is.
    pub code: String,
    /// Where the words are.
    pub message: String,
    /// Codes that acknowledge, together with an HTTP 2xx.
    pub success: Vec<String>,
    /// Codes for "this serial number is here already".
    pub already_there: Vec<String>,
    /// Codes by which the platform refuses the data for good.
    pub data_error: Vec<String>,
    /// Codes that ask for a new log-in; HTTP 401 always does.
    pub token_error: Vec<String>,
    /// Codes that ask for patience; HTTP 429, 502, 503 and 504 always do.
    pub busy: Vec<String>,
    /// Where the platform's own number of a visit is, which the row of the exit repeats as the item
    /// `throughId`.
    pub through_id: Option<String>,
}

impl Default for AnswerForm {
    fn default() -> Self {
        Self {
            code: "code".to_owned(),
            message: "msg".to_owned(),
            success: Vec::new(),
            already_there: Vec::new(),
            data_error: Vec::new(),
            token_error: Vec::new(),
            busy: Vec::new(),
            through_id: None,
        }
    }
}

/// How a serial number of this platform is made, once for each passage.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SerialForm {
    /// Text with `{key}` (our own key, 32 hexadecimal digits), `{enterprise_code}`, `{entrance}`,
    /// `{gate}`, `{direction}` (of the map `codes.serial_direction`) and `{time}`.
    pub template: String,
    /// How `{time}` is written.
    pub time: String,
    /// Longest serial number.
    pub max_chars: usize,
}

impl Default for SerialForm {
    fn default() -> Self {
        Self {
            template: "{key}".to_owned(),
            time: "%Y%m%d%H%M%S".to_owned(),
            max_chars: 64,
        }
    }
}

/// How a photo is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoForm {
    /// Bare base64.
    #[default]
    Base64,
    /// `data:image/jpeg;base64,…`
    DataUrl,
    /// The address under which the site serves it (`photo_url`).
    Url,
    /// A part of a multipart form, the record's fields beside it.
    Multipart,
    /// Uploaded by FTP; the field carries the file's name.
    Ftp,
}

/// When a photo is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoPlace {
    /// In the record.
    #[default]
    Record,
    /// In requests of their own after the record, with the same serial number.
    After,
}

/// How photos are sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Photos {
    pub form: PhotoForm,
    pub place: PhotoPlace,
}

/// How what was sent is corrected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionHow {
    /// The platform knows no corrections: a person must tell it.
    #[default]
    Unsupported,
    /// `[correction.send]` takes the whole record again.
    Endpoint,
    /// The same address takes the whole record again, with a higher number in `revision_field`.
    RevisionField,
}

/// How what was sent is corrected.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CorrectionRules {
    /// Which way.
    pub how: CorrectionHow,
    /// The request of `endpoint`; without fields of its own it has those of the passage.
    pub send: Option<Operation>,
    /// The field of `revision_field`; 0 is the first record.
    pub revision_field: Option<String>,
}

/// How much the platform can bear.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlatformLimits {
    /// Requests a second at most, all kinds together.
    pub requests_per_second: Option<f64>,
    /// Longest body in bytes. A row that is longer is refused here, with words that say so.
    pub body_bytes: Option<usize>,
}
