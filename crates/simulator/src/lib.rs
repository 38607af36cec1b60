//! A regulator's platform for tests, demonstrations and installers' trials.
//!
//! It is a real HTTP or HTTPS server in the shape of one of three platforms ([`Dialect`]), with
//! tokens, signatures if asked for, and lists that clients fetch. What no public source tells (the
//! Yunnan names of the ledger endpoint and of all fields, most codes) is **ours**. [`Options`]
//! holds what a real platform may do differently.
//!
//! It keeps what it received, answers a serial number that it already has with its "already
//! there" code, and misbehaves on request (see [`Faults`]), because a sink that was only ever
//! tried against a polite platform is not tried at all.
//!
//! | address | for |
//! |---|---|
//! | the dialect's own | the gate |
//! | `GET /` | a person: what arrived, live, with photos |
//! | `GET /_received`, `/_photos/…`, `GET` and `POST /_control` | tests and trials, from this computer only |

mod control;
mod dialect;
mod faults;
mod intake;
mod jpeg;
mod keep;
mod options;
mod platform;
mod server;
mod sign;
mod tls;
mod tokens;
mod wire;

pub use control::Command;
pub use dialect::{Dialect, ExpectedItem, LEDGER_ITEMS};
pub use faults::{Endpoint, FaultAnswer, Faults};
pub use keep::{Arrival, IntakeCounts, KeptPhoto, Record, Summary};
pub use options::Options;
pub use server::{RunningSimulator, serve};
pub use sign::{SignatureCheck, Signed};
pub use tls::Tls;

/// Why the simulator could not start.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum Error {
    #[error("cannot listen on {listen}: is another simulator running there?")]
    Listen {
        listen: std::net::SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot serve HTTPS: {0}")]
    Tls(String),
    #[error("cannot use the folder {} for what arrives", folder.display())]
    Folder {
        folder: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
}
