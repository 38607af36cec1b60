//! What kind of platform the simulator plays.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::dialect::Dialect;
use crate::sign::SignatureCheck;
use crate::tls::Tls;

/// What kind of platform to play, and where. `Options::default()` is the platform that the
/// reference configuration of the gate talks to, on a free port.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one. Default `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// Where to keep what arrives (`passages.jsonl`, `photos/`). What is there already is known
    /// again after a restart. Without a folder everything stays in memory, photos only of the
    /// last [`Options::photos_in_memory`] passages.
    pub folder: Option<PathBuf>,
    /// The form of the platform.
    pub dialect: Dialect,
    /// HTTPS with this certificate; plain HTTP without.
    pub tls: Option<Tls>,
    /// How signatures are checked; without it none are asked for.
    pub signatures: Option<SignatureCheck>,
    /// The first part of every path. Default `/access/api/dataReceive/`.
    pub base_path: String,
    /// Last part of the path that takes a passage. Ours: the real name is not public.
    pub passage_path: String,
    /// Last part of the path that takes the end of a passage sent before it. Ours too.
    pub passage_end_path: String,
    /// Who may log in.
    pub app_key: String,
    /// The secret that goes with it.
    pub secret: String,
    /// How long a token is good for.
    pub token_life: Duration,
    /// Answer 401 in the HTTP status too, and not only in the body's code.
    pub token_error_as_http_status: bool,
    /// Refuse passages that lack any of the 23 items, instead of only reporting what is missing.
    pub refuse_incomplete: bool,
    /// Longest request body. Longer ones are answered with 413.
    pub body_limit_bytes: usize,
    /// Of how many passages the photos are kept when there is no folder.
    pub photos_in_memory: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            folder: None,
            dialect: Dialect::default(),
            tls: None,
            signatures: None,
            base_path: Dialect::default().base_path().to_owned(),
            passage_path: "passage".to_owned(),
            passage_end_path: "passageEnd".to_owned(),
            app_key: "menjin".to_owned(),
            secret: "menjin-trial".to_owned(),
            token_life: Duration::from_secs(2 * 3600),
            token_error_as_http_status: false,
            refuse_incomplete: false,
            body_limit_bytes: 16 * 1024 * 1024,
            photos_in_memory: 100,
        }
    }
}

impl Options {
    /// The platform of one form, on a free port.
    #[must_use]
    pub fn of(dialect: Dialect) -> Self {
        Self {
            dialect,
            base_path: dialect.base_path().to_owned(),
            ..Self::default()
        }
    }

    /// The full path of one endpoint, with exactly one slash at each joint.
    pub(crate) fn path(&self, last: &str) -> String {
        let base = self.base_path.trim_matches('/');
        let last = last.trim_matches('/');
        if base.is_empty() {
            format!("/{last}")
        } else {
            format!("/{base}/{last}")
        }
    }
}
