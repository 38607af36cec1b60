//! Delivers the outbox: to regulators' platforms and to an MQTT broker.
//!
//! Each sink has a [`Worker`](spawn) of its own, so one that is away holds up no other. A worker
//! claims rows from the ledger's outbox, hands each to its [`Sink`] and settles it:
//!
//! * **acknowledged** only on the sink's own word: an HTTP 2xx *and* a success code, or the
//!   PUBACK of that very packet;
//! * **refused** only on a code that the settings call a data error: the row is parked with the
//!   platform's words until a person acts;
//! * anything else is tried again, for ever, with growing and jittered pauses.
//!
//! Live rows go before backlog, backlog is rate-capped, and within each of the two the order of
//! commit holds, with one exception: a row that the sink itself answered badly several times in a
//! row steps aside, so that one odd row can't hold up a lane.
//!
//! It knows no camera, and recognition never waits for it: it only ever asks the ledger for short
//! turns (see [`ledger::Handle`]).

pub mod adapter;
mod bucket;
mod downlink;
mod failure;
mod ftp;
#[cfg(fuzzing)]
pub mod fuzzing;
mod histogram;
mod mqtt;
mod outbox;
mod platform;
mod probe;
mod section;
mod settings;
mod status;
mod trust;
mod worker;

pub use crate::settings::{BadSetting, Pace};
pub use adapter::{Adapter, AdapterError, DownlinkKind};
pub use bucket::Bucket;
pub use downlink::over_limit_notice;
pub use failure::{Failure, FailureKind};
pub use histogram::Histogram;
pub use mqtt::{
    HomeAssistant, JustDecided, LiveState, LiveStates, Mqtt, MqttLive, MqttSettings, MqttTls,
};
pub use platform::{
    FtpSettings, GateState, GateStates, Platform, PlatformKey, PlatformSettings, SigningKey,
};
pub use probe::{ProbeFailure, ProbeStep, Reached, probe_broker, probe_platform};
pub use secret::Secret;
pub use section::{SitePlatform, UploadAlarm};
pub use status::{LastError, SinkStatus};
pub use worker::{Answer, Beat, Delivery, Sink, WorkerHandle, spawn};
