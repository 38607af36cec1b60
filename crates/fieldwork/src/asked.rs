//! What may be asked for.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use config::ConfigArgs;

/// Cameras by ONVIF.
#[derive(Debug, Args)]
pub struct OnvifArgs {
    #[command(subcommand)]
    pub(crate) what: OnvifKind,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OnvifKind {
    /// Who is there: ask every network of this computer.
    Discover(DiscoverArgs),
    /// What a camera is, its streams, clock, overlay and contacts; and a lane to paste.
    Show(ShowArgs),
    /// Have the picture show day and time, entrance and barrier number, and read it back.
    SetOsd(SetOsdArgs),
    /// Set the camera's clock or its time server, and read it back.
    SetTime(SetTimeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DiscoverArgs {
    /// How long answers are waited for.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub(crate) seconds: u64,
    /// Ask only this one, on another network for example: `IP` or `IP:PORT`.
    #[arg(long, value_name = "IP")]
    pub(crate) address: Option<String>,
    /// One JSON object a line for each camera.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeviceArgs {
    /// `IP`, `IP:PORT`, or the whole address of the device service.
    pub(crate) address: String,
    /// Name of the ONVIF user.
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// File that holds the password, mode 0600.
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
    /// Environment variable that holds the password.
    #[arg(
        long,
        value_name = "NAME",
        requires = "user",
        conflicts_with = "password_file"
    )]
    pub(crate) password_env: Option<String>,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// Number of the entrance.
    #[arg(long, value_name = "NUMBER", default_value = "A")]
    pub(crate) entrance: String,
    /// Number of the barrier.
    #[arg(long, value_name = "NUMBER", default_value = "01")]
    pub(crate) barrier: String,
    /// Which of the camera's streams; without it the largest.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) device: DeviceArgs,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Name of the lane to paste.
    #[arg(long, value_name = "NAME", default_value = "new-lane")]
    pub(crate) lane: String,
}

#[derive(Debug, Args)]
pub(crate) struct SetOsdArgs {
    #[command(flatten)]
    pub(crate) device: DeviceArgs,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// These words in place of entrance and barrier.
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SetTimeArgs {
    #[command(flatten)]
    pub(crate) device: DeviceArgs,
    /// Name or address of a time server; without it the camera gets this computer's time once.
    #[arg(long, value_name = "HOST")]
    pub(crate) ntp: Option<String>,
    /// Time zone as the camera writes it, such as CST-8 for China; without it the camera keeps its own.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// A lane's camera.
#[derive(Debug, Args)]
pub struct CameraArgs {
    #[command(subcommand)]
    pub(crate) what: CameraKind,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CameraKind {
    /// Look at a lane's camera for a minute: plate width, sharpness, exposure, angle, pace, clock; and what to change.
    Check(CameraCheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CameraCheckArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Name of the lane.
    pub(crate) lane: String,
    /// For how long.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=3600))]
    pub(crate) seconds: u64,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}
