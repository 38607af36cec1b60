//! The command line.

use std::path::PathBuf;

use clap::Args;
use config::ConfigArgs;

/// One file for an engineer elsewhere: versions, configuration without secrets, states, alarms, figures of a
/// week, disks, clock, cameras. No plates, no photos, no passwords.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The file to write, a new one; by default menjin-doctor-TIME.zip in the working folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Leave the cameras alone; otherwise each is looked at for ten seconds.
    #[arg(long)]
    pub(crate) no_cameras: bool,
}

impl DoctorArgs {
    /// The configuration, for whoever is asked by it.
    #[must_use]
    pub fn config(&self) -> &std::path::Path {
        &self.config.config
    }

    /// Whether cameras are looked at.
    #[must_use]
    pub fn with_cameras(&self) -> bool {
        !self.no_cameras
    }
}
