//! The configuration: read once, every mistake reported at once, secrets never shown.
//!
//! `config/menjin.toml` is the reference; a test reads it and compares it with the defaults.

mod keep;
mod lane;
mod load;
mod model;
mod scale;
mod section;
mod show;
mod upload;

pub(crate) use load::load;
pub(crate) use model::{
    Config, DetectionRate, Lane, Photos, Scale, Site, UploadAlarm, Weighbridge,
};

#[cfg(test)]
mod tests;
