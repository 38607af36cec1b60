//! The signal that something was committed. Whoever waits for what others write subscribes, and
//! nobody asks the database again and again.

use tokio::sync::watch;

use crate::error::{Error, Result};

/// What a commit can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Topic {
    /// A passage was decided, ended, corrected, entered from paper or counted as lost, or its
    /// photos were removed.
    Passages,
    /// Something was queued for a sink, or a refused row was put back.
    Outbox,
    /// A sink answered, or a row waits for another try.
    Deliveries,
    /// Records of a register were written.
    Registers,
    /// A platform's list was fetched or answered.
    Downlinks,
    /// A weighing was kept or has found its passage.
    Weighings,
    /// An alarm was raised, seen or cleared.
    Alarms,
    /// A strategy or a visitor was put in force or ended, or an entry of a platform was answered.
    Rules,
    /// A person raised an arm, or something became of it.
    Lifts,
    /// Something was frozen or drawn for an inspection, or an inspector said something of it.
    Inspections,
    /// A person holds a gate open, or something became of that.
    Holds,
    /// A note or tag of a vehicle was written or withdrawn.
    Remarks,
    /// A person said which exit belongs to which entry, or took that back.
    Visits,
    /// A shift was handed over, or taken over.
    Handovers,
    /// A clip of video was asked for, cut or let go.
    Clips,
}

const TOPICS: usize = Topic::Clips as usize + 1;

/// How many commits there were about each topic since the ledger was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Commits([u64; TOPICS]);

/// The writer's end.
#[derive(Debug)]
pub(crate) struct Signal(watch::Sender<Commits>);

impl Signal {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Commits::default()))
    }

    /// Tells of a commit. It wakes and never waits.
    pub(crate) fn tell(&self, topics: &[Topic]) {
        if topics.is_empty() {
            return;
        }
        self.0.send_modify(|commits| {
            for topic in topics {
                commits.0[*topic as usize] += 1;
            }
        });
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Commits> {
        self.0.subscribe()
    }
}

/// Commits about some topics, as one subscriber sees them.
///
/// Subscribe, look, and then wait again and again: a commit that falls between a look and the next
/// wait ends that wait at once. Several commits while nobody waits count as one.
#[derive(Debug, Clone)]
pub struct Committed {
    topics: Vec<Topic>,
    seen: Commits,
    commits: watch::Receiver<Commits>,
}

impl Committed {
    pub(crate) fn new(commits: watch::Receiver<Commits>, topics: &[Topic]) -> Self {
        let seen = *commits.borrow();
        Self {
            topics: topics.to_vec(),
            seen,
            commits,
        }
    }

    /// Waits until something was committed about these topics since the last such wait ended, or
    /// since the subscription. May be dropped half-way: nothing is lost by that.
    ///
    /// # Errors
    /// `Closed` when the ledger was closed and nothing is left to be told.
    pub async fn changed(&mut self) -> Result<()> {
        let (topics, seen) = (&self.topics, self.seen);
        let is_news = |now: &Commits| {
            let mut topics = topics.iter().map(|topic| *topic as usize);
            topics.any(|topic| now.0[topic] != seen.0[topic])
        };
        let now = self.commits.wait_for(is_news).await.map(|now| *now);
        self.seen = now.map_err(|_| Error::closed())?;
        Ok(())
    }
}
