//! How commands that go by a site are asked for.

use std::path::PathBuf;

use clap::Args;
use orders::{Done, Order};

use crate::Config;

/// The site.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// The configuration file.
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        default_value = crate::usual_file()
    )]
    pub config: PathBuf,
}

/// Has an order done by whoever may write.
pub type OrderTaker<'a> = &'a dyn Fn(&Config, Order) -> Result<Done, orders::Error>;
