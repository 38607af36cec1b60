//! A regulator's platform for tests, demonstrations and installers' trials.
//!
//! It is a real HTTP server in the shape of the Yunnan platform: POST, JSON, base
//! `/access/api/dataReceive/`, `{code, msg, data}` in every answer. `getToken` and `heartBeat`
//! are named by the province; the name of the ledger endpoint, all field names and the codes
//! other than "200" are **ours**, because no public source gives them. [`Options`] holds what a
//! real platform may do differently.
//!
//! It keeps what it received, answers a serial number that it already has with its "already
//! there" code, and misbehaves on request (see [`Faults`]), because a sink that was only ever
//! tried against a polite platform is not tried at all.
//!
//! | address | for |
//! |---|---|
//! | `POST …/getToken`, `…/heartBeat`, `…/passage`, `…/passageEnd` | the gate |
//! | `GET /` | a person: what arrived, live, with photos |
//! | `GET /_received`, `/_photos/…`, `GET` and `POST /_control` | tests and trials, from this computer only |

mod control;
mod faults;
mod items;
mod keep;
mod options;
mod platform;
mod server;
mod tokens;
mod wire;

pub use control::Command;
pub use faults::{Answer, Endpoint, Faults};
pub use items::{Item, LEDGER_ITEMS};
pub use keep::{Arrival, Counts, KeptPhoto};
pub use options::Options;
pub use server::{Handle, serve};

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
    #[error("cannot use the folder {} for what arrives", folder.display())]
    Folder {
        folder: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
}
