//! How a ledger is opened.

use std::time::Duration;

use jiff::tz::TimeZone;

use passage::Register;

/// What a sink takes. Nothing else is ever queued for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takes {
    /// Passages.
    pub passages: bool,
    /// How a passage ended, when the passage itself was sent before.
    pub ends: bool,
    /// Corrections of passages.
    pub corrections: bool,
    /// Records of these registers. A sink that begins to take a register gets what holds then.
    pub registers: Vec<Register>,
}

impl Takes {
    pub(crate) fn register(&self, register: Register) -> bool {
        self.registers.contains(&register)
    }
}

impl Default for Takes {
    /// Passages and their ends.
    fn default() -> Self {
        Self {
            passages: true,
            ends: true,
            corrections: false,
            registers: Vec::new(),
        }
    }
}

/// Somewhere rows are delivered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxSink {
    /// Name, such as `province` or `mqtt`, from the configuration. It is stored in each row; renaming a sink
    /// leaves its old rows waiting under the old name.
    pub name: String,
    /// How long after the decision a passage is sent if it hasn't finished by then. At most
    /// [`MAX_DELAY`].
    pub wait: Duration,
    /// What is queued for it.
    pub takes: Takes,
}

/// No row of the outbox is put off by more than this, so a time further ahead can only mean that
/// the clock was set back, and the row is due.
pub const MAX_DELAY: Duration = Duration::from_secs(3600);

/// Settings of a writer.
#[derive(Debug, Clone)]
pub struct Options {
    /// Every committed passage gets a row for each of these that takes passages.
    pub sinks: Vec<OutboxSink>,
    /// Zone whose days name the photo folders.
    pub zone: TimeZone,
    /// How long a call waits for the database before it fails with `Busy`.
    pub busy_timeout: Duration,
    /// Read through the whole database when opening. Takes seconds per gigabyte.
    pub quick_check: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sinks: Vec::new(),
            zone: TimeZone::UTC,
            busy_timeout: Duration::from_secs(5),
            quick_check: false,
        }
    }
}

/// What to claim from the outbox.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// Of which sink.
    pub sink: &'a str,
    /// The wall time now.
    pub now: jiff::Timestamp,
    /// Rows younger than this are live; all others are backlog.
    pub live_window: Duration,
    /// At most so many rows.
    pub limit: usize,
    /// At most so many backlog rows among them; zero leaves the backlog alone.
    pub backlog_limit: usize,
}
