//! Replays photos and footage with known truth through the same path as the daemon, and scores
//! what comes out.
//!
//! [`images`] measures the models alone, [`footage`] whole passages. Both fill a [`BenchReport`] that
//! is printed, written as JSON or shown as a page.

mod curves;
mod error;
mod footage;
mod html;
mod images;
mod interval;
mod lanes;
mod matching;
mod passages;
mod report;
mod scoring;
mod summary;
mod told;
mod truth;
mod uneven;

pub use error::Error;
pub use footage::{FootageOptions, footage};
pub use html::page;
pub use images::{ImagesOptions, images};
pub use interval::wilson;
pub use lanes::lane_settings;
pub use report::{BenchReport, Latency, Miss, Percentiles, ReportGroup, SurelyReadNotCounted};
pub use summary::summary;
pub use told::{ToldVehicles, UntoldVehicle};
pub use truth::{FootageTruth, ImageTruth, RowFilter};
