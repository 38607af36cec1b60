//! The writer on a thread of its own: everybody hands it short jobs and nobody holds it.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use tokio::sync::{oneshot, watch};

use crate::committed::{Commits, Committed, Topic};
use crate::error::{Error, Result};
use crate::reader::Reader;
use crate::writer::Writer;

type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// A way to a ledger whose writer has a thread of its own. Clones reach the same one. The thread
/// ends when the last handle is dropped and all jobs are done.
#[derive(Debug, Clone)]
pub struct Handle {
    jobs: mpsc::Sender<Job>,
    reader: Arc<Mutex<Reader>>,
    commits: watch::Receiver<Commits>,
}

impl Handle {
    /// Puts `writer` on a thread of its own. Join that thread after dropping all handles.
    ///
    /// # Errors
    /// As [`Reader::open`]; `Io` when no thread can be started.
    pub fn start(writer: Writer) -> Result<(Self, JoinHandle<()>)> {
        let reader = Arc::new(Mutex::new(writer.reader()?));
        let commits = writer.commits();
        let folder = writer.folder().to_owned();
        let (jobs, queue) = mpsc::channel::<Job>();
        let work = move || {
            let mut writer = writer;
            for job in queue {
                job(&mut writer);
            }
        };
        let thread = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(work)
            .map_err(|e| Error::io("could not start the ledger's thread", &folder, e))?;
        let handle = Self {
            jobs,
            reader,
            commits,
        };
        Ok((handle, thread))
    }

    /// Does `job` with the writer, in turn, and gives its result.
    ///
    /// # Errors
    /// The job's own; `Closed` when the ledger's thread has ended.
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&mut Writer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (done, result) = oneshot::channel();
        self.hand_over(move |writer| drop(done.send(job(writer))))?;
        result.await.map_err(|_| Error::closed())?
    }

    /// The same for a caller on a thread of its own, such as a lane.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_blocking<T, E>(
        &self,
        job: impl FnOnce(&mut Writer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (done, result) = mpsc::sync_channel(1);
        self.hand_over(move |writer| drop(done.send(job(writer))))?;
        result.recv().map_err(|_| Error::closed())?
    }

    fn hand_over(&self, job: impl FnOnce(&mut Writer) + Send + 'static) -> Result<()> {
        self.jobs.send(Box::new(job)).map_err(|_| Error::closed())
    }

    /// Reads on a thread that may wait, beside the writer.
    ///
    /// # Errors
    /// The job's own; `Closed` when the runtime is ending.
    pub async fn read<T, E>(
        &self,
        job: impl FnOnce(&Reader) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let reader = Arc::clone(&self.reader);
        let read = move || job(&reader.lock().unwrap_or_else(PoisonError::into_inner));
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(|_| Error::closed())?
    }

    /// Subscribes to commits about these topics, from now on.
    #[must_use]
    pub fn committed(&self, topics: &[Topic]) -> Committed {
        Committed::new(self.commits.clone(), topics)
    }
}
