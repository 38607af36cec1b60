//! What a site sets for one receiver.

use std::path::PathBuf;

use alarm::CauseKind;
use plate::PlateNumber;
use secret::Secret;

use crate::QuietHours;

/// Who is told, and of what.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiverSettings {
    /// Its name: the ledger keeps under it how far it was told. Never change it while something waits.
    pub name: String,
    /// How it is reached.
    pub channel: ChannelSettings,
    /// Kinds of alarms; none named: all.
    pub alarms: Vec<CauseKind>,
    /// Passages of these plates.
    pub plates: Vec<PlateNumber>,
    /// Every passage, for programs.
    pub passages: bool,
    /// The annotated photo goes with what is about a passage, where the channel can carry one.
    pub picture: bool,
    /// When nobody is to be woken.
    pub quiet: Option<QuietHours>,
    /// Kinds of alarms that wake people all the same.
    pub loud: Vec<CauseKind>,
}

/// How a receiver is reached.
#[derive(Debug, Clone, PartialEq)]
pub enum ChannelSettings {
    /// A program, by signed messages.
    Webhook(HttpSettings),
    /// The robot of a WeCom group (企业微信).
    Wecom(HttpSettings),
    /// The robot of a DingTalk group (钉钉).
    Dingtalk(HttpSettings),
    /// People, by mail.
    Email(EmailSettings),
}

/// An address that messages are posted to.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpSettings {
    /// The address; those of robots are secrets themselves.
    pub url: Secret,
    /// What messages are signed with; empty where they are not.
    pub secret: Secret,
    /// The one authority that is trusted, as a PEM file; without it those of the system.
    pub ca_file: Option<PathBuf>,
}

/// A mail server and who writes to whom.
#[derive(Debug, Clone, PartialEq)]
pub struct EmailSettings {
    /// Host name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: EmailTls,
    /// Who logs in; empty where nobody does.
    pub user: String,
    /// The password that goes with it.
    pub password: Secret,
    /// Sender.
    pub from: String,
    /// Those who get it.
    pub to: Vec<String>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailTls {
    /// TLS from the first byte on, usually port 465.
    Always,
    /// TLS after a greeting, usually port 587; no mail without it.
    StartTls,
    /// None: only for a server on this computer or in the plant's own network.
    Off,
}
