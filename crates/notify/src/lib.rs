//! Tells people and programs elsewhere of alarms and passages.
//!
//! Each receiver follows the ledger's chain from the place on that it was told last, one message after the
//! other: a webhook ([Standard Webhooks](https://www.standardwebhooks.com) signatures around
//! [CloudEvents](https://cloudevents.io)), robots of WeCom and DingTalk, e-mail. What a receiver has not taken
//! is tried again, for ever, with growing pauses; what it refuses is noted and passed over. A restart misses
//! nothing.
//!
//! It knows no camera and nobody waits for it: it only ever reads the ledger, and keeps how far it is.

mod channel;
mod dingtalk;
mod email;
mod follow;
mod held;
mod http;
mod message;
mod quiet;
mod section;
mod settings;
mod webhook;
mod wecom;

pub use follow::{Follower, ReceiverStatus, Receivers};
pub use message::Sender;
pub use quiet::QuietHours;
pub use settings::{ChannelSettings, EmailSettings, EmailTls, HttpSettings, ReceiverSettings};
