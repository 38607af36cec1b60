//! Where the rows come from: the ledger, reached without waiting for its thread.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use ledger::{Claim, Reader, SinkCounters, Writer};
use passage::{OutboxId, OutboxItem, PhotoView};
use tokio::sync::oneshot;

/// Why the outbox could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The ledger said no.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The ledger's thread has ended.
    #[error("the ledger is closed")]
    Closed,
}

/// What to claim.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct ClaimRequest {
    pub sink: String,
    pub now: Timestamp,
    /// Rows younger than this are live.
    pub live_window: Duration,
    pub limit: usize,
    pub backlog_limit: usize,
}

/// What became of a claimed row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Settlement {
    Acknowledged {
        at: Timestamp,
        answer: String,
    },
    Refused {
        at: Timestamp,
        words: String,
    },
    Later {
        at: Timestamp,
        error: String,
        next_at: Timestamp,
    },
}

/// The outbox as a worker sees it.
pub trait Outbox: Send + Sync + 'static {
    /// Takes due rows, live ones first, each kind in the order of commit.
    fn claim(
        &self,
        claim: ClaimRequest,
    ) -> impl Future<Output = Result<Vec<OutboxItem>, OutboxError>> + Send;

    /// Says what became of a claimed row.
    fn settle(
        &self,
        id: OutboxId,
        settlement: Settlement,
    ) -> impl Future<Output = Result<(), OutboxError>> + Send;

    /// Delivery figures of one sink.
    fn counters(
        &self,
        sink: &str,
    ) -> impl Future<Output = Result<SinkCounters, OutboxError>> + Send;

    /// The bytes of one photo, proved against its recorded hash.
    fn photo(&self, photo: &PhotoView)
    -> impl Future<Output = Result<Vec<u8>, OutboxError>> + Send;
}

type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// The ledger's writer on a thread of its own: everybody hands it short jobs and nobody holds it.
/// The thread ends when the last handle is dropped and all jobs are done.
#[derive(Clone)]
pub struct LedgerHandle {
    jobs: mpsc::Sender<Job>,
    reader: Arc<Mutex<Reader>>,
}

impl LedgerHandle {
    /// Puts `writer` on a thread of its own. Join that thread after dropping all handles.
    ///
    /// # Errors
    /// When no reader can be opened or no thread started.
    pub fn start(writer: Writer) -> Result<(Self, JoinHandle<()>), OutboxError> {
        let reader = Arc::new(Mutex::new(writer.reader()?));
        let (jobs, queue) = mpsc::channel::<Job>();
        let work = move || {
            let mut writer = writer;
            for job in queue {
                job(&mut writer);
            }
        };
        let thread = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(work);
        Ok((
            Self { jobs, reader },
            thread.map_err(|_| OutboxError::Closed)?,
        ))
    }

    /// Does `job` with the writer, in turn, and gives its result.
    ///
    /// # Errors
    /// `Closed` when the ledger's thread has ended.
    pub async fn write<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer) -> R + Send + 'static,
    ) -> Result<R, OutboxError> {
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move |writer| {
            let _ = done.send(job(writer));
        });
        self.jobs.send(job).map_err(|_| OutboxError::Closed)?;
        result.await.map_err(|_| OutboxError::Closed)
    }

    /// The same for a caller on a thread of its own, such as a lane.
    ///
    /// # Errors
    /// `Closed` when the ledger's thread has ended.
    pub fn write_blocking<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer) -> R + Send + 'static,
    ) -> Result<R, OutboxError> {
        let (done, result) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |writer| {
            let _ = done.send(job(writer));
        });
        self.jobs.send(job).map_err(|_| OutboxError::Closed)?;
        result.recv().map_err(|_| OutboxError::Closed)
    }

    /// Reads on a thread that may wait, beside the writer.
    ///
    /// # Errors
    /// `Closed` when the runtime is ending.
    pub async fn read<R: Send + 'static>(
        &self,
        job: impl FnOnce(&Reader) -> R + Send + 'static,
    ) -> Result<R, OutboxError> {
        let reader = Arc::clone(&self.reader);
        let read = move || job(&reader.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| OutboxError::Closed)
    }
}

impl Outbox for LedgerHandle {
    async fn claim(&self, claim: ClaimRequest) -> Result<Vec<OutboxItem>, OutboxError> {
        let rows = self.write(move |writer| {
            writer.claim_due(&Claim {
                sink: &claim.sink,
                now: claim.now,
                live_window: claim.live_window,
                limit: claim.limit,
                backlog_limit: claim.backlog_limit,
            })
        });
        Ok(rows.await??)
    }

    async fn settle(&self, id: OutboxId, settlement: Settlement) -> Result<(), OutboxError> {
        let settled = self.write(move |writer| match settlement {
            Settlement::Acknowledged { at, answer } => writer.ack(id, at, &answer),
            Settlement::Refused { at, words } => writer.refuse(id, at, &words),
            Settlement::Later { at, error, next_at } => writer.retry_later(id, at, &error, next_at),
        });
        Ok(settled.await??)
    }

    async fn counters(&self, sink: &str) -> Result<SinkCounters, OutboxError> {
        let sink = sink.to_owned();
        Ok(self.read(move |reader| reader.counters(&sink)).await??)
    }

    async fn photo(&self, photo: &PhotoView) -> Result<Vec<u8>, OutboxError> {
        let photo = photo.clone();
        Ok(self
            .read(move |reader| reader.photo_bytes(&photo))
            .await??)
    }
}
