//! `menjin simulate`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    #[command(subcommand)]
    pub(crate) part: SimulatedPart,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimulatedPart {
    /// A regulator's platform that takes uploads and shows them.
    Regulator(SimulateRegulatorArgs),
}

/// Kinds of platform that can be played.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DialectArg {
    /// 云南: `getToken` and its seven companions.
    Yunnan,
    /// 河南: `transportControl`.
    Henan,
    /// English fields, Bearer token.
    Bearer,
}

/// What must be signed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SignedArg {
    /// The outermost fields, sorted.
    SortedPairs,
    /// The bytes of the body.
    Body,
    /// Body, then the headers timestamp and nonce.
    BodyTimestampNonce,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateRegulatorArgs {
    /// Kind of platform.
    #[arg(long, value_enum, default_value_t = DialectArg::Yunnan)]
    pub(crate) dialect: DialectArg,
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 18_080)]
    pub(crate) port: u16,
    /// Listen here instead, for gates on other computers. The page stays for this computer only.
    #[arg(long, value_name = "IP:PORT", conflicts_with = "port")]
    pub(crate) listen: Option<SocketAddr>,
    /// HTTPS with this certificate (PEM, with its chain).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Ask for RSA2 signatures that this public key (PEM) verifies.
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: Option<PathBuf>,
    /// What must be signed.
    #[arg(long, value_enum, default_value_t = SignedArg::SortedPairs, requires = "public_key")]
    pub(crate) signed: SignedArg,
    /// How long a token is good for, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    pub(crate) token_life: u64,
    /// Refuse passages that lack an item of table C.3.
    #[arg(long)]
    pub(crate) refuse_incomplete: bool,
    /// Keep what arrives in this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Application key that clients must show.
    #[arg(long, default_value = "menjin")]
    pub(crate) app_key: String,
    /// File with the secret that belongs to the key.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
}
